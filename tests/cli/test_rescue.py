"""What the store would not take is found again, wherever there is a place for it."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path

import pytest

from interviewer.cli.rescue import rescued
from interviewer.errors import StoreError

FULL = StoreError("the disk is full", hint="Free some space.")
ID = "20260105-190000-aaaa"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that cannot be, since its parent is a file; the current and the temporary folder are gone."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(Path, "cwd", lambda: tmp_path / "file")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "file"))
    return tmp_path / "file" / "data"


def test_the_text_is_in_a_file_that_the_hint_names(data: Path) -> None:
    told = rescued(FULL, "my answer\nof two lines", ID, data)

    (file,) = data.iterdir()
    assert file.read_text() == "my answer\nof two lines"
    assert str(file) in str(told.hint)
    assert told.message == FULL.message


def test_the_file_is_for_its_writer_alone(data: Path) -> None:
    rescued(FULL, "my answer", ID, data)

    (file,) = data.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_earlier_file_is_not_overwritten(data: Path) -> None:
    rescued(FULL, "first", ID, data)
    rescued(FULL, "second", ID, data)

    assert {file.read_text() for file in data.iterdir()} == {"first", "second"}


def test_without_the_data_folder_the_current_one_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    rescued(FULL, "my answer", ID, tmp_path / "gone")

    (file,) = tmp_path.glob("*unsaved*")
    assert file.read_text() == "my answer"


def test_with_no_place_at_all_the_text_itself_is_told(no_place: Path) -> None:
    told = rescued(FULL, "my answer", ID, no_place)

    assert "\nmy answer\n" in str(told.hint)


@pytest.mark.parametrize("text", ["", " \n"])
def test_with_nothing_written_nothing_is_kept(data: Path, text: str) -> None:
    told = rescued(FULL, text, ID, data)

    assert list(data.iterdir()) == []
    assert told.hint == f"Free some space. All that was sent before is kept: interviewer resume {ID}"
