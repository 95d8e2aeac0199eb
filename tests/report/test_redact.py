"""Redacted: nothing that the candidate said, or that was made from it, is left in any format."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interviewer.bank.models import Question
from interviewer.grading.models import CriterionGrade, Evidence, Flag, Grade, MisconceptionGrade, Verdict
from interviewer.interview.models import Dispute, Draft, Failure, FollowUp, Interview
from interviewer.report.csv_format import to_csv
from interviewer.report.html_transcript import to_html
from interviewer.report.json_format import from_json, to_json, to_json_line
from interviewer.report.markdown import to_markdown
from interviewer.report.transcript import Transcript, transcript_of
from tests.report.samples import WHOLE, answer, judged, turn, with_turns
from tests.support.builders import at, grade, misconception, question

#: Stands in each text that is the candidate's or was made from the candidate's.
SECRET = "xyzzy"
FORMATS: list[Callable[[Transcript], str]] = [to_markdown, to_html, to_json, to_json_line, to_csv]


def secretive() -> Interview:
    proof = (Evidence(quote=SECRET, start=0, end=len(SECRET)),)
    told = grade().model_copy(
        update={
            "criteria": (
                CriterionGrade(
                    id="one-request", verdict=Verdict.MET, evidence=proof, reason=f"says {SECRET}"
                ),
                CriterionGrade(id="many-requests", verdict=Verdict.WRONG, evidence=proof, reason=SECRET),
            ),
            "misconceptions": (MisconceptionGrade(id="same-thing", evidence=proof, penalty=10),),
            "feedback": SECRET,
            "follow_up": SECRET,
            "withheld": proof,
            "flags": (Flag.INSTRUCTIONS,),
        }
    )
    failure = Failure(code="malformed_reply", message=f"the reply was {SECRET}", at=at(1))
    asked: Question = question(misconceptions=(misconception(),))
    disputes = (
        Dispute(
            criterion="one-request",
            position=0,
            argument=SECRET,
            at=at(5),
            before=Verdict.MISSING,
            grade=told.model_copy(update={"criteria": told.criteria[:1]}),
        ),
        Dispute(
            criterion="many-requests",
            position=0,
            argument=SECRET,
            at=at(5),
            before=Verdict.WRONG,
            failure=failure,
        ),
    )
    return with_turns(
        turn(
            answer(SECRET, grade=told),
            answer(SECRET, prompt=SECRET, criteria=("many-requests",), failure=failure),
            of=asked,
            disputes=disputes,
            open_follow_up=FollowUp(text=SECRET, asked_at=at(9), criteria=("many-requests",)),
            draft=Draft(text=SECRET, seconds=3, at=at(9)),
        ),
        turn(answer(SECRET, failure=failure, gave_up=True)),
    )


@pytest.mark.parametrize("write", FORMATS)
def test_the_words_are_there_without_it(write: Callable[[Transcript], str]) -> None:
    assert SECRET in write(transcript_of(secretive(), "1"))


@pytest.mark.parametrize("write", FORMATS)
def test_no_word_is_left(write: Callable[[Transcript], str]) -> None:
    assert SECRET not in write(transcript_of(secretive(), "1", redact=True))


@pytest.mark.parametrize("interview", [WHOLE, secretive()])
def test_scores_verdicts_and_times_are_as_they_were(interview: Interview) -> None:
    full = transcript_of(interview, "1")
    told = transcript_of(interview, "1", redact=True)

    assert told.results == full.results
    assert told.summary == full.summary


def test_flags_and_graders_stay() -> None:
    graded = transcript_of(secretive(), "1", redact=True).interview.turns[0].answers[0].grade

    assert isinstance(graded, Grade)
    assert graded.flags == (Flag.INSTRUCTIONS,)
    assert graded.grader == grade().grader


def test_what_failed_keeps_its_code() -> None:
    failure = transcript_of(secretive(), "1", redact=True).interview.turns[1].answers[0].failure

    assert failure is not None
    assert (failure.code, failure.message) == ("malformed_reply", "")


def test_an_answer_to_a_follow_up_is_still_one() -> None:
    answers = transcript_of(secretive(), "1", redact=True).interview.turns[0].answers

    assert [one.prompt for one in answers] == [None, ""]


@pytest.mark.parametrize("write", [to_markdown, to_html])
def test_a_reader_is_told(write: Callable[[Transcript], str]) -> None:
    told = write(transcript_of(secretive(), "1", redact=True))

    assert "are left out" in told
    assert "The answer is left out." in told
    assert "No words" not in told


def test_a_program_is_told() -> None:
    text = to_json(transcript_of(secretive(), "1", redact=True))

    assert json.loads(text)["redacted"] is True
    assert from_json(text) == transcript_of(secretive(), "1", redact=True)


def test_the_bank_s_own_text_stays() -> None:
    told = transcript_of(with_turns(turn(answer(grade=judged(Verdict.MET, Verdict.MET)))), "1", redact=True)

    assert question().hint in to_html(told)
