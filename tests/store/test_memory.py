"""What is remembered follows from the grades: however they came about, and however often they changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.errors import StoreError
from interviewer.grading.models import Flag, Grade, GraderIdentity, Verdict
from interviewer.interview.events import (
    Begin,
    DisputeVerdict,
    GiveUp,
    Retry,
    Skip,
    Submit,
    TakeGrade,
    TakeRuling,
)
from interviewer.interview.models import BankLabel, Interview, Mode
from interviewer.interview.session import Session
from interviewer.memory.models import Asked, CriterionProgress, Outcome
from interviewer.memory.outcomes import outcomes_of
from interviewer.store.store import Store
from tests.support.builders import ANSWER, START, at, criterion, criterion_grade, grade, interview, question
from tests.support.doubles import ScriptedGrader
from tests.support.hostile.kept import as_before_there_was_memory, raw

Reopen = Callable[..., Store]
TWO = ("one-request", "many-requests")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


class DayClock:
    """A clock that stands at `days` after the tests' start of time, until it is set."""

    def __init__(self, days: float = 0) -> None:
        self.days = days

    def __call__(self) -> datetime:
        return START + timedelta(days=self.days)


def held(
    store: Store, *, id: str = "i-1", days: float = 0, mode: Mode = Mode.PRACTICE, follow_ups: int = 0
) -> Session:
    """An interview of one question, which is on screen."""
    planned = interview(question("latency"), id=id, follow_ups=follow_ups)
    planned = planned.model_copy(update={"settings": planned.settings.model_copy(update={"mode": mode})})
    return begun(store, planned, DayClock(days))


def begun(store: Store, planned: Interview, clock: Callable[[], datetime]) -> Session:
    session = Session.start(planned, records=store, grader=ScriptedGrader(), now=clock)
    session.do(Begin())
    return session


def judged(
    *verdicts: Verdict, ids: tuple[str, ...] = TWO, kind: str = "llm", flags: tuple[Flag, ...] = ()
) -> Grade:
    found = grade(criteria=tuple(criterion_grade(i, v) for i, v in zip(ids, verdicts, strict=True)))
    identity = GraderIdentity.model_validate({"kind": kind, "model": "m"})
    return found.model_copy(update={"grader": identity, "flags": flags})


def answered(session: Session, *verdicts: Verdict, kind: str = "llm", flags: tuple[Flag, ...] = ()) -> None:
    session.do(Submit(text=ANSWER))
    session.do(TakeGrade(turn=0, position=0, grade=judged(*verdicts, kind=kind, flags=flags)))


def asked(store: Store) -> Asked:
    (found,) = store.memory("tests").questions
    return found


def points(store: Store) -> dict[str, CriterionProgress]:
    return {one.id: one for one in asked(store).criteria}


def test_a_graded_turn_is_remembered_criterion_by_criterion(store: Store) -> None:
    answered(held(store), Verdict.MET, Verdict.WRONG)

    found = points(store)

    assert {id: one.last for id, one in found.items()} == {TWO[0]: Outcome.MET, TWO[1]: Outcome.WRONG}
    assert [one.share for one in found.values()] == [0.5, 0.5]
    assert asked(store).results == (50.0,)


def test_what_is_not_graded_is_not_remembered(store: Store) -> None:
    session = held(store)
    session.do(Submit(text=ANSWER))
    held(store, id="i-2").do(Skip())

    assert store.memory("tests").questions == ()
    assert store.practised_banks() == ()


def test_an_answer_is_remembered_for_the_time_it_was_given_not_graded(store: Store) -> None:
    clock = DayClock(0)
    session = begun(store, interview(question("latency"), follow_ups=0), clock)
    session.do(Submit(text=ANSWER))
    clock.days = 9
    session.do(TakeGrade(turn=0, position=0, grade=judged(Verdict.MET, Verdict.MET)))

    assert asked(store).last_at == START


def test_giving_up_is_remembered_as_missed(store: Store) -> None:
    session = held(store)
    session.do(GiveUp())
    session.do(TakeGrade(turn=0, position=0, grade=judged(Verdict.MISSING, Verdict.MISSING)))

    assert {one.missed_in_a_row for one in asked(store).criteria} == {1}


