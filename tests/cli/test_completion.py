"""What a shell is offered, asked as a shell asks: a process of its own, which leaves nothing behind."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.cli import completion
from interviewer.interview.events import InterviewStarted
from interviewer.store.database import FILE_NAME
from interviewer.store.store import Store
from tests.support.builders import interview
from tests.support.program import Program

Completed = Callable[..., list[str]]


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch, program: Program) -> Completed:
    """What bash is offered for a line; the last of the words is the one that is typed."""

    def call(*words: str) -> list[str]:
        with monkeypatch.context() as patched:
            patched.setenv("_INTERVIEWER_COMPLETE", "complete_bash")
            patched.setenv("COMP_WORDS", " ".join(("interviewer", *words)))
            patched.setenv("COMP_CWORD", str(len(words)))
            outcome = program()
        assert (outcome.code, outcome.err) == (0, "")
        return outcome.out.split()

    return call


def process(home: Path, line: str, shell: str = "bash", **more: str) -> str:
    """What the program itself tells a shell about `line`, in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "interviewer"],
        env={
            **os.environ,
            "INTERVIEWER_HOME": str(home),
            "_INTERVIEWER_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": line,
            "COMP_CWORD": str(line.count(" ")),
            "_TYPER_COMPLETE_ARGS": line,
            **more,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")
    return told.stdout


def interviewed(program: Program) -> str:
    """The id of an interview that was left unfinished."""
    program("start", "--grader", "fake", "--seed", "7", "-n", "2", stdin="An answer of a few words.\n")
    return program("sessions").out.splitlines()[1].split()[0]


def test_bash_is_offered_ids_and_nothing_is_created(home: Path) -> None:
    assert process(home, "interviewer start -q k").split() == ["kv-cache"]
    assert process(home, "interviewer resume ").split() == []
    assert not home.exists()


def test_zsh_and_fish_are_told_what_an_id_stands_for(home: Path) -> None:
    zsh = process(home, "interviewer start -q kv", "zsh")
    fish = process(home, "interviewer start -q kv", "fish", _TYPER_COMPLETE_FISH_ACTION="get-args")

    assert '"kv-cache":"Why do LLM servers keep a KV cache' in zsh
    assert fish.startswith("kv-cache\tWhy do LLM servers keep a KV cache")


def test_the_script_for_bash_can_be_had(home: Path) -> None:
    assert "complete -o default -F" in process(home, "", _INTERVIEWER_COMPLETE="source_bash")


def test_commands_are_offered(completed: Completed) -> None:
    assert {"start", "resume", "config", "bank"} <= set(completed(""))
    assert completed("config", "") == ["set", "unset", "get", "path"]


def test_a_question_is_offered_once(completed: Completed) -> None:
    offered = completed("start", "-q", "kv-cache", "--question", "")

    assert "memory-wall" in offered
    assert "kv-cache" not in offered


@pytest.mark.parametrize("command", ["start", "questions"])
def test_categories_are_offered(completed: Completed, command: str) -> None:
    assert completed(command, "--category", "b") == ["beginner", "behavioral"]


def test_questions_of_another_bank_are_offered(
    program: Program, completed: Completed, tmp_path: Path
) -> None:
    bank = str(tmp_path / "mine.yaml")
    program("bank", "new", bank)
    offered = completed("start", "--bank", bank, "-q", "")

    assert offered
    assert "kv-cache" not in offered


def test_questions_are_offered_as_they_were_kept(program: Program, completed: Completed) -> None:
    fresh = completed("start", "-q", "")
    program("start", "--grader", "fake", stdin="/quit")

    assert completed("start", "-q", "") == fresh


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("start", "--grader", ""), ["auto", "llm", "local", "fake"]),
        (("grade", "--grader", "l"), ["llm", "local"]),
        (("start", "--warm-up", ""), ["auto", "always", "never"]),
        (("start", "--mode", ""), ["practice", "exam", "drill"]),
        (("export", "--format", "j"), ["json", "jsonl"]),
        (("config", "set", "price"), ["price_input", "price_cached", "price_output"]),
        (("config", "get", "pl"), ["plain"]),
        (("config", "unset", "pl"), ["plain"]),
        (("config", "set", "plain", ""), ["on", "off"]),
        (("config", "set", "model", ""), []),
        (("config", "set", "modle", ""), []),
    ],
)
def test_names_and_choices_are_offered(
    completed: Completed, words: tuple[str, ...], offered: list[str]
) -> None:
    assert completed(*words) == offered


