"""The client's promises: retries, the deadline, learning how a service wants to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from interviewer.errors import (
    BadRequestError,
    DeadlineError,
    GraderError,
    KeyRejectedError,
    MalformedReplyError,
    QuotaExceededError,
    RateLimitedError,
    RefusedError,
    ServiceDownError,
    TruncatedError,
)
from interviewer.llm.client import RetryPolicy
from interviewer.llm.fake_wire import Delay, FakeWire, Fault, Reply
from interviewer.llm.ladder import DialectStore
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatReply, ChatRequest, Dialect, Rung
from tests.llm.asking import GOOD, Naps, a_client, a_request, a_wire, complete
from tests.support.server import Answer, ScriptedServer, completion, failure


def test_the_reply_is_cut_down_to_its_object() -> None:
    wire = FakeWire(Reply(f"Here you are:\n```json\n{GOOD}\n```"))

    assert complete(a_client(wire)).text == GOOD


def test_a_passing_failure_costs_exactly_one_more_request() -> None:
    with ScriptedServer(failure(429, "slow down"), completion(GOOD)) as server:
        reply = complete(a_client(a_wire(server.url)))

    assert reply.text == GOOD
    assert len(server.requests) == 2


def test_usage_counts_every_request_that_was_sent() -> None:
    spent = Usage(requests=1, input_tokens=9, output_tokens=3)

    usage = complete(a_client(FakeWire(Fault(ServiceDownError("x")), Reply(GOOD, usage=spent)))).usage

    assert usage == spent.model_copy(update={"requests": 2})


def test_what_a_try_cost_that_came_too_late_is_not_known() -> None:
    late = Fault(DeadlineError("x"))
    spent = Usage(requests=1, input_tokens=9, output_tokens=3)

    assert complete(a_client(FakeWire(late, Reply(GOOD, usage=spent)))).usage == Usage(requests=2)


def test_an_error_says_what_was_spent() -> None:
    with ScriptedServer(failure(429, "slow down"), completion(GOOD, finish_reason="length")) as server:
        client = a_client(a_wire(server.url))
        with pytest.raises(TruncatedError) as caught:
            complete(client)

    assert caught.value.spent is not None
    assert (caught.value.spent.requests, caught.value.spent.input_tokens) == (2, 100)


def test_a_caller_may_ask_for_fewer_tries() -> None:
    with (
        ScriptedServer(behaviour=lambda _: failure(429, "slow down")) as server,
        pytest.raises(RateLimitedError),
    ):
        asyncio.run(a_client(a_wire(server.url)).complete(a_request(), attempts=1))

    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [failure(500, "oops"), Answer(manner="resets"), failure(408, "")])
def test_tries_end_where_the_policy_says(answer: Answer) -> None:
    with (
        ScriptedServer(behaviour=lambda _: answer) as server,
        pytest.raises(ServiceDownError),
    ):
        complete(a_client(a_wire(server.url), policy=RetryPolicy(attempts=3)))

    assert len(server.requests) == 3


def test_one_try_means_one_request() -> None:
    wire = FakeWire(Fault(ServiceDownError("x")))
    with pytest.raises(ServiceDownError):
        complete(a_client(wire, policy=RetryPolicy(attempts=1)))

    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "error",
    [
        KeyRejectedError("x"),
        QuotaExceededError("x"),
        BadRequestError("x"),
        RefusedError("x"),
        TruncatedError("x"),
        MalformedReplyError("x"),
    ],
)
def test_what_another_try_cannot_help_is_raised_at_once(error: GraderError) -> None:
    naps = Naps()
    with pytest.raises(type(error)):
        complete(a_client(FakeWire(Fault(error)), naps=naps))

    assert naps.taken == []


def test_an_exhausted_quota_is_asked_once() -> None:
    with (
        ScriptedServer(failure(429, "no credit", code="insufficient_quota")) as server,
        pytest.raises(QuotaExceededError),
    ):
        complete(a_client(a_wire(server.url)))

    assert len(server.requests) == 1


def test_a_reply_without_an_object_is_not_asked_for_again() -> None:
    wire = FakeWire(Reply("I'd rather talk."))
    with pytest.raises(MalformedReplyError):
        complete(a_client(wire))

    assert len(wire.requests) == 1


def test_waits_double_up_to_the_longest() -> None:
    naps = Naps()
    policy = RetryPolicy(attempts=6, first_wait=1, longest_wait=4)
    wire = FakeWire(*[Fault(ServiceDownError("x"))] * 5, Reply(GOOD))
    complete(a_client(wire, policy=policy, naps=naps, chance=1.0))

    assert naps.taken == [1, 2, 4, 4, 4]


def test_the_wait_that_a_service_asks_for_is_kept() -> None:
    naps = Naps()
    with ScriptedServer(failure(429, "later", headers={"retry-after": "7"}), completion(GOOD)) as server:
        complete(a_client(a_wire(server.url), naps=naps))

    assert naps.taken == [7]


def test_a_wait_that_outlasts_the_deadline_is_not_begun() -> None:
    naps = Naps()
    wire = FakeWire(Fault(RateLimitedError("later", retry_after=31)))
    with pytest.raises(RateLimitedError, match="later"):
        complete(a_client(wire, policy=RetryPolicy(deadline=30), naps=naps))

    assert naps.taken == []


def test_what_earlier_waits_took_is_no_longer_there_to_wait() -> None:
    naps = Naps()
    wire = FakeWire(*[Fault(RateLimitedError("later", retry_after=20))] * 2)
    with pytest.raises(RateLimitedError):
        complete(a_client(wire, policy=RetryPolicy(deadline=30), naps=naps))

    assert naps.taken == [20]


@given(
    st.integers(1, 10_000),
    st.none() | st.floats(0, 1e9),
    st.floats(0, 1),
)
def test_a_wait_is_never_shorter_than_asked_nor_longer_than_need_be(
    failures: int, asked: float | None, chance: float
) -> None:
    policy = RetryPolicy()
    wait = policy.wait_after(failures, RateLimitedError("x", retry_after=asked), chance)

    assert (asked or 0) <= wait <= max(policy.longest_wait, (asked or 0) + policy.first_wait)


@pytest.mark.parametrize("field", ["deadline", "attempts", "first_wait", "longest_wait"])
def test_a_policy_of_negative_numbers_is_refused(field: str) -> None:
    with pytest.raises(ValidationError):
        RetryPolicy.model_validate({field: -1})


@pytest.mark.parametrize("manner", ["drips", "silent"])
def test_the_deadline_ends_a_call_whatever_trickles_in(manner: str) -> None:
    answer = Answer(manner="drips" if manner == "drips" else "silent")
    with (
        ScriptedServer(answer) as server,
        pytest.raises(DeadlineError, match=r"within 0\.2 seconds") as caught,
    ):
        complete(a_client(a_wire(server.url), policy=RetryPolicy(deadline=0.2)))

    assert "INTERVIEWER_DEADLINE" in (caught.value.hint or "")
    assert len(server.requests) == 1


def test_the_deadline_ends_a_dripping_stream_too() -> None:
    answer = Answer(manner="drips", headers={"content-type": "text/event-stream"})
    with ScriptedServer(answer) as server, pytest.raises(DeadlineError):
        complete(a_client(a_wire(server.url), policy=RetryPolicy(deadline=0.2)), on_text=lambda _: None)


def test_a_caller_that_gives_up_is_not_told_of_a_deadline() -> None:
    async def run() -> None:
        asking = asyncio.create_task(a_client(FakeWire(Delay(60), Reply(GOOD))).complete(a_request()))
        await asyncio.sleep(0)
        asking.cancel()
        await asking

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_a_time_out_of_the_wires_own_is_not_taken_for_the_deadline() -> None:
    class Broken(FakeWire):
        async def send(
            self, request: ChatRequest, dialect: Dialect, on_text: Callable[[str], None] | None = None
        ) -> ChatReply:
            raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        complete(a_client(Broken()))


def test_the_firmest_way_is_asked_first() -> None:
    wire = FakeWire(Reply(GOOD))
    complete(a_client(wire))

    assert wire.requests[0][1] == Dialect()


def test_what_was_learned_is_used_at_once_by_the_next_client(tmp_path: Path) -> None:
    refusals = [Fault(BadRequestError("no", parameter="response_format"))] * 2
    complete(a_client(FakeWire(*refusals, Reply(GOOD)), store=tmp_path))
    wire = FakeWire(Reply(GOOD))
    client = a_client(wire, store=tmp_path)
    complete(client)

    assert [d.rung for _, d in wire.requests] == [Rung.TOOL]
    assert client.dialect == Dialect(rung=Rung.TOOL)


def test_without_a_store_a_client_remembers_for_itself() -> None:
    refusal = Fault(BadRequestError("no", parameter="temperature"))
    wire = FakeWire(refusal, Reply(GOOD), Reply(GOOD))
    client = a_client(wire)
    assert client.dialect is None
    complete(client)
    complete(client)

    assert [d.sampling for _, d in wire.requests] == [True, False, False]


def test_nothing_is_kept_of_a_way_that_no_reply_came_of(tmp_path: Path) -> None:
    refusal = Fault(BadRequestError("no", parameter="response_format"))
    wire = FakeWire(refusal, Fault(KeyRejectedError("x")))
    with pytest.raises(KeyRejectedError):
        complete(a_client(wire, store=tmp_path))

    assert DialectStore(tmp_path).get("fake", "fake") is None


def test_a_re_ask_after_a_cut_off_reply_does_not_climb_the_ladder_again(tmp_path: Path) -> None:
    refusal = Fault(BadRequestError("no", parameter="response_format"))
    wire = FakeWire(refusal, Reply("{", finish_reason="length"), Reply(GOOD))
    client = a_client(wire, store=tmp_path)
    with pytest.raises(TruncatedError):
        complete(client)
    complete(client)

    assert [d.rung for _, d in wire.requests] == [Rung.STRICT_SCHEMA, Rung.SCHEMA, Rung.SCHEMA]


def test_a_failure_on_the_way_down_does_not_lose_the_way() -> None:
    script = (
        Fault(BadRequestError("no", parameter="response_format")),
        Fault(ServiceDownError("x")),
        Reply(GOOD),
    )
    wire = FakeWire(*script)
    complete(a_client(wire))

    assert [d.rung for _, d in wire.requests] == [Rung.STRICT_SCHEMA, Rung.SCHEMA, Rung.SCHEMA]


def test_a_service_that_refuses_both_names_of_the_cap_is_not_asked_for_ever() -> None:
    wire = FakeWire(
        Fault(BadRequestError("no", parameter="max_tokens")),
        Fault(BadRequestError("no", parameter="max_completion_tokens")),
    )
    with pytest.raises(BadRequestError):
        complete(a_client(wire))

    assert len(wire.requests) == 2


def test_a_listener_is_told_to_start_over_when_a_reply_begins_again() -> None:
    heard: list[str] = []
    wire = FakeWire(Fault(ServiceDownError("x"), text='{"verdict": "mi'), Reply(GOOD))
    reply = complete(a_client(wire), on_text=heard.append, on_restart=heard.clear)

    assert "".join(heard) == reply.text == GOOD


def test_a_listener_that_heard_nothing_yet_is_not_told_to_start_over() -> None:
    told: list[str] = []
    wire = FakeWire(Fault(ServiceDownError("x")), Reply(GOOD))
    complete(a_client(wire), on_text=lambda _: None, on_restart=lambda: told.append("again"))

    assert told == []


def test_closing_the_client_closes_the_wire() -> None:
    wire = FakeWire()
    asyncio.run(a_client(wire).aclose())

    assert wire.closed