def test_what_a_follow_up_won_counts_as_helped(store: Store) -> None:
    session = held(store, follow_ups=1)
    answered(session, Verdict.MET, Verdict.MISSING)
    session.do(Submit(text="And many more in a second."))
    session.do(TakeGrade(turn=0, position=1, grade=judged(Verdict.MET, ids=TWO[1:])))

    found = points(store)

    assert (found[TWO[0]].last, found[TWO[1]].last) == (Outcome.MET, Outcome.HELPED)
    assert found[TWO[1]].seen == 1


def test_the_fake_grader_leaves_no_memory(store: Store) -> None:
    answered(held(store), Verdict.MET, Verdict.MET, kind="fake")

    assert store.memory("tests").questions == ()


def test_a_provisional_grade_counts_until_it_is_replaced(store: Store) -> None:
    session = held(store)
    answered(session, Verdict.MISSING, Verdict.MISSING, kind="local", flags=(Flag.PROVISIONAL,))
    before = points(store)
    session.do(TakeGrade(turn=0, position=0, grade=judged(Verdict.MET, Verdict.MET)))
    after = points(store)

    assert {one.last for one in before.values()} == {Outcome.MISSING}
    assert {(one.last, one.seen, one.missed) for one in after.values()} == {(Outcome.MET, 1, 0)}
    assert after[TWO[0]].due > before[TWO[0]].due


def test_a_grade_of_a_turn_in_the_past_computes_its_cards_anew(store: Store, tmp_path: Path) -> None:
    old = held(store, id="i-1")
    answered(old, Verdict.MISSING, Verdict.MET)
    answered(held(store, id="i-2", days=3), Verdict.MET, Verdict.MET)
    old.do(TakeGrade(turn=0, position=0, grade=judged(Verdict.MET, Verdict.MET)))

    with Store.open(tmp_path / "other") as fresh:
        for number, days in enumerate((0, 3)):
            answered(held(fresh, id=f"i-{number}", days=days), Verdict.MET, Verdict.MET)
        assert store.memory("tests") == fresh.memory("tests")


def test_a_dispute_that_is_won_is_remembered(store: Store) -> None:
    session = held(store)
    answered(session, Verdict.MET, Verdict.MISSING)
    session.do(DisputeVerdict(turn=0, criterion=TWO[1], argument="I said requests per second."))
    session.do(TakeRuling(turn=0, criterion=TWO[1], grade=judged(Verdict.MET, ids=TWO[1:])))

    assert points(store)[TWO[1]].last is Outcome.MET
    assert asked(store).results == (100.0,)


def test_misses_in_a_row_end_with_what_was_shown(store: Store) -> None:
    run = (Verdict.MISSING, Verdict.MET, Verdict.PARTIAL, Verdict.WRONG)
    for days, verdict in enumerate(run):
        answered(held(store, id=f"i-{days}", days=days), verdict, Verdict.MET)

    one = points(store)[TWO[0]]

    assert (one.seen, one.missed, one.missed_in_a_row, one.last) == (4, 3, 2, Outcome.WRONG)


def test_a_question_that_is_tried_again_counts_for_its_criteria_and_no_score(store: Store) -> None:
    session = held(store)
    answered(session, Verdict.MISSING, Verdict.MISSING)
    session.do(Retry(turn=0))
    session.do(Submit(text=ANSWER))
    session.do(TakeGrade(turn=1, position=0, grade=judged(Verdict.MET, Verdict.MET)))

    assert asked(store).results == (0.0,)
    assert points(store)[TWO[0]].seen == 2


def test_a_drill_counts_for_its_criteria_and_no_score(store: Store) -> None:
    answered(held(store, id="i-1"), Verdict.MISSING, Verdict.MET)
    drilled = question("latency", criteria=(criterion(TWO[0]),))
    planned = interview(drilled, id="i-2", follow_ups=0)
    planned = planned.model_copy(
        update={"settings": planned.settings.model_copy(update={"mode": Mode.DRILL})}
    )
    session = begun(store, planned, DayClock(1))
    session.do(Submit(text=ANSWER))
    session.do(TakeGrade(turn=0, position=0, grade=judged(Verdict.MET, ids=TWO[:1])))

    assert asked(store).results == (50.0,)
    assert {id: one.seen for id, one in points(store).items()} == {TWO[0]: 2, TWO[1]: 1}


def test_a_criterion_that_the_question_lost_is_not_asked_about_for_ever(store: Store) -> None:
    answered(held(store, id="i-1"), Verdict.MISSING, Verdict.MET)
    shorter = question("latency", criteria=(criterion(TWO[1], weight=3),))
    session = begun(store, interview(shorter, id="i-2", follow_ups=0), DayClock(1))
    session.do(Submit(text=ANSWER))
    session.do(TakeGrade(turn=0, position=0, grade=judged(Verdict.MET, ids=TWO[1:])))

    (one,) = asked(store).criteria

    assert (one.id, one.share) == (TWO[1], 1.0)


