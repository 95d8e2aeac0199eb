"""What a reader finds for each way a turn can stand."""

from __future__ import annotations

import pytest

from interviewer.grading.models import (
    Flag,
    Verdict,
)
from interviewer.interview.models import Dispute, Turn, TurnStatus
from tests.report.samples import (
    ASKED,
    CAPPED,
    FAILED,
    FAKED,
    FOLLOW_UP,
    FOLLOW_UP_OPEN,
    FOLLOWED_UP,
    GAVE_UP,
    GRADED,
    MISTAKEN,
    PLANNED,
    QUOTE,
    SKIPPED,
    WAITING,
    answer,
    judged,
    markdown_of,
    turn,
)
from tests.support.builders import ANSWER, at, criterion_grade, evidence, grade

HINT = "### What a full answer holds\n\nOne is the time of a single request"


# A turn


def test_a_turn_is_headed_by_its_number_and_category() -> None:
    assert "## Question 2 of 2: Beginner\n\nHow do latency and throughput differ?\n" in markdown_of(
        SKIPPED, GRADED
    )


def test_an_answer_is_a_quote() -> None:
    assert f"\n> {ANSWER}\n" in markdown_of(GRADED)


def test_an_answer_keeps_its_lines() -> None:
    assert "\n> one\\\n> two\n>\n> three\n" in markdown_of(turn(answer("one\ntwo\n\nthree")))


def test_the_time_is_told_beside_the_guide() -> None:
    assert "*2 min 10 s; the guide is 3 min*" in markdown_of(GRADED)


def test_help_that_was_asked_for_is_told() -> None:
    assert "*1 nudge, question repeated 2 times*" in markdown_of(GRADED)


def test_score_and_band_are_told() -> None:
    assert "### Score: 50 of 100, Developing\n" in markdown_of(GRADED)


def test_a_criterion_has_sign_verdict_and_requirement() -> None:
    assert "- ✓ **met**: says what one-request is and why\n" in markdown_of(GRADED)


@pytest.mark.parametrize(
    ("verdict", "sign"),
    [(Verdict.MET, "✓"), (Verdict.PARTIAL, "◐"), (Verdict.MISSING, "·"), (Verdict.WRONG, "✗")],
)
def test_each_verdict_has_its_sign(verdict: Verdict, sign: str) -> None:
    assert f"- {sign} **{verdict}**: says" in markdown_of(turn(answer(grade=judged(verdict))))


def test_quotes_stand_under_the_criterion() -> None:
    assert f"is and why\n  - “{QUOTE}”\n" in markdown_of(GRADED)


def test_the_gap_stands_under_the_criterion() -> None:
    assert "- ✗ **wrong**: says what many-requests is and why\n  - Gap: It has it upside down.\n" in (
        markdown_of(GRADED)
    )


def test_weight_and_must_have_are_told() -> None:
    told = markdown_of(CAPPED)

    assert "(must be there)\n" in told
    assert "(weight 9)\n" in told


def test_a_capped_score_says_why() -> None:
    assert "A point that must be there is not: the score cannot be over 60." in markdown_of(CAPPED)


def test_delivery_is_told_beside_the_score() -> None:
    assert "**Delivery**, in no score: Clarity strong." in markdown_of(GRADED)


def test_feedback_is_told() -> None:
    assert "**Feedback:** Good on one request." in markdown_of(GRADED)


def test_what_a_full_answer_holds_is_told() -> None:
    assert HINT in markdown_of(GRADED)


@pytest.mark.parametrize(
    ("flag", "told"),
    [
        (Flag.NOT_JUDGED, "Not judged: the fake grader's verdicts only show how a grade looks."),
        (Flag.EMPTY, "There were no words to grade in this answer."),
        (Flag.RESTATED, "The answer only repeats the question."),
        (Flag.UNVERIFIED, "For some points the grader could not quote the answer; they count as missing."),
        (
            Flag.INSTRUCTIONS,
            "Text that speaks to the grader was withheld from it; it counts neither way.",
        ),
        (Flag.REPAIRED, "For some points the grader had to be asked a second time."),
        (Flag.SECOND_OPINION, "Disputed points were judged more than once; the majority decided."),
    ],
)
def test_flags_are_told_in_words(flag: Flag, told: str) -> None:
    assert f"**Note:** {told}" in markdown_of(turn(answer(grade=judged(Verdict.MET, flags=(flag,)))))


