"""What a candidate can do about a grade, as seen on screen: ask why, dispute, try again, see the outline."""

from __future__ import annotations

import asyncio
import io

import pytest
from rich.console import Console

from interviewer.errors import NothingQuotedError, ServiceDownError
from interviewer.grading.models import CriterionGrade, Verdict
from interviewer.interview.events import Begin
from interviewer.interview.models import Mode, Status
from interviewer.interview.session import Session
from interviewer.terminal.chat import Chat
from interviewer.terminal.screen import Screen
from tests.support.builders import ANSWER, evidence, grade, interview, question
from tests.support.doubles import Clock, ListReader, MemoryRecords, ScriptedGrader
from tests.terminal.test_chat import GAP, SHOWN, WITH_GAP, Sitting, sit

GAPS = WITH_GAP.model_copy(update={"follow_up": None})
RULED = grade(
    100,
    criteria=(
        CriterionGrade(
            id="many-requests", verdict=Verdict.MET, evidence=(evidence("how many requests finish"),)
        ),
    ),
)


def graded(*said: str, grader: ScriptedGrader | None = None, plain: bool = False) -> Sitting:
    """One question, graded with a gap at its second point, and no follow-up; then what is `said`."""
    start = interview(question(), follow_ups=0)
    return sit(ANSWER, *said, grader=grader or ScriptedGrader(GAPS), start=start)


def after(sitting: Sitting, command: str) -> str:
    return " ".join(sitting.text.partition(f"   {command}")[2].split())


class TestWhy:
    def test_it_shows_requirement_quote_and_worth(self) -> None:
        told = after(graded("/why 1"), "/why 1")

        assert "1. says what one-request is and why" in told
        assert "“the time that one request takes”" in told
        assert "Worth 50 % of the question's score; you earned 100 % of that." in told

    def test_a_point_has_its_id_for_a_name_too(self) -> None:
        assert "Say what throughput counts." in after(graded("/why many-requests"), "/why many-requests")

    def test_a_question_can_be_named(self) -> None:
        assert "says what one-request is" in after(graded("/why 1.1"), "/why 1.1")

    @pytest.mark.parametrize("asked", ["/why", "/why 3", "/why 2.1", "/why 0", "/why no-such-id", "/why !"])
    def test_what_is_no_point_is_told(self, asked: str) -> None:
        assert "Not now:" in after(graded(asked), asked)

    def test_while_a_follow_up_is_open_it_gives_nothing_away(self) -> None:
        told = after(sit(ANSWER, "/why 2", grader=ScriptedGrader(WITH_GAP)), "/why 2")

        assert "a follow-up is open" in told
        assert "Say what throughput counts." not in told

    @pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "x"])
    def test_what_is_no_question_s_number_is_told(self, number: str) -> None:
        assert "which question?" in after(graded(f"/outline {number}"), "/outline")

    def test_before_the_first_grade_there_is_nothing_to_ask_about(self) -> None:
        assert "no question has its grade yet" in after(sit("/why 1"), "/why 1")


class TestDispute:
    def test_the_ruling_is_shown_with_both_verdicts_and_the_new_score(self) -> None:
        told = after(
            graded("/dispute 2 I said how many requests finish.", grader=ScriptedGrader(GAPS, RULED)),
            "/dispute",
        )

        assert "Disputed, and judged again: missing → met." in told
        assert "100 " in told

    def test_the_grader_gets_the_argument_and_that_criterion_alone(self) -> None:
        grader = ScriptedGrader(GAPS, RULED)

        graded("/dispute 2 I said how many requests finish.", grader=grader)

        task = grader.tasks[-1]
        assert (task.only, task.argument) == (("many-requests",), "I said how many requests finish.")

    def test_a_second_look_that_fails_leaves_the_verdict_and_says_how_to_go_on(self) -> None:
        failing = NothingQuotedError("the local model reads answers", hint="Quote your words.")
        told = after(graded("/dispute 2 But I did.", grader=ScriptedGrader(GAPS, failing)), "/dispute")

        assert "Not judged again. the local model reads answers. Quote your words." in told

    def test_without_a_reason_nothing_is_judged_again(self) -> None:
        grader = ScriptedGrader(GAPS, RULED)

        assert "a dispute needs an argument" in after(graded("/dispute 2", grader=grader), "/dispute")
        assert len(grader.tasks) == 1

    def test_an_answer_about_a_dispute_is_an_answer(self) -> None:
        sitting = sit("A /dispute is none of my words.", grader=ScriptedGrader(GAPS))

        assert sitting.interview.turns[0].answers[0].text == "A /dispute is none of my words."


class TestRetry:
    def test_the_question_comes_once_more(self) -> None:
        told = after(graded("/retry"), "/retry")

        assert "Question 1 of 1 · Beginner · 3 min · once more" in told

    def test_a_better_try_is_told_beside_the_first_score(self) -> None:
        better = grade(100, criteria=(SHOWN, GAP.model_copy(update={"verdict": Verdict.MET})))
        sitting = graded("/retry", "A better answer.", grader=ScriptedGrader(GAPS, better))

        assert "1 graded, 1 tried again" in sitting.words
        assert [t.score for t in sitting.interview.turns] == [50.0, 100.0]
        assert sitting.finished


