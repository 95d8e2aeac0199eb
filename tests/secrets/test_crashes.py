"""A fault of the program itself with the key in values, messages and causes: no report holds it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from interviewer.llm import openai_wire
from tests.support.commands import SAID, lay_out
from tests.support.listening import OTHER_PLACES, PLACES, Folders
from tests.support.marked import KEY, WAYS, traces
from tests.support.program import Program, program

__all__ = ["program"]

ALL_PLACES = {**PLACES, **OTHER_PLACES}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program has a fault where it sends, and the key is all around."""

    def body_of(*_: object) -> None:
        key, nearly = KEY, "x" * 280 + KEY  # values in a report are cut at some length
        said = {name: way(key) for name, way in WAYS.items()}
        try:
            raise KeyError(key, said)
        except KeyError as error:
            raise ZeroDivisionError(f"{nearly} {said}") from error

    monkeypatch.setattr(openai_wire, "body_of", body_of)


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("name", "details"), [("OPENAI_API_KEY", "off"), *((name, "on") for name in ALL_PLACES)]
)
def test_no_report_holds_the_key(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path, name: str, details: str
) -> None:
    folders = Folders(home, tmp_path / "place", tmp_path / "temporary")
    for folder in folders:
        folder.mkdir()
    lay_out(folders.place)
    monkeypatch.chdir(folders.place)
    settings = ALL_PLACES[name]("http://127.0.0.1:9/v1")
    for variable, value in {**settings.environment, "INTERVIEWER_MODEL": "m"}.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("INTERVIEWER_CRASH_DETAILS", details)
    (home / "config.toml").write_text(settings.config, encoding="utf-8")

    line = ("start", "-q", "kv-cache", *settings.flags)
    monkeypatch.setattr(sys, "argv", ["interviewer", *line])

    told = program(*line, stdin=SAID)

    reports = [path for path in folders.contents() if path.parent.name == "crashes"]
    assert reports
    assert ("ZeroDivisionError" in told.err, "[key]" in reports[0].read_text()) == (True, details == "on")
    assert traces(told.out + told.err) == []
    assert [trace for data in folders.contents().values() for trace in traces(data)] == []