def test_scores_are_added_up_by_week_and_the_latest_come_last(store: Store) -> None:
    verdicts = (Verdict.MET, Verdict.MISSING, Verdict.PARTIAL)
    for number, (days, verdict) in enumerate(zip((0, 6, 7), verdicts, strict=True)):
        answered(held(store, id=f"i-{number}", days=days), verdict, Verdict.MET)

    found = asked(store)

    assert found.results == (100.0, 50.0, 75.0)
    weeks = [(week.monday.isoformat(), week.graded, week.total) for week in found.weeks]
    assert weeks == [("2026-01-05", 2, 150.0), ("2026-01-12", 1, 75.0)]


def test_banks_are_remembered_apart_and_the_latest_comes_first(store: Store) -> None:
    answered(held(store, id="i-1"), Verdict.MET, Verdict.MET)
    label = BankLabel(id="other", title="O", role="r", fingerprint="0", categories=(("beginner", "Easy"),))
    planned = interview(question("latency"), id="i-2", follow_ups=0)
    later = planned.model_copy(update={"bank": label, "started_at": at(9)})
    answered(begun(store, later, DayClock(1)), Verdict.MISSING, Verdict.MISSING)

    assert [one.id for one in store.practised_banks()] == ["other", "tests"]
    assert store.practised_banks()[0].categories == (("beginner", "Easy"),)
    assert points(store)[TWO[0]].missed == 0


def practised(folder: Path) -> None:
    with Store.open(folder) as store:
        answered(held(store, id="i-1"), Verdict.MISSING, Verdict.MET)
        session = held(store, id="i-2", days=2, follow_ups=1)
        answered(session, Verdict.MET, Verdict.PARTIAL)
        session.do(Submit(text="And many more in a second."))
        session.do(TakeGrade(turn=0, position=1, grade=judged(Verdict.MET, ids=TWO[1:])))
        answered(held(store, id="i-3", days=3), Verdict.MET, Verdict.MET, kind="fake")
        held(store, id="i-4", days=4).do(Submit(text=ANSWER))


def test_interviews_of_an_older_version_are_remembered(tmp_path: Path) -> None:
    practised(tmp_path)
    with Store.open(tmp_path) as store:
        known = store.memory("tests")
    as_before_there_was_memory(tmp_path)

    with Store.open(tmp_path) as store:
        assert [one.id for one in store.practised_banks()] == ["tests"]
        assert store.memory("tests") == known
    assert known.questions[0].criteria[0].seen == 2


def test_an_older_interview_that_goes_on_before_the_first_look_back_is_remembered_whole(
    tmp_path: Path,
) -> None:
    practised(tmp_path)
    as_before_there_was_memory(tmp_path)

    with Store.open(tmp_path) as store:
        session = Session(store.load("i-4"), records=store, grader=ScriptedGrader(), now=DayClock(4))
        session.do(TakeGrade(turn=0, position=0, grade=judged(Verdict.MET, Verdict.MET)))

        assert {one.seen for one in asked(store).criteria} == {3}


def test_a_damaged_turn_of_an_older_version_hides_no_other(tmp_path: Path) -> None:
    practised(tmp_path)
    as_before_there_was_memory(tmp_path)
    connection = raw(tmp_path)
    connection.execute("UPDATE grades SET grade = x'ff' WHERE interview_id = 'i-1'")
    connection.close()

    with Store.open(tmp_path) as store:
        assert {one.seen for one in asked(store).criteria} == {1}


@pytest.mark.parametrize("label", ["x'5b315d'", "x'6e756c6c'", "7", "'text'"])
def test_a_bank_that_another_hand_named_is_told_as_damage(tmp_path: Path, label: str) -> None:
    practised(tmp_path)
    connection = raw(tmp_path)
    connection.execute(f"UPDATE interviews SET bank = {label}")
    connection.close()

    with Store.open(tmp_path) as store, pytest.raises(StoreError, match="did not write"):
        store.practised_banks()


