"""Replies that come piece by piece, over real sockets."""

from __future__ import annotations

import asyncio
import json

import pytest

from interviewer.errors import (
    BadRequestError,
    MalformedReplyError,
    RateLimitedError,
    RefusedError,
    ServiceDownError,
    TruncatedError,
)
from interviewer.llm.wire import ChatReply, Dialect, Rung
from tests.llm.asking import GOOD, a_client, a_request, a_wire, complete, send
from tests.support.server import Answer, ScriptedServer, completion, failure, raw_sse, stream

PIECES = (GOOD[:4], GOOD[4:9], GOOD[9:])
SSE = {"content-type": "text/event-stream"}


def listen(*script: Answer, rung: Rung = Rung.STRICT_SCHEMA) -> tuple[ChatReply, list[str], ScriptedServer]:
    heard: list[str] = []
    with ScriptedServer(*script) as server:
        # Without a key nothing is held back that may become one.
        reply = send(a_wire(server.url, key=None), dialect=Dialect(rung=rung), on_text=heard.append)
    return reply, heard, server


def events(*deltas: object, finish_reason: str | None = "stop") -> Answer:
    chunks = [{"choices": [{"index": 0, "delta": d}]} for d in deltas]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish_reason}]})
    return raw_sse(*(json.dumps(c) for c in chunks), "[DONE]")


def test_each_piece_is_heard_and_the_whole_is_the_reply() -> None:
    reply, heard, _ = listen(stream(*PIECES))

    assert tuple(heard) == PIECES
    assert (reply.text, reply.finish_reason) == (GOOD, "stop")


def test_usage_is_asked_for_and_read() -> None:
    reply, _, server = listen(stream(*PIECES))

    assert server.bodies[0]["stream_options"] == {"include_usage": True}
    assert (reply.usage.input_tokens, reply.usage.cached_tokens) == (100, 64)


def test_a_stream_without_usage_is_fine() -> None:
    reply, _, _ = listen(stream(*PIECES, usage=False))

    assert (reply.text, reply.usage.input_tokens) == (GOOD, None)


def test_a_server_that_does_not_know_stream_options_is_asked_without_from_then_on() -> None:
    heard: list[str] = []
    refusal = failure(400, "Unknown parameter: 'stream_options'", param="stream_options")
    with ScriptedServer(refusal, stream(*PIECES), stream(*PIECES)) as server:
        client = a_client(a_wire(server.url, key=None))
        first = asyncio.run(client.complete(a_request(), heard.append))
        asyncio.run(client.complete(a_request(), heard.append))

    assert ["stream_options" in body for body in server.bodies] == [True, False, False]
    assert tuple(heard) == PIECES * 2
    assert first.usage.requests == 2


def test_a_server_that_does_not_stream_is_heard_in_one_piece() -> None:
    reply, heard, _ = listen(completion(GOOD))

    assert heard == [GOOD]
    assert reply.usage.input_tokens == 100


def test_a_tools_arguments_are_heard_and_what_is_said_beside_them_is_not() -> None:
    calls = ({"tool_calls": [{"index": 0, "function": {"arguments": p}}]} for p in PIECES)
    reply, heard, _ = listen(events({"content": "Let me see."}, *calls), rung=Rung.TOOL)

    assert tuple(heard) == PIECES
    assert reply.text == GOOD


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (stream(*PIECES, finish_reason="length"), TruncatedError),
        (stream(finish_reason="content_filter"), RefusedError),
        (events({"refusal": "I will "}, {"refusal": "not."}), RefusedError),
        (events(), MalformedReplyError),
        (raw_sse("[DONE]"), MalformedReplyError),
        (raw_sse('{"error": {"message": "slow down", "code": 429}}'), RateLimitedError),
        (raw_sse('{"error": {"message": "it broke"}}'), ServiceDownError),
        (raw_sse('{"choices": ['), ServiceDownError),
        (raw_sse('["x"]', "3", '{"choices": {"0": 1}}', '{"choices": [{"delta": []}]}'), MalformedReplyError),
        (Answer(headers=SSE, chunks=(b"data: \xff\xfe\n\n",)), ServiceDownError),
        (Answer(headers={"content-type": "text/html"}, body=b"<html>"), BadRequestError),
        (stream(PIECES[0], finish_reason=None), ServiceDownError),
        (failure(503, "busy"), ServiceDownError),
    ],
)
def test_a_stream_that_goes_wrong_says_how(answer: Answer, error: type[Exception]) -> None:
    with pytest.raises(error):
        listen(answer)


def test_a_stream_that_breaks_off_is_begun_again_and_the_listener_told() -> None:
    heard: list[str] = []
    with ScriptedServer(stream(PIECES[0], finish_reason=None), stream(*PIECES)) as server:
        reply = complete(a_client(a_wire(server.url)), on_text=heard.append, on_restart=heard.clear)

    assert "".join(heard) == reply.text == GOOD
    assert len(server.requests) == 2
