"""Batches get to the service once, wherever it is cut off, and are fetched whole."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from interviewer.batch.state import BatchState, PartWriter, StateFile
from interviewer.batch.submission import fetch, standing, submit
from interviewer.errors import BadRequestError, InvalidFileError
from interviewer.llm.batches import OpenAIBatches
from interviewer.llm.client import RetryPolicy
from tests.llm.asking import Naps, a_wire
from tests.support.batches import BatchService
from tests.support.server import Answer, ScriptedServer, completion, failure

RESET = Answer(manner="resets")
#: The calls that a submission in three parts makes, in its order.
STEPS = [(method, path, n) for n in (1, 2, 3) for method, path in (("POST", "/files"), ("POST", "/batches"))]


@pytest.fixture
def service() -> BatchService:
    return BatchService(lambda received: completion("{}"))


@pytest.fixture
def server(service: BatchService) -> Iterator[ScriptedServer]:
    with ScriptedServer(behaviour=service) as running:
        yield running


@pytest.fixture
def files(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "out.jsonl")


def written(files: StateFile, count: int, *, most_requests: int = 2, most_bytes: int = 10_000) -> BatchState:
    """The state of `count` requests, whose files are written."""
    writer = PartWriter(files, first=1, most_requests=most_requests, most_bytes=most_bytes)
    for n in range(count):
        body = {"model": "m", "messages": [{"role": "user", "content": str(n)}]}
        line = {"custom_id": str(n), "method": "POST", "url": "/v1/chat/completions", "body": body}
        writer.add(json.dumps(line).encode())
    state = BatchState(
        run="5eed5eed5eed5eed",
        source="in.jsonl",
        service="s",
        model="m",
        prompt_version="p",
        created_at=1.9e9,
        parts=writer.parts(),
    )
    files.save(state)
    return state


def connected(server: ScriptedServer, work: Callable[[OpenAIBatches], Any], *, attempts: int = 4) -> Any:
    """What `work` gives with the service."""

    async def run() -> Any:
        api = OpenAIBatches(
            a_wire(server.url), RetryPolicy(attempts=attempts), sleep=Naps().sleep, chance=lambda: 0.0
        )
        try:
            return await work(api)
        finally:
            await api.aclose()

    return asyncio.run(run())


def submitted(server: ScriptedServer, files: StateFile, *, attempts: int = 4) -> BatchState:
    """Submit what the state on disk says, as a new process would."""
    state = files.load()
    assert state is not None
    found: BatchState = connected(server, lambda api: submit(files, state, api), attempts=attempts)
    return found


def test_each_part_is_one_file_and_one_batch(
    server: ScriptedServer, service: BatchService, files: StateFile
) -> None:
    written(files, 5)
    state = submitted(server, files)

    assert [one["custom_id"] for one in service.requests] == ["0", "1", "2", "3", "4"]
    assert [part.requests for part in state.parts] == [2, 2, 1]
    assert state.is_submitted
    assert files.load() == state


@pytest.mark.parametrize("step", STEPS)
def test_a_connection_that_breaks_off_after_the_deed_pays_for_nothing_twice(
    server: ScriptedServer, service: BatchService, files: StateFile, step: tuple[str, str, int]
) -> None:
    written(files, 5)
    service.interrupt = {step: RESET}
    submitted(server, files)

    assert (len(service.files), len(service.batches)) == (3, 3)
    assert [one["custom_id"] for one in service.requests] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_died_is_gone_on_with(
    server: ScriptedServer, service: BatchService, files: StateFile, step: tuple[str, str, int]
) -> None:
    written(files, 5)
    service.interrupt = {step: failure(400, "the last that this process hears")}
    with pytest.raises(BadRequestError):
        submitted(server, files)

    submitted(server, files)

    assert (len(service.files), len(service.batches)) == (3, 3)
    assert [one["custom_id"] for one in service.requests] == ["0", "1", "2", "3", "4"]


def test_what_was_left_at_the_service_is_found_on_a_later_page(
    server: ScriptedServer, service: BatchService, files: StateFile
) -> None:
    written(files, 1)
    service.interrupt = {("POST", "/batches", 1): failure(400, "the last that this process hears")}
    with pytest.raises(BadRequestError):
        submitted(server, files)
    others = [{"id": f"batch-{n}", "created_at": 2e9, "status": "completed"} for n in range(100, 109)]
    service.page = 2
    service.batches += others

    assert submitted(server, files).parts[0].batch_id == "batch-0"


def test_a_service_that_is_short_of_capacity_is_tried_again(
    server: ScriptedServer, service: BatchService, files: StateFile
) -> None:
    written(files, 1)
    service.interrupt = {("POST", "/files", 1): failure(503, "busy")}
    submitted(server, files)

    assert len(service.batches) == 1


def test_requests_are_on_disk_until_their_batch_is_there(server: ScriptedServer, files: StateFile) -> None:
    written(files, 3)
    assert [files.requests(n).exists() for n in (1, 2)] == [True, True]
    assert stat.S_IMODE(files.requests(1).stat().st_mode) == 0o600

    submitted(server, files)
    assert not any(files.requests(n).exists() for n in (1, 2))


def test_a_file_ends_before_it_is_too_large(files: StateFile) -> None:
    state = written(files, 10, most_requests=100, most_bytes=500)

    assert sum(part.requests for part in state.parts) == 10
    assert all(part.size == files.requests(part.number).stat().st_size <= 500 for part in state.parts)
    assert len(state.parts) > 2


def test_replies_are_fetched_once(server: ScriptedServer, service: BatchService, files: StateFile) -> None:
    written(files, 3)
    state = submitted(server, files)

    async def collect(api: OpenAIBatches) -> None:
        found = await standing(state, api)
        assert all(batch.has_ended for _, batch in found)
        await fetch(files, found, api)

    connected(server, collect)
    connected(server, collect)

    lines = [json.loads(line) for n in (1, 2) for line in files.replies(n).read_text().split("\n") if line]
    assert sorted(one["custom_id"] for one in lines) == ["0", "1", "2"]
    assert service.calls["GET", "/files/ID/content"] == 2


def test_a_download_that_breaks_off_begins_again(
    server: ScriptedServer, service: BatchService, files: StateFile
) -> None:
    written(files, 2)
    state = submitted(server, files)
    service.interrupt = {
        ("GET", "/files/ID/content", 1): Answer(chunks=(b'{"custom_id": "0"',), manner="resets")
    }
    connected(server, lambda api: _collected(state, files, api))

    lines = [json.loads(line) for line in files.replies(1).read_text().split("\n") if line]
    assert sorted(one["custom_id"] for one in lines) == ["0", "1"]


async def _collected(state: BatchState, files: StateFile, api: OpenAIBatches) -> None:
    await fetch(files, await standing(state, api), api)


def test_a_state_that_cannot_be_read_is_told(files: StateFile) -> None:
    files.path.write_text('{"version": 2}')

    with pytest.raises(InvalidFileError):
        files.load()


def test_without_a_state_there_is_none(files: StateFile) -> None:
    assert files.load() is None
