"""`grade --batch`: answers put into batches at the service, how these stand, and what came of them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from interviewer.batch.index import Ids
from interviewer.batch.repair import Repair
from interviewer.batch.replay import BatchedGrader, Replies
from interviewer.batch.run import Gate
from interviewer.batch.state import BatchState, Part, PartWriter, StateFile
from interviewer.batch.submission import fetch, standing, submit
from interviewer.cli import graders, hooks, wiring
from interviewer.cli.edge import Exit
from interviewer.cli.engines import AtWork
from interviewer.cli.lines import work_off
from interviewer.cli.many import Budgets, many_client_of, pacer_of
from interviewer.cli.preparing import prepared, writer_of
from interviewer.cli.sources import PIPE, Table
from interviewer.errors import UsageError
from interviewer.grading.prompt import prompt_version
from interviewer.llm.batches import Batch, OpenAIBatches
from interviewer.llm.client import RetryPolicy
from interviewer.llm.wire import ChatRequest, Dialect
from interviewer.settings import Settings
from interviewer.text import printable

if TYPE_CHECKING:
    from interviewer.llm.openai_wire import OpenAIWire

T = TypeVar("T")

#: Answers at once where replies are only looked up, and few are asked for.
_AT_ONCE = 8
_SHOWN_ERRORS = 3


def start_batches(settings: Settings, source: str, output: Path, table: Table, *, quiet: bool) -> None:
    """Put all answers of `source` that have no grade in `output` into batches; or go on where that was cut
    off. Raises UsageError if batches for `output` are under way."""
    if source == PIPE:
        raise UsageError(
            "a batch needs a file: it is read again when the replies are there",
            hint="Write the pipe to a file first.",
        )
    source = str(Path(source).resolve())
    files = StateFile(output)
    state = files.load()
    if state is not None and state.is_submitted:
        raise UsageError(
            f"batches for {output} are under way",
            hint=f"`interviewer grade --batch-status -o {output}` tells how they stand.",
        )

    async def run(wire: OpenAIWire, api: OpenAIBatches) -> BatchState:
        begun = state
        if begun is None:
            begun = await prepared(settings, wire, api, files, source, output, table)
            files.save(begun)
        _refuse_other(begun, settings, wire)
        return await submit(files, begun, api)

    _tell_submitted(_connected(settings, run), output, quiet=quiet)


def tell_batches(settings: Settings, output: Path) -> None:
    """How the batches for `output` stand, a line each. Exit code 1 as long as one is under way."""
    state = _state_of(StateFile(output))
    found = _connected(settings, lambda wire, api: _standing(state, settings, wire, api))
    for part, batch in found:
        typer.echo(_told(part, batch))
    if not state.is_submitted:
        typer.echo("not all are submitted: `grade FILE --batch` again goes on", err=True)
    if not state.is_submitted or not all(batch.has_ended for _, batch in found):
        raise typer.Exit(code=Exit.FAILED)


def collect_batches(
    settings: Settings,
    output: Path,
    *,
    repair: Repair,
    budgets: Budgets,
    calibration: Path | None,
    quiet: bool,
) -> None:
    """Write the grades of batches that have ended. Exit code 1 if they have not, or lines have no grade."""
    files = StateFile(output)
    state = _state_of(files)

    async def run(wire: OpenAIWire, api: OpenAIBatches) -> list[tuple[Part, Batch]]:
        found = await _standing(state, settings, wire, api)
        if state.is_submitted and all(batch.has_ended for _, batch in found):
            await fetch(files, found, api)
        return found

    found = _connected(settings, run)
    if not state.is_submitted or not all(batch.has_ended for _, batch in found):
        typer.echo("the batches are not done yet: nothing is written", err=True)
        raise typer.Exit(code=Exit.FAILED)
    for part, batch in found:
        for error in batch.errors[:_SHOWN_ERRORS]:
            typer.echo(f"batch {part.number}: {printable(error)}", err=True)
    table = Table(state.format, state.columns)
    writer = writer_of(files, first=len(state.parts) + 1)
    noted = _Noted(writer, settings)
    with Replies(files.replies_there(state)) as replies:
        working = _replaying(settings, replies, repair, budgets, noted.add)
        outcome = work_off(
            settings, state.source, output, working, table=table, calibration=calibration, quiet=quiet
        )
    more = writer.parts()
    if outcome.stopped:
        for part in more:  # they are found again by the next time
            files.requests(part.number).unlink()
    elif more:
        state = state.model_copy(update={"parts": (*state.parts, *more)})
        files.save(state)
        state = _connected(settings, lambda _, api: submit(files, state, api))
        _tell_submitted(state, output, quiet=quiet)
    else:
        files.remove(state)
    outcome.tell(quiet=quiet)


class _Noted:
    """Requests for another batch, each once."""

    def __init__(self, writer: PartWriter, settings: Settings) -> None:
        self._writer = writer
        self._seen = Ids()
        wire = wiring.wire_of(settings)
        self._api = OpenAIBatches(wire, RetryPolicy())
        dialects = wiring.dialects_of(settings)
        self._dialect = dialects.get(wire.name, wire.model) or Dialect()

    def add(self, id: str, request: ChatRequest) -> None:
        """Write the line of `request`."""
        if self._seen.add(id):
            line = self._api.line_of(id, request, self._dialect)
            self._writer.add(json.dumps(line, ensure_ascii=False).encode())


@contextlib.contextmanager
def _replaying(
    settings: Settings,
    replies: Replies,
    repair: Repair,
    budgets: Budgets,
    wanted: Callable[[str, ChatRequest], None],
) -> Iterator[tuple[AtWork, Gate | None]]:
    """The grader that looks replies up, and asks for further ones as `repair` says."""
    pacer = pacer_of(budgets, _AT_ONCE)
    direct = many_client_of(settings, pacer) if repair is Repair.DIRECT else None
    grader = BatchedGrader(
        lambda completes: graders.judge_of(settings, completes, reads=False),
        replies,
        wiring.wire_of(settings).service,
        direct=direct,
        wanted=wanted if repair is Repair.BATCH else None,
    )
    judge = graders.cached(settings, grader, reads=False)
    yield AtWork(judge, _AT_ONCE, f"{wiring.describe(settings)}, in batches"), None


def _connected(settings: Settings, work: Callable[[OpenAIWire, OpenAIBatches], Coroutine[Any, Any, T]]) -> T:
    """What `work` gives with a connection to the service, which is closed afterwards."""

    async def run() -> T:
        wire = wiring.wire_of(settings)
        api = OpenAIBatches(wire, RetryPolicy())
        try:
            return await work(wire, api)
        finally:
            await api.aclose()

    return hooks.run(run())


async def _standing(
    state: BatchState, settings: Settings, wire: OpenAIWire, api: OpenAIBatches
) -> list[tuple[Part, Batch]]:
    _refuse_other(state, settings, wire)
    return await standing(state, api)


def _state_of(files: StateFile) -> BatchState:
    state = files.load()
    if state is None:
        raise UsageError(
            f"no batches are under way: {files.path} is not there",
            hint="`interviewer grade FILE --batch -o OUT` starts them; give the same -o here.",
        )
    return state


def _refuse_other(state: BatchState, settings: Settings, wire: OpenAIWire) -> None:
    """Raise UsageError for batches of another service, model or prompt: their replies would not fit."""
    if (state.service, state.model) != (wire.name, wire.model):
        raise UsageError(
            f"the batches are of {state.model} at {state.service}",
            hint="Give the same --model and --base-url as when they were started.",
        )
    if state.prompt_version != prompt_version():
        raise UsageError(
            f"the batches were asked by another prompt ({state.prompt_version}) than this program's",
            hint="Collect them with the version of interviewer that started them.",
        )


def _tell_submitted(state: BatchState, output: Path, *, quiet: bool) -> None:
    if quiet:
        return
    requests = sum(part.requests for part in state.parts)
    told = f"{requests:,} requests in {len(state.parts)} batches at {state.service}"
    typer.echo(printable(f"{told}. How they stand: interviewer grade --batch-status -o {output}"), err=True)


def _told(part: Part, batch: Batch) -> str:
    counts = batch.request_counts
    told = f"batch {part.number}: {printable(batch.status)}, {counts.completed:,} of {part.requests:,} done"
    if counts.failed:
        told += f", {counts.failed:,} failed"
    if batch.expires_at is not None and not batch.has_ended:
        told += f", expires {datetime.fromtimestamp(batch.expires_at, UTC):%Y-%m-%d %H:%M} UTC"
    return told + "".join(f"; {printable(error)}" for error in batch.errors[:_SHOWN_ERRORS])
