"""The scripted model."""

from __future__ import annotations

import asyncio

import pytest

from interviewer.errors import RefusedError, ServiceDownError, TruncatedError
from interviewer.llm.fake_wire import Delay, FakeWire, Fault, Reply
from interviewer.llm.usage import Usage
from interviewer.llm.wire import Dialect, Rung
from tests.llm.asking import a_request


def say(wire: FakeWire) -> str:
    return asyncio.run(wire.send(a_request(), Dialect())).text


def test_the_script_is_said_in_order() -> None:
    wire = FakeWire(Reply("one"), Fault(ServiceDownError("down")))
    wire.enqueue(Reply("two"))

    assert say(wire) == "one"
    with pytest.raises(ServiceDownError, match="down"):
        say(wire)
    assert say(wire) == "two"


def test_what_was_asked_and_how_is_recorded() -> None:
    wire = FakeWire(Reply("x"))
    asyncio.run(wire.send(a_request("A"), Dialect(rung=Rung.TOOL)))

    assert wire.requests == [(a_request("A"), Dialect(rung=Rung.TOOL))]


def test_after_the_script_the_default_is_said() -> None:
    wire = FakeWire(Reply("first"), default=lambda request: request.messages[-1].content)

    assert [say(wire), say(wire)] == ["first", "It takes time."]


def test_a_script_that_is_over_is_a_failed_test() -> None:
    with pytest.raises(AssertionError, match="over at request 1"):
        say(FakeWire())


def test_usage_and_finish_reason_are_the_scripts() -> None:
    usage = Usage(requests=1, input_tokens=5)
    reply = asyncio.run(FakeWire(Reply("x", usage=usage)).send(a_request(), Dialect()))

    assert (reply.usage, reply.finish_reason, reply.model) == (usage, "stop", "fake")


@pytest.mark.parametrize(("reason", "error"), [("length", TruncatedError), ("content_filter", RefusedError)])
def test_a_finish_reason_means_what_it_means_on_the_real_wire(reason: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        say(FakeWire(Reply("x", finish_reason=reason)))


def test_a_listener_hears_the_reply_in_pieces() -> None:
    heard: list[str] = []
    asyncio.run(FakeWire(Reply("a reply of some length")).send(a_request(), Dialect(), heard.append))

    assert len(heard) > 2
    assert "".join(heard) == "a reply of some length"


def test_an_event_holds_the_reply_back() -> None:
    async def run() -> list[str]:
        seen: list[str] = []
        gate = asyncio.Event()
        wire = FakeWire(Delay(0), gate, Reply("late"))
        asking = asyncio.create_task(wire.send(a_request(), Dialect()))
        while not wire.requests:
            await asyncio.sleep(0)
        seen.append("asked")
        gate.set()
        seen.append((await asking).text)
        return seen

    assert asyncio.run(run()) == ["asked", "late"]


def test_closing_is_noted() -> None:
    wire = FakeWire()
    asyncio.run(wire.aclose())

    assert wire.closed
    assert wire.name == "fake"
