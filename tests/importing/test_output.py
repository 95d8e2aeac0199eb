"""The draft goes to disk whole, for its owner alone, and only if it is a valid bank."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.bank.starter import SCHEMA_FILE, starter_text
from interviewer.errors import InterviewerError, InvalidFileError, UsageError
from interviewer.importing.output import refuse_unfit_target, rubrics_for, write_bank


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_a_bank_is_written_for_its_owner_alone_and_the_schema_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "bank.yaml"
    write_bank(target, starter_text(), force=False)

    assert target.read_text(encoding="utf-8") == starter_text()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(f.name for f in tmp_path.iterdir()) == sorted([SCHEMA_FILE, "bank.yaml"])


def test_what_is_no_bank_is_not_put_in_place(tmp_path: Path) -> None:
    target = tmp_path / "bank.yaml"
    target.write_text("mine", encoding="utf-8")

    with pytest.raises(InvalidFileError):
        write_bank(target, starter_text().replace("version: 1", "version: 2"), force=True)

    assert [(f.name, f.read_text(encoding="utf-8")) for f in tmp_path.iterdir()] == [("bank.yaml", "mine")]


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path) -> None:
    target = tmp_path / "bank.yaml"
    target.write_text("mine", encoding="utf-8")
    target.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(target)

    with pytest.raises(UsageError, match="already there"):
        write_bank(target, starter_text(), force=False)
    assert target.read_text(encoding="utf-8") == "mine"

    write_bank(link, starter_text(), force=True)
    assert target.read_text(encoding="utf-8") == starter_text()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert link.is_symlink()


@pytest.mark.parametrize("name", ["", "no/such/folder.yaml", "a\0b"])
def test_a_place_where_no_file_can_be_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        refuse_unfit_target(tmp_path / name, force=True)


def test_a_disk_that_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(InterviewerError, match="No space left"):
        write_bank(tmp_path / "bank.yaml", starter_text(), force=False)
    assert not list(tmp_path.iterdir())


def test_the_rubrics_are_the_shipped_ones_or_those_beside_the_bank(tmp_path: Path) -> None:
    assert rubrics_for(tmp_path / "bank.yaml") == ("technical", "scenario", "behavioral")

    folder = tmp_path / "rubrics"
    folder.mkdir()
    with pytest.raises(InvalidFileError):
        rubrics_for(tmp_path / "bank.yaml")
    (folder / "own.yaml").touch()
    (folder / "behavioral.yaml").touch()
    assert rubrics_for(tmp_path / "bank.yaml") == ("behavioral", "own")