@pytest.mark.parametrize(
    "words", [("resume", ""), ("show", "2"), ("export", ""), ("grade", "--pending", "--id", "")]
)
def test_interviews_are_offered(program: Program, completed: Completed, words: tuple[str, ...]) -> None:
    id = interviewed(program)

    assert completed(*words) == [id]


def test_only_what_can_go_on_is_offered_to_resume(program: Program, completed: Completed) -> None:
    program("start", "--grader", "fake", "-n", "1", stdin="/skip\n")

    assert completed("resume", "") == []
    assert len(completed("show", "")) == 1


def test_interviews_are_offered_while_one_is_open(program: Program, completed: Completed, home: Path) -> None:
    id = interviewed(program)
    with Store.open(home / "data"):
        assert completed("show", "") == [id]


def test_offering_interviews_leaves_the_folder_as_it_was(
    program: Program, completed: Completed, home: Path
) -> None:
    interviewed(program)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}

    assert completed("show", "")

    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("id", ["$(touch x)", '"; touch x; "', "a b", "x\x1b[2J", "é"])
def test_an_id_that_a_shell_could_obey_is_not_offered(completed: Completed, home: Path, id: str) -> None:
    with Store.open(home / "data") as store:
        for one in (id, "20260105-190000-aaaa"):
            store.record(one, InterviewStarted(interview=interview(id=one)))

    assert completed("show", "") == ["20260105-190000-aaaa"]


@pytest.mark.parametrize("content", [b"no database", b"", b"\x00" * 4096])
def test_a_broken_store_offers_nothing(completed: Completed, home: Path, content: bytes) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / FILE_NAME).write_bytes(content)

    assert completed("show", "") == []
    assert (home / "data" / FILE_NAME).read_bytes() == content


def test_a_store_of_other_tables_offers_nothing(completed: Completed, home: Path) -> None:
    (home / "data").mkdir(parents=True)
    with sqlite3.connect(home / "data" / FILE_NAME) as database:
        database.execute("CREATE TABLE interviews (something)")
    database.close()

    assert completed("show", "") == []


@pytest.mark.parametrize("content", ["version: [", "", "version: 1\nid: x\n"])
def test_a_broken_bank_offers_nothing(completed: Completed, tmp_path: Path, content: str) -> None:
    bank = tmp_path / "bank.yaml"
    bank.write_text(content, encoding="utf-8")

    assert completed("start", "--bank", str(bank), "-q", "") == []
    assert completed("start", "--bank", str(tmp_path / "none.yaml"), "-c", "") == []


def test_a_broken_config_file_offers_names_to_set_it_right(completed: Completed, home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("grader = 'oracle'", encoding="utf-8")

    assert completed("start", "-q", "") == []
    assert completed("config", "set", "grader", "l") == ["llm", "local"]


def test_a_large_bank_is_not_read_while_a_person_waits(
    program: Program, completed: Completed, tmp_path: Path
) -> None:
    bank = tmp_path / "mine.yaml"
    program("bank", "new", str(bank))
    bank.write_text(bank.read_text(encoding="utf-8") + "# much\n" * 150_000, encoding="utf-8")

    assert completed("start", "--bank", str(bank), "-q", "") == []
    program("start", "--grader", "fake", "--bank", str(bank), stdin="/quit")  # read and kept
    assert completed("start", "--bank", str(bank), "-q", "") != []


def test_what_is_told_of_an_id_is_nothing_that_a_shell_obeys(
    program: Program, tmp_path: Path, home: Path
) -> None:
    bank = tmp_path / "mine.yaml"
    program("bank", "new", str(bank))
    text = bank.read_text(encoding="utf-8")
    first = text.index("text:")
    hostile = "text: '[/x] $(touch owned) `id` [bold]\\\\[ \" ''; id'"
    bank.write_text(f"{text[:first]}{hostile}{text[text.index('    hint:') - 1 :]}", encoding="utf-8")

    told = process(home, f"interviewer start --bank {bank} -q ", "zsh")

    assert "(touch owned)" in told
    assert not {"$", "`", "\\"} & set(told)


def test_the_functions_never_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("the environment is gone")

    monkeypatch.setattr("interviewer.settings.folders", broken)
    monkeypatch.setattr("interviewer.setting.setting_named", broken)

    assert completion.session_ids() == []
    assert completion.unfinished_ids() == []
    assert completion.graders() == []