@pytest.mark.parametrize(
    ("votes", "told"),
    [
        ((Verdict.MET, Verdict.MET, Verdict.MET), "3 of 3 opinions agree"),
        ((Verdict.PARTIAL, Verdict.MET, Verdict.MET), "2 of 3 opinions agree"),
        ((Verdict.MET, Verdict.MET, Verdict.MET, Verdict.MISSING, Verdict.WRONG), "3 of 5 opinions agree"),
    ],
)
def test_how_far_opinions_agree_stands_under_the_criterion(votes: tuple[Verdict, ...], told: str) -> None:
    grade = judged(Verdict.MET)
    voted = grade.criteria[0].model_copy(update={"votes": votes})

    assert f"  - Why: one-request is met\n  - {told}\n" in markdown_of(
        turn(answer(grade=grade.model_copy(update={"criteria": (voted,)})))
    )


def test_opinions_that_all_differ_say_which_counts() -> None:
    grade = judged(Verdict.MISSING)
    votes = (Verdict.MET, Verdict.PARTIAL, Verdict.MISSING)
    voted = grade.criteria[0].model_copy(update={"votes": votes})

    assert "  - 3 opinions, all different; the lowest counts\n" in markdown_of(
        turn(answer(grade=grade.model_copy(update={"criteria": (voted,)})))
    )


def test_one_opinion_is_not_counted() -> None:
    assert "opinion" not in markdown_of(GRADED)


def test_a_passage_that_was_withheld_from_the_grader_is_shown() -> None:
    grade = judged(Verdict.MET, flags=(Flag.INSTRUCTIONS,), withheld=(evidence("requests finish"),))

    assert "**Withheld from the grader**\n\n- “requests finish”\n" in markdown_of(turn(answer(grade=grade)))


def test_a_fake_score_says_so() -> None:
    assert "### Score: 75 of 100, Developing (not judged)\n" in markdown_of(FAKED)


# Misconceptions


def test_a_misconception_has_quote_correction_and_penalty() -> None:
    assert "- ✗ “requests finish” They can move against each other. (−15 points)\n" in markdown_of(MISTAKEN)


# Follow-ups


def test_a_follow_up_stands_with_its_answer() -> None:
    told = markdown_of(FOLLOWED_UP)

    assert "### Follow-up\n\nAnd when many come at once?\n\n#### Answer\n" in told
    assert f"\n> {FOLLOW_UP}\n" in told


def test_what_a_follow_up_won_is_told_as_such() -> None:
    assert "- ✓ **met** after follow-up (missing before; 50 % of the credit): says" in markdown_of(
        FOLLOWED_UP
    )


def test_a_quote_from_the_follow_up_says_so() -> None:
    assert f"  - “{FOLLOW_UP}” (in the follow-up)\n" in markdown_of(FOLLOWED_UP)


def test_the_first_answer_s_own_score_is_told() -> None:
    lower = judged(Verdict.MET, Verdict.MISSING).model_copy(update={"score": 50.0})
    first = answer(grade=lower)
    told = markdown_of(turn(first, FOLLOWED_UP.answers[1]))

    assert "The first answer alone: 50. A follow-up wins back 50 % of what was lost on a point." in told


def test_a_follow_up_that_is_not_graded_yet_is_in_no_score() -> None:
    later = answer(
        FOLLOW_UP, prompt="And then?", criteria=("many-requests",), failure=FAILED.answers[0].failure
    )
    told = markdown_of(turn(FOLLOWED_UP.answers[0], later))

    assert "**Not graded yet:** The service did not answer." in told
    assert "An answer to a follow-up is not graded yet; it is not in this score." in told


