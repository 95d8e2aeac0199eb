"""`questions` and `bank check|schema|new|import`: the bank for those who practise and those who write one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli import completion, options, wiring
from interviewer.text import one_line, printable

bank_app = typer.Typer(help="Write and check banks of your own.", no_args_is_help=True, rich_markup_mode=None)


def questions(
    category: Annotated[
        list[str] | None,
        typer.Option(
            "--category",
            "-c",
            help="Only this category; may be repeated.",
            autocompletion=completion.category_ids,
        ),
    ] = None,
    bank: options.Bank = None,
    rubrics: options.Rubrics = None,
    as_json: options.AsJson = False,
) -> None:
    """List the questions of the bank."""
    from rich.padding import Padding
    from rich.text import Text

    from interviewer.bank.load import load_bank
    from interviewer.interview.plan import check_categories

    settings = wiring.settings_of(bank=bank, rubrics=rubrics)
    loaded = load_bank(settings.path("bank"), settings.path("rubrics"))
    check_categories(loaded, category or ())
    wanted = [c for c in loaded.categories if not category or c.id in category]
    if as_json:
        ids = {c.id for c in wanted}
        asked = [q.model_dump(mode="json") for q in loaded.questions if q.category in ids]
        typer.echo(json.dumps(asked, indent=2))
        return
    console = wiring.console()
    for group in wanted:
        members = [q for q in loaded.questions if q.category == group.id]
        console.print(Text(f"{printable(group.title)} ({group.id})", "bold"))
        for question in members:
            console.print(Padding(Text(question.id, "cyan"), (0, 2)))
            console.print(Padding(Text(printable(question.text)), (0, 4)))
        console.print()


@bank_app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="The bank to check.")],
    rubrics: options.Rubrics = None,
) -> None:
    """Check a bank: every error with file and line, then advice."""
    from interviewer.bank.advice import advice_on
    from interviewer.bank.load import check_bank, load_bank

    errors = check_bank(file, rubrics)
    for error in errors:
        typer.echo(printable(error.message), err=True)
        if error.hint:
            typer.echo(f"  {printable(error.hint)}", err=True)
    if errors:
        raise typer.Exit(code=4)
    loaded = load_bank(file, rubrics)
    for advice in advice_on(loaded):
        where = f"{advice.question}/{advice.criterion}" if advice.criterion else advice.question
        typer.echo(f"advice: {where}: {one_line(advice.message, 300)}", err=True)
    criteria = sum(len(q.criteria) for q in loaded.questions)
    counts = (
        f"{len(loaded.questions)} questions in {len(loaded.categories)} categories, {criteria} criteria, "
        f"{len(loaded.rubrics)} rubrics"
    )
    typer.echo(f"{printable(str(file))}: valid: {counts}, fingerprint {loaded.fingerprint}")


@bank_app.command("schema")
def schema(
    rubric: Annotated[
        bool, typer.Option("--rubric", help="The schema of a rubric instead of a bank.")
    ] = False,
) -> None:
    """Print the JSON Schema of a bank, for editors."""
    from interviewer.bank.schema import bank_schema, rubric_schema, schema_text

    typer.echo(schema_text(rubric_schema() if rubric else bank_schema()), nl=False)


@bank_app.command("new")
def new(
    file: Annotated[Path, typer.Argument(help="The bank to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write a small bank with comments to start from."""
    from interviewer.bank.starter import starter_files
    from interviewer.report.files import write_text

    for path, text in starter_files(file).items():
        write_text(path, text, force=force or path != file)  # a schema of an earlier bank may lie there
        typer.echo(f"wrote {printable(str(path))}", err=True)
    shown = printable(str(file))
    typer.echo(f"Check it with:  interviewer bank check {shown}\nTry it with:    interviewer --bank {shown}")


@bank_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The page: text, Markdown or simple HTML, in UTF-8.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The bank to write [default: the page's name with .yaml]."),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="The bank's title [default: the page's].")
    ] = None,
    role: Annotated[
        str | None, typer.Option("--role", help="Whom the interview is for [default: from the title].")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=32, help="How many items are asked for at once.")
    ] = 4,
    grader: options.Grader = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    quiet: options.Quiet = False,
) -> None:
    """Draft a bank from a page of questions or hints, with a language model; a person must check it."""
    from interviewer.cli.importing import import_bank

    import_bank(
        wiring.settings_of(grader=grader, model=model, base_url=base_url),
        file,
        output,
        title=title,
        role=role,
        force=force,
        concurrency=concurrency,
        quiet=quiet,
    )
