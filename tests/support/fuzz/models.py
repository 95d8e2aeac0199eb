"""What models and their services say: replies to grade with, streams, bodies of HTTP, files of batches."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any
from unittest.mock import patch

import httpx2
from hypothesis import strategies as st

from interviewer.batch.replay import BatchedGrader, Replies
from interviewer.errors import GraderError
from interviewer.grading.fake import default_reply
from interviewer.grading.grader import Grader
from interviewer.grading.live import CriteriaStream
from interviewer.grading.llm import LlmGrader
from interviewer.grading.models import Grade
from interviewer.llm import connection
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.openai_wire import OpenAIWire
from interviewer.llm.wire import ChatRequest
from tests.support.builders import ANSWER, task
from tests.support.fuzz.changes import JSON_CHANGE, PIECE, TEXT_CHANGE, Change
from tests.support.fuzz.target import Check, Place, Target, lines_of, refuse_unsound
from tests.support.harmless import refuse_controls
from tests.support.server import completion_body

_LINE = json.dumps({"id": "a", "question_id": "latency-vs-throughput", "answer": ANSWER}).encode()
_URL = "http://127.0.0.1:1/v1"


def _replies(place: Place) -> Check:
    def check(tried: tuple[Change, str]) -> None:
        change, samples = tried
        with patch("interviewer.grading.fake.default_reply", changed_reply(change)):
            outcome = place.call("grade", "-", "--no-cache", "--samples", samples, stdin=_LINE, codes={0, 1})
        (line,) = lines_of(outcome.out)
        if outcome.code == 0:
            refuse_unsound(line, ANSWER)
        else:
            assert line["error"]["message"], line

    return check


def _streams(place: Place) -> Check:
    proof = [{"quote": "a", "s": "s1"}]
    said = [{"criterion_id": i, "verdict": "met", "gap": "\\u00e9", "evidence": proof} for i in "ab"]

    def check(tried: tuple[Change, list[int]]) -> None:
        change, sizes = tried
        text = change.of({"criteria": said})
        stream, at, found = CriteriaStream(), 0, []
        for size in (*sizes, len(text)):
            found += stream.feed(text[at : at + size])
            at += size
        assert found == CriteriaStream().feed(text)

    return check


_STATUS = st.sampled_from([200, 200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 408, 413, 429, 500, 503])
_HEADERS = st.fixed_dictionaries(
    {
        "content-type": st.sampled_from(
            ["application/json", "text/event-stream", "text/html", "", "application/json; charset=x"]
        )
    },
    optional={
        "retry-after": st.sampled_from(["0", "-1", "nan", "x", "Wed, 21 Oct 2015 07:28:00 GMT", "9" * 400]),
        "content-encoding": st.sampled_from(["gzip", "br", "x"]),
        "location": st.sampled_from(["/", "http://elsewhere.example/", "x:y", "http://["]),
        "x-ratelimit-reset-requests": st.sampled_from(["1s", "6m0s", "-1s", "x"]),
    },
)  # fmt: skip
_ERROR = {
    "error": {"message": "no", "type": "invalid_request_error", "param": "response_format", "code": "x"}
}


@st.composite
def _bodies(draw: st.DrawFn) -> bytes:
    change: Change = draw(JSON_CHANGE)
    match draw(st.sampled_from(["completion", "error", "stream", "bytes"])):
        case "completion":
            return draw(JSON_CHANGE).of_bytes(completion_body(change.of({"criteria": [], "feedback": "f"})))
        case "error":
            return change.of_bytes(_ERROR)
        case "stream":
            chunk = {"choices": [{"index": 0, "delta": {"content": '{"criteria": ['}}]}
            events = [
                change.of(chunk),
                draw(JSON_CHANGE).of({"choices": [], "usage": {"prompt_tokens": 1}}),
                "[DONE]",
            ]
            return "".join(f"data: {event}\n\n" for event in events).encode("utf-8", "surrogatepass")
    return draw(st.binary(max_size=60))


async def _at_once(seconds: float) -> None:
    """A wait that takes no time."""


def _services(place: Place) -> Check:
    def check(tried: tuple[int, dict[str, str], bytes, bool]) -> None:
        status, headers, body, streams = tried

        def answer(request: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(status, headers=headers, content=body)

        def client_of(address: object) -> httpx2.AsyncClient:
            return httpx2.AsyncClient(transport=httpx2.MockTransport(answer), follow_redirects=True)

        async def asked() -> None:
            wire = OpenAIWire(base_url=_URL, api_key="sk-0123456789abcdef", model="m", api_version=None)
            client = ChatClient(wire, None, RetryPolicy(attempts=2), sleep=_at_once)
            judge = LlmGrader(client, model="m", clock=lambda: 0.0)
            try:
                await _graded(judge, watcher=_Watcher() if streams else None)
                await _told(wire.models())
            finally:
                await judge.aclose()

        with patch.object(connection, "_http_client", client_of):
            asyncio.run(asked())

    return check


class _Watcher:
    """Hears verdicts while they come, and does nothing about it."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


