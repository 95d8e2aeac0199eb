"""The store gives back what the state machine had, event by event, whatever was typed."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.errors import StoreError, UsageError
from interviewer.grading.models import CriterionGrade, Grade, Verdict
from interviewer.interview.events import (
    AnswerSubmitted,
    AskNudge,
    AskRepeat,
    Begin,
    Command,
    DisputeVerdict,
    End,
    GiveUp,
    InterviewStarted,
    KeepDraft,
    Pause,
    Retry,
    Skip,
    Submit,
    TakeFailure,
    TakeGrade,
    TakeRuling,
    TakeRulingFailure,
    TimeUp,
    TurnSkipped,
)
from interviewer.interview.models import Answer, Interview, Mode, Status
from interviewer.interview.session import Session
from interviewer.interview.state import ungraded
from interviewer.store.store import Store
from tests.support.builders import ANSWER, at, criterion_grade, grade, interview, question
from tests.support.doubles import Clock, ScriptedGrader

# Every code point, lone surrogates and NUL included: st.text() leaves surrogates out.
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


def begun(store: Store, planned: Interview | None = None) -> Session:
    session = Session.start(planned or interview(), records=store, grader=ScriptedGrader(), now=Clock())
    session.do(Begin())
    return session


def partial_grade(feedback: str = "Half of it.") -> Grade:
    criteria = (criterion_grade("one-request"), criterion_grade("many-requests", Verdict.PARTIAL))
    return grade(criteria=criteria, feedback=feedback, follow_up="And with many at once?")


def test_a_new_interview_is_stored_with_its_plan(store: Store) -> None:
    session = begun(store)

    assert store.load(session.interview.id) == session.interview


def test_an_answer_comes_back_from_a_second_connection_before_any_grade(store: Store, tmp_path: Path) -> None:
    session = begun(store)

    session.do(Submit(text=ANSWER))

    with Store.open(tmp_path / "data") as other:
        assert other.load(session.interview.id).turns[0].answers[0].text == ANSWER


@given(text=ANY_TEXT, feedback=ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_code_point_by_code_point(
    tmp_path_factory: pytest.TempPathFactory, text: str, feedback: str
) -> None:
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        session = begun(store)
        session.do(Submit(text=text))
        session.do(TakeGrade(turn=0, position=0, grade=partial_grade(feedback)))

        assert store.load(session.interview.id) == session.interview


RULING = grade(100, criteria=(CriterionGrade(id="one-request", verdict=Verdict.MET),))
COMMANDS: st.SearchStrategy[Command | str] = st.sampled_from(
    [
        Submit(text=ANSWER),
        Skip(),
        GiveUp(),
        AskRepeat(),
        AskNudge(),
        Pause(),
        Begin(),
        End(),
        KeepDraft(text="half a"),
        TimeUp(text="cut off"),
        TimeUp(text=""),
        Retry(turn=0),
        DisputeVerdict(turn=0, criterion="one-request", argument="I said it."),
        DisputeVerdict(turn=0, criterion="many-requests", argument="That, too."),
        TakeRuling(turn=0, criterion="one-request", grade=RULING),
        TakeRulingFailure(turn=0, criterion="many-requests", code="deadline", message="late"),
        "grade",
        "grade",
        "grade",
        "fail",
    ]
)


@given(
    commands=st.lists(COMMANDS, max_size=25),
    follow_ups=st.integers(0, 3),
    mode=st.sampled_from(Mode),
    limit=st.sampled_from([None, 5.0]),
)
@settings(max_examples=100, deadline=None)
def test_whatever_happens_the_stored_interview_equals_the_one_in_memory(
    tmp_path_factory: pytest.TempPathFactory,
    commands: list[Command | str],
    follow_ups: int,
    mode: Mode,
    limit: float | None,
) -> None:
    from interviewer.errors import OutOfTurnError

    with Store.open(tmp_path_factory.mktemp("data")) as store:
        asked = (question("a"), question("b"), question("c"))
        planned = interview(*asked, follow_ups=follow_ups, mode=mode, total_seconds=limit)
        session = begun(store, planned)
        for command in commands:
            try:
                session.do(command if not isinstance(command, str) else judged(session, command))
            except OutOfTurnError:
                continue
            assert store.load(planned.id) == session.interview


def judged(session: Session, how: str) -> Command:
    """A grade or a failure for the first ungraded answer, else one that does not fit."""
    wanted = next(ungraded(session.interview), None)
    turn, position = (wanted.turn, wanted.position) if wanted else (99, 0)
    if how == "grade":
        return TakeGrade(turn=turn, position=position, grade=partial_grade())
    return TakeFailure(turn=turn, position=position, code="service_down", message="no route")


def test_what_follows_from_one_command_is_stored_as_a_whole_or_not_at_all(store: Store) -> None:
    session = begun(store)
    before = store.load(session.interview.id)

    with pytest.raises(StoreError):
        store.record(session.interview.id, TurnSkipped(turn=0, seconds=1), TurnSkipped(turn=99))
    assert store.load(session.interview.id) == before


def test_the_newest_grade_of_an_answer_counts(store: Store) -> None:
    session = begun(store)
    session.do(Submit(text=ANSWER))
    session.do(TakeGrade(turn=0, position=0, grade=partial_grade("first")))
    session.do(TakeGrade(turn=0, position=0, grade=partial_grade("second")))

    found = store.load(session.interview.id).turns[0].answers[0].grade

    assert found is not None
    assert found.feedback == "second"


def test_an_answer_whose_grading_failed_is_pending(store: Store) -> None:
    session = begun(store)
    session.do(Submit(text=ANSWER))
    session.do(TakeFailure(turn=0, position=0, code="service_down", message="no route"))

    assert [(p.turn, p.position) for p in store.pending()] == [(0, 0)]


def test_a_graded_answer_is_not_pending(store: Store) -> None:
    session = begun(store)
    session.do(Submit(text=ANSWER))
    session.do(TakeGrade(turn=0, position=0, grade=partial_grade()))

    assert store.pending() == ()


def test_pending_can_be_asked_for_one_interview(store: Store) -> None:
    for id in ("20260105-190000-aaaa", "20260105-190000-bbbb"):
        begun(store, interview(id=id)).do(Submit(text=ANSWER))

    assert {p.interview_id for p in store.pending("20260105-190000-bbbb")} == {"20260105-190000-bbbb"}


def test_an_answer_from_a_second_window_does_not_overwrite_the_first(store: Store) -> None:
    session = begun(store)
    session.do(Submit(text="first"))
    late = AnswerSubmitted(turn=0, position=0, answer=Answer(text="second", submitted_at=at(9), seconds=1))

    with pytest.raises(StoreError, match="does not follow"):
        store.record(session.interview.id, late)
    assert store.load(session.interview.id).turns[0].answers[0].text == "first"


def test_the_same_interview_cannot_be_started_twice(store: Store) -> None:
    begun(store)

    with pytest.raises(StoreError):
        store.record("20260105-190000-aaaa", InterviewStarted(interview=interview()))


def test_sessions_count_turns_and_average_graded_ones_only(store: Store) -> None:
    session = begun(store, interview(question("a"), question("b"), question("c"), follow_ups=0))
    session.do(Submit(text=ANSWER))
    session.do(TakeGrade(turn=0, position=0, grade=partial_grade()))
    session.do(Submit(text=ANSWER))
    session.do(TakeFailure(turn=1, position=0, code="service_down", message="no route"))
    session.do(Skip())

    (row,) = store.sessions(10)

    counts = (row.questions, row.answered, row.graded, row.pending, row.skipped)
    assert counts == (3, 2, 1, 1, 1)
    assert row.score == session.interview.turns[0].score
    assert row.status is Status.FINISHED


def test_sessions_come_newest_first_up_to_the_limit(store: Store) -> None:
    for seconds, id in enumerate(("a-1", "a-2", "a-3")):
        begun(store, interview(id=id).model_copy(update={"started_at": at(seconds)}))

    assert [row.id for row in store.sessions(2)] == ["a-3", "a-2"]


def test_an_interview_is_found_by_the_start_of_its_id(store: Store) -> None:
    begun(store, interview(id="20260105-190000-aaaa"))

    assert store.find("20260105") == "20260105-190000-aaaa"


def test_a_start_that_fits_several_interviews_is_refused_with_their_ids(store: Store) -> None:
    for id in ("20260105-190000-aaaa", "20260105-190000-bbbb"):
        begun(store, interview(id=id))

    with pytest.raises(UsageError) as refused:
        store.find("2026")
    assert "20260105-190000-bbbb" in str(refused.value.hint)


def test_a_whole_id_is_found_though_another_begins_with_it(store: Store) -> None:
    for id in ("a", "a-b"):
        begun(store, interview(id=id))

    assert store.find("a") == "a"


def test_ids_are_told_the_oldest_first(store: Store) -> None:
    for number in (2, 1, 3):
        begun(store, interview(id=f"a-{number}").model_copy(update={"started_at": at(number)}))

    assert store.ids() == ("a-1", "a-2", "a-3")


def test_wildcards_in_an_id_find_nothing(store: Store) -> None:
    begun(store)

    with pytest.raises(UsageError):
        store.find("%")


def test_without_an_id_the_newest_unfinished_interview_goes_on(store: Store) -> None:
    begun(store, interview(id="old"))
    newer = interview(question("a"), id="new").model_copy(update={"started_at": at(60)})
    begun(store, newer).do(Skip())

    assert store.find(unfinished=True) == "old"


def test_an_empty_store_says_how_to_begin(store: Store) -> None:
    with pytest.raises(UsageError) as refused:
        store.find()
    assert "interviewer start" in str(refused.value.hint)


@pytest.mark.parametrize("wanted", ["nothing", "\x00", "\udc80", "'; DROP TABLE interviews; --"])
def test_an_unknown_id_is_refused(store: Store, wanted: str) -> None:
    begun(store)

    with pytest.raises((UsageError, StoreError)):
        store.find(wanted)


def test_the_folder_and_its_files_are_for_their_owner_alone(store: Store, tmp_path: Path) -> None:
    begun(store)

    folder = tmp_path / "data"
    modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}
