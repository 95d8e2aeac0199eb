"""The files of batches: every answer that needs a model becomes a request, and those alone."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interviewer.bank.keep import kept_bank
from interviewer.batch.index import Ids
from interviewer.batch.replay import BatchedGrader
from interviewer.batch.state import BatchState, PartWriter, StateFile
from interviewer.batch.submission import MOST_BYTES, MOST_REQUESTS
from interviewer.cli import graders, wiring
from interviewer.cli.sinks import graded_before
from interviewer.cli.sources import Table, jobs_of
from interviewer.errors import GraderError, ReplyError
from interviewer.grading.prompt import prompt_version
from interviewer.llm.batches import OpenAIBatches
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.wire import ChatReply, ChatRequest, Dialect
from interviewer.private import open_new
from interviewer.settings import Settings

if TYPE_CHECKING:
    from interviewer.llm.openai_wire import OpenAIWire


async def prepared(
    settings: Settings,
    wire: OpenAIWire,
    api: OpenAIBatches,
    files: StateFile,
    source: str,
    output: Path,
    table: Table,
) -> BatchState:
    """The state of batches whose files are written, and of which nothing is sent yet."""
    bank = kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")
    client = ChatClient(
        wire, wiring.dialects_of(settings), RetryPolicy(deadline=wiring.deadline_of(settings))
    )
    wanted: list[tuple[str, ChatRequest]] = []
    grader = graders.cached(
        settings,
        BatchedGrader(
            lambda completes: graders.judge_of(settings, completes, reads=False),
            None,
            wire.service,
            wanted=lambda id, request: wanted.append((id, request)),
            submits=True,
        ),
        reads=False,
    )
    writer, done, seen = writer_of(files, first=1), graded_before(output, table.format), Ids()
    content = hashlib.sha256()
    for stale in (files.requests(1), files.replies(0)):
        stale.unlink(missing_ok=True)
    with jobs_of(source, table, bank) as jobs:
        for job in jobs:
            if job.task is None or job.error is not None or (job.id is not None and job.id in done):
                continue
            with contextlib.suppress(GraderError):  # what cannot be graded is told when all is collected
                await grader.grade(job.task)
            for id, request in wanted:
                if seen.add(id) and not await _is_probed(client, files, id, request):
                    line = api.line_of(id, request, client.dialect or Dialect())
                    data = json.dumps(line, ensure_ascii=False).encode()
                    content.update(data)
                    writer.add(data)
            wanted.clear()
    now = wiring.now().timestamp()
    content.update(str(now).encode())
    return BatchState(
        run=content.hexdigest()[:16],
        source=source,
        format=table.format,
        columns=dict(table.columns),
        service=wire.name,
        model=wire.model,
        prompt_version=prompt_version(),
        created_at=now,
        parts=writer.parts(),
    )


async def _is_probed(client: ChatClient, files: StateFile, id: str, request: ChatRequest) -> bool:
    """Whether `request` was asked directly, because it is not known yet how the service wants to be asked.

    A batch of requests in a form that it refuses would be lost, so the first one learns it. Its reply counts.
    """
    if client.dialect is not None or files.replies(0).exists():
        return False
    try:
        reply = await client.complete(request)
    except ReplyError:
        reply = None
    with os.fdopen(open_new(files.replies(0)), "w", encoding="utf-8") as file:
        if reply is not None:
            file.write(json.dumps(_as_line(id, reply)) + "\n")
    return reply is not None


def _as_line(id: str, reply: ChatReply) -> dict[str, Any]:
    """A reply as a batch would have told it."""
    message = {"role": "assistant", "content": reply.text}
    usage = {
        "prompt_tokens": reply.usage.input_tokens,
        "completion_tokens": reply.usage.output_tokens,
        "prompt_tokens_details": {"cached_tokens": reply.usage.cached_tokens},
    }
    choice = {"message": message, "finish_reason": reply.finish_reason}
    body = {"model": reply.model, "choices": [choice], "usage": usage}
    return {"custom_id": id, "response": {"status_code": 200, "body": body}, "error": None}


def writer_of(files: StateFile, *, first: int) -> PartWriter:
    """Writes the files of parts from the number `first` on, within the limits of the API."""
    return PartWriter(files, first=first, most_requests=MOST_REQUESTS, most_bytes=MOST_BYTES)
