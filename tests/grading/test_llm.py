"""The grader that asks a model: how often it asks, and what it believes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from interviewer.errors import (
    AnswerTooLongError,
    BadRequestError,
    DeadlineError,
    GraderError,
    MalformedReplyError,
    RefusedError,
    ServiceDownError,
)
from interviewer.grading.gates import MAX_ANSWER_CHARACTERS
from interviewer.grading.llm import LlmGrader
from interviewer.grading.models import CriterionGrade, Flag, Grade, Verdict
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.fake_wire import FakeWire, Fault, Reply, Step
from interviewer.llm.usage import Usage
from interviewer.llm.wire import Dialect
from tests.support.builders import ANSWER, misconception, question, task

QUOTE = "the time that one request takes"
OTHER = "how many requests finish per second"
INVENTED = "a thing nobody said"


def verdict(id: str, verdict: str = "met", quote: str = QUOTE) -> dict[str, Any]:
    proof = [] if verdict == "missing" else [{"quote": quote, "s": "s1"}]
    return {
        "criterion_id": id,
        "evidence": proof,
        "gap": "" if verdict == "met" else "Say more.",
        "verdict": verdict,
    }


def said(*criteria: dict[str, Any], **more: Any) -> Reply:
    """A whole reply of the model."""
    body = {"criteria": criteria, "delivery": [], "feedback": "Good.", "follow_up": "", "misconceptions": []}
    return Reply(json.dumps({**body, **more}), usage=Usage(requests=1, input_tokens=900, output_tokens=80))


BOTH = said(verdict("one-request"), verdict("many-requests", quote=OTHER))


class Judged:
    """A grade, and the wire that it came over."""

    def __init__(self, *script: Step, answer: str = ANSWER, **of: Any) -> None:
        self.wire = FakeWire(*script)
        client = ChatClient(self.wire, None, RetryPolicy(attempts=1))
        grader = LlmGrader(client, model="test-model", clock=iter(range(100)).__next__)
        self.error: Exception | None = None
        try:
            self.grade: Grade = asyncio.run(grader.grade(task(answer, **of)))
        except Exception as error:  # noqa: BLE001 - the tests look at it
            self.error = error

    @property
    def verdicts(self) -> dict[str, str]:
        return {c.id: c.verdict.value for c in self.grade.criteria}

    def answer_part(self, request: int) -> dict[str, Any]:
        lines = self.wire.requests[request][0].messages[-1].content.split("\n")
        found: dict[str, Any] = json.loads([line for line in lines if line.startswith("{")][-1])
        return found


def test_all_criteria_are_judged_in_one_request() -> None:
    judged = Judged(BOTH)

    assert len(judged.wire.requests) == 1
    assert judged.verdicts == {"one-request": "met", "many-requests": "met"}


def test_every_quote_stands_at_its_offsets() -> None:
    judged = Judged(BOTH)

    proofs = [p for c in judged.grade.criteria for p in c.evidence]
    assert [ANSWER[p.start : p.end] for p in proofs] == [QUOTE, OTHER]


def test_the_score_is_computed_and_not_taken_from_the_model() -> None:
    judged = Judged(said(verdict("one-request"), verdict("many-requests", "missing"), score=100))

    assert judged.grade.score == 50


def test_a_quote_that_does_not_stand_in_the_answer_is_asked_for_again_alone() -> None:
    invented = said(verdict("one-request"), verdict("many-requests", quote=INVENTED))

    judged = Judged(invented, said(verdict("many-requests", quote=OTHER)))

    assert judged.answer_part(1)["grade_only"] == ["many-requests"]
    assert judged.verdicts == {"one-request": "met", "many-requests": "met"}
    assert judged.grade.flags == (Flag.REPAIRED,)


def test_a_verdict_without_a_quote_twice_is_missing_and_flagged() -> None:
    invented = verdict("many-requests", quote=INVENTED)

    judged = Judged(said(verdict("one-request"), invented), said(invented))

    assert judged.verdicts["many-requests"] == "missing"
    assert judged.grade.criteria[1].flags == (Flag.UNVERIFIED,)
    assert Flag.UNVERIFIED in judged.grade.flags


def test_a_wrong_verdict_needs_a_quote_too() -> None:
    baseless = verdict("one-request", "wrong", quote=INVENTED)
    other = verdict("many-requests", quote=OTHER)

    judged = Judged(said(baseless, other), said(baseless))

    assert judged.verdicts["one-request"] == "missing"


def test_a_criterion_that_was_left_out_is_asked_for() -> None:
    judged = Judged(said(verdict("one-request")), said(verdict("many-requests", quote=OTHER)))

    assert judged.answer_part(1)["grade_only"] == ["many-requests"]


def test_two_different_verdicts_on_one_criterion_are_asked_about() -> None:
    torn = said(
        verdict("one-request"), verdict("one-request", "missing"), verdict("many-requests", quote=OTHER)
    )

    judged = Judged(torn, said(verdict("one-request")))

    assert judged.answer_part(1)["rejected"] == {"one-request": "you gave more than one verdict for it"}


def test_a_reply_that_is_not_json_is_asked_for_once_more() -> None:
    judged = Judged(Reply("I would say it is fine."), BOTH)

    assert len(judged.wire.requests) == 2
    assert judged.grade.score == 100


def test_two_replies_that_are_not_json_are_an_error_and_no_score() -> None:
    judged = Judged(Reply("I would say it is fine."), Reply("As I said, fine."))

    assert isinstance(judged.error, MalformedReplyError)


def test_a_reply_that_was_cut_off_is_asked_for_with_more_room() -> None:
    judged = Judged(Reply('{"criteria": [', finish_reason="length"), BOTH)

    first, second = (request.max_tokens for request, _ in judged.wire.requests)
    assert second > 2 * first


def test_a_refusal_is_told_and_not_asked_again() -> None:
    judged = Judged(Reply("", finish_reason="content_filter"))

    assert isinstance(judged.error, RefusedError)
    assert len(judged.wire.requests) == 1


def test_a_service_that_fails_is_an_error_and_no_score() -> None:
    judged = Judged(Fault(ServiceDownError("no route")))

    assert isinstance(judged.error, ServiceDownError)


def test_a_repair_that_fails_to_be_read_leaves_the_criterion_missing() -> None:
    invented = said(verdict("one-request"), verdict("many-requests", quote=INVENTED))

    judged = Judged(invented, Reply("sorry"), Reply("sorry"))

    assert judged.verdicts == {"one-request": "met", "many-requests": "missing"}


@pytest.mark.parametrize("error", [RefusedError("declined"), BadRequestError("no")])
def test_a_repair_that_is_declined_does_not_lose_what_held_at_first(error: GraderError) -> None:
    judged = Judged(said(verdict("one-request"), verdict("many-requests", quote=INVENTED)), Fault(error))

    assert judged.verdicts == {"one-request": "met", "many-requests": "missing"}
    assert judged.grade.criteria[1].flags == (Flag.UNVERIFIED,)


def test_a_service_that_goes_down_before_the_repair_is_an_error_since_the_point_may_be_met() -> None:
    first = said(verdict("one-request"), verdict("many-requests", quote=INVENTED))

    judged = Judged(first, Fault(ServiceDownError("no route")))

    assert isinstance(judged.error, ServiceDownError)


def test_what_a_reply_cost_that_was_cut_off_is_summed() -> None:
    spent = Usage(requests=1, input_tokens=900, output_tokens=80)
    cut = Reply('{"criteria": [', finish_reason="length", usage=spent)

    assert Judged(cut, BOTH).grade.usage == spent + spent


def test_one_grade_takes_at_most_four_requests() -> None:
    invented = said(verdict("one-request"), verdict("many-requests", quote=INVENTED))

    judged = Judged(Reply("not json"), invented, Reply("not json"), invented)

    assert len(judged.wire.requests) == 4
    assert judged.verdicts["many-requests"] == "missing"


@pytest.mark.parametrize("answer", ["", "...", "How do latency and throughput differ?"])
def test_an_answer_that_says_nothing_takes_no_request(answer: str) -> None:
    judged = Judged(answer=answer)

    assert judged.wire.requests == []
    assert judged.grade.score == 0


def test_an_answer_over_the_limit_is_refused_before_any_request() -> None:
    judged = Judged(answer="word " * MAX_ANSWER_CHARACTERS)

    assert isinstance(judged.error, AnswerTooLongError)
    assert judged.wire.requests == []


def test_a_misconception_counts_only_with_a_quote_that_stands_there() -> None:
    asked = question(misconceptions=(misconception(penalty=20),))
    claim = {
        "misconception_id": "same-thing",
        "evidence": [{"quote": "they always improve together", "s": "s1"}],
    }
    reply = said(verdict("one-request"), verdict("many-requests", quote=OTHER), misconceptions=[claim])

    baseless = Judged(reply, of=asked)
    asserted = Judged(reply, of=asked, answer=f"{ANSWER} And they always improve together.")

    assert (baseless.grade.score, asserted.grade.score) == (100, 80)


def test_what_the_requests_cost_is_summed() -> None:
    invented = said(verdict("one-request"), verdict("many-requests", quote=INVENTED))

    judged = Judged(invented, said(verdict("many-requests", quote=OTHER)))

    assert judged.grade.usage == Usage(requests=2, input_tokens=1800, output_tokens=160)


def test_a_grade_says_who_judged_by_what() -> None:
    grader = Judged(BOTH).grade.grader

    assert (grader.kind, grader.model) == ("llm", "test-model")
    assert grader.prompt_version
    assert grader.rubric_version


def test_only_the_criteria_of_a_follow_up_are_judged() -> None:
    wire = FakeWire(said(verdict("many-requests", quote=OTHER)))
    client = ChatClient(wire, None, RetryPolicy())
    follow_up = task().model_copy(update={"only": ("many-requests",), "follow_up": "And many?"})

    grade = asyncio.run(LlmGrader(client, model="m", clock=lambda: 0.0).grade(follow_up))

    assert [c.id for c in grade.criteria] == ["many-requests"]


def test_text_of_the_model_cannot_reach_the_terminal_as_a_command() -> None:
    judged = Judged(
        said(
            verdict("one-request"),
            {**verdict("many-requests", "partial", OTHER), "gap": "\x1b[31mred\x07"},
            feedback="\x1b]0;title\x07 good\u202e",
            follow_up="\x1b[2J What about many?",
        )
    )

    told = judged.grade.feedback + str(judged.grade.follow_up) + judged.grade.criteria[1].reason
    assert not any(c in told for c in "\x1b\x07\u202e")


def test_the_fake_says_that_it_does_not_judge() -> None:
    from interviewer.grading.fake import default_reply

    wire = FakeWire(default=default_reply)
    grader = LlmGrader(ChatClient(wire, None, RetryPolicy()), model="fake", clock=lambda: 0.0, kind="fake")

    grade = asyncio.run(grader.grade(task()))

    assert Flag.NOT_JUDGED in grade.flags
    assert {c.verdict for c in grade.criteria} == {Verdict.MET, Verdict.PARTIAL}


def test_the_request_is_made_in_the_firmest_way_first() -> None:
    assert Judged(BOTH).wire.requests[0][1] == Dialect()


class Watched:
    """A watcher that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def verdict(self, grade: CriterionGrade) -> None:
        self.told.append(f"{grade.id} {grade.verdict}")

    def restart(self) -> None:
        self.told.append("restart")


