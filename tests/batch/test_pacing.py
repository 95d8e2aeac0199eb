"""The pace of a run: what one request hears from the service holds for all."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from interviewer.batch.budget import requests_per_minute, tokens_per_minute
from interviewer.batch.pacing import LONGEST_PAUSE, Pacer
from interviewer.batch.window import Window
from interviewer.errors import BadRequestError, RateLimitedError, ServiceDownError
from interviewer.llm.usage import Usage
from tests.llm.asking import Naps, a_request

READ = Usage(requests=1, input_tokens=100, output_tokens=20)


def pacer(most: int = 8, *, naps: Naps | None = None, requests: int = 0, tokens: int = 0) -> Pacer:
    naps = naps or Naps()
    return Pacer(
        Window(most),
        clock=naps.clock,
        sleep=naps.sleep,
        requests=requests_per_minute(requests, 0.0) if requests else None,
        tokens=tokens_per_minute(tokens, 0.0) if tokens else None,
    )


async def settled(*waiting: Coroutine[Any, Any, object]) -> list[asyncio.Task[object]]:
    """Tasks of these, as far as they go by themselves."""
    tasks = [asyncio.create_task(one) for one in waiting]
    for _ in range(10):
        await asyncio.sleep(0)
    return tasks


def test_no_more_requests_are_out_than_the_window_is_wide() -> None:
    async def run() -> None:
        pace = pacer(2)
        first = await pace.turn(a_request())
        await pace.turn(a_request())
        (third,) = await settled(pace.turn(a_request()))
        assert not third.done()

        first.answered(READ)
        await third

    asyncio.run(run())


def test_a_refusal_with_a_time_holds_back_every_request() -> None:
    naps = Naps()

    async def run() -> None:
        pace = pacer(naps=naps)
        turn = await pace.turn(a_request())
        turn.refused(RateLimitedError("slow down", retry_after=7))
        for _ in range(3):
            await pace.turn(a_request())

    asyncio.run(run())
    assert naps.taken == [7]


def test_refusals_that_name_no_time_hold_back_longer_and_longer() -> None:
    naps = Naps()

    async def run() -> None:
        pace = pacer(naps=naps)
        for _ in range(4):
            (await pace.turn(a_request())).refused(RateLimitedError("slow down"))
        await pace.turn(a_request())

    asyncio.run(run())
    assert naps.taken == [0.25, 0.5, 1.0, 2.0]


@pytest.mark.parametrize("error", [RateLimitedError("429"), ServiceDownError("503", retry_after=1), None])
def test_a_service_that_has_enough_gets_half(error: RateLimitedError | ServiceDownError | None) -> None:
    async def run() -> int:
        pace = pacer(8)
        (await pace.turn(a_request())).refused(error)
        return pace.size

    assert asyncio.run(run()) == 4


def test_a_request_that_the_service_will_not_have_changes_nothing() -> None:
    async def run() -> int:
        pace = pacer(8)
        (await pace.turn(a_request())).refused(BadRequestError("no such field"))
        return pace.size

    assert asyncio.run(run()) == 8


def test_a_service_that_wants_to_be_left_alone_for_hours_is_not_waited_for() -> None:
    naps = Naps()
    error = RateLimitedError("tomorrow", retry_after=LONGEST_PAUSE + 1)

    async def run() -> bool:
        pace = pacer(naps=naps)
        (await pace.turn(a_request())).refused(error)
        await pace.turn(a_request())
        return pace.waits_for(error)

    assert not asyncio.run(run())
    assert naps.taken == []


def test_requests_are_spaced_by_their_budget() -> None:
    naps = Naps()

    async def run() -> None:
        pace = pacer(naps=naps, requests=30)
        for _ in range(3):
            (await pace.turn(a_request())).answered(READ)

    asyncio.run(run())
    assert naps.clock() == pytest.approx(4)


def test_tokens_are_counted_as_they_were_used_and_not_as_they_were_feared() -> None:
    naps = Naps()

    async def run() -> None:
        pace = pacer(naps=naps, tokens=12_000)  # 1,200 at once
        for _ in range(10):
            (await pace.turn(a_request())).answered(READ)

    asyncio.run(run())
    assert naps.clock() == 0


def test_tokens_beyond_the_budget_are_waited_for() -> None:
    naps = Naps()

    async def run() -> None:
        pace = pacer(naps=naps, tokens=1_200)
        for _ in range(10):
            (await pace.turn(a_request())).answered(READ)

    asyncio.run(run())
    assert naps.clock() > 30


def test_no_more_lines_are_begun_than_the_window_is_wide() -> None:
    async def run() -> None:
        pace = pacer(2)
        await pace.begin()
        await pace.begin()
        (third,) = await settled(pace.begin())
        assert not third.done()

        pace.end()
        await third

    asyncio.run(run())


def test_one_who_gives_up_waiting_is_in_nobodys_way() -> None:
    async def run() -> None:
        pace = pacer(1)
        first = await pace.turn(a_request())
        second, third = await settled(pace.turn(a_request()), pace.turn(a_request()))
        second.cancel()
        first.answered(READ)
        await third

    asyncio.run(run())
