"""Gates: answers that are settled without asking anybody."""

from __future__ import annotations

import pytest

from interviewer.errors import AnswerTooLongError
from interviewer.grading.gates import MAX_ANSWER_CHARACTERS, gate, refuse_over_long
from interviewer.grading.models import Flag
from tests.support.builders import task


@pytest.mark.parametrize("answer", ["", "  \n\t", "...!?", "—", "\u200b\u200b", "👍"])
def test_an_answer_without_words_is_empty(answer: str) -> None:
    assert gate(task(answer), answer) is Flag.EMPTY


@pytest.mark.parametrize(
    "answer",
    [
        "How do latency and throughput differ?",
        "how do LATENCY and throughput differ",
        "latency and throughput differ",
    ],
)
def test_the_question_said_back_is_restated(answer: str) -> None:
    assert gate(task(answer), answer) is Flag.RESTATED


@pytest.mark.parametrize(
    "answer", ["They differ in unit.", "no", "latency", "How do latency and throughput differ? By unit."]
)
def test_anything_with_words_of_its_own_is_judged(answer: str) -> None:
    assert gate(task(answer), answer) is None


def test_the_follow_up_said_back_is_restated() -> None:
    follow_up = task("And what about many requests?").model_copy(
        update={"follow_up": "And what about many requests?"}
    )

    assert gate(follow_up, follow_up.answer) is Flag.RESTATED


def test_an_answer_over_the_limit_is_refused_and_not_cut() -> None:
    refuse_over_long("x" * MAX_ANSWER_CHARACTERS)
    with pytest.raises(AnswerTooLongError, match="24,001 characters"):
        refuse_over_long("x" * (MAX_ANSWER_CHARACTERS + 1))
