"""The Batch API of an OpenAI-compatible service: files of requests, answered within a day at half the price.

One exchange a call; `patiently` repeats what may be repeated.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import quote

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from interviewer.errors import TransientServiceError
from interviewer.llm.client import RetryPolicy
from interviewer.llm.faults import not_an_api
from interviewer.llm.openai_json import body_of
from interviewer.llm.openai_wire import OpenAIWire
from interviewer.llm.wire import ChatRequest, Dialect
from interviewer.models import Count, Frozen
from interviewer.text import one_line

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")

_WINDOW = "24h"  # the one that there is
_PER_PAGE = 100
_MOST_PAGES = 50
_CHARACTERS = 300
_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


class BatchCounts(Frozen):
    """How many requests of a batch came to what."""

    total: Count = 0
    completed: Count = 0
    failed: Count = 0

    model_config = ConfigDict(extra="ignore")


class Batch(Frozen):
    """A batch as its service tells it. expires_at: seconds since the epoch. errors: why it failed, one line
    each. metadata: what it was marked with."""

    id: Annotated[str, Field(min_length=1)]
    status: str
    input_file_id: str | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    request_counts: Annotated[BatchCounts, BeforeValidator(lambda v: v or {})] = BatchCounts()
    expires_at: float | None = None
    metadata: Annotated[Mapping[str, str], BeforeValidator(lambda v: v or {})] = Field(default_factory=dict)
    errors: Annotated[tuple[str, ...], BeforeValidator(lambda v: _messages(v))] = ()

    model_config = ConfigDict(extra="ignore")

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in _ENDED


class OpenAIBatches:
    """The batches of the service that `wire` leads to. All calls raise GraderError.

    sleep, chance (0 to 1): replaceable in tests.
    """

    def __init__(
        self,
        wire: OpenAIWire,
        policy: RetryPolicy,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._wire = wire
        self._policy = policy
        self._sleep = sleep
        self._chance = chance

    def line_of(self, custom_id: str, request: ChatRequest, dialect: Dialect) -> dict[str, Any]:
        """The line of a batch's file that asks for `request`."""
        body = body_of(request, dialect, self._wire.model)
        return {"custom_id": custom_id, "method": "POST", "url": self._endpoint, "body": body}

    async def patiently(self, step: Callable[[], Awaitable[T]]) -> T:
        """What `step` gives; tried again where the service is short of capacity or out of reach."""

        def wait(state: RetryCallState) -> float:
            failure = state.outcome.exception() if state.outcome else None
            return self._policy.wait_after(state.attempt_number, failure, self._chance())

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(TransientServiceError),
            wait=wait,
            stop=stop_after_attempt(self._policy.attempts),
            sleep=self._sleep,
            reraise=True,
        )

        async def once() -> T:
            return await step()  # a lambda that gives a coroutine would not be waited for

        result: T = await retrying(once)
        return result

    async def upload(self, file: Path, name: str) -> str:
        """The id that the service gives `file`, which it will know by `name`. Raises GraderError."""

        async def send(client: AsyncOpenAI) -> object:
            with file.open("rb") as content:
                sent = await client.files.create(file=(name, content), purpose="batch")
            return getattr(sent, "id", None)

        id = await self._wire.ask(send)
        if not isinstance(id, str) or not id:
            raise not_an_api(self._wire.service)
        return id

    async def find_file(self, name: str, size: int, since: float) -> str | None:
        """The id of an uploaded file of that name and size in bytes, no older than `since`; or None.

        since: seconds since the epoch.
        """
        async for one in self._listed("/files", {"purpose": "batch", "order": "desc"}, since):
            if one.get("filename") == name and one.get("bytes") == size and isinstance(one.get("id"), str):
                return str(one["id"])
        return None

    async def create(self, file_id: str, marks: Mapping[str, str]) -> Batch:
        """A batch of that file's requests, marked with `marks`."""
        body = {
            "input_file_id": file_id,
            "endpoint": self._endpoint,
            "completion_window": _WINDOW,
            "metadata": dict(marks),
        }
        return self._batch(
            await self._wire.ask(lambda client: client.post("/batches", cast_to=object, body=body))
        )

    async def find(self, marks: Mapping[str, str], since: float) -> Batch | None:
        """A batch that has all of `marks`, no older than `since`, in seconds since the epoch; or None."""
        async for one in self._listed("/batches", {}, since):
            metadata = one.get("metadata")
            if isinstance(metadata, Mapping) and marks.items() <= metadata.items():
                return self._batch(one)
        return None

    async def batch(self, id: str) -> Batch:
        """How that batch stands."""
        path = f"/batches/{quote(id, safe='')}"
        return self._batch(await self._wire.ask(lambda client: client.get(path, cast_to=object)))

    async def download(self, file_id: str, to: Path) -> None:
        """Write the content of that file of the service to the end of `to`."""

        async def receive(client: AsyncOpenAI) -> object:
            async with client.files.with_streaming_response.content(file_id) as response:
                with to.open("ab") as out:
                    async for line in _lines(response.iter_bytes()):
                        out.write(self._hidden(line) + b"\n")
            return None

        await self._wire.ask(receive)

    async def aclose(self) -> None:
        """Close connections."""
        await self._wire.aclose()

    @property
    def _endpoint(self) -> str:
        return "/chat/completions" if self._wire.is_azure else "/v1/chat/completions"

    async def _listed(
        self, path: str, query: Mapping[str, str], since: float
    ) -> AsyncIterator[Mapping[str, Any]]:
        """The entries of a list that are no older than `since`, the latest first."""
        after: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            asked = {**query, **after, "limit": str(_PER_PAGE)}
            page = await self._wire.ask(_page_of(path, asked))
            entries = page.get("data") if isinstance(page, Mapping) else None
            if not isinstance(page, Mapping) or not isinstance(entries, list):
                raise not_an_api(self._wire.service)
            known = [one for one in entries if isinstance(one, Mapping)]
            for one in known:
                if not _is_older(one.get("created_at"), since):
                    yield one
            last = known[-1] if known else {}
            if not page.get("has_more") or not last.get("id") or _is_older(last.get("created_at"), since):
                return
            after = {"after": str(last["id"])}

    def _hidden(self, line: bytes) -> bytes:
        text = line.decode("utf-8", "surrogateescape")
        return self._wire.service.hidden.hide(text).encode("utf-8", "surrogateescape")

    def _batch(self, answer: object) -> Batch:
        try:
            return Batch.model_validate(answer)
        except ValidationError:
            fault = not_an_api(self._wire.service)
        # Raised out here, it has no context: what the service said may be long.
        raise fault


def _page_of(path: str, query: dict[str, str]) -> Callable[[AsyncOpenAI], Awaitable[object]]:
    return lambda client: client.get(path, cast_to=object, options={"params": query})


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines of what comes in pieces, without their line breaks."""
    left: list[bytes] = []
    async for piece in pieces:
        first, *more = piece.split(b"\n")
        left.append(first)
        for line in more:
            yield b"".join(left)
            left = [line]
    yield b"".join(left)


def _is_older(created_at: object, since: float) -> bool:
    return isinstance(created_at, int | float) and created_at < since


def _messages(errors: object) -> tuple[str, ...]:
    entries = errors.get("data") if isinstance(errors, Mapping) else errors
    if not isinstance(entries, list | tuple):
        return ()
    said = [one.get("message") if isinstance(one, Mapping) else one for one in entries]
    return tuple(one_line(text, _CHARACTERS) for text in said if isinstance(text, str))
