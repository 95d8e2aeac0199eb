"""What is shown of each event, and when: in an exam nothing of a grade before the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interviewer.interview.events import (
    AnswerGraded,
    DisputeFailed,
    DisputeSettled,
    Event,
    FollowUpAsked,
    FollowUpDeclined,
    GradingFailed,
    InterviewResumed,
    NudgeGiven,
    QuestionAsked,
    QuestionPutBack,
    QuestionRepeated,
    TurnSkipped,
)
from interviewer.interview.models import Mode, Status, Turn, TurnStatus
from interviewer.interview.session import Session
from interviewer.interview.timing import seconds_used
from interviewer.terminal.looking_back import answered
from interviewer.terminal.screen import Screen


class Showing:
    """Shows events of `session` on `screen`. latest: the turn whose feedback was shown last."""

    def __init__(self, session: Session, screen: Screen) -> None:
        self._session = session
        self._screen = screen
        interview = session.interview
        # A question of an exam is tried again after its end alone: then its results were shown.
        has_ended = interview.status is Status.FINISHED or any(
            t.retry_of is not None for t in interview.turns
        )
        self._is_open = interview.settings.mode is not Mode.EXAM or has_ended
        self._is_summed_up = False
        graded = [t for t in session.interview.turns if t.status is TurnStatus.GRADED]
        last = max(graded, key=lambda t: (t.asked_at is not None, t.asked_at, t.index), default=None)
        self.latest: int | None = last.index if last is not None else None

    @property
    def is_silent(self) -> bool:
        """Whether grades are kept from the candidate: in an exam, until `end` has shown them all."""
        return not self._is_open

    def show(self, events: Sequence[Event]) -> None:
        """Show `events`, as far as the candidate may see them."""
        for position, event in enumerate(events):
            self._show(event, events[position + 1 :])

    def end(self) -> None:
        """The summary, once a finish; the first time in an exam, all feedback before it."""
        if self._is_summed_up:
            return
        from interviewer.interview.summary import summary_of

        interview = self._session.interview
        for turn in interview.turns if self.is_silent else ():
            if turn.answers:
                self._question(turn, again=False)
                self._result(turn)
        self._screen.summary(summary_of(interview))
        self._is_open = self._is_summed_up = True

    def time(self) -> None:
        """The time used and the time left."""
        self._screen.time(seconds_used(self._session.interview), self._session.time_left())

    def _show(self, event: Event, following: Iterable[Event]) -> None:
        screen, interview = self._screen, self._session.interview
        match event:
            case InterviewResumed() if self._is_summed_up:
                self._is_summed_up = False  # a question is tried again after the end
            case InterviewResumed():
                planned = sum(t.retry_of is None for t in interview.turns)
                screen.note(f"\nGoing on where you left: {answered(interview.turns)} of {planned} answered.")
            case QuestionAsked(turn=index, again=again):
                self._question(interview.turns[index], again=again)
            case FollowUpAsked(follow_up=follow_up):
                screen.follow_up(follow_up.text)
            case QuestionRepeated(text=text):
                screen.note(text)
            case NudgeGiven(text=text):
                screen.nudge(text)
            case QuestionPutBack():
                screen.note("The question on screen comes again afterwards.")
            case TurnSkipped(turn=index):
                reached = interview.turns[index].asked_at is not None
                screen.note("Skipped." if reached else f"Question {index + 1} was not reached.")
            case FollowUpDeclined(turn=index):
                self._result(interview.turns[index])
            case AnswerGraded(turn=index, grade=grade, score=score) if not self.is_silent:
                turn = interview.turns[index]
                is_asked_on = any(isinstance(e, FollowUpAsked) for e in following)
                if is_asked_on or turn.open_follow_up is not None:
                    screen.first_look(grade, score, turn.rubric)
                    self.latest = index
                else:
                    self._result(turn)
            case GradingFailed(turn=index, failure=failure) if not self.is_silent:
                screen.failure(failure)
                screen.feedback(interview.turns[index])  # an earlier grade of the turn stands
            case DisputeSettled(turn=index, criterion=criterion):
                screen.settled(interview.turns[index], criterion)
            case DisputeFailed(failure=failure):
                screen.not_settled(failure)
            case _:
                pass  # facts for the store, and what `end` shows

    def _question(self, turn: Turn, *, again: bool) -> None:
        interview, screen = self._session.interview, self._screen
        titles = dict(interview.bank.categories)
        first = turn.index if turn.retry_of is None else turn.retry_of
        screen.question(
            turn.question,
            first + 1,
            sum(t.retry_of is None for t in interview.turns),
            titles.get(turn.question.category, turn.question.category),
            again=again,
            retry=turn.retry_of is not None,
        )
        if interview.settings.mode is Mode.DRILL:
            screen.points([c.probe for c in turn.question.criteria if c.probe])

    def _result(self, turn: Turn) -> None:
        for answer in turn.answers if turn.score is None else ():
            if answer.failure is not None:
                self._screen.failure(answer.failure)
        self._screen.feedback(turn)
        self._screen.outline(turn.question)
        if turn.status is TurnStatus.GRADED:
            self.latest = turn.index