@pytest.mark.parametrize(
    "damage",
    [
        "reviewed_turns SET question_id = x'5b315d'",
        "reviewed_turns SET category_id = x'00'",
        "reviews SET criterion_id = x'00'",
        "reviews SET weight = 'heavy'",
        "reviewed_turns SET score = 'high'",
        "reviewed_turns SET score = x'3130'",
        "reviewed_turns SET score = 9e999",
    ],
)
def test_what_no_review_holds_is_told_as_damage(tmp_path: Path, damage: str) -> None:
    practised(tmp_path)
    connection = raw(tmp_path)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(f"UPDATE OR REPLACE {damage}")
    connection.close()

    with Store.open(tmp_path) as store, pytest.raises(StoreError, match="did not write"):
        store.memory("tests")


@pytest.mark.parametrize("position", ["'first'", "x'00'", "1000000000000"])
def test_a_grade_where_no_answer_can_be_is_told_as_damage(tmp_path: Path, position: str) -> None:
    practised(tmp_path)
    connection = raw(tmp_path)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(f"UPDATE grades SET position = {position}")
    connection.close()

    with Store.open(tmp_path) as store:
        session = Session(store.load("i-4"), records=store, grader=ScriptedGrader(), now=DayClock(4))
        session.do(TakeGrade(turn=0, position=0, grade=judged(Verdict.MET, Verdict.MET)))
    as_before_there_was_memory(tmp_path)
    with Store.open(tmp_path) as store:
        assert {one.seen for one in asked(store).criteria} == {1}


@pytest.mark.parametrize("damage", ["DELETE FROM cards", "UPDATE cards SET card = '{}', until = '2026'"])
def test_cards_that_are_lost_or_of_another_kind_are_computed_anew(tmp_path: Path, damage: str) -> None:
    practised(tmp_path)
    with Store.open(tmp_path) as store:
        known = store.memory("tests")
    connection = raw(tmp_path)
    connection.execute(damage)
    connection.close()

    with Store.open(tmp_path) as store:
        assert store.memory("tests") == known


def test_what_is_deleted_is_forgotten(tmp_path: Path) -> None:
    practised(tmp_path)
    connection = raw(tmp_path)
    connection.execute("DELETE FROM interviews WHERE id = 'i-2'")
    connection.close()
    with Store.open(tmp_path / "other") as other:
        answered(held(other, id="i-1"), Verdict.MISSING, Verdict.MET)
        expected = other.memory("tests")

    with Store.open(tmp_path) as store:
        assert store.memory("tests") == expected


def test_nothing_that_looking_back_reads_is_in_the_large_tables(store: Store) -> None:
    from interviewer.store import memory

    connection = sqlite3.connect(":memory:")
    with store._database.reading() as source:
        tables = [row[0] for row in source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    for table in tables:
        connection.execute(table)
    for query in (memory._QUESTIONS, memory._WEEKS, memory._RESULTS, memory._CRITERIA):
        bound = ["tests"] if query is not memory._RESULTS else ["tests", 10]
        plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", bound))
        assert "SCAN reviews" not in plan
        assert "SCAN turns" not in plan
        assert "COVERING INDEX" in plan
    connection.close()


VERDICTS = st.tuples(st.sampled_from(Verdict), st.sampled_from(Verdict))
GRADES = st.lists(
    st.tuples(st.integers(0, 3), VERDICTS, st.sampled_from(["llm", "llm", "local", "fake"])), max_size=10
)


@given(grades=GRADES, days=st.lists(st.integers(0, 40), min_size=4, max_size=4))
@settings(max_examples=40)
def test_whatever_is_graded_in_whatever_order_memory_follows_from_the_grades(
    tmp_path_factory: pytest.TempPathFactory,
    grades: list[tuple[int, tuple[Verdict, Verdict], str]],
    days: list[int],
) -> None:
    folder = tmp_path_factory.mktemp("data")
    with Store.open(folder) as store:
        sessions = [held(store, id=f"i-{n}", days=day) for n, day in enumerate(days)]
        for session in sessions:
            session.do(Submit(text=ANSWER))
        for number, verdicts, kind in grades:
            sessions[number].do(TakeGrade(turn=0, position=0, grade=judged(*verdicts, kind=kind)))
        step_by_step = store.memory("tests")
        outcomes = [outcomes_of(session.interview.turns[0]) for session in sessions]
        kept = [(p.id, p.seen) for one in step_by_step.questions for p in one.criteria]

    assert all(seen == sum(id in found for found in outcomes) for id, seen in kept)
    as_before_there_was_memory(folder)
    with Store.open(folder) as store:
        assert store.memory("tests") == step_by_step
