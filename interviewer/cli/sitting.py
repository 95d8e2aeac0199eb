"""A sitting: an interview with its store, grader, screen and keyboard, once the first question is asked."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

from interviewer.bank.keep import kept_bank
from interviewer.bank.models import Bank, Question
from interviewer.cli import graders, hooks, wiring
from interviewer.cli.clock import steady_clock
from interviewer.cli.rescue import rescued
from interviewer.errors import InvalidFileError, StoreError, UsageError
from interviewer.grading.grader import Grader
from interviewer.interview.events import Begin, QuestionAsked
from interviewer.interview.models import BankLabel, Interview, Mode, Settings, Status, Turn
from interviewer.interview.plan import plan
from interviewer.interview.session import Session
from interviewer.settings import Settings as Configured
from interviewer.store.store import Store
from interviewer.terminal.chat import Chat
from interviewer.terminal.reader import PipedReader, Reader
from interviewer.terminal.screen import Screen

_ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The interview that is wanted.

    ids: of the questions. points: of a drill, the criteria of each question that it asks about, by id.
    question_seconds, total_seconds: limits, or None.
    """

    ids: Sequence[str]
    seed: int
    mode: str = Mode.PRACTICE
    points: Mapping[str, Collection[str]] = field(default_factory=dict)
    question_seconds: float | None = None
    total_seconds: float | None = None


def start(settings: Configured, wanted: Wanted, lines: list[str] | None) -> None:
    """A new interview, the first question of which is on screen. lines: piped answers."""
    gc.enable()
    bank = kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")
    planned = _planned(settings, bank, wanted)
    judge = graders.grader_of(settings, is_interview=True)
    with Store.open(settings.folders.data) as store:
        session = Session.start(planned, records=store, grader=judge, now=steady_clock())
        screen = Screen(wiring.console(), settings.prices, plain=settings.plain)
        chat = Chat(session, screen)
        chat.show([event for event in session.do(Begin()) if not isinstance(event, QuestionAsked)])
        _talk(chat, session, screen, judge, lines, settings)


def resume(settings: Configured, id: str | None, lines: list[str] | None, *, quiet: bool) -> None:
    """Go on with an interview, the newest unfinished one without an `id`.

    Raises UsageError if there is none, or nothing in it is open.
    """
    gc.enable()
    judge = graders.grader_of(settings, is_interview=True)
    with Store.open(settings.folders.data) as store:
        interview = store.load(store.find(id, unfinished=id is None))
        session = Session(interview, records=store, grader=judge, now=steady_clock())
        screen = Screen(wiring.console(), settings.prices, plain=settings.plain)
        chat = Chat(session, screen)
        if interview.status is Status.FINISHED:
            if not session.ungraded() and not session.unsettled():
                raise UsageError(
                    f"interview {interview.id} is finished and graded",
                    hint=f"Read it with: interviewer show {interview.id}",
                )
            screen.note("Finished; grading what is not graded yet.")
            chat.want([*session.ungraded(), *session.unsettled()])
        else:
            if not quiet:
                minutes = [turn.question.minutes for turn in interview.turns]
                grades, how = wiring.describe(settings), wiring.how_to_change(settings)
                screen.banner(interview.bank.role, interview.bank.id, minutes, grades, how)
            chat.show(session.do(Begin()))
            chat.want(session.provisional())
        _talk(chat, session, screen, judge, lines, settings)


def _planned(settings: Configured, bank: Bank, wanted: Wanted) -> Interview:
    """The interview that is wanted, with nothing asked yet."""
    now = wiring.now()
    kind = wiring.kind_of(settings)
    questions = [_drilled(q, wanted) for q in plan(bank, ids=wanted.ids, seed=wanted.seed)]
    return Interview(
        id=f"{now:%Y%m%d-%H%M%S}-{''.join(SystemRandom().choices(_ID_LETTERS, k=4))}",
        started_at=now,
        bank=_label(bank),
        settings=Settings(
            seed=wanted.seed,
            follow_ups=settings.follow_ups,
            grader=kind,
            model=settings.model if kind == "llm" else None,
            mode=Mode(wanted.mode),
            question_seconds=wanted.question_seconds,
            total_seconds=wanted.total_seconds,
        ),
        turns=tuple(Turn(index=i, question=q, rubric=bank.rubric_of(q)) for i, q in enumerate(questions)),
    )


def _drilled(question: Question, wanted: Wanted) -> Question:
    """`question` with the criteria alone that are drilled: what else it asks for does not count."""
    points = wanted.points.get(question.id, ())
    # A bank that was edited since may have none of them any more.
    left = tuple(c for c in question.criteria if c.id in points)
    return question.model_copy(update={"criteria": left}) if left else question


def _talk(
    chat: Chat,
    session: Session,
    screen: Screen,
    judge: Grader,
    lines: list[str] | None,
    settings: Configured,
) -> None:
    """From the question on screen to the pause or the summary."""
    try:
        try:
            reader = _reader(session, lines, plain=settings.plain)
            hooks.run(_run(chat, reader, session, screen, judge))
        except (KeyboardInterrupt, InvalidFileError):
            chat.leave()
            raise
    except StoreError as error:
        raise rescued(error, chat.unsaved, session.interview.id, settings.folders.data) from error


async def _run(chat: Chat, reader: Reader, session: Session, screen: Screen, judge: Grader) -> None:
    try:
        if await chat.run(reader):
            await _offer_transcript(session.interview, reader, screen)
    finally:
        await judge.aclose()


async def _offer_transcript(interview: Interview, reader: Reader, screen: Screen) -> None:
    from interviewer import __version__
    from interviewer.report.files import default_name, write_text
    from interviewer.report.markdown import to_markdown
    from interviewer.report.transcript import transcript_of

    target = Path(default_name(interview, "md"))
    if reader.echoes and await reader.confirm(f"\nSave the transcript as {target}?", default=True):
        write_text(target, to_markdown(transcript_of(interview, __version__)), force=False)
        screen.note(f"Saved {target}.")
    screen.note(f"Later: interviewer export {interview.id} --format md")


def _reader(session: Session, lines: list[str] | None, *, plain: bool) -> Reader:
    if lines is not None:
        return PipedReader(lines)
    if not wiring.is_interactive():
        return PipedReader(_piped())
    from interviewer.terminal.prompt import PromptReader

    earlier = [a.text for t in session.interview.turns for a in t.answers if a.text]
    return PromptReader(earlier, plain=plain)


def _piped() -> Iterator[str]:
    """Lines of standard input. Raises InvalidFileError for one that is no UTF-8.

    Read apart from `sys.stdin`: a thread that waits in it would hold its lock when the program ends.
    """
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                raise InvalidFileError(
                    "not UTF-8", file="standard input", line=number, hint="Pipe the answers as UTF-8 text."
                ) from None
            yield text


def _label(bank: Bank) -> BankLabel:
    return BankLabel(
        id=bank.id,
        title=bank.title,
        role=bank.role,
        fingerprint=bank.fingerprint,
        categories=tuple((c.id, c.title) for c in bank.categories),
    )
