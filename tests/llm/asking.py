"""A small request, and a wire or client for it: what the tests of this folder have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from interviewer.llm.client import ChatClient, ModelWire, RetryPolicy
from interviewer.llm.ladder import DialectStore
from interviewer.llm.openai_wire import OpenAIWire
from interviewer.llm.wire import ChatReply, ChatRequest, Dialect, Message

KEY = "sk-test-0123456789abcdef"
SCHEMA = {
    "type": "object",
    "properties": {"verdict": {"type": "string"}},
    "required": ["verdict"],
    "additionalProperties": False,
}
GOOD = '{"verdict": "met"}'


def a_request(answer: str = "It takes time.", *, temperature: float | None = 0.0) -> ChatRequest:
    return ChatRequest(
        messages=(Message(role="system", content="Judge."), Message(role="user", content=answer)),
        schema_name="grade",
        reply_schema=SCHEMA,
        max_tokens=300,
        temperature=temperature,
    )


def a_wire(
    url: str | None, *, key: str | None = KEY, model: str = "m1", version: str | None = None
) -> OpenAIWire:
    return OpenAIWire(base_url=url, api_key=key, model=model, api_version=version)


def send(
    wire: OpenAIWire,
    request: ChatRequest | None = None,
    dialect: Dialect | None = None,
    on_text: Callable[[str], None] | None = None,
) -> ChatReply:
    """One request over `wire`, which is closed afterwards."""

    async def run() -> ChatReply:
        try:
            return await wire.send(request or a_request(), dialect or Dialect(), on_text)
        finally:
            await wire.aclose()

    return asyncio.run(run())


class Naps:
    """A sleep that takes no time: `taken` is what was slept, and `clock` goes on by it."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.taken.append(seconds)

    def clock(self) -> float:
        return sum(self.taken)


def a_client(
    wire: ModelWire,
    *,
    store: Path | None = None,
    policy: RetryPolicy | None = None,
    naps: Naps | None = None,
    chance: float = 0.0,
) -> ChatClient:
    naps = naps or Naps()
    return ChatClient(
        wire,
        DialectStore(store) if store else None,
        policy or RetryPolicy(),
        sleep=naps.sleep,
        clock=naps.clock,
        chance=lambda: chance,
    )


def complete(
    client: ChatClient,
    request: ChatRequest | None = None,
    on_text: Callable[[str], None] | None = None,
    on_restart: Callable[[], None] | None = None,
) -> ChatReply:
    """One reply through `client`, which is closed afterwards."""

    async def run() -> ChatReply:
        try:
            return await client.complete(request or a_request(), on_text, on_restart)
        finally:
            await client.aclose()

    return asyncio.run(run())
