"""A client that is given a pace waits for its turn, and tells what came of it."""

from __future__ import annotations

import asyncio

import pytest

from interviewer.errors import (
    BadRequestError,
    DeadlineError,
    GraderError,
    MalformedReplyError,
    RateLimitedError,
    ServiceDownError,
)
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.fake_wire import Delay, FakeWire, Fault, Reply
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatRequest
from tests.llm.asking import GOOD, Naps, a_request

READ = Usage(requests=1, input_tokens=100, output_tokens=20)


class Recording:
    """Lets each request go after so many `seconds` of `naps`, and keeps what it is told."""

    def __init__(self, naps: Naps, seconds: float = 0.0, *, keeps_pauses: bool = True) -> None:
        self.told: list[object] = []
        self._naps = naps
        self._seconds = seconds
        self._keeps_pauses = keeps_pauses

    async def turn(self, request: ChatRequest) -> Recording:
        await self._naps.sleep(self._seconds)
        await asyncio.sleep(self._seconds / 1000)
        return self

    def waits_for(self, error: GraderError) -> bool:
        return self._keeps_pauses and isinstance(error, RateLimitedError)

    def answered(self, usage: Usage) -> None:
        self.told.append(usage)

    def refused(self, error: GraderError | None) -> None:
        self.told.append(None if error is None else error.code)


def asked(pace: Recording, naps: Naps, *script: Reply | Fault | Delay, **policy: float) -> None:
    client = ChatClient(
        FakeWire(*script),
        None,
        RetryPolicy(**policy),  # type: ignore[arg-type]
        pace=pace,
        sleep=naps.sleep,
        clock=naps.clock,
        chance=lambda: 0.0,
    )
    asyncio.run(client.complete(a_request()))


def test_the_pace_hears_of_replies_and_what_they_took() -> None:
    naps = Naps()
    pace = Recording(naps)
    asked(pace, naps, Reply(GOOD, usage=READ))

    assert pace.told == [READ]


def test_the_pace_hears_of_each_refusal() -> None:
    naps = Naps()
    pace = Recording(naps)
    asked(pace, naps, Fault(RateLimitedError("429")), Fault(ServiceDownError("503")), Reply(GOOD, usage=READ))

    assert pace.told == ["rate_limited", "service_down", READ]


def test_each_step_down_the_ladder_has_its_turn() -> None:
    naps = Naps()
    pace = Recording(naps)
    refusal = BadRequestError("no temperature", parameter="temperature")
    asked(pace, naps, Fault(refusal), Reply(GOOD, usage=READ))

    assert pace.told == ["bad_request", READ]


def test_a_reply_that_cannot_be_read_was_a_reply() -> None:
    naps = Naps()
    pace = Recording(naps)
    with pytest.raises(MalformedReplyError):
        asked(pace, naps, Fault(MalformedReplyError("no JSON")))

    assert pace.told == [Usage(requests=1)]


def test_a_reply_that_does_not_come_in_time_is_a_refusal() -> None:
    naps = Naps()
    pace = Recording(naps)
    with pytest.raises(DeadlineError):
        asked(pace, naps, Delay(60), Reply(GOOD), deadline=0.01)

    assert pace.told == [None]


def test_waiting_for_a_turn_counts_towards_no_deadline() -> None:
    naps = Naps()
    asked(
        Recording(naps, seconds=50),
        naps,
        Fault(ServiceDownError("503")),
        Fault(ServiceDownError("503")),
        Reply(GOOD),
        deadline=10,
    )


def test_a_pause_that_the_pace_keeps_is_not_waited_for_twice() -> None:
    naps = Naps()
    asked(Recording(naps), naps, Fault(RateLimitedError("429", retry_after=30)), Reply(GOOD), deadline=10)

    assert sum(naps.taken) == 0


def test_a_pause_that_the_pace_does_not_keep_is_waited_for_here() -> None:
    naps = Naps()
    pace = Recording(naps, keeps_pauses=False)
    asked(pace, naps, Fault(RateLimitedError("429", retry_after=30)), Reply(GOOD), deadline=60)

    assert sum(naps.taken) == 30
