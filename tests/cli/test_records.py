"""`sessions`, `show`, `export`, `questions`, `bank`, `config` and `doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interviewer.interview.events import InterviewStarted
from interviewer.store.store import Store
from tests.report.samples import WAITING, with_turns
from tests.support.harmless import refuse_controls
from tests.support.program import Program


@pytest.fixture
def interviewed(program: Program) -> Program:
    """The program after an interview of two questions, one of them skipped."""
    program(
        "start", "--grader", "fake", "--seed", "7", "-n", "2", "--follow-ups", "0",
        stdin="Latency is the time of one request.\n---\n/skip\n",
    )  # fmt: skip
    return program


def test_sessions_lists_interviews(interviewed: Program) -> None:
    (row,) = json.loads(interviewed("sessions", "--json").out)

    assert (row["status"], row["questions"], row["graded"], row["skipped"]) == ("finished", 2, 1, 1)


def test_sessions_tells_how_to_begin(program: Program) -> None:
    assert "interviewer start" in program("sessions").out


def test_show_tells_answer_quotes_and_summary(interviewed: Program) -> None:
    shown = interviewed("show").words

    assert "Latency is the time of one request." in shown
    assert "Skipped." in shown
    assert "Summary" in shown


def test_an_unknown_interview_is_told(interviewed: Program) -> None:
    assert interviewed("show", "1999").code == 2


@pytest.mark.parametrize("format", ["md", "json"])
def test_a_transcript_goes_to_standard_output(interviewed: Program, format: str) -> None:
    assert "Latency is the time of one request." in interviewed("export", "--format", format).out


def test_a_transcript_goes_to_a_file_and_is_not_overwritten(interviewed: Program, tmp_path: Path) -> None:
    target = tmp_path / "transcript.md"

    assert interviewed("export", "-o", str(target)).code == 0
    assert interviewed("export", "-o", str(target)).code == 2
    assert interviewed("export", "-o", str(target), "--force").code == 0


def test_the_transcript_tells_that_the_fake_does_not_judge(interviewed: Program) -> None:
    assert "does not judge" in interviewed("export", "--format", "md").words


def test_questions_lists_all_with_ids(program: Program) -> None:
    outcome = program("questions", "--json")

    assert len(json.loads(outcome.out)) == 23


def test_questions_gives_no_hint_away_on_screen(program: Program) -> None:
    question = json.loads(program("questions", "--json").out)[0]

    assert question["hint"] not in program("questions").words


def test_a_new_bank_can_be_checked_and_used(program: Program, tmp_path: Path) -> None:
    bank = tmp_path / "mine.yaml"

    assert program("bank", "new", str(bank)).code == 0
    assert "valid" in program("bank", "check", str(bank)).out
    assert "Question 1 of" in program("start", "--grader", "fake", "--bank", str(bank), stdin="/quit").out


def test_a_new_bank_overwrites_nothing(program: Program, tmp_path: Path) -> None:
    bank = tmp_path / "mine.yaml"
    bank.write_text("my work", encoding="utf-8")

    assert program("bank", "new", str(bank)).code == 2
    assert bank.read_text(encoding="utf-8") == "my work"


def test_every_fault_of_a_bank_is_told(program: Program, tmp_path: Path) -> None:
    bank = tmp_path / "mine.yaml"
    program("bank", "new", str(bank))
    text = bank.read_text(encoding="utf-8")
    bank.write_text(
        text.replace("weight: 2", "weight: 0").replace("minutes: 2 ", "minuets: 2 "), encoding="utf-8"
    )

    outcome = program("bank", "check", str(bank))

    assert outcome.code == 4
    assert "weight" in outcome.err
    assert "minuets" in outcome.err


def test_the_schema_is_json(program: Program) -> None:
    assert json.loads(program("bank", "schema").out)["type"] == "object"


def test_config_tells_where_a_setting_comes_from(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_MODEL", "some-model")

    settings = json.loads(program("config", "--json").out)["settings"]

    assert settings["model"] == {"value": "some-model", "source": "environment"}
    assert settings["grader"]["source"] == "default"


@pytest.mark.parametrize("arguments", [("config",), ("config", "--json"), ("doctor",), ("doctor", "--json")])
def test_a_key_is_never_shown(
    program: Program, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret-0123456789")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("INTERVIEWER_MODEL", "m")

    outcome = program(*arguments)

    assert "very-secret" not in outcome.out + outcome.err


def test_doctor_without_a_service_says_what_to_set(program: Program) -> None:
    outcome = program("doctor")

    assert outcome.code == 0
    assert "OPENAI_API_KEY" in outcome.out


def test_doctor_fails_where_the_service_is_down(program: Program) -> None:
    outcome = program("doctor", "--base-url", "http://127.0.0.1:9/v1", "--model", "m")

    assert outcome.code == 3
    assert "FAIL" in outcome.out


def test_the_version_is_told(program: Program) -> None:
    from interviewer import __version__

    assert program("--version").out.strip() == f"interviewer {__version__}"


def test_an_id_of_another_hand_is_not_obeyed_where_answers_are_graded_later(
    program: Program, home: Path
) -> None:
    id = "x\x1b[2J\u202e\n"
    waiting = with_turns(WAITING, id=id)
    with Store.open(home / "data") as store:
        store.record(id, InterviewStarted(interview=waiting))

    told = program("grade", "--pending", "--grader", "fake")

    assert "x␛[2J⟨U+202E⟩␊: all graded" in told.err
    refuse_controls(told.err, "stderr")
