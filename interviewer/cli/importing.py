"""`bank import`: a page of questions or hints becomes a draft bank, through the configured language model."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from interviewer.cli import hooks, wiring
from interviewer.cli.edge import Exit
from interviewer.cli.unencrypted import warn_of_clear_key
from interviewer.errors import MissingKeyError, UsageError
from interviewer.importing.asking import Importer, Progress
from interviewer.importing.drafting import ByHand, Draft
from interviewer.importing.names import slug
from interviewer.importing.output import refuse_unfit_target, rubrics_for, write_bank
from interviewer.importing.source import Page, page_of
from interviewer.importing.writing import CHECK, About, bank_text, categories_of, count_of
from interviewer.llm.usage import usage_text
from interviewer.numbers import counted
from interviewer.report.files import read_text
from interviewer.settings import Settings
from interviewer.text import one_line, printable

_NOT_A_ROLE = re.compile(
    r"\b(?:mock|top|best|common|job|technical)\b|\binterviews?\b|\bquestions?\b|\banswers?\b|\bhints?\b|"
    r"\bprep(?:aration)?\b|\bguide\b|\d+|\band\b\s*$",
    re.IGNORECASE,
)
_LONGEST_TITLE = 120


def import_bank(
    settings: Settings,
    source: Path,
    output: Path | None,
    *,
    title: str | None,
    role: str | None,
    force: bool,
    concurrency: int,
    quiet: bool,
) -> None:
    """Write the draft of a bank made from the page `source`; its path goes to standard output.

    output: None takes the page's name with the ending .yaml, in the current folder. Ends with exit code 1
    if the service failed on a part of the page.
    """
    _refuse_other_graders(settings)
    warn_of_clear_key(settings)
    page = page_of(read_text(source), source)
    target = output if output is not None else Path(f"{slug(source.stem, 'imported')}.yaml")
    refuse_unfit_target(target, force=force)
    rubrics = rubrics_for(target)
    about = _about(page, source, settings.model, title, role)
    if not quiet:
        typer.echo(f"asking {printable(wiring.describe(settings))}", err=True)
    results, spent = hooks.run(_ask(settings, page, about, concurrency, quiet=quiet))
    write_bank(target, bank_text(page, results, about, rubrics), force=force)
    typer.echo(printable(str(target)))
    failed = sum(isinstance(one, ByHand) and one.is_failed for one in results)
    if not quiet:
        count = count_of(results)
        parts = (
            counted(count.questions, "question"),
            counted(count.criteria, "criterion", "criteria"),
            f"{count.traced} of {count.facts} facts traced",
            f"{counted(count.by_hand, 'item')} to be done by hand",
        )
        checks = f"{counted(count.checks, 'place')} to check: search the file for {CHECK}"
        typer.echo(f"{', '.join(parts)}\n{checks}\n{spent}", err=True)
    if failed:
        typer.echo(f"the service failed on {failed} of {counted(len(page.items), 'item')}", err=True)
        raise typer.Exit(code=Exit.FAILED)


async def _ask(
    settings: Settings, page: Page, about: About, concurrency: int, *, quiet: bool
) -> tuple[tuple[Draft | ByHand, ...], str]:
    """What became of each item, and what all requests took, for people."""
    client = wiring.client_of(settings)
    importer = Importer(
        client,
        title=about.title,
        role=about.role,
        categories={heading: category.id for heading, category in categories_of(page).items()},
        concurrency=concurrency,
        on_progress=_ignore if quiet else _show,
    )
    try:
        results = await importer.results(page)
    finally:
        await client.aclose()
    return results, usage_text(importer.usage, settings.prices)


def _show(progress: Progress) -> None:
    result = progress.result
    if isinstance(result, Draft):
        told = f"{result.question.id}, {counted(len(result.question.criteria), 'criterion', 'criteria')}"
    else:
        told = f"to be done by hand: {one_line(result.reason, 200)}"
    typer.echo(
        f"item {progress.done} of {progress.items} (line {result.item.line}): {told}; "
        f"so far {usage_text(progress.usage)}",
        err=True,
    )


def _ignore(progress: Progress) -> None:
    """Show nothing."""


def _refuse_other_graders(settings: Settings) -> None:
    """Raise UsageError or MissingKeyError if there is no language model to ask."""
    how = "Set OPENAI_API_KEY, or give --base-url and --model of any OpenAI-compatible service."
    wanted = settings.get("grader")
    if wanted in {"fake", "local"}:
        raise UsageError(f"the {wanted} grader cannot read a page: only a language model can", hint=how)
    if wiring.kind_of(settings) != "llm" or not (settings.get("api_key") or settings.get("base_url")):
        raise MissingKeyError("no language model is set, and only one can read a page", hint=how)
    _ = settings.model, settings.prices, settings.deadline


def _about(page: Page, source: Path, model: str, title: str | None, role: str | None) -> About:
    named = one_line(title or page.title or source.stem, _LONGEST_TITLE) or "Imported questions"
    guessed = " ".join(_NOT_A_ROLE.sub(" ", named).split()).strip(" -:,&|")
    return About(
        title=named,
        role=one_line(role or guessed or named, _LONGEST_TITLE) or named,
        source=source.name,
        model=model,
    )
