"""What a transcript holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from pydantic import ValidationError

from interviewer.grading.models import Evidence, Verdict
from interviewer.grading.score import credited
from interviewer.interview.summary import summary_of
from interviewer.report.transcript import Transcript, transcript_of
from tests.report.hostile import HOSTILE_WORDS
from tests.report.samples import FAILED, FOLLOWED_UP, WHOLE, answer, judged, turn, with_turns


def test_it_holds_the_whole_interview() -> None:
    assert transcript_of(WHOLE, "1.2.3").interview == WHOLE


def test_it_holds_the_summary() -> None:
    assert transcript_of(WHOLE, "1.2.3").summary == summary_of(WHOLE)


def test_it_says_what_it_is_and_who_wrote_it() -> None:
    told = transcript_of(WHOLE, "1.2.3")

    assert (told.schema_name, told.schema_version, told.program_version) == (
        "mock-interviewer/transcript",
        1,
        "1.2.3",
    )


def test_only_turns_with_a_score_have_a_result() -> None:
    told = transcript_of(with_turns(FAILED, FOLLOWED_UP), "1.2.3")

    assert [r.turn for r in told.results] == [1]


def test_a_result_credits_the_follow_up() -> None:
    result = transcript_of(with_turns(FOLLOWED_UP), "1.2.3").results[0]
    grades = [a.grade for a in FOLLOWED_UP.answers if a.grade is not None]

    assert result.criteria == credited(grades, FOLLOWED_UP.question.criteria, FOLLOWED_UP.rubric)


def test_a_result_s_band_is_that_of_the_turn_s_score() -> None:
    followed_up = FOLLOWED_UP.model_copy(update={"score": 81.0})

    assert transcript_of(with_turns(followed_up), "1.2.3").results[0].band == "strong"


def test_results_that_do_not_fit_the_turns_are_refused() -> None:
    told = transcript_of(with_turns(FOLLOWED_UP), "1.2.3")

    with pytest.raises(ValidationError, match="one for each turn with a score"):
        Transcript(program_version="1", interview=told.interview, summary=told.summary, results=())


def test_a_pair_of_surrogates_becomes_the_character_it_stands_for() -> None:
    told = transcript_of(with_turns(turn(answer("fast \ud83d\ude00 \ud83d"))), "1.2.3")

    assert told.interview.turns[0].answers[0].text == "fast 😀 \ud83d"


@given(HOSTILE_WORDS, HOSTILE_WORDS)
def test_offsets_still_find_the_quote_after_that(before: str, quote: str) -> None:
    text = f"\ud83d\ude00 {before} {quote}"
    proof = Evidence(quote=quote, start=len(text) - len(quote), end=len(text))
    grade = judged(Verdict.MET)
    criteria = (grade.criteria[0].model_copy(update={"evidence": (proof,)}),)
    grade = grade.model_copy(update={"criteria": criteria, "withheld": (proof,)})
    graded = turn(answer(text, grade=grade))

    told = transcript_of(with_turns(graded), "1.2.3").interview.turns[0].answers[0]

    assert told.grade is not None
    for found in (*told.grade.criteria[0].evidence, *told.grade.withheld):
        assert told.text[found.start : found.end] == found.quote