def test_an_open_follow_up_waits_for_its_answer() -> None:
    assert "### Follow-up\n\nAnd for many?\n\n**Not answered yet.**\n" in markdown_of(FOLLOW_UP_OPEN)


# Turns without a grade


def test_an_answer_whose_grade_failed_says_why() -> None:
    assert (
        "**Not graded yet:** The service did not answer. (`service_down`, 2026-01-05 19:02 UTC)"
        in markdown_of(FAILED)
    )


def test_an_answer_whose_grade_is_awaited_says_so() -> None:
    assert "**Not graded yet:** the grade had not come when this was written." in markdown_of(WAITING)


@pytest.mark.parametrize("ungraded", [FAILED, WAITING, SKIPPED, ASKED, PLANNED])
def test_what_is_not_graded_has_no_score(ungraded: object) -> None:
    assert "### Score" not in markdown_of(ungraded)  # type: ignore[arg-type]


def test_a_skipped_question_says_so() -> None:
    assert "**Skipped.** There is no answer and no score." in markdown_of(SKIPPED)


def test_giving_up_is_told() -> None:
    assert "**Gave up:** the candidate said that they don't know." in markdown_of(GAVE_UP)


def test_giving_up_scores() -> None:
    assert "### Score: 0 of 100, Weak" in markdown_of(GAVE_UP)


def test_an_empty_answer_says_so() -> None:
    assert "**No words: the answer is empty.**" in markdown_of(turn(answer(" \n")))


def test_a_question_that_waits_gives_nothing_away() -> None:
    told = markdown_of(ASKED)

    assert "**Not answered yet.**" in told
    assert HINT not in told


def test_questions_to_come_are_counted_and_not_shown() -> None:
    told = markdown_of(GRADED, PLANNED, PLANNED)

    assert "Not asked yet: 2 questions." in told
    assert "## Question 2" not in told


# Tried again, disputed, out of time


def disputed(before: Verdict, after: Verdict | None) -> Turn:
    ruling = None if after is None else grade(criteria=(criterion_grade("one-request", after),))
    dispute = Dispute(
        criterion="one-request",
        position=0,
        argument="I *said* so.",
        at=at(200),
        before=before,
        grade=ruling,
    )
    return turn(answer(grade=judged(before, Verdict.MET)), disputes=(dispute,))


def test_a_dispute_stands_under_its_criterion_with_both_verdicts() -> None:
    text = markdown_of(disputed(Verdict.MISSING, Verdict.MET))

    assert "- ✓ **met**: says what one-request is" in text
    assert "  - Disputed: “I \\*said\\* so.”\n  - Judged again: missing → met\n" in text


def test_a_verdict_that_stays_is_told() -> None:
    assert "  - Judged again: it stays wrong\n" in markdown_of(disputed(Verdict.WRONG, Verdict.WRONG))


def test_a_dispute_that_was_not_judged_leaves_the_verdict() -> None:
    assert "  - It was not judged again; the verdict stands.\n" in markdown_of(
        disputed(Verdict.MISSING, None)
    )


def test_a_question_asked_once_more_has_the_number_of_the_first_time() -> None:
    text = markdown_of(GRADED, GRADED.model_copy(update={"retry_of": 0}))

    assert "## Question 1 of 1: Beginner\n" in text
    assert "## Question 1 of 1, once more: Beginner\n" in text
    assert "1 tried again, in no average" in text


def test_an_answer_that_the_time_limit_sent_says_so() -> None:
    late = turn(answer(timed_out=True, grade=judged(Verdict.MET, Verdict.MET)))

    assert "the guide is 3 min; sent by the time limit*" in markdown_of(late)


def test_a_question_that_was_not_reached_is_told_apart_from_a_skipped_one() -> None:
    assert "**Not reached.**" in markdown_of(turn(status=TurnStatus.SKIPPED, asked_at=None))
