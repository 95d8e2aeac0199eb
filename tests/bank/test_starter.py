"""The starter bank works as it is, and explains each key that people may write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interviewer.bank.advice import advice_on
from interviewer.bank.load import check_bank, load_bank
from interviewer.bank.models import BankFile, Category, Criterion, Misconception, Question
from interviewer.bank.schema import bank_schema, schema_text
from interviewer.bank.starter import SCHEMA_FILE, starter_files, starter_text
from tests.bank import bank_file


def test_it_has_no_faults(tmp_path: Path) -> None:
    assert check_bank(bank_file(tmp_path, starter_text())) == ()


def test_nothing_in_it_needs_advice(tmp_path: Path) -> None:
    assert advice_on(load_bank(bank_file(tmp_path, starter_text()))) == ()


@pytest.mark.parametrize(
    "key",
    sorted({key for m in (BankFile, Category, Criterion, Misconception, Question) for key in m.model_fields}),
)
def test_every_key_that_people_may_write_stands_in_it(key: str) -> None:
    assert re.search(rf"^[ #-]*(Optional `)?{key}:", starter_text(), re.MULTILINE)


def test_its_first_line_names_the_schema_for_editors() -> None:
    assert starter_text().startswith(f"# yaml-language-server: $schema={SCHEMA_FILE}\n")


def test_the_schema_comes_beside_it() -> None:
    assert dict(starter_files(Path("mine/coffee.yaml"))) == {
        Path("mine/coffee.yaml"): starter_text(),
        Path("mine") / SCHEMA_FILE: schema_text(bank_schema()),
    }