async def _graded(judge: Grader, watcher: Any = None) -> None:
    grade = await _told(judge.grade(task(), watcher))
    if grade is not None:
        refuse_unsound(grade.model_dump(mode="json"), ANSWER)


async def _told(work: Awaitable[Any]) -> Any:
    """What comes of `work`, or None for an error that the program tells, in words that can be shown."""
    try:
        return await work
    except GraderError as error:
        said = error
    assert said.message
    refuse_controls(said.message + (said.hint or ""), "error")
    return None


def _batches(place: Place) -> Check:
    file = place.work / "replies.jsonl"
    id, request = _requested()
    said = completion_body(default_reply(request))
    good = {"id": "r", "custom_id": id, "response": {"status_code": 200, "body": said}, "error": None}
    bad = {
        "custom_id": id,
        "response": {"status_code": 400, "body": _ERROR},
        "error": {"code": "c", "message": "m"},
    }

    def check(tried: list[tuple[bool, Change]]) -> None:
        file.write_bytes(b"\n".join(change.of_bytes(good if is_good else bad) for is_good, change in tried))
        with Replies([file]) as replies:
            asyncio.run(_graded(_batched(replies, None)))

    return check


def _batched(replies: Replies | None, wanted: Callable[[str, ChatRequest], None] | None) -> BatchedGrader:
    service = OpenAIWire(base_url=_URL, api_key=None, model="m", api_version=None).service
    return BatchedGrader(
        lambda completes: LlmGrader(completes, model="m", clock=lambda: 0.0, samples=1),
        replies,
        service,
        wanted=wanted,
        submits=wanted is not None,
    )


@cache
def _requested() -> tuple[str, ChatRequest]:
    """The id and the request that a batch would hold for the answer."""
    found: list[tuple[str, ChatRequest]] = []

    async def ask() -> Grade:
        return await _batched(None, lambda id, request: found.append((id, request))).grade(task())

    asyncio.run(_told(ask()))
    return found[0]


def changed_reply(change: Change) -> Callable[[ChatRequest], str]:
    def says(request: ChatRequest) -> str:
        return change.of(json.loads(default_reply(request)))

    return says


_PROSE = st.one_of(st.just(""), PIECE, st.sampled_from(["Sure:\n```json\n", "<think>{}</think>"]))
_FENCED = st.builds(
    lambda change, text: Change(text=(("insert", 0, 0, text), *change.text), tree=change.tree),
    JSON_CHANGE,
    _PROSE,
)

TARGETS = (
    Target(
        "replies of models", st.tuples(st.one_of(JSON_CHANGE, _FENCED), st.sampled_from(["1", "3"])), _replies
    ),
    Target(
        "streams",
        st.tuples(st.one_of(JSON_CHANGE, TEXT_CHANGE), st.lists(st.integers(1, 40), max_size=12)),
        _streams,
        few=50,
    ),
    Target("bodies of services", st.tuples(_STATUS, _HEADERS, _bodies(), st.booleans()), _services, few=30),
    Target(
        "files of batches",
        st.lists(st.tuples(st.booleans(), JSON_CHANGE), min_size=1, max_size=3),
        _batches,
        few=30,
    ),
)
