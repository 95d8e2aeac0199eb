"""`export`: one interview or all, in every format, to a file, a folder or standard output."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from interviewer import extras
from interviewer.interview.events import InterviewStarted
from interviewer.report.json_format import from_json
from interviewer.store.store import Store
from tests.report.reading import answers_in_html
from tests.report.samples import WHOLE, answer, turn, with_turns
from tests.support.builders import ANSWER
from tests.support.program import Program
from tests.support.strings import STRINGS

TEXT_FORMATS = ["md", "html", "json", "jsonl", "csv"]


@pytest.fixture
def kept(home: Path) -> Path:
    """A home with two interviews, `first` and `second`."""
    with Store.open(home / "data") as store:
        for number, id in enumerate(("first", "second")):
            started = WHOLE.started_at.replace(day=5 + number)
            interview = WHOLE.model_copy(update={"id": id, "started_at": started})
            store.record(id, InterviewStarted(interview=interview))
    return home


@pytest.mark.parametrize("format", TEXT_FORMATS)
def test_every_format_goes_to_standard_output(program: Program, kept: Path, format: str) -> None:
    outcome = program("export", "first", "--format", format)

    assert outcome.code == 0
    assert "Latency is the time that one request takes." in outcome.out
    assert outcome.err == ""


@pytest.mark.parametrize("format", TEXT_FORMATS)
def test_a_file_holds_what_standard_output_has(
    program: Program, kept: Path, tmp_path: Path, format: str
) -> None:
    target = tmp_path / f"x.{format}"

    assert program("export", "first", "-f", format, "-o", str(target)).code == 0

    shown = program("export", "first", "-f", format).out
    assert target.read_bytes() == shown.encode()


@pytest.mark.parametrize("format", [*TEXT_FORMATS, "pdf"])
def test_an_existing_file_is_left_alone_without_force(
    program: Program, kept: Path, tmp_path: Path, format: str
) -> None:
    target = tmp_path / "mine"
    target.write_text("my work", encoding="utf-8")

    assert program("export", "-f", format, "-o", str(target)).code == 2
    assert target.read_text(encoding="utf-8") == "my work"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["mine"]


@pytest.mark.parametrize("format", TEXT_FORMATS)
def test_redacted_output_holds_no_answer(program: Program, kept: Path, format: str) -> None:
    outcome = program("export", "first", "-f", format, "--redact")

    assert outcome.code == 0
    assert "one request takes" not in outcome.out


def test_json_that_was_exported_comes_back_byte_for_byte(program: Program, kept: Path) -> None:
    from interviewer.report.json_format import to_json, to_json_line

    text, line = program("export", "-f", "json").out, program("export", "-f", "jsonl").out

    assert to_json(from_json(text)) == text
    assert to_json_line(from_json(line)) == line
    assert line.count("\n") == 1


def test_the_schema_is_printed(program: Program) -> None:
    schema = json.loads(program("export", "--schema").out)

    assert schema["title"] == "Transcript"


def test_all_as_csv_is_one_table_the_oldest_first(program: Program, kept: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(program("export", "--all", "-f", "csv").out, newline="")))

    assert list(dict.fromkeys(row["interview_id"] for row in rows)) == ["first", "second"]


def test_all_as_jsonl_is_a_line_each(program: Program, kept: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.jsonl"

    outcome = program("export", "--all", "-f", "jsonl", "-o", str(target))

    assert outcome.err == f"wrote 2 interviews to {target}\n"
    lines = target.read_text(encoding="utf-8").splitlines()
    assert [from_json(line).interview.id for line in lines] == ["first", "second"]


@pytest.mark.parametrize("format", ["md", "html", "json"])
def test_all_as_anything_else_is_a_file_each_in_a_folder(
    program: Program, kept: Path, tmp_path: Path, format: str
) -> None:
    folder = tmp_path / "new" / "folder"

    outcome = program("export", "--all", "-f", format, "-o", str(folder))

    assert outcome.err == f"wrote 2 files to {folder}\n"
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"interview-first.{format}", f"interview-second.{format}"]


def test_all_in_a_folder_overwrites_nothing_and_then_writes_nothing(
    program: Program, kept: Path, tmp_path: Path
) -> None:
    (tmp_path / "interview-second.md").write_text("my work", encoding="utf-8")

    assert program("export", "--all", "-o", str(tmp_path)).code == 2
    assert not (tmp_path / "interview-first.md").exists()
    assert program("export", "--all", "-o", str(tmp_path), "--force").code == 0


def test_all_as_files_needs_a_folder(program: Program, kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("my work", encoding="utf-8")

    assert "Name a folder with -o" in program("export", "--all").err
    assert "is not a folder" in program("export", "--all", "-o", str(file)).err


def test_all_and_an_id_do_not_go_together(program: Program, kept: Path) -> None:
    assert program("export", "first", "--all", "-f", "csv").code == 2


@pytest.mark.parametrize("arguments", [(), ("--all", "-f", "csv"), ("--all", "-o", "folder")])
def test_without_an_interview_it_says_how_to_begin(program: Program, arguments: tuple[str, ...]) -> None:
    outcome = program("export", *arguments)

    assert outcome.code == 2
    assert "interviewer start" in outcome.err


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_what_is_written_is_its_owner_s_alone(program: Program, kept: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    program("export", "--all", "-f", "html", "-o", str(folder))

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {0o700, 0o600}


def test_ids_that_are_no_names_for_files_get_names_of_their_own(
    program: Program, home: Path, tmp_path: Path
) -> None:
    with Store.open(home / "data") as store:
        for id in ("../../x", "..\\..\\x", "x\x1b[31m"):
            store.record(id, InterviewStarted(interview=with_turns(turn(answer()), id=id)))

    program("export", "--all", "-o", str(tmp_path / "out"))

    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["interview-x-2.md", "interview-x-31m.md", "interview-x.md"]


def test_hostile_answers_are_exported_whole(program: Program, home: Path) -> None:
    turns = [turn(answer(text)) for text in STRINGS.values()]
    with Store.open(home / "data") as store:
        store.record("hostile", InterviewStarted(interview=with_turns(*turns, id="hostile")))
    wanted = [text.replace("\ud83d\ude00", "😀") for text in STRINGS.values()]

    told = from_json(program("export", "-f", "json").out).interview
    page = program("export", "-f", "html").out

    assert [one.answers[0].text for one in told.turns] == wanted
    assert answers_in_html(page) == wanted


def test_a_pdf_without_weasyprint_says_how_to_install(
    program: Program, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)

    outcome = program("export", "-f", "pdf", "-o", str(tmp_path / "x.pdf"))

    assert outcome.code == 2
    assert "pip install 'mock-interviewer[pdf]'" in outcome.err
    assert not (tmp_path / "x.pdf").exists()


def test_the_answer_on_the_page_is_the_one_that_was_given(program: Program, kept: Path) -> None:
    assert answers_in_html(program("export", "first", "-f", "html").out)[0] == ANSWER


def test_nothing_but_an_export_pays_for_its_libraries() -> None:
    code = (
        "import sys; import interviewer.cli.records, interviewer.cli.progress, interviewer.cli.interview;"
        "print(sorted({'jinja2', 'markupsafe', 'vl_convert', 'weasyprint', 'csv'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
