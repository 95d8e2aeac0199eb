"""The formats of answers and grades: JSON lines, or CSV; named by the file, or by the command."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

_ENDINGS = {".csv": "csv", ".tsv": "csv", ".json": "jsonl", ".jsonl": "jsonl", ".ndjson": "jsonl"}


class Format(StrEnum):
    """How lines are written."""

    JSONL = "jsonl"
    CSV = "csv"


def format_of(file: Path | None, otherwise: Format | None) -> Format:
    """What the file's name says; `otherwise` for a pipe, and for a name that says nothing."""
    said = _ENDINGS.get(file.suffix.lower()) if file is not None else None
    return Format(said) if said else otherwise or Format.JSONL
