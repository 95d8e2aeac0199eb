"""The conversation: reads what the candidate says, hands it to the session, shows what follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from interviewer.errors import AnswerTooLongError, OutOfTurnError, StoreError
from interviewer.grading.gates import refuse_over_long
from interviewer.interview.events import (
    AskNudge,
    AskRepeat,
    Command,
    DisputeVerdict,
    End,
    Event,
    GiveUp,
    GradeWanted,
    KeepDraft,
    Pause,
    Retry,
    RulingWanted,
    Skip,
    Submit,
    TimeUp,
)
from interviewer.interview.models import Status
from interviewer.interview.session import Session
from interviewer.interview.state import on_screen
from interviewer.terminal import looking_back
from interviewer.terminal.commands import LOOKING_BACK, Said, Word, command_in, looks_like_command
from interviewer.terminal.reader import EndError, LeaveError, Moment, Reader, TimeUpError
from interviewer.terminal.screen import Screen
from interviewer.terminal.showing import Showing

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
        self._showing = Showing(session, screen)
        self._grading: set[asyncio.Task[tuple[Event, ...]]] = set()
        self._warming: dict[int, asyncio.Task[None]] = {}  # by turn
        self._wanted: list[GradeWanted | RulingWanted] = []
        self._unsaved = ""

    @property
    def unsaved(self) -> str:
        """What the candidate wrote last, if the store would not take it; else empty."""
        return self._unsaved

    def show(self, events: Sequence[Event]) -> None:
        """Show `events`; the grades that they want are carried out by `run`."""
        self._wanted.extend(e for e in events if isinstance(e, GradeWanted | RulingWanted))
        self._showing.show(events)

    def want(self, grades: Sequence[GradeWanted | RulingWanted]) -> None:
        """Have `run` carry out `grades` first."""
        self._wanted.extend(grades)

    async def run(self, reader: Reader) -> bool:
        """Talk until the interview is finished (True) or the candidate leaves (False)."""
        try:
            if reader.echoes and self._draft():
                self._screen.note("What you had typed is back.")
            while True:
                await self._grade_what_is_wanted()
                if self._session.interview.status is not Status.FINISHED:
                    self._warm()
                    await self._hear(reader)
                    continue
                self._showing.end()
                said = await reader.aside()
                if said is None:
                    return True
                self._look_back_at_the_end(said, echoes=reader.echoes)
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
        moment = Moment(draft=self._draft(), keep=self._keep, left=self._session.time_left)
        try:
            said = await reader.read(moment)
        except TimeUpError as over:
            self._screen.warning("Time is up." + (" What you typed is sent." if str(over).strip() else ""))
            # All of it, though no grader may take so much: it is kept then, and has no grade.
            self.show(self._stored(TimeUp(text=str(over))))
            return
        except EndError:
            self.show(self._session.do(End()))
            return
        try:
            self._heed(said, echoes=reader.echoes)
        except AnswerTooLongError as error:
            self._echo(said, echoes=reader.echoes)
            self._keep(said)
            self._screen.warning(f"Not sent: {error.message}.", error.hint)
        except OutOfTurnError as error:
            self._screen.warning(f"Not now: {error.message}.", error.hint)
        except StoreError as error:
            if not reader.echoes:
                raise
            self._screen.warning(f"Not saved: {error.message}.", error.hint)
            self._screen.note("Nothing is lost: what you wrote stands below, and can be sent again.")

    def _heed(self, said: str, *, echoes: bool) -> None:
        """Obey a command, or send an answer; what is echoed of an answer is on disk.

        Raises OutOfTurnError, AnswerTooLongError, StoreError.
        """
        command = command_in(said)
        if command is not None:
            self._echo(said, echoes=echoes)
            self._obey(command)
        elif not echoes and looks_like_command(said):
            self._screen.echo(said)
            self._screen.warning(f"There is no command {said.strip()}.", "/help shows those that there are.")
        else:
            refuse_over_long(said)
            events = self._stored(Submit(text=said))
            self._echo(said, echoes=echoes)
            self.show(events)

    def _echo(self, said: str, *, echoes: bool) -> None:
        if not echoes:
            self._screen.echo(said)

    def _stored(self, command: Submit | TimeUp | KeepDraft) -> tuple[Event, ...]:
        """What follows from a command with text in it, which is held here if the store will not take it."""
        try:
            events = self._session.do(command)
        except StoreError:
            self._unsaved = command.text
            raise
        self._unsaved = ""
        return events

    def _draft(self) -> str:
        """What was typed for what is on screen, and not sent."""
        return self._unsaved or self._kept()

    def _kept(self) -> str:
        """The same, as the store has it."""
        turn = on_screen(self._session.interview)
        return turn.draft.text if turn is not None and turn.draft is not None else ""

    def _keep(self, text: str) -> None:
        """Store what is typed, if it is new; the beginning of a command is none of it."""
        is_command = text.startswith("/") and len(text.split()) < 2
        if not is_command and text != self._kept() and on_screen(self._session.interview) is not None:
            self._stored(KeepDraft(text=text))

    def _obey(self, said: Said) -> None:
        """Carry out a command. Raises OutOfTurnError if it does not fit the moment."""
        match said.word:
            case Word.QUIT:
                raise LeaveError
            case Word.END:
                self.show(self._session.do(End()))
            case Word.HELP:
                self._screen.help()
            case Word.TIME:
                self._showing.time()
            case Word.EDIT:
                self._screen.warning("Writing in an editor needs a terminal.")
            case word if word in LOOKING_BACK:
                self._look_back(said)
            case word:
                self.show(self._session.do(_COMMANDS[word]))

    def _look_back(self, said: Said) -> None:
        interview, latest = self._session.interview, self._showing.latest
        waiting = on_screen(interview)
        if self._showing.is_silent:
            raise OutOfTurnError("in an exam there is no feedback before the end")
        match said.word:
            case Word.RETRY:
                turn = looking_back.question_meant(interview, latest, said)
                self.show(self._session.do(Retry(turn=turn.index)))
            case Word.DISPUTE:
                turn, criterion, argument = looking_back.point_meant(interview, latest, said)
                command = DisputeVerdict(turn=turn.index, criterion=criterion, argument=argument)
                self.show(self._session.do(command))
            case Word.OUTLINE if waiting is not None and waiting.open_follow_up is not None and not said.rest:
                # It would give the follow-up's answer away: with the outline, that is left.
                self.show(self._session.do(Skip()))
            case _:
                looking_back.show(self._screen, interview, latest, said)

    def _look_back_at_the_end(self, text: str, *, echoes: bool) -> None:
        self._echo(text, echoes=echoes)
        said = command_in(text)
        try:
            if said is not None and said.word is Word.HELP:
                self._screen.help()
            elif said is not None and said.word in LOOKING_BACK:
                self._look_back(said)
            else:
                self._screen.warning("The interview is over.", "/help shows what you can still do.")
        except OutOfTurnError as error:
            self._screen.warning(f"Not now: {error.message}.", error.hint)

    async def _grade_what_is_wanted(self) -> None:
        """Start the grades wanted; wait for them only while there is nothing for the candidate to do.

        A second look is waited for: it was asked for just now.
        """
        import asyncio

        from interviewer.terminal.live import LiveVerdicts

        live = LiveVerdicts(self._screen)
        rulings: set[asyncio.Task[tuple[Event, ...]]] = set()
        while self._wanted or self._grading:
            watcher = live if len(self._wanted) == 1 and not self._showing.is_silent else None
            for wanted in self._wanted:
                if isinstance(wanted, RulingWanted):
                    rulings.add(asyncio.create_task(self._session.rule(wanted)))
                else:
                    self._grading.add(asyncio.create_task(self._session.grade(wanted, watcher)))
            self._wanted, self._grading = [], self._grading | rulings
            is_asked = on_screen(self._session.interview) is not None
            if is_asked and not rulings:
                done = {task for task in self._grading if task.done()}
            else:
                with live:
                    live.waiting_for(len(self._grading))
                    done, _ = await asyncio.wait(self._grading, return_when=asyncio.FIRST_COMPLETED)
            self._grading -= done
            rulings -= done
            for task in done:
                self.show(task.result())
            if is_asked and not rulings and not self._wanted:
                return