class TestOutline:
    def test_it_shows_what_a_full_answer_holds(self) -> None:
        assert "A full answer: One is the time" in after(graded("/outline"), "/outline")

    def test_an_open_follow_up_is_left_since_it_would_be_given_away(self) -> None:
        sitting = sit(ANSWER, "/outline", grader=ScriptedGrader(WITH_GAP))

        assert "A full answer:" in after(sitting, "/outline")
        assert sitting.finished

    def test_it_is_not_shown_before_an_answer(self) -> None:
        sitting = sit("/outline")

        assert "A full answer:" not in sitting.text


class TestExam:
    def test_nothing_of_a_grade_is_shown_before_the_end(self) -> None:
        start = interview(question("a"), question("b"), mode=Mode.EXAM)
        text = sit(ANSWER, ANSWER, grader=ScriptedGrader(GAPS, GAPS), start=start).text

        before, _, rest = text.partition("Question 2 of 2")
        second, _, results = rest.partition("Question 1 of 2")

        assert "Name the unit." not in before + second
        assert results.count("Name the unit.") == 2
        assert "Summary" in results

    @pytest.mark.parametrize("command", ["/why 1", "/retry", "/outline", "/dispute 1 no"])
    def test_looking_back_waits_for_the_end(self, command: str) -> None:
        start = interview(question("a"), question("b"), mode=Mode.EXAM)

        sitting = sit(ANSWER, command, grader=ScriptedGrader(GAPS), start=start)

        assert "in an exam there is no feedback before the end" in after(sitting, command)

    def test_after_the_end_any_question_can_be_asked_about(self) -> None:
        start = interview(question("a"), question("b"), mode=Mode.EXAM)

        sitting = sit(ANSWER, ANSWER, "/why 1.2", grader=ScriptedGrader(GAPS, GAPS), start=start)

        assert "Say what throughput counts." in after(sitting, "/why 1.2")

    def test_a_last_grade_that_fails_is_told_once_with_the_results(self) -> None:
        start = interview(question("a"), question("b"), mode=Mode.EXAM)
        grader = ScriptedGrader(GAPS, ServiceDownError("the service is down"))

        text = sit(ANSWER, ANSWER, grader=grader, start=start).text

        assert text.count("the service is down") == 1
        assert text.index("Question 1 of 2", text.index("Question 2 of 2")) < text.index(
            "the service is down"
        )

    def test_a_try_after_the_end_gets_its_feedback_alone(self) -> None:
        start = interview(question("a"), question("b"), mode=Mode.EXAM)
        better = GAPS.model_copy(update={"feedback": "Much better."})

        sitting = sit(
            ANSWER, ANSWER, "/retry 1", ANSWER, grader=ScriptedGrader(GAPS, GAPS, better), start=start
        )

        told = after(sitting, "/retry 1")
        assert "Much better." in told
        assert "Name the unit." not in told
        assert "1 tried again" in told

    def test_after_a_pause_in_such_a_try_the_other_results_are_not_told_again(self) -> None:
        start = interview(question("a"), question("b"), mode=Mode.EXAM)
        paused = sit(ANSWER, ANSWER, "/retry 1", "/quit", grader=ScriptedGrader(GAPS, GAPS), start=start)
        better = GAPS.model_copy(update={"feedback": "Much better."})

        told = sit(ANSWER, grader=ScriptedGrader(better), start=paused.interview).text

        assert "Much better." in told
        assert "Name the unit." not in told


def test_a_drill_asks_with_the_probes_of_what_was_missed() -> None:
    assert "- And for one request?" in sit("/quit", start=interview(question(), mode=Mode.DRILL)).text


def test_the_time_used_and_left_is_told() -> None:
    start = interview(question(), question_seconds=90, total_seconds=600)

    told = after(sit("/time", start=start), "/time")

    assert "Time used for answers: 0:00." in told
    assert "Left for this one: 1:2" in told


def test_ending_shows_the_summary_and_what_was_not_reached() -> None:
    sitting = sit("/end", start=interview(question("a"), question("b")))

    assert "Question 2 was not reached." in sitting.text
    assert sitting.interview.status is Status.FINISHED
    assert sitting.finished


def test_a_screen_reader_gets_words_and_no_drawing() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, markup=False, emoji=False, highlight=False, color_system=None)
    start = interview(question(), follow_ups=0)
    session = Session.start(start, records=MemoryRecords(), grader=ScriptedGrader(GAPS), now=Clock())
    chat = Chat(session, Screen(console, plain=True))
    chat.show(session.do(Begin()))
    asyncio.run(chat.run(ListReader([ANSWER])))

    assert not set(out.getvalue()) & set("─█░●○✓✗◐│")
    assert "Score 50 of 100: Developing." in out.getvalue()
    assert "Missing: 2. says what many-requests is and why" in out.getvalue()