def watched(*script: Step) -> list[str]:
    watcher = Watched()
    grader = LlmGrader(ChatClient(FakeWire(*script), None, RetryPolicy()), model="m", clock=lambda: 0.0)
    asyncio.run(grader.grade(task(), watcher))
    return watcher.told


def test_a_watcher_is_told_each_verdict() -> None:
    assert watched(BOTH) == ["one-request met", "many-requests met"]


def test_a_watcher_is_not_told_a_verdict_whose_quote_does_not_hold() -> None:
    invented = said(verdict("one-request"), verdict("many-requests", quote=INVENTED))

    assert watched(invented, said(verdict("many-requests", quote=OTHER))) == ["one-request met"]


def test_a_watcher_is_told_when_the_reply_begins_again() -> None:
    cut = Reply(BOTH.text[: len(BOTH.text) // 2], finish_reason="length")

    assert watched(cut, BOTH) == ["one-request met", "restart", "one-request met", "many-requests met"]


def test_a_reply_that_ignores_the_schema_is_asked_for_with_the_schema_in_the_prompt() -> None:
    judged = Judged(Reply('{"grade": "good"}'), BOTH)

    assert [request.spell_schema for request, _ in judged.wire.requests] == [False, True]


def test_a_service_that_ignores_schemas_is_remembered() -> None:
    wire = FakeWire(Reply('{"grade": "good"}'), BOTH, BOTH)
    grader = LlmGrader(ChatClient(wire, None, RetryPolicy()), model="m", clock=lambda: 0.0)

    asyncio.run(grader.grade(task()))
    asyncio.run(grader.grade(task()))

    assert wire.requests[2][1].spell_schema


def warmed(wire: FakeWire, *, warms: bool) -> LlmGrader:
    client = ChatClient(wire, None, RetryPolicy(attempts=1))
    grader = LlmGrader(client, model="m", clock=lambda: 0.0, warms=warms)
    asyncio.run(grader.warm(question(), task().rubric))
    return grader


def test_warming_sends_what_all_answers_to_the_question_share() -> None:
    wire = FakeWire(Reply("{", finish_reason="length"), BOTH)
    asyncio.run(warmed(wire, warms=True).grade(task()))

    (first, _), (second, _) = wire.requests
    shared = first.messages[-1].content.removesuffix("}}")
    assert first.messages[0] == second.messages[0]
    assert second.messages[-1].content.startswith(shared)
    assert first.max_tokens == 1


def test_a_grader_that_does_not_warm_sends_nothing() -> None:
    wire = FakeWire()

    warmed(wire, warms=False)

    assert wire.requests == []


def test_a_warming_that_fails_is_no_fault() -> None:
    warmed(FakeWire(Fault(ServiceDownError("no route"))), warms=True)


def test_a_grade_takes_no_longer_than_its_deadline_whatever_it_is_made_of() -> None:
    client = ChatClient(FakeWire(Reply("not json"), asyncio.Event()), None, RetryPolicy())
    grader = LlmGrader(client, model="m", clock=lambda: 0.0, deadline=0.05)

    with pytest.raises(DeadlineError, match="no grade within"):
        asyncio.run(grader.grade(task()))
