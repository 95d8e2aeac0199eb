"""Batches on their way: put at the service so that none is paid twice, looked after, and fetched."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

from interviewer.batch.state import BatchState, Part, StateFile
from interviewer.llm.batches import Batch
from interviewer.private import open_new

T = TypeVar("T")

#: Limits of the API for one batch.
MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
#: The service's clock may be behind ours by so many seconds.
_CLOCKS_DIFFER = 86_400.0


class Batches(Protocol):
    """The service's batches, as `llm.batches.OpenAIBatches` has them. All calls raise GraderError."""

    async def patiently(self, step: Callable[[], Awaitable[T]]) -> T: ...

    async def upload(self, file: Path, name: str) -> str: ...

    async def find_file(self, name: str, size: int, since: float) -> str | None: ...

    async def create(self, file_id: str, marks: Mapping[str, str]) -> Batch: ...

    async def find(self, marks: Mapping[str, str], since: float) -> Batch | None: ...

    async def batch(self, id: str) -> Batch: ...

    async def download(self, file_id: str, to: Path) -> None: ...


async def submit(files: StateFile, state: BatchState, api: Batches) -> BatchState:
    """The state once all parts are at the service. Each step is kept before the next: it may be cut off
    anywhere, and be called again. Raises GraderError."""
    for part in state.parts:
        if part.batch_id is None:
            state = await api.patiently(_Sending(files, state, part.number, api).step)
        files.requests(part.number).unlink(missing_ok=True)
    return state


class _Sending:
    """The upload of one part, and its batch, as a step that can be repeated: it looks for what an earlier
    try has left at the service."""

    def __init__(self, files: StateFile, state: BatchState, number: int, api: Batches) -> None:
        self._files = files
        self._state = state
        self._number = number
        self._api = api

    async def step(self) -> BatchState:
        """The state with the part's batch in it."""
        since = self._state.created_at - _CLOCKS_DIFFER
        was_begun = self._part.is_begun
        marks = self._state.marks(self._part)
        known = await self._api.find(marks, since) if was_begun else None
        if known is None:
            self._note(is_begun=True)
            name = self._state.file_name(self._part)
            file_id = self._part.file_id
            if file_id is None and was_begun:
                file_id = await self._api.find_file(name, self._part.size, since)
            if file_id is None:
                file_id = await self._api.upload(self._files.requests(self._number), name)
            self._note(file_id=file_id)
            known = await self._api.create(file_id, marks)
        self._note(batch_id=known.id)
        return self._state

    @property
    def _part(self) -> Part:
        return next(part for part in self._state.parts if part.number == self._number)

    def _note(self, **news: object) -> None:
        self._state = self._state.with_part(self._part.model_copy(update=news))
        self._files.save(self._state)


async def standing(state: BatchState, api: Batches) -> list[tuple[Part, Batch]]:
    """How each part stands that is at the service. Raises GraderError."""

    async def told(id: str) -> Batch:
        return await api.patiently(lambda: api.batch(id))

    return [(part, await told(part.batch_id)) for part in state.parts if part.batch_id is not None]


async def fetch(files: StateFile, found: list[tuple[Part, Batch]], api: Batches) -> None:
    """Have the replies of all these batches, which have ended, beside the output. Raises GraderError."""
    for part, batch in found:
        if not files.replies(part.number).exists():
            await api.patiently(_Fetching(files.replies(part.number), batch, api).step)


class _Fetching:
    """The download of a batch's replies, as a step that can be repeated."""

    def __init__(self, target: Path, batch: Batch, api: Batches) -> None:
        self._target = target
        self._batch = batch
        self._api = api

    async def step(self) -> None:
        """Write what was answered and what failed into the file, in one step."""
        scratch = self._target.with_name(self._target.name + ".part")
        os.close(open_new(scratch))
        for file_id in (self._batch.output_file_id, self._batch.error_file_id):
            if file_id is not None:
                await self._api.download(file_id, scratch)
        scratch.replace(self._target)
