"""Files: whole or not at all, never over another by accident, and private."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given

from interviewer.errors import InterviewerError, InvalidFileError, StoreError, UsageError
from interviewer.report.files import (
    MAX_BYTES,
    default_name,
    make_folder,
    name_of,
    read_text,
    refuse_taken,
    write_parts,
    write_text,
)
from tests.report.hostile import HOSTILE
from tests.support.builders import interview

needs_posix = pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
needs_user = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="the superuser may write anywhere"
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_text_is_written_as_utf_8_with_plain_line_breaks(tmp_path: Path) -> None:
    write_text(tmp_path / "a.md", "é\n😀\n", force=False)

    assert (tmp_path / "a.md").read_bytes() == "é\n😀\n".encode()


def test_a_lone_surrogate_is_written_as_a_visible_sign(tmp_path: Path) -> None:
    write_text(tmp_path / "a.md", "a\ud83db", force=False)

    assert (tmp_path / "a.md").read_text("utf-8") == "a⟨U+D83D⟩b"


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine")

    with pytest.raises(UsageError, match="already there"):
        write_text(path, "new", force=False)

    assert path.read_text() == "mine"


def test_force_overwrites_it(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine")

    write_text(path, "new", force=True)

    assert path.read_text() == "new"


def test_force_is_no_fault_where_there_is_nothing(tmp_path: Path) -> None:
    write_text(tmp_path / "a.md", "new", force=True)

    assert (tmp_path / "a.md").read_text() == "new"


@needs_posix
def test_a_new_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    write_text(tmp_path / "a.md", "x", force=False)

    assert mode(tmp_path / "a.md") == 0o600


@needs_posix
def test_an_overwritten_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine")
    path.chmod(0o644)

    write_text(path, "new", force=True)

    assert mode(path) == 0o644


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere is not there"):
        write_text(tmp_path / "nowhere" / "a.md", "x", force=False)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(InterviewerError):
        write_text(tmp_path / "file" / "a.md", "x", force=False)


def test_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        write_text(tmp_path, "x", force=True)


@needs_posix
def test_a_device_is_not_overwritten(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(UsageError, match="not a regular file"):
        write_text(tmp_path / "pipe", "x", force=True)


@needs_posix
def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    link = tmp_path / "link.md"
    link.symlink_to("real.md")

    write_text(link, "new", force=True)

    assert link.is_symlink()
    assert (tmp_path / "real.md").read_text() == "new"


@needs_posix
def test_a_link_that_leads_nowhere_counts_as_a_file(tmp_path: Path) -> None:
    link = tmp_path / "link.md"
    link.symlink_to("gone.md")

    with pytest.raises(UsageError, match="already there"):
        write_text(link, "new", force=False)


@needs_posix
def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link.md"
    link.symlink_to("link.md")

    with pytest.raises(InterviewerError):
        write_text(link, "new", force=True)


def test_an_impossible_name_is_refused() -> None:
    with pytest.raises(UsageError):
        write_text(Path("a\0b"), "x", force=False)


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InterviewerError, match="cannot be written"):
        write_text(tmp_path / ("x" * 5000), "x", force=False)


@needs_user
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(InterviewerError, match="cannot be written"):
        write_text(tmp_path / "a.md", "x", force=False)


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    write_text(tmp_path / "a.md", "x", force=False)

    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("mine")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InterviewerError, match="No space left on device"):
        write_text(tmp_path / "a.md", "new", force=True)

    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.md": "mine"}


def test_a_transcript_is_named_after_its_interview() -> None:
    assert default_name(interview(id="20260105-190000-aaaa"), "md") == Path(
        "interview-20260105-190000-aaaa.md"
    )


@given(HOSTILE)
def test_a_transcript_s_name_leads_nowhere_else(id: str) -> None:
    assert re.fullmatch(
        r"interview(-[A-Za-z0-9_-]{1,80})?\.json", str(default_name(interview(id=id), "json"))
    )


def test_text_is_read_as_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("é\n😀".encode())

    assert read_text(tmp_path / "a.txt") == "é\n😀"


def test_a_byte_order_mark_and_kinds_of_line_break_are_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")

    assert read_text(tmp_path / "a.txt") == "a\nb\nc\n"


def test_bytes_that_are_no_utf_8_are_named_by_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\nb\xff\n")

    with pytest.raises(InvalidFileError, match="not UTF-8") as refused:
        read_text(tmp_path / "a.txt")

    assert refused.value.line == 2


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="it is not there"):
        read_text(tmp_path / "a.txt")


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError):
        read_text(tmp_path)


def test_a_name_that_no_file_can_have_cannot_be_read() -> None:
    with pytest.raises(InvalidFileError, match="cannot be read"):
        read_text(Path("a\0b"))


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    with pytest.raises(InvalidFileError, match="too large"):
        read_text(tmp_path / "a.txt")


def test_parts_are_written_one_after_the_other(tmp_path: Path) -> None:
    write_parts(tmp_path / "a.csv", iter((b"one,", b"two")), force=False)

    assert (tmp_path / "a.csv").read_bytes() == b"one,two"


def test_where_parts_end_early_nothing_is_left_behind(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise StoreError("the store is damaged")

    with pytest.raises(StoreError):
        write_parts(tmp_path / "a.csv", broken(), force=False)

    assert list(tmp_path.iterdir()) == []


def test_a_taken_name_is_told_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("mine")

    with pytest.raises(UsageError, match="already there"):
        refuse_taken(tmp_path / "a.md", force=False)
    refuse_taken(tmp_path / "a.md", force=True)
    refuse_taken(tmp_path / "b.md", force=False)


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("name", ["file", "file/below", "nul\0"])
def test_what_cannot_be_a_folder_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")

    with pytest.raises(InterviewerError):
        make_folder(tmp_path / name)


def test_a_name_is_made_of_the_id_alone() -> None:
    assert name_of("../../a b\x1b[31m", "html") == Path("interview-a-b-31m.html")
