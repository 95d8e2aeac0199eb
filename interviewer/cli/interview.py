"""`start` and `resume`: the interview on the terminal, or over a pipe.

The first question is on screen before anything is imported that only keeping, grading or the keyboard need:
that comes while the candidate reads, in `sitting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom
from typing import Annotated

import typer

from interviewer.bank.keep import outline_of_bank
from interviewer.bank.outline import Outline, OutlineQuestion
from interviewer.cli import completion, options, wiring
from interviewer.cli.unencrypted import warn_of_clear_key
from interviewer.errors import UsageError
from interviewer.interview.plan import plan
from interviewer.terminal.asking import Asking


def start(
    category: Annotated[
        list[str] | None,
        typer.Option(
            "--category",
            "-c",
            help="Ask from this category only; may be repeated.",
            autocompletion=completion.category_ids,
        ),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(
            "--question",
            "-q",
            help="Ask this question; may be repeated.",
            autocompletion=completion.question_ids,
        ),
    ] = None,
    count: Annotated[int | None, typer.Option("--count", "-n", help="How many questions.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="The same seed asks the same questions.")] = None,
    role: options.Role = None,
    jd: options.JobDescription = None,
    due: Annotated[
        bool, typer.Option("--due", help="Ask what is due for review, what was missed, and what is new.")
    ] = False,
    mode: options.Mode = options.ModeName.PRACTICE,
    time_limit: options.TimeLimit = None,
    total_time: options.TotalTime = None,
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
    plain: options.Plain = False,
) -> None:
    """Start an interview."""
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
        plain=plain,
    )
    wiring.refuse_unfit(settings)
    warn_of_clear_key(settings)
    lines = _lines(answers)
    asked_for = count
    outline = outline_of_bank(
        settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks"
    )
    drawn = SystemRandom().randrange(2**31) if seed is None else seed
    job = None
    if role is not None or jd is not None:
        from interviewer.cli import fitting

        job = fitting.chosen(
            settings,
            fitting.Job(role, jd),
            categories=category or (),
            ids=question or (),
            count=count,
            seed=drawn,
        )
        category, question, count = None, list(job.ids), None
    remembered = None
    if due or mode is options.ModeName.DRILL:
        if question:
            raise UsageError(
                "--due and drills choose the questions themselves",
                hint="Leave out --question, --role and --jd.",
            )
        from interviewer.cli import remembering

        if mode is options.ModeName.DRILL:
            remembered = remembering.drill(settings, categories=category or (), count=count)
        else:
            remembered = remembering.due(settings, categories=category or (), count=count, seed=drawn)
        category, question, count = None, list(remembered.ids), None
    chosen = plan(outline, categories=category or (), ids=question or (), count=count, seed=drawn)
    screen = Asking(wiring.console(), plain=settings.plain)
    if not quiet:
        minutes = [one.minutes for one in chosen]
        grades, how = wiring.describe(settings), wiring.how_to_change(settings)
        screen.banner(outline.role, outline.id, minutes, grades, how)
    if asked_for is not None and len(chosen) < asked_for:
        screen.warning(_fewer(len(chosen), asked_for))
    if job is not None and not job.is_fit:
        screen.warning(job.why)
    elif job is not None and not quiet:
        screen.note(job.why)
    if remembered is not None and not quiet:
        screen.note(remembered.why)
    _ask_first(screen, outline, chosen)
    if remembered is not None and chosen[0].id in remembered.probes:
        screen.points(remembered.probes[chosen[0].id])

    from interviewer.cli import sitting

    wanted = sitting.Wanted(
        ids=[one.id for one in chosen],
        seed=drawn,
        mode=mode,
        points=remembered.points if remembered is not None else {},
        question_seconds=time_limit and 60 * time_limit,
        total_seconds=total_time and 60 * total_time,
    )
    sitting.start(settings, wanted, lines)


def resume(
    id: options.UnfinishedId = None,
    answers: options.Answers = None,
    grader: options.Grader = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    warm_up: options.WarmUp = None,
    samples: options.Samples = None,
    no_cache: options.NoCache = False,
    quiet: options.Quiet = False,
    plain: options.Plain = False,
) -> None:
    """Go on with an interview where it was left, and grade what is not graded yet."""
    settings = wiring.settings_of(
        grader=grader,
        model=model,
        base_url=base_url,
        warm_up=warm_up,
        samples=samples,
        no_cache=no_cache,
        plain=plain,
    )
    wiring.refuse_unfit(settings)
    warn_of_clear_key(settings)
    lines = _lines(answers)

    from interviewer.cli import sitting

    sitting.resume(settings, id, lines, quiet=quiet)


def _ask_first(screen: Asking, outline: Outline, chosen: Sequence[OutlineQuestion]) -> None:
    titles = {category.id: category.title for category in outline.categories}
    screen.question(chosen[0], 1, len(chosen), titles[chosen[0].category], again=False)


def _fewer(there: int, asked_for: int) -> str:
    if there == 1:
        return f"One question fits, not {asked_for:,}: it alone is asked."
    return f"{there} questions fit, not {asked_for:,}: all of them are asked."


def _lines(answers: Path | None) -> list[str] | None:
    """The lines of the answers file; None without one. Read before anything is asked."""
    if answers is None:
        return None
    from interviewer.report.files import read_text

    return read_text(answers).split("\n")
