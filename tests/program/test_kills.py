"""kill -9 at random moments: what the program acknowledged is there, once, and as it was.

The long run of the same is `python -m proofs kills`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.interview.models import Answer, Interview, Status, TurnStatus
from tests.support.builders import START, grade, interview
from tests.support.kills import commands, drafts
from tests.support.kills.candidate import Candidate, Script
from tests.support.kills.finding import Left, compare
from tests.support.kills.interviews import SETTINGS
from tests.support.kills.rounds import Play, played, plays

KILLS = 24
AT_ONCE = 3  # they wait for each other, and for a service that is to be asked again
PRACTICE, EXAM, SERVED = SETTINGS[:3]
COMMANDS = (commands.pending, commands.ALL[1], commands.ALL[-2], commands.config)


@pytest.fixture(scope="module")
def round_of_plays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Play]]:
    top = tmp_path_factory.mktemp("kills")
    with plays(top, (PRACTICE, SERVED, EXAM), COMMANDS, at_once=AT_ONCE, most=6) as found:
        yield found


def test_kills_lose_double_and_change_nothing(round_of_plays: list[Play], tmp_path: Path) -> None:
    tally = played(round_of_plays, tmp_path / "plays", kills=KILLS, seed=7, at_once=AT_ONCE)

    assert tally.findings.all == []
    assert tally.kills >= KILLS


def test_what_was_typed_at_a_terminal_outlives_a_kill(tmp_path: Path) -> None:
    trial = drafts.killed(tmp_path, seed=1)

    assert trial.findings.all == []
    assert trial.stages.total() == 1


SAID = {"[1-a]": "[1-a] The first answer.", "[2-b]": "[2-b] The second one."}


def sat(*texts: str) -> Interview:
    """A finished interview in which these were the answers, one a question."""
    begun = interview()
    turns = tuple(
        turn.model_copy(
            update={
                "status": TurnStatus.GRADED,
                "answers": (Answer(text=text, submitted_at=START, seconds=1, grade=grade()),),
            }
        )
        for turn, text in zip(begun.turns, texts, strict=True)
    )
    return begun.model_copy(update={"turns": turns, "status": Status.FINISHED, "finished_at": START})


def left(one: Interview, *, grades: int = 1, faults: tuple[str, ...] = ()) -> Left:
    return Left((one,), {}, faults, {"20260105-190000-aaaa 0.0": grades})


@pytest.fixture
def candidate() -> Candidate:
    sitting = Candidate(Script("a test", ()))
    sitting.said = dict(SAID)
    sitting.acknowledged = set(SAID)
    return sitting


def test_the_same_interview_passes(candidate: Candidate) -> None:
    assert compare(left(sat(*SAID.values())), left(sat(*SAID.values())), candidate).all == []


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (left(sat("", SAID["[2-b]"])), "lost"),
        (left(sat(SAID["[1-a]"], SAID["[1-a]"])), "double"),
        (left(sat(*SAID.values()), grades=2), "double"),
        (left(sat("[1-a] The first", SAID["[2-b]"])), "differing: half"),
        (left(sat(*SAID.values()), faults=("a page is damaged",)), "differing: a page"),
        (left(sat(*SAID.values()).model_copy(update={"status": Status.PAUSED})), "differing: it never ended"),
        (left(sat(*reversed(SAID.values()))), "differing: .turns[0].answers[0].text"),
    ],
)
def test_what_went_wrong_is_found(candidate: Candidate, found: Left, kind: str) -> None:
    told = compare(found, left(sat(*SAID.values())), candidate).all

    assert any(one.startswith(kind) for one in told), told


def test_an_answer_that_was_not_acknowledged_may_be_missing(candidate: Candidate) -> None:
    candidate.acknowledged = {"[2-b]"}
    found = left(sat("", SAID["[2-b]"]))

    assert compare(found, left(sat(*SAID.values())), candidate).lost == []
