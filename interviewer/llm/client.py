"""The client that graders use: the one place with retries, a deadline, and a memory of dialects."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from pydantic import Field
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from interviewer.errors import (
    BadRequestError,
    DeadlineError,
    GraderError,
    ReplyError,
    TransientServiceError,
)
from interviewer.llm.extract import json_object_in
from interviewer.llm.ladder import DialectStore, next_dialect
from interviewer.llm.pace import Pace, Turn
from interviewer.llm.usage import REFUSED, Usage
from interviewer.llm.wire import ChatReply, ChatRequest, Dialect, Wire
from interviewer.models import Frozen


class ModelWire(Wire, Protocol):
    """A wire that leads to one model."""

    @property
    def model(self) -> str:
        """The model's name."""


class RetryPolicy(Frozen):
    """How long and how often a request is tried.

    deadline: seconds for the whole call, waits and retries included. attempts: tries in all, 1 or more.
    first_wait, longest_wait: seconds before the second try, doubled for each further one up to the
    longest. A service that asks for more gets it, if the deadline allows.
    """

    deadline: float = Field(default=90.0, gt=0)
    attempts: int = Field(default=4, ge=1)
    first_wait: float = Field(default=0.5, ge=0)
    longest_wait: float = Field(default=20.0, ge=0)

    def wait_after(self, failures: int, error: BaseException | None, chance: float) -> float:
        """Seconds to wait after so many `failures` (1 or more), the last being `error`.

        chance: 0 to 1, spreads callers that failed at the same moment.
        """
        backoff = min(self.longest_wait, self.first_wait * 2.0 ** min(failures - 1, 60))
        asked = error.retry_after if isinstance(error, TransientServiceError) else None
        return max(backoff * (1 + chance) / 2, (asked or 0.0) + chance * self.first_wait)


