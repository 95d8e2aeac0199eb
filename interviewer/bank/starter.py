"""The starter bank: a small commented bank for people to make their own from."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from interviewer.bank.schema import bank_schema, schema_text

#: The schema's name in the starter bank's first line: editors look for it beside the bank.
SCHEMA_FILE = "bank.schema.json"


def starter_text() -> str:
    """The starter bank as it is written to a file: valid YAML, each key explained in a comment."""
    return (files("interviewer.bank") / "starter.yaml").read_text("utf-8")


def starter_files(target: Path) -> Mapping[Path, str]:
    """What to write for a new bank at `target`, by path: the bank, and beside it the schema that it names.

    An older schema there may be written over, the bank may not: that is the caller's to check.
    """
    return {target: starter_text(), target.parent / SCHEMA_FILE: schema_text(bank_schema())}
