"""A bank that was read before is the same as one that is read now."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.bank.keep import MOST_KEPT, kept_bank, outline_of_bank
from interviewer.bank.load import load_bank
from interviewer.bank.outline import outline_of
from interviewer.bank.starter import starter_files
from interviewer.errors import InvalidFileError
from interviewer.interview.plan import plan


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    target = tmp_path / "bank.yaml"
    for path, text in starter_files(target).items():
        path.write_text(text, encoding="utf-8")
    return target


def test_a_kept_bank_equals_the_bank_as_read(bank: Path, tmp_path: Path) -> None:
    first = kept_bank(bank, None, tmp_path / "kept")

    assert kept_bank(bank, None, tmp_path / "kept") == first == load_bank(bank)


def test_the_shipped_bank_is_kept_too(tmp_path: Path) -> None:
    kept_bank(None, None, tmp_path)

    assert kept_bank(None, None, tmp_path) == load_bank()


def test_a_changed_file_is_read_anew(bank: Path, tmp_path: Path) -> None:
    kept_bank(bank, None, tmp_path / "kept")
    bank.write_text(bank.read_text(encoding="utf-8").replace("Barista interview", "Another title"))

    assert kept_bank(bank, None, tmp_path / "kept").title == "Another title"


def test_a_broken_kept_file_is_made_anew(bank: Path, tmp_path: Path) -> None:
    kept_bank(bank, None, tmp_path / "kept")
    (kept,) = (tmp_path / "kept").glob("*.bank.json")
    kept.write_text("{", encoding="utf-8")

    assert kept_bank(bank, None, tmp_path / "kept") == load_bank(bank)
    assert kept.read_text(encoding="utf-8") != "{"


def test_a_folder_that_cannot_be_written_is_no_fault(bank: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert kept_bank(bank, None, tmp_path / "file" / "kept") == load_bank(bank)


def test_an_invalid_bank_is_refused_each_time(bank: Path, tmp_path: Path) -> None:
    bank.write_text("version: 2", encoding="utf-8")

    for _ in range(2):
        with pytest.raises(InvalidFileError):
            kept_bank(bank, None, tmp_path / "kept")


def test_only_the_newest_banks_are_kept(bank: Path, tmp_path: Path) -> None:
    text = bank.read_text(encoding="utf-8")
    for number in range(MOST_KEPT + 3):
        bank.write_text(f"{text}# {number}\n", encoding="utf-8")
        kept_bank(bank, None, tmp_path / "kept")

    assert len(list((tmp_path / "kept").iterdir())) == 2 * MOST_KEPT


def test_the_outline_is_the_same_whether_kept_or_made(bank: Path, tmp_path: Path) -> None:
    made = outline_of_bank(bank, None, tmp_path / "kept")

    assert outline_of_bank(bank, None, tmp_path / "kept") == made == outline_of(load_bank(bank))


@pytest.mark.parametrize("broken", ["", "[]", "{}", "[1, 2, 3]", '["a", "b", [[1]], []]', "\x00"])
def test_a_broken_outline_is_made_anew(bank: Path, tmp_path: Path, broken: str) -> None:
    made = outline_of_bank(bank, None, tmp_path / "kept")
    (kept,) = (tmp_path / "kept").glob("*.outline.json")
    kept.write_text(broken, encoding="utf-8")

    assert outline_of_bank(bank, None, tmp_path / "kept") == made


def test_an_outline_draws_the_same_questions_as_its_bank(bank: Path, tmp_path: Path) -> None:
    loaded = load_bank()
    drawn = plan(outline_of(loaded), seed=7)

    assert [one.id for one in drawn] == [one.id for one in plan(loaded, seed=7)]
