"""A model made of a script: the seam where tests and demos stand in for a service."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from interviewer.errors import GraderError
from interviewer.llm.faults import finish_fault
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatReply, ChatRequest, Dialect

_PIECE = 7


@dataclass(frozen=True, slots=True)
class Reply:
    """The model says `text`."""

    text: str
    finish_reason: str = "stop"
    usage: Usage = field(default_factory=lambda: Usage(requests=1))


@dataclass(frozen=True, slots=True)
class Fault:
    """The service raises `error`; after `text`, if a stream is to break off within its reply."""

    error: GraderError
    text: str = ""


@dataclass(frozen=True, slots=True)
class Delay:
    """Nothing comes for `seconds`; what stands next in the script follows."""

    seconds: float


Step = Reply | Fault | Delay | asyncio.Event


class FakeWire:
    """Replays a script, one reply or fault a request; a Delay, or an Event to wait for, comes before one.

    default: what is said to a request once the script is over. requests: what was asked, and how.
    """

    def __init__(self, *script: Step, default: Callable[[ChatRequest], str] | None = None) -> None:
        self._script = deque(script)
        self._default = default
        self.requests: list[tuple[ChatRequest, Dialect]] = []
        self.closed = False

    @property
    def name(self) -> str:
        """`fake`."""
        return "fake"

    @property
    def model(self) -> str:
        """`fake`."""
        return "fake"

    def enqueue(self, *steps: Step) -> None:
        """Add `steps` to the end of the script."""
        self._script.extend(steps)

    async def send(
        self, request: ChatRequest, dialect: Dialect, on_text: Callable[[str], None] | None = None
    ) -> ChatReply:
        """The script's next reply. AssertionError if it is over and there is no default."""
        self.requests.append((request, dialect))
        step = await self._next(request)
        if on_text is not None:
            for piece in _pieces(step.text):
                on_text(piece)
                await asyncio.sleep(0)
        if isinstance(step, Fault):
            raise step.error
        fault = finish_fault(step.finish_reason)
        if fault is not None:
            fault.usage = step.usage
            raise fault
        return ChatReply(text=step.text, model=self.model, finish_reason=step.finish_reason, usage=step.usage)

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.closed = True

    async def _next(self, request: ChatRequest) -> Reply | Fault:
        while self._script:
            step = self._script.popleft()
            if isinstance(step, Reply | Fault):
                return step
            if isinstance(step, Delay):
                await asyncio.sleep(step.seconds)
            else:
                await step.wait()
        if self._default is None:
            raise AssertionError(
                f"the fake model's script is over at request {len(self.requests)}: enqueue another step"
            )
        return Reply(self._default(request))


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
