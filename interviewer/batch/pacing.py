"""The pace of a run: as many lines and requests at once as the service stands, within the budgets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from interviewer.batch.budget import Bucket
from interviewer.batch.window import Window
from interviewer.errors import GraderError, RateLimitedError, TransientServiceError
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatRequest

#: Seconds of the first wait that a refusal brings which names none; doubled for each further cut in a row.
_FIRST_PAUSE = 0.25
_LONGEST_OWN_PAUSE = 20.0
#: A service that asks for more than this is not waited for: the line fails, and the run tells it.
LONGEST_PAUSE = 300.0
#: Characters of a prompt that make a token, on the average of English and JSON.
_CHARACTERS = 4.0
#: A reply's share in the tokens that replies are expected to have.
_WEIGHT = 0.1


class _Door:
    """Lets those who wait through one by one, in the order in which they came."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._sleep = sleep
        self._queue = asyncio.Lock()
        self._changed = asyncio.Event()

    async def pass_when(self, wait: Callable[[], float | None], take: Callable[[], None]) -> None:
        """Go through and `take` once `wait` says 0. It says seconds, or None until something has changed."""
        async with self._queue:
            while (seconds := wait()) != 0:
                if seconds is None:
                    self._changed.clear()
                    await self._changed.wait()
                else:
                    await self._sleep(seconds)
            take()

    def changed(self) -> None:
        """Have the first in the queue look again."""
        self._changed.set()


class Pacer:
    """Keeps lines and requests within `window`, and requests within the budgets.

    requests: a bucket of requests; tokens: one of tokens, both of all requests together; None sets no bound.
    clock: seconds, monotonic. A service's wish to be left alone holds for every request, not only for the
    one that it was told to.
    """

    def __init__(
        self,
        window: Window,
        *,
        clock: Callable[[], float],
        requests: Bucket | None = None,
        tokens: Bucket | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._window = window
        self._clock = clock
        self._requests = requests
        self._tokens = tokens
        self._lines = _Door(sleep)
        self._sends = _Door(sleep)
        self._begun = 0
        self._in_flight = 0
        self._paused_until = float("-inf")
        self._reply_tokens: float | None = None

    @property
    def size(self) -> int:
        """How many lines may be in flight now."""
        return self._window.size

    async def begin(self) -> None:
        """Wait until a line may be begun."""
        await self._lines.pass_when(self._until_line, self._take_line)

    def end(self) -> None:
        """A line is done."""
        self._begun -= 1
        self._lines.changed()

    async def turn(self, request: ChatRequest) -> _Turn:
        """Wait until `request` may be sent."""
        cost = 0.0 if self._tokens is None else self._expected(request)
        await self._sends.pass_when(lambda: self._until_send(cost), lambda: self._take_send(cost))
        return _Turn(self, self._window.sent(), self._clock(), cost)

    def waits_for(self, error: GraderError) -> bool:
        """Whether the pause that `error` asks for is kept here."""
        return isinstance(error, RateLimitedError) and (error.retry_after or 0.0) <= LONGEST_PAUSE

    def answered(self, turn: _Turn, usage: Usage) -> None:
        """The service read the request of `turn`."""
        self._window.answered(max(0.0, self._clock() - turn.started))
        self._settle(turn, usage)
        self._leave()

    def refused(self, turn: _Turn, error: GraderError | None) -> None:
        """The request of `turn` got no reply. None: not in time."""
        if error is None or isinstance(error, TransientServiceError):
            is_cut = self._window.refused(turn.number)
            self._pause(error, is_cut=is_cut)
        if self._tokens is not None and error is not None:
            self._tokens.take(-turn.cost, self._clock())
        self._leave()

    def _pause(self, error: GraderError | None, *, is_cut: bool) -> None:
        asked = error.retry_after if isinstance(error, TransientServiceError) else None
        if asked is None:
            if not is_cut or not isinstance(error, RateLimitedError):
                return
            asked = min(_LONGEST_OWN_PAUSE, _FIRST_PAUSE * 2.0 ** min(self._window.cuts_in_a_row - 1, 60))
        if asked <= LONGEST_PAUSE:
            self._paused_until = max(self._paused_until, self._clock() + asked)

    def _settle(self, turn: _Turn, usage: Usage) -> None:
        """Correct what was expected of the request by what it took."""
        if usage.output_tokens is not None:
            known = self._reply_tokens
            self._reply_tokens = (
                float(usage.output_tokens)
                if known is None
                else known + _WEIGHT * (usage.output_tokens - known)
            )
        if self._tokens is not None and usage.input_tokens is not None and usage.output_tokens is not None:
            self._tokens.take(usage.input_tokens + usage.output_tokens - turn.cost, self._clock())

    def _expected(self, request: ChatRequest) -> float:
        said = sum(len(message.content) for message in request.messages) / _CHARACTERS
        return said + (request.max_tokens if self._reply_tokens is None else self._reply_tokens)

    def _leave(self) -> None:
        self._in_flight -= 1
        self._sends.changed()
        self._lines.changed()  # the window may have grown

    def _until_line(self) -> float | None:
        return 0.0 if self._begun < self._window.size else None

    def _take_line(self) -> None:
        self._begun += 1

    def _until_send(self, cost: float) -> float | None:
        if self._in_flight >= self._window.size:
            return None
        now = self._clock()
        return max(
            0.0,
            self._paused_until - now,
            self._requests.wait(1.0, now) if self._requests else 0.0,
            self._tokens.wait(cost, now) if self._tokens else 0.0,
        )

    def _take_send(self, cost: float) -> None:
        now = self._clock()
        self._in_flight += 1
        if self._requests is not None:
            self._requests.take(1.0, now)
        if self._tokens is not None:
            self._tokens.take(cost, now)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A request in flight. cost: the tokens that are expected of it."""

    pacer: Pacer
    number: int
    started: float
    cost: float

    def answered(self, usage: Usage) -> None:
        """The service read the request."""
        self.pacer.answered(self, usage)

    def refused(self, error: GraderError | None) -> None:
        """It gave no reply."""
        self.pacer.refused(self, error)
