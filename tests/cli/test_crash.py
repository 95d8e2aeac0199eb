"""A fault of the program itself, as the person at the terminal and the reader of its report see it."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer import __version__
from interviewer.cli import crash
from interviewer.store.store import Store
from tests.support.program import Program

ANSWER = "My own words about the KV cache."
KEY = "sk-proj-0123456789abcdefghij"

Fault = Callable[[BaseException], None]


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Fault:
    """Have every command that opens the store come upon an error."""

    def arrange(error: BaseException) -> None:
        def opened(folder: Path) -> None:
            words = ANSWER, KEY
            raise error from KeyError(words)

        monkeypatch.setattr(Store, "open", opened)

    return arrange


def reports(home: Path) -> list[Path]:
    return sorted((home / "data" / crash.FOLDER).glob("*"))


def report(home: Path) -> str:
    return reports(home)[-1].read_text(encoding="utf-8")


def test_it_is_told_in_a_few_lines_without_traceback_or_message(program: Program, fault: Fault) -> None:
    fault(ZeroDivisionError(ANSWER))

    outcome = program("sessions")

    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err.startswith("interviewer: a fault of the program itself: ZeroDivisionError\n")
    assert "What was saved before is kept." in outcome.err
    assert "Please tell those from whom you have the program, with the report." in outcome.err
    assert "Traceback" not in outcome.err
    assert ANSWER not in outcome.err


def test_in_an_interview_the_way_on_is_told(program: Program, fault: Fault) -> None:
    fault(ZeroDivisionError())

    told = program("--grader", "fake").err

    assert "Every answer that you sent is kept. Go on with: interviewer resume" in told


def test_the_report_is_where_the_message_says_and_for_its_owner_alone(
    program: Program, fault: Fault, home: Path
) -> None:
    fault(ZeroDivisionError())

    told = program("sessions").err

    (path,) = reports(home)
    assert f"Report: {path}\n" in told
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_report_says_what_a_developer_needs(program: Program, fault: Fault, home: Path) -> None:
    fault(ZeroDivisionError())

    program("sessions", "--json", "-n", "3")

    text = report(home)
    assert text.startswith(f"mock-interviewer {__version__}, 20")
    assert "\ncommand: sessions --json -n\n" in text
    assert re.search(r"\nKeyError\nwhich led to:\nZeroDivisionError\n", text)
    assert re.search(r"\n  interviewer/cli/records\.py:\d+ in sessions\n", text)
    assert re.search(
        r"\n  tests/cli/test_crash\.py:\d+ in fault\.<locals>\.arrange\.<locals>\.opened\n", text
    )


def test_the_report_holds_no_message_no_value_and_no_folder_of_a_person(
    program: Program, fault: Fault, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    fault(ZeroDivisionError(f"{ANSWER} {KEY}"))

    program("export", "2026-secret", f"--output=/home/me/{ANSWER}", "--format", "md", f"--{ANSWER}")
    program("export", "2026-secret", f"--output=/home/me/{ANSWER}", "--format", "md")

    text = report(home)
    assert "\ncommand: export --output --format\n" in text
    for secret in (ANSWER, KEY, "2026-secret", "/home", str(home.parent), str(Path(__file__).parents[2])):
        assert secret not in text


def test_where_details_are_asked_for_messages_and_values_are_in_the_report_and_keys_are_not(
    program: Program, fault: Fault, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("INTERVIEWER_CRASH_DETAILS", "on")
    fault(ZeroDivisionError(f"{ANSWER} {KEY}\x1b[2J"))

    told = program("sessions").err

    text = report(home)
    assert f"{ANSWER} [key]␛[2J" in text
    assert f"words = ('{ANSWER}', '[key]')" in text
    assert KEY not in text
    assert "perhaps words of yours: read it before you pass it on." in told


def test_values_that_cannot_be_shown_do_not_keep_the_report_from_being_written(
    program: Program, fault: Fault, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BrokenError(Exception):
        def __str__(self) -> str:
            raise ValueError

    monkeypatch.setenv("INTERVIEWER_CRASH_DETAILS", "on")
    fault(BrokenError())

    program("sessions")

    assert "<ValueError>" in report(home)


def test_ten_reports_are_kept_the_newest(program: Program, fault: Fault, home: Path) -> None:
    fault(ZeroDivisionError())
    program("sessions")
    (first,) = reports(home)

    for _ in range(crash.KEPT):
        program("sessions")

    assert len(reports(home)) == crash.KEPT
    assert not first.exists()


def test_where_no_report_can_be_written_that_is_told(program: Program, fault: Fault, home: Path) -> None:
    home.mkdir()
    (home / "data").write_text("not a folder")
    fault(ZeroDivisionError(ANSWER))

    outcome = program("sessions")

    assert outcome.code == 1
    assert "ZeroDivisionError" in outcome.err
    assert f"No report could be written: {os.strerror(errno.EEXIST)}" in outcome.err
    assert "Please tell those from whom you have the program, and what you did." in outcome.err


def test_a_broken_config_file_keeps_no_report_from_being_written(
    program: Program, fault: Fault, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(ZeroDivisionError(ANSWER))
    monkeypatch.setattr("interviewer.cli.wiring.settings_of", lambda **_: 1 / 0)
    home.mkdir()
    (home / "config.toml").write_text("[")

    program("sessions")

    assert "ZeroDivisionError" in report(home)


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(ANSWER), ExceptionGroup("x", [KeyError()])])
def test_any_kind_of_fault_is_told(program: Program, fault: Fault, home: Path, error: Exception) -> None:
    fault(error)

    assert program("sessions").code == 1
    assert f"\n{type(error).__name__}\n" in report(home)


def test_a_long_traceback_is_told_by_its_ends(
    program: Program, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deeper(folder: Path) -> None:
        deeper(folder)

    monkeypatch.setattr(Store, "open", deeper)

    assert program("sessions").code == 1
    assert "RecursionError" in report(home)
    assert re.search(r"\n  … \d+ more …\n", report(home))
    assert len(report(home).splitlines()) < 100


def test_errors_that_lead_to_each_other_are_told_once(home: Path) -> None:
    one, other = KeyError(), ValueError()
    one.__context__, other.__context__ = other, one

    crash.tell(one, [])

    assert report(home).count("which led to:") == 1


def test_a_shell_that_completes_shows_nothing_of_it(
    program: Program, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_INTERVIEWER_COMPLETE", "complete_bash")
    monkeypatch.setattr("interviewer.cli.app._found", lambda _: 1 / 0)

    outcome = program("start")

    assert (outcome.code, outcome.out, outcome.err) == (1, "", "")
    assert "command: not known (ZeroDivisionError)" in report(home)


def test_a_file_that_cannot_be_had_is_not_taken_for_the_output(program: Program, fault: Fault) -> None:
    fault(OSError(errno.EIO, "bad", "/somewhere"))

    assert "a fault of the program itself: OSError" in program("sessions").err


def test_the_setting_is_among_the_others(program: Program) -> None:
    assert program("config", "set", "crash_details", "on").code == 0

    found = json.loads(program("config", "--json").out)["settings"]["crash_details"]
    assert found == {"value": "on", "source": "config file"}
