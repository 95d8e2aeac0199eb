"""`start` and `resume`: the interview on the terminal, or over a pipe.

What stands between the process's start and the first question is kept small on purpose: the keyboard
(prompt_toolkit) and the service's client (openai) are imported once the question is on screen.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from interviewer.bank.models import Bank
from interviewer.cli import options, wiring
from interviewer.errors import UsageError
from interviewer.grading.grader import Grader
from interviewer.interview.events import Begin
from interviewer.interview.models import BankLabel, Interview, Settings, Status, Turn
from interviewer.interview.session import Session
from interviewer.store.store import Store
from interviewer.terminal.chat import Chat
from interviewer.terminal.reader import PipedReader, Reader
from interviewer.terminal.screen import Screen


def start(
    category: Annotated[
        list[str] | None,
        typer.Option("--category", "-c", help="Ask from this category only; may be repeated."),
    ] = None,
    question: Annotated[
        list[str] | None, typer.Option("--question", "-q", help="Ask this question; may be repeated.")
    ] = None,
    count: Annotated[int | None, typer.Option("--count", "-n", help="How many questions.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="The same seed asks the same questions.")] = None,
    follow_ups: options.FollowUps = None,
    answers: options.Answers = None,
    grader: options.Grader = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    warm_up: options.WarmUp = None,
    samples: options.Samples = None,
    no_cache: options.NoCache = False,
    bank: options.Bank = None,
    rubrics: options.Rubrics = None,
    quiet: options.Quiet = False,
) -> None:
    """Start an interview."""
    from random import SystemRandom

    from interviewer.bank.keep import kept_bank
    from interviewer.interview.plan import plan

    settings = wiring.settings_of(
        bank=bank,
        rubrics=rubrics,
        grader=grader,
        model=model,
        base_url=base_url,
        follow_ups=follow_ups,
        warm_up=warm_up,
        samples=samples,
        no_cache=no_cache,
    )
    prices = settings.prices
    lines = _lines(answers)
    judge = wiring.grader_of(settings)
    loaded = kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")
    chance = SystemRandom()
    drawn = chance.randrange(2**31) if seed is None else seed
    chosen = plan(loaded, categories=category or (), ids=question or (), count=count, seed=drawn)
    now = wiring.now()
    suffix = "".join(chance.choices("abcdefghjkmnpqrstuvwxyz23456789", k=4))
    planned = Interview(
        id=f"{now:%Y%m%d-%H%M%S}-{suffix}",
        started_at=now,
        bank=_label(loaded),
        settings=Settings(
            seed=drawn,
            follow_ups=settings.follow_ups,
            grader=wiring.kind_of(settings),
            model=settings.model if wiring.kind_of(settings) == "llm" else None,
        ),
        turns=tuple(Turn(index=i, question=q, rubric=loaded.rubric_of(q)) for i, q in enumerate(chosen)),
    )
    with Store.open(settings.folders.data) as store:
        session = Session.start(planned, records=store, grader=judge, now=wiring.now)
        screen = Screen(wiring.console(), prices)
        if not quiet:
            screen.banner(planned, wiring.describe(settings), wiring.how_to_change(settings))
        _talk(session, screen, judge, lines)


def resume(
    id: options.SessionId = None,
    answers: options.Answers = None,
    grader: options.Grader = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    warm_up: options.WarmUp = None,
    samples: options.Samples = None,
    no_cache: options.NoCache = False,
    quiet: options.Quiet = False,
) -> None:
    """Go on with an interview where it was left, and grade what is not graded yet."""
    settings = wiring.settings_of(
        grader=grader,
        model=model,
        base_url=base_url,
        warm_up=warm_up,
        samples=samples,
        no_cache=no_cache,
    )
    prices = settings.prices
    lines = _lines(answers)
    judge = wiring.grader_of(settings)
    with Store.open(settings.folders.data) as store:
        interview = store.load(store.find(id, unfinished=id is None))
        session = Session(interview, records=store, grader=judge, now=wiring.now)
        screen = Screen(wiring.console(), prices)
        if interview.status is Status.FINISHED:
            if not session.ungraded():
                raise UsageError(
                    f"interview {interview.id} is finished and graded",
                    hint=f"Read it with: interviewer show {interview.id}",
                )
            screen.note("Finished; grading what is not graded yet.")
        elif not quiet:
            screen.banner(interview, wiring.describe(settings), wiring.how_to_change(settings))
        _talk(session, screen, judge, lines)


def _talk(session: Session, screen: Screen, judge: Grader, lines: list[str] | None) -> None:
    """The sitting, from the question on screen to the pause or the summary."""
    chat = Chat(session, screen)
    if session.interview.status is Status.FINISHED:
        chat.want(session.ungraded())
    else:
        chat.show(session.do(Begin()))
    # The question is on screen: from here on there is time.
    import asyncio
    import gc

    gc.enable()

    reader = _reader(session, lines)
    try:
        finished = asyncio.run(_run(chat, reader, session, screen, judge))
    except KeyboardInterrupt:
        chat.leave()
        raise
    if not finished and not reader.echoes:
        screen.note("The answers ended before the questions did.")


async def _run(chat: Chat, reader: Reader, session: Session, screen: Screen, judge: Grader) -> bool:
    try:
        finished = await chat.run(reader)
        if finished:
            await _offer_transcript(session.interview, reader, screen)
        return finished
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


def _reader(session: Session, lines: list[str] | None) -> Reader:
    if lines is not None:
        return PipedReader(lines)
    if not wiring.is_interactive():
        return PipedReader(sys.stdin)
    from interviewer.terminal.prompt import PromptReader

    return PromptReader([a.text for t in session.interview.turns for a in t.answers if a.text])


def _lines(answers: Path | None) -> list[str] | None:
    """The lines of the answers file; None without one. Read before the interview is created."""
    if answers is None:
        return None
    from interviewer.report.files import read_text

    return read_text(answers).split("\n")


def _label(bank: Bank) -> BankLabel:
    return BankLabel(
        id=bank.id,
        title=bank.title,
        role=bank.role,
        fingerprint=bank.fingerprint,
        categories=tuple((c.id, c.title) for c in bank.categories),
    )