class ChatClient:
    """Asks a model through `wire` and gives its reply, or the error that stands once tries are used up.

    dialects: where what is learned of a service is kept; None keeps it for this client alone.
    pace: says when each request may be sent, where many are; None lets all go at once.
    sleep, clock (seconds, monotonic), chance (0 to 1): replaceable in tests.
    """

    def __init__(
        self,
        wire: ModelWire,
        dialects: DialectStore | None,
        policy: RetryPolicy,
        *,
        pace: Pace | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.wire = wire
        self._memory = _Memory(dialects, wire)
        self._policy = policy
        self._pace = pace
        self._sleep = sleep
        self._clock = clock
        self._chance = chance

    @property
    def model(self) -> str:
        """The model's name."""
        return self.wire.model

    @property
    def dialect(self) -> Dialect | None:
        """How the service takes requests, as far as it was learned, now or in an earlier run."""
        return self._memory.known

    async def complete(
        self,
        request: ChatRequest,
        on_text: Callable[[str], None] | None = None,
        on_restart: Callable[[], None] | None = None,
        *,
        attempts: int | None = None,
    ) -> ChatReply:
        """The reply, its text cut down to the JSON object; its usage counts every request that was sent.

        on_text: called with each piece of the reply as it arrives, as the model wrote it.
        on_restart: called if the reply begins again from its first character: what on_text was given
        before is void. attempts: tries in all, where it is not to be as many as the policy allows.

        Raises GraderError, which says what was spent. A TransientServiceError has been retried as the
        policy allows; a ReplyError has not: asking again is up to the caller.
        """
        bound = _Bound(self._policy.deadline, self._clock)
        call = _Call(self.wire, self._memory, request, on_text, on_restart, self._pace, bound)
        out_of_tries = stop_after_attempt(self._policy.attempts if attempts is None else attempts)

        def wait(state: RetryCallState) -> float:
            failure = state.outcome.exception() if state.outcome else None
            if self._pace is not None and isinstance(failure, GraderError) and self._pace.waits_for(failure):
                return self._chance() * self._policy.first_wait
            return self._policy.wait_after(state.attempt_number, failure, self._chance())

        def stop(state: RetryCallState) -> bool:
            # A wait that outlasts the deadline is not begun: the caller is told at once.
            return out_of_tries(state) or state.upcoming_sleep >= bound.left

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(TransientServiceError),
            wait=wait,
            stop=stop,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            async with bound.limit:
                reply: ChatReply = await retrying(call.attempt)
        except TimeoutError:
            if not bound.limit.expired():
                raise
        except GraderError as error:
            error.spent = call.spent
            raise
        else:
            return reply.model_copy(update={"usage": call.spent})
        late = DeadlineError(
            f"{self.wire.name} gave no whole reply within {self._policy.deadline:g} seconds",
            hint="Allow more time with INTERVIEWER_DEADLINE, or take a faster model.",
        )
        late.spent = call.spent
        raise late

    async def aclose(self) -> None:
        """Close the wire's connections."""
        await self.wire.aclose()


class _Bound:
    """The time that a call has, in seconds from now. What it waits for its turn is added to it."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ends = clock() + seconds
        self.limit = asyncio.timeout(seconds)

    @property
    def left(self) -> float:
        """Seconds that are left; less than 0 if it is over."""
        return self._ends - self._clock()

    async def turn(self, pace: Pace, request: ChatRequest) -> Turn:
        """The turn of `request`, however long it is waited for."""
        loop = asyncio.get_running_loop()
        ends, began, began_in_loop = self.limit.when(), self._clock(), loop.time()
        self.limit.reschedule(None)
        try:
            return await pace.turn(request)
        finally:
            self._ends += self._clock() - began
            self.limit.reschedule(None if ends is None else ends + loop.time() - began_in_loop)


class _Memory:
    """What is known of how the wire's service takes requests."""

    def __init__(self, store: DialectStore | None, wire: ModelWire) -> None:
        self._store = store
        self._wire = wire
        self._learned: Dialect | None = None

    @property
    def known(self) -> Dialect | None:
        if self._learned is None and self._store is not None:
            self._learned = self._store.get(self._wire.name, self._wire.model)
        return self._learned

    def learn(self, dialect: Dialect, *, worked: bool) -> None:
        """Ask with `dialect` from now on. It is kept beyond this run only if a reply came of it."""
        if worked and self._store is not None:
            kept = self._store.get(self._wire.name, self._wire.model) or Dialect()
            if dialect != kept:
                self._store.put(self._wire.name, self._wire.model, dialect)
        self._learned = dialect


class _Call:
    """One `complete`: what its tries have in common. spent: what they took so far."""

    def __init__(
        self,
        wire: Wire,
        memory: _Memory,
        request: ChatRequest,
        on_text: Callable[[str], None] | None,
        on_restart: Callable[[], None] | None,
        pace: Pace | None,
        bound: _Bound,
    ) -> None:
        self._pace = pace
        self._bound = bound
        self._wire = wire
        self._memory = memory
        self._request = request
        self._on_text = on_text
        self._on_restart = on_restart
        self._dialect = memory.known or Dialect()
        self._has_text = False
        self.spent = Usage()

    async def attempt(self) -> ChatReply:
        """One try: a request, and another for each step that the service's refusals lead down."""
        refused: set[Dialect] = set()
        while True:
            try:
                reply = await self._send()
            except BadRequestError as error:
                refused.add(self._dialect)
                step = next_dialect(self._dialect, error)
                if step is None or step in refused:
                    raise
                self._dialect = step
            except ReplyError:
                # The service took this form of the request; what came back is another matter.
                self._memory.learn(self._dialect, worked=False)
                raise
            else:
                break
        text = json_object_in(reply.text)
        if self._request.spell_schema:
            self._dialect = self._dialect.model_copy(update={"spell_schema": True})
        self._memory.learn(self._dialect, worked=True)
        return reply.model_copy(update={"text": text})

    async def _send(self) -> ChatReply:
        if self._has_text and self._on_restart is not None:
            self._on_restart()
        self._has_text = False
        turn = None if self._pace is None else await self._bound.turn(self._pace, self._request)
        spent = Usage(requests=1)  # until it is known: what broke off or came late may have its price
        fault: GraderError | None = None
        is_answered = False
        try:
            reply = await self._wire.send(
                self._request, self._dialect, self._hear if self._on_text is not None else None
            )
            spent = reply.usage
            is_answered = True
        except ReplyError as error:
            spent = error.usage or spent
            is_answered = True
            raise
        except DeadlineError as error:
            fault = error
            raise
        except GraderError as error:
            spent = spent if self._has_text else REFUSED
            fault = error
            raise
        finally:
            self.spent += spent
            if turn is not None and is_answered:
                turn.answered(spent)
            elif turn is not None:
                turn.refused(fault)
        return reply

    def _hear(self, piece: str) -> None:
        self._has_text = True
        if self._on_text is not None:
            self._on_text(piece)
