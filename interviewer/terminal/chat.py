"""The conversation: reads what the candidate says, hands it to the session, shows what follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from interviewer.errors import AnswerTooLongError
from interviewer.grading.gates import refuse_over_long
from interviewer.interview.events import (
    AnswerGraded,
    AskNudge,
    AskRepeat,
    Command,
    Event,
    FollowUpAsked,
    FollowUpDeclined,
    GiveUp,
    GradeWanted,
    GradingFailed,
    InterviewFinished,
    InterviewResumed,
    NudgeGiven,
    Pause,
    QuestionAsked,
    QuestionRepeated,
    Skip,
    Submit,
    TurnSkipped,
)
from interviewer.interview.models import Status
from interviewer.interview.session import Session
from interviewer.interview.state import on_screen
from interviewer.terminal.commands import Word, looks_like_command, word_in
from interviewer.terminal.reader import LeaveError, Reader
from interviewer.terminal.screen import Screen

if TYPE_CHECKING:
    import asyncio  # like what is imported in functions here: the first question need not wait for it

_COMMANDS: dict[Word, Command] = {
    Word.SKIP: Skip(),
    Word.GIVE_UP: GiveUp(),
    Word.REPEAT: AskRepeat(),
    Word.NUDGE: AskNudge(),
}


class Chat:
    """One sitting of an interview, from the first event shown to the pause or the summary."""

    def __init__(self, session: Session, screen: Screen) -> None:
        self._session = session
        self._screen = screen
        self._grading: set[asyncio.Task[tuple[Event, ...]]] = set()
        self._warming: dict[int, asyncio.Task[None]] = {}  # by turn
        self._wanted: list[GradeWanted] = []

    def show(self, events: Sequence[Event]) -> None:
        """Show `events`; the grades that they want are carried out by `run`."""
        for position, event in enumerate(events):
            if isinstance(event, GradeWanted):
                self._wanted.append(event)
            else:
                self._show(event, events[position + 1 :])

    def want(self, grades: Sequence[GradeWanted]) -> None:
        """Have `run` carry out `grades` first."""
        self._wanted.extend(grades)

    async def run(self, reader: Reader) -> bool:
        """Talk until the interview is finished (True) or the candidate leaves (False)."""
        try:
            while True:
                await self._grade_what_is_wanted()
                if self._session.interview.status is Status.FINISHED:
                    from interviewer.interview.summary import summary_of

                    self._screen.summary(summary_of(self._session.interview))
                    return True
                self._warm()
                await self._hear(reader)
        except LeaveError as left:
            if str(left):
                self._screen.note(str(left))
            self.leave()
            return False
        finally:
            for task in (*self._grading, *self._warming.values()):
                task.cancel()

    def leave(self) -> None:
        """Pause the interview and tell how to go on. What was submitted is already stored."""
        self._session.do(Pause())
        self._screen.note(f"\nPaused. Go on with: interviewer resume {self._session.interview.id}")

    def _warm(self) -> None:
        """Let the grader get ready while the candidate reads and types; once a question."""
        turn = on_screen(self._session.interview)
        import asyncio

        if turn is not None and turn.index not in self._warming:
            self._warming[turn.index] = asyncio.create_task(self._session.warm())

    async def _hear(self, reader: Reader) -> None:
        said = await reader.read()
        word = word_in(said)
        if not reader.echoes:
            self._screen.echo(said)
        if word is Word.QUIT:
            raise LeaveError
        if word is Word.HELP:
            self._screen.help()
        elif word is Word.EDIT:
            self._screen.warning("Writing in an editor needs a terminal.")
        elif word is None and not reader.echoes and looks_like_command(said):
            self._screen.warning(f"There is no command {said.strip()}.", "/help shows those that there are.")
        elif word is not None:
            self.show(self._session.do(_COMMANDS[word]))
        else:
            self._submit(said)

    def _submit(self, text: str) -> None:
        try:
            refuse_over_long(text)
        except AnswerTooLongError as error:
            self._screen.warning(f"Not sent: {error.message}.", error.hint)
            return
        self.show(self._session.do(Submit(text=text)))

    async def _grade_what_is_wanted(self) -> None:
        """Start the grades wanted; wait for them only while there is nothing for the candidate to do."""
        import asyncio

        from interviewer.terminal.live import LiveVerdicts

        live = LiveVerdicts(self._screen)
        while self._wanted or self._grading:
            watcher = live if len(self._wanted) == 1 else None
            self._grading |= {asyncio.create_task(self._session.grade(w, watcher)) for w in self._wanted}
            self._wanted = []
            is_asked = on_screen(self._session.interview) is not None
            if is_asked:
                done = {task for task in self._grading if task.done()}
            else:
                with live:
                    done, _ = await asyncio.wait(self._grading, return_when=asyncio.FIRST_COMPLETED)
            self._grading -= done
            for task in done:
                self.show(task.result())
            if is_asked and not self._wanted:
                return

    def _show(self, event: Event, following: Iterable[Event]) -> None:
        screen, interview = self._screen, self._session.interview
        titles = dict(interview.bank.categories)
        match event:
            case InterviewResumed():
                done = sum(bool(t.answers) for t in interview.turns)
                screen.note(f"\nGoing on where you left: {done} of {len(interview.turns)} answered.")
            case QuestionAsked(turn=turn, question=question, again=again):
                category = titles.get(question.category, question.category)
                screen.question(question, turn + 1, len(interview.turns), category, again=again)
            case FollowUpAsked(follow_up=follow_up):
                screen.follow_up(follow_up.text)
            case QuestionRepeated(text=text):
                screen.note(text)
            case NudgeGiven(text=text):
                screen.nudge(text)
            case TurnSkipped():
                screen.note("Skipped.")
            case FollowUpDeclined(turn=turn):
                screen.feedback(interview.turns[turn])
                screen.outline(interview.turns[turn].question)
            case AnswerGraded(turn=index, grade=grade, score=score):
                turn_ = interview.turns[index]
                is_asked_on = any(isinstance(e, FollowUpAsked) for e in following)
                if is_asked_on or turn_.open_follow_up is not None:
                    screen.first_look(grade, score, turn_.rubric)
                else:
                    screen.feedback(turn_)
                    screen.outline(turn_.question)
            case GradingFailed(turn=turn, failure=failure):
                screen.failure(failure)
                screen.feedback(interview.turns[turn])  # an earlier grade of the turn stands
            case InterviewFinished():
                pass  # the summary follows once all grades are in
            case _:
                pass  # facts for the store
