"""Follow-ups: aimed at the heaviest gap, and never giving the answer away."""

from __future__ import annotations

from interviewer.grading.probe import follow_up_of
from tests.support.builders import criterion, question

GAP = criterion("cache", probe="What happens to memory then?").model_copy(
    update={"requirement": "Managing the memory of the cache becomes a critical challenge."}
)


def test_the_grader_s_own_question_is_asked_if_it_gives_nothing_away() -> None:
    asked = follow_up_of("You spoke of speed; what gets scarce as chats grow?", question(), (GAP,))

    assert asked == "You spoke of speed; what gets scarce as chats grow?"


def test_a_question_that_gives_the_answer_away_is_replaced_by_the_probe() -> None:
    leak = "Is managing the memory of the cache a critical challenge?"

    assert follow_up_of(leak, question(), (GAP,)) == "What happens to memory then?"


def test_something_that_is_no_question_is_replaced_by_the_probe() -> None:
    assert follow_up_of("Great answer!", question(), (GAP,)) == "What happens to memory then?"


def test_the_heaviest_gap_with_a_probe_is_probed() -> None:
    silent = criterion("silent", probe=None)

    assert follow_up_of("", question(), (silent, GAP)) == "What happens to memory then?"


def test_there_is_nothing_to_ask_when_all_is_met() -> None:
    assert follow_up_of("What else do you know?", question(), ()) is None
