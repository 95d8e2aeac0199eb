"""Interviews as files: one, or all that are kept, in each format."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from interviewer import __version__
from interviewer.errors import UsageError
from interviewer.numbers import counted
from interviewer.text import printable

if TYPE_CHECKING:
    from interviewer.report.transcript import Transcript
    from interviewer.store.store import Store


class Format(StrEnum):
    """What a transcript can be exported as."""

    MD = "md"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


#: Formats of which one file holds many interviews.
_TOGETHER = {Format.JSONL, Format.CSV}


def print_schema() -> None:
    """The JSON Schema of json and jsonl on standard output."""
    from interviewer.bank.schema import schema_text
    from interviewer.report.json_format import transcript_schema

    typer.echo(schema_text(transcript_schema()), nl=False)


def export_one(
    store: Store, id: str | None, format: Format, output: Path | None, *, force: bool, redact: bool
) -> None:
    """Write the interview that `id` names (None: the latest) to `output`, or to standard output."""
    from interviewer.report.files import refuse_taken, write_parts

    found = store.find(id)
    if output is None:
        _refuse_terminal(found, format)
        typer.echo(_whole(_transcript(store, found, redact=redact), format), nl=False)
        return
    refuse_taken(output, force=force)  # before a second is spent on a PDF
    write_parts(output, (_whole(_transcript(store, found, redact=redact), format),), force=force)
    _tell(f"wrote {output}")


def export_all(store: Store, format: Format, output: Path | None, *, force: bool, redact: bool) -> None:
    """Write every interview, the oldest first: csv and jsonl to one file, the rest to one each in a folder.

    output: that file or folder; the folder is made if it is not there. None: standard output, for one file.
    Raises UsageError, before anything is written, where there are none, where a folder is needed and none is
    named, or where a file is there already.
    """
    from interviewer.report.files import make_folder, name_of, refuse_taken, write_parts

    ids = store.ids()
    if not ids:
        store.find()  # says that there are none, and how to begin
    if format in _TOGETHER:
        parts = _together(store, ids, format, redact=redact)
        if output is None:
            for part in parts:
                typer.echo(part, nl=False)
            return
        write_parts(output, parts, force=force)
        _tell(f"wrote {counted(len(ids), 'interview')} to {output}")
        return
    if output is None:
        raise UsageError(
            f"all interviews as {format} are a file each",
            hint="Name a folder with -o, or take --format jsonl or csv, which are one file.",
        )
    make_folder(output)
    targets = _targets(output, [name_of(id, format) for id in ids])
    for target in targets:
        refuse_taken(target, force=force)
    for id, target in zip(ids, targets, strict=True):
        whole = _whole(_transcript(store, id, redact=redact), format)
        write_parts(target, (whole,), force=force)
    _tell(f"wrote {counted(len(ids), 'file')} to {output}")


def _targets(folder: Path, names: list[Path]) -> list[Path]:
    """The files, each once: ids that differ in unsafe characters alone get a number."""
    taken: set[Path] = set()
    targets = []
    for name in names:
        target, number = folder / name, 1
        while target in taken:
            number += 1
            target = folder / f"{name.stem}-{number}{name.suffix}"
        taken.add(target)
        targets.append(target)
    return targets


def _transcript(store: Store, id: str, *, redact: bool) -> Transcript:
    from interviewer.report.transcript import transcript_of

    return transcript_of(store.load(id), __version__, redact=redact)


def _together(store: Store, ids: tuple[str, ...], format: Format, *, redact: bool) -> Iterator[bytes]:
    """What one file of all interviews holds, an interview at a time."""
    from interviewer.report.files import encoded

    if format is Format.CSV:
        from interviewer.report.csv_format import csv_head, csv_rows

        yield encoded(csv_head())
        for id in ids:
            yield encoded(csv_rows(_transcript(store, id, redact=redact)))
        return
    for id in ids:
        yield _whole(_transcript(store, id, redact=redact), format)


def _whole(transcript: Transcript, format: Format) -> bytes:
    """A file of one interview."""
    from interviewer.report.files import encoded

    match format:
        case Format.MD:
            from interviewer.report.markdown import to_markdown

            return encoded(to_markdown(transcript))
        case Format.JSON | Format.JSONL:
            from interviewer.report.json_format import to_json, to_json_line

            return encoded(to_json(transcript) if format is Format.JSON else to_json_line(transcript))
        case Format.CSV:
            from interviewer.report.csv_format import to_csv

            return encoded(to_csv(transcript))
        case Format.HTML | Format.PDF:
            from interviewer.report.html_transcript import to_html

            if format is Format.HTML:
                return encoded(to_html(transcript))
            from interviewer.report.pdf import refuse_without_pdf, to_pdf

            refuse_without_pdf()
            return to_pdf(to_html(transcript))


def _refuse_terminal(id: str, format: Format) -> None:
    from interviewer.report.files import name_of

    if format is Format.PDF and sys.stdout.isatty():
        raise UsageError(
            "a PDF is nothing for a terminal", hint=f"Write it to a file: -o {name_of(id, 'pdf')}"
        )


def _tell(text: str) -> None:
    typer.echo(printable(text), err=True)
