"""The conversation as the candidate sees it, over a console that writes to memory."""

from __future__ import annotations

import asyncio
import io

import pytest
from rich.console import Console

from interviewer.errors import ServiceDownError
from interviewer.grading.gates import MAX_ANSWER_CHARACTERS
from interviewer.grading.models import CriterionGrade, Flag, Verdict
from interviewer.interview.events import Begin
from interviewer.interview.models import Interview, Status
from interviewer.interview.session import Session
from interviewer.terminal.chat import Chat
from interviewer.terminal.screen import Screen
from tests.support.builders import ANSWER, criterion, evidence, grade, interview, question
from tests.support.doubles import Clock, ListReader, MemoryRecords, ScriptedGrader

SHOWN = CriterionGrade(
    id="one-request", verdict=Verdict.MET, evidence=(evidence("the time that one request takes"),)
)
GAP = CriterionGrade(id="many-requests", verdict=Verdict.MISSING, reason="Say what throughput counts.")
WITH_GAP = grade(
    50, criteria=(SHOWN, GAP), follow_up="And when many come at once?", feedback="Name the unit."
)
CLOSED = grade(100, criteria=(GAP.model_copy(update={"verdict": Verdict.MET}),), feedback="")


class Sitting:
    """What came of a chat: the text on screen, the interview, and whether it was finished."""

    def __init__(self, said: list[str], grader: ScriptedGrader, start: Interview, width: int = 80) -> None:
        out = io.StringIO()
        console = Console(
            file=out, width=width, markup=False, emoji=False, highlight=False, color_system=None
        )
        session = Session.start(start, records=MemoryRecords(), grader=grader, now=Clock())
        chat = Chat(session, Screen(console))
        chat.show(session.do(Begin()))
        self.finished = asyncio.run(chat.run(ListReader(said)))
        self.interview = session.interview
        self.text = out.getvalue()
        self.words = " ".join(self.text.split())


def sit(
    *said: str, grader: ScriptedGrader | None = None, start: Interview | None = None, width: int = 80
) -> Sitting:
    return Sitting(list(said), grader or ScriptedGrader(), start or interview(question()), width)


def test_the_question_stands_on_screen_with_its_place_and_category() -> None:
    sitting = sit("/quit")

    assert "Question 1 of 1 · Beginner · 3 min" in sitting.text
    assert "How do latency and throughput differ?" in sitting.text


def test_a_graded_answer_shows_its_quote_and_score() -> None:
    sitting = sit(ANSWER, "/skip", grader=ScriptedGrader(WITH_GAP))

    assert "“the time that one request takes”" in sitting.text
    assert " 50 " in sitting.text


def test_while_a_follow_up_is_open_nothing_gives_the_rest_away() -> None:
    before, _, after = sit(ANSWER, "/skip", grader=ScriptedGrader(WITH_GAP)).text.partition("Follow-up")

    for secret in (
        "Say what throughput counts.",
        "many-requests is and why",
        "Name the unit.",
        "unit of time",
    ):
        assert secret not in before
        assert secret in after


def test_what_a_follow_up_added_is_told() -> None:
    sitting = sit(ANSWER, "Requests per second, counted over all.", grader=ScriptedGrader(WITH_GAP, CLOSED))

    assert "met after follow-up" in sitting.text
    assert sitting.finished


def test_a_failed_grade_is_told_and_the_interview_goes_on_to_its_end() -> None:
    grader = ScriptedGrader(ServiceDownError("the service is down", hint="Check the network."))

    sitting = sit(ANSWER, grader=grader)

    assert "Not graded yet. the service is down. Check the network." in sitting.words
    assert "1 not graded yet" in sitting.text
    assert sitting.finished


def test_an_ungraded_answer_gets_no_number() -> None:
    sitting = sit(ANSWER, grader=ScriptedGrader(ServiceDownError("down")))

    assert "Overall –" in sitting.words


def test_leaving_pauses_and_says_how_to_go_on() -> None:
    sitting = sit()

    assert f"interviewer resume {sitting.interview.id}" in sitting.text
    assert sitting.interview.status is Status.PAUSED


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("/help", "get a push in the right direction"),
        ("/nudge", "Nudge: Think of one request, then of many."),
        ("/repeat", "How do latency and throughput differ?"),
        ("/edit", "Writing in an editor needs a terminal."),
    ],
)
def test_a_command_is_answered(command: str, told: str) -> None:
    assert told in sit(command).text.rpartition(command)[2]


def test_an_over_long_answer_is_not_sent_and_the_question_stays() -> None:
    sitting = sit("x" * (MAX_ANSWER_CHARACTERS + 1))

    assert "Not sent:" in sitting.text
    assert sitting.interview.turns[0].answers == ()


def voted(verdict: Verdict, *votes: Verdict) -> Sitting:
    """A graded answer with these votes on its first criterion."""
    decided = SHOWN.model_copy(
        update={"verdict": verdict, "reason": "It tells the relation.", "votes": votes}
    )
    grader = ScriptedGrader(WITH_GAP.model_copy(update={"criteria": (decided, GAP)}))
    return sit(ANSWER, "/skip", grader=grader)


def test_how_far_opinions_agree_stands_after_the_reason() -> None:
    sitting = voted(Verdict.MET, Verdict.PARTIAL, Verdict.MET, Verdict.MET)

    assert "It tells the relation. 2 of 3 opinions agree" in sitting.words


def test_opinions_that_all_differ_say_which_counts() -> None:
    sitting = voted(Verdict.PARTIAL, Verdict.PARTIAL, Verdict.MET)

    assert "2 opinions, all different; the lowest counts" in sitting.words


def test_one_opinion_is_not_counted() -> None:
    assert "opinion" not in voted(Verdict.MET).text


def test_the_fake_grader_says_that_it_does_not_judge() -> None:
    unjudged = grade().model_copy(update={"flags": (Flag.NOT_JUDGED,)})

    assert "nobody judged this answer" in sit(ANSWER, "/skip", grader=ScriptedGrader(unjudged)).words


def test_terminal_escapes_in_an_answer_or_a_grade_do_not_take_effect() -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07 [bold]big[/bold] :boom: one request takes time"
    said = WITH_GAP.model_copy(update={"feedback": hostile, "follow_up": None})

    sitting = sit(hostile, "/skip", grader=ScriptedGrader(said), start=interview(question(), follow_ups=0))

    assert "\x1b" not in sitting.text
    assert "\x07" not in sitting.text
    assert "[bold]big[/bold] :boom:" in sitting.words


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    long = question(criteria=(criterion("one-request"), criterion("many-requests")))

    sitting = sit(
        "/help", ANSWER, "/skip", grader=ScriptedGrader(WITH_GAP), start=interview(long), width=width
    )

    assert max(len(line) for line in sitting.text.splitlines()) <= width


def test_the_summary_counts_skipped_questions_apart() -> None:
    sitting = sit("/skip")

    assert "1 skipped" in sitting.text
    assert "Overall –" in sitting.words


def test_the_grader_gets_ready_once_while_a_question_is_on_screen() -> None:
    grader = ScriptedGrader()

    sit("/repeat", "/nudge", "/quit", grader=grader)

    assert grader.warmed == ["latency"]
