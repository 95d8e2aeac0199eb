"""What the program writes is its owner's alone, whatever the umask, and no link laid for it is followed."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.llm.ladder import DialectStore
from interviewer.llm.wire import Dialect
from interviewer.private import make_folder, make_own_folder, open_new
from interviewer.store.store import Store
from tests.support.commands import SAID, lay_out, service
from tests.support.program import Program, program
from tests.support.server import ScriptedServer

__all__ = ["program"]


@contextlib.contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with a file of each kind that the program reads."""
    folder = tmp_path / "place"
    folder.mkdir()
    lay_out(folder)
    monkeypatch.chdir(folder)
    return folder


def wide(*folders: Path) -> list[str]:
    """What others than its owner may do anything with, by name and mode."""
    found = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in found if not path.is_symlink()}
    return [f"{path} {mode:o}" for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)]


def test_all_that_is_written_is_its_owners_alone(program: Program, home: Path, place: Path) -> None:
    given = set(place.iterdir())
    with umask(0), ScriptedServer(behaviour=service()) as server:
        asked = ("--base-url", server.url, "--model", "m")
        runs = [
            ("config", "set", "api_key", "sk-0123456789"),
            ("start", "-q", "kv-cache", *asked),
            ("start", "-q", "memory-wall", "--grader", "local"),
            ("grade", "answers.jsonl", "-o", "graded.jsonl", *asked),
            ("grade", "answers.jsonl", "-o", "graded.csv", "--grader", "fake"),
            ("grade", "answers.jsonl", "-o", "batched.jsonl", "--batch", "--no-cache", *asked),
            ("calibrate", "labels.jsonl", "-o", "again.jsonl", "--fit", "--grader", "fake"),
            ("bank", "new", "bank.yaml"),
            ("bank", "import", "page.md", "-o", "imported.yaml", *asked),
            ("progress", "--html", "progress.html"),
            ("export", "--all", "--format", "html", "-o", "new/folder"),
            ("export", "--all", "--format", "csv", "-o", "all.csv"),
        ]
        for run in runs:
            outcome = program(*run, stdin=SAID)
            assert outcome.code in {0, 1}, (run, outcome.err)

        DialectStore(home / "cache").put("service", "m", Dialect(sampling=False))
    made = [path for path in place.iterdir() if path not in given]
    assert wide(home, *made) == []
    names = {path.name for path in made} | {path.name for path in home.rglob("*")}
    assert {
        "config.toml", "interviews.sqlite3", "dialects.json", "graded.jsonl", "graded.csv", "again.jsonl",
        "batched.jsonl.batch.json", "bank.yaml", "bank.schema.json", "imported.yaml",
        "progress.html", "all.csv",
    } <= names  # fmt: skip


def test_a_database_in_use_has_logs_for_its_owner_alone(home: Path) -> None:
    before = os.umask(0)
    try:
        with Store.open(home / "data"):
            assert {p.suffix for p in (home / "data").iterdir()} == {
                ".sqlite3",
                ".sqlite3-wal",
                ".sqlite3-shm",
            }
            assert wide(home) == []
    finally:
        os.umask(before)


def test_folders_of_the_program_that_others_can_read_are_narrowed(program: Program, home: Path) -> None:
    for folder in (home, home / "data", home / "cache", home / "cache" / "banks", home / "cache" / "grades"):
        folder.mkdir()
        folder.chmod(0o755)
    with ScriptedServer(behaviour=service()) as server:
        program("start", "-q", "kv-cache", "--base-url", server.url, "--model", "m", stdin=SAID)

    assert wide(home / "data", home / "cache") == []
    assert stat.S_IMODE(home.stat().st_mode) == 0o755  # it may be a folder of more than this program


def test_a_config_file_that_others_can_read_is_narrowed_when_it_is_written(
    program: Program, home: Path
) -> None:
    home.mkdir()
    (home / "config.toml").write_text('model = "m"\n', encoding="utf-8")
    (home / "config.toml").chmod(0o644)
    program("config", "set", "api_key", "sk-0123456789")

    assert stat.S_IMODE((home / "config.toml").stat().st_mode) == 0o600


def test_a_key_in_a_config_file_that_others_can_read_is_told_by_doctor(program: Program, home: Path) -> None:
    home.mkdir()
    config = home / "config.toml"
    config.write_text('api_key = "sk-0123456789"\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\n')
    config.chmod(0o644)
    told = program("doctor", "--json")

    (key,) = (one for one in json.loads(told.out) if one["name"] == "key")
    assert (key["state"], "others can read" in key["told"]) == ("note", True)
    assert f"chmod 600 {config}" in key["hint"]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_grades_that_are_overwritten_keep_their_permissions(program: Program, place: Path, form: str) -> None:
    out = f"graded.{form}"
    program("grade", "answers.jsonl", "-o", out, "--grader", "fake")
    (place / out).chmod(0o640)
    program("grade", "answers.jsonl", "-o", out, "--grader", "fake")

    assert stat.S_IMODE((place / out).stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("out", "ending"),
    [
        ("graded.jsonl", ".ahead"),
        ("graded.csv", ".new"),
        ("batched.jsonl", ".batch-1.jsonl"),
        ("batched.jsonl", ".batch-0.replies"),
    ],
)
def test_a_link_where_a_scratch_file_will_be_leads_nowhere(
    program: Program, place: Path, out: str, ending: str
) -> None:
    mine = place / "mine"
    mine.write_text("mine", encoding="utf-8")
    (place / (out + ending)).symlink_to(mine)
    with ScriptedServer(behaviour=service()) as server:
        asked = ("--base-url", server.url, "--model", "m")
        more = ("--batch",) if out.startswith("batched") else ("--concurrency", "2")
        program("grade", "answers.jsonl", "-o", out, *more, *asked)

    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_new_file_takes_the_place_of_a_link_and_not_of_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    with os.fdopen(open_new(tmp_path / "link"), "w") as file:
        file.write("new")

    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "link").is_symlink()


def test_a_folder_that_is_there_keeps_its_mode_unless_it_is_the_programs_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a").chmod(0o755)
    make_folder(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o755

    make_own_folder(tmp_path / "a" / "b" / "c")
    make_own_folder(tmp_path / "a")
    assert wide(tmp_path / "a") == []
