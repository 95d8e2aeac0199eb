"""`config set|unset|get|path`: what is refused before it is written, what is kept, what is never shown."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from interviewer.setting import SETTINGS, Setting
from tests.support.program import Program

KEY = "sk-very-secret-0123456789"
WRITTEN = '# my settings\nmodel = "a"  # cheap\n\n# read twice\nsamples = 3\n'


@pytest.fixture
def file(home: Path) -> Path:
    """Where the config file is; it is not there yet."""
    return home / "config.toml"


@pytest.fixture
def written(file: Path) -> Path:
    """The config file with two settings and comments, as a person wrote it."""
    file.parent.mkdir()
    file.write_text(WRITTEN, encoding="utf-8")
    return file


def test_what_is_set_is_used(program: Program) -> None:
    assert program("config", "set", "model", "big/one").code == 0

    assert program("config", "get", "model").out == "big/one\n"
    settings = json.loads(program("config", "--json").out)["settings"]
    assert settings["model"] == {"value": "big/one", "source": "config file"}


def test_comments_and_order_are_kept(program: Program, written: Path) -> None:
    program("config", "set", "model", "b")
    program("config", "set", "grader", "local")

    expected = WRITTEN.replace('"a"', '"b"') + 'grader = "local"\n'
    assert written.read_text(encoding="utf-8") == expected


def test_line_breaks_are_kept(program: Program, written: Path) -> None:
    written.write_bytes(WRITTEN.replace("\n", "\r\n").encode())

    program("config", "set", "samples", "5")

    assert written.read_bytes().startswith(
        b'# my settings\r\nmodel = "a"  # cheap\r\n\r\n# read twice\r\nsamples = 5'
    )


def test_unset_takes_out_one_setting_alone(program: Program, written: Path) -> None:
    assert program("config", "unset", "model").code == 0

    assert tomllib.loads(written.read_text(encoding="utf-8")) == {"samples": 3}
    assert "# read twice" in written.read_text(encoding="utf-8")


def test_unsetting_what_is_not_set_creates_nothing(program: Program, file: Path) -> None:
    outcome = program("config", "unset", "model")

    assert (outcome.code, "is not set" in outcome.err, file.exists()) == (0, True, False)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("modle", "x", "did you mean 'model'?"),
        ("grader", "oracle", "auto, llm, local, fake"),
        ("samples", "6", "from 1 to 5"),
        ("samples", "2.5", "whole number"),
        ("follow_ups", "many", "from 0 to 3"),
        ("deadline", "nan", "from 1 to 3600"),
        ("price_input", "inf", "from 0 to 100000"),
        ("base_url", "ftp://box", "no http address"),
        ("bank", "/nowhere/bank.yaml", "no file"),
        ("rubrics", "/nowhere", "no folder"),
        ("model", "  ", "config unset model"),
        ("model", "a\x1b[2J", "such characters"),
        ("model", "\udcff", "such characters"),
        ("api_key", "two words", "such characters"),
        ("bank", "~nobody-of-that-name/bank.yaml", "bank"),
    ],
)
def test_what_use_would_refuse_is_never_written(
    program: Program, file: Path, name: str, value: str, told: str
) -> None:
    outcome = program("config", "set", name, value)

    assert outcome.code == 2
    assert told in outcome.err
    assert not file.exists()


@pytest.mark.parametrize("setting", [s for s in SETTINGS if s.choices], ids=lambda s: s.name)
def test_every_choice_can_be_set(program: Program, setting: Setting) -> None:
    for choice in setting.choices:
        assert program("config", "set", setting.name, choice).code == 0
        assert program("config", "get", setting.name).out == f"{choice}\n"


@pytest.mark.parametrize(("given", "kept"), [("5", 5), ("2.50", 2.5), ("3e2", 300)])
def test_a_number_is_kept_as_one(program: Program, file: Path, given: str, kept: float) -> None:
    program("config", "set", "deadline", given)

    assert tomllib.loads(file.read_text(encoding="utf-8")) == {"deadline": kept}


def test_dashes_do_for_underscores(program: Program) -> None:
    program("config", "set", "follow-ups", "2")

    assert program("config", "get", "follow_ups").out == "2\n"


def test_a_path_holds_in_any_folder(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("bank", "new", str(tmp_path / "mine.yaml"))
    monkeypatch.chdir(tmp_path)

    outcome = program("config", "set", "bank", "mine.yaml")

    assert "Not ready" not in outcome.err
    assert program("config", "get", "bank").out == f"{tmp_path / 'mine.yaml'}\n"


def test_a_bank_with_faults_is_told(program: Program, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("version: 1\n", encoding="utf-8")

    outcome = program("config", "set", "bank", str(tmp_path / "mine.yaml"))

    assert outcome.code == 0
    assert f"Not ready yet: {tmp_path / 'mine.yaml'}" in outcome.err


def test_half_a_price_is_told(program: Program) -> None:
    assert "price_output" in program("config", "set", "price_input", "1").err
    assert "Not ready" not in program("config", "set", "price_output", "2").err


def test_a_service_without_a_model_is_told(program: Program) -> None:
    assert "no model" in program("config", "set", "base_url", "http://127.0.0.1:8080/v1").err


def test_file_and_folder_are_their_owners_alone(program: Program, file: Path) -> None:
    program("config", "set", "model", "m")

    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_file_that_others_could_read_is_narrowed(program: Program, written: Path) -> None:
    written.chmod(0o644)

    program("config", "set", "api_key", KEY)

    assert written.stat().st_mode & 0o777 == 0o600


def test_a_link_to_the_file_stays_a_link(program: Program, written: Path, tmp_path: Path) -> None:
    kept = written.rename(tmp_path / "dotfiles.toml")
    written.symlink_to(kept)

    program("config", "set", "model", "b")

    assert written.is_symlink()
    assert 'model = "b"' in kept.read_text(encoding="utf-8")


def test_nothing_is_left_beside_the_file(program: Program, file: Path) -> None:
    program("config", "set", "model", "m")

    assert list(file.parent.iterdir()) == [file]


def test_a_key_is_kept_and_never_shown(program: Program, file: Path) -> None:
    said = [program("config", "set", "api_key", KEY), program("config", "set", "api_key", "-", stdin=KEY)]
    said += [program("config", "get", "api_key"), program("config"), program("config", "unset", "api_key")]

    assert [outcome.code for outcome in said] == [0, 0, 2, 0, 0]
    assert not any(KEY in outcome.out + outcome.err for outcome in said)


def test_a_key_can_be_piped_in(program: Program, file: Path) -> None:
    program("config", "set", "api_key", "-", stdin=f"{KEY}\n")

    assert tomllib.loads(file.read_text(encoding="utf-8")) == {"api_key": KEY}


@pytest.mark.parametrize(("name", "value"), [("api_key", KEY), ("base_url", "http://me:hunter2@box/v1")])
def test_it_is_told_that_a_secret_stands_there_in_plain_text(program: Program, name: str, value: str) -> None:
    outcome = program("config", "set", name, value)

    assert "in plain text" in outcome.err
    assert "hunter2" not in outcome.err


def test_it_is_told_that_the_environment_goes_before_the_file(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_MODEL", "theirs")

    assert "INTERVIEWER_MODEL is set in the environment" in program("config", "set", "model", "mine").err
    assert program("config", "get", "model").out == "theirs\n"


def test_what_is_not_set_has_no_value_to_print(program: Program) -> None:
    outcome = program("config", "get", "model")

    assert (outcome.code, outcome.out) == (1, "")


def test_a_default_is_a_value(program: Program) -> None:
    assert program("config", "get", "samples").out == "3\n"


def test_the_path_is_told_of_a_file_that_is_not_there(program: Program, file: Path) -> None:
    assert program("config", "path").out == f"{file}\n"
    assert not file.parent.exists()


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        ("modle = 'x'", ("unset", "modle")),
        ("grader = 'oracle'", ("set", "grader", "auto")),
        ("cache = true", ("set", "cache", "on")),
        ("samples = 9", ("set", "samples", "3")),
    ],
)
def test_a_faulty_file_can_be_set_right(
    program: Program, written: Path, fault: str, remedy: tuple[str, ...]
) -> None:
    written.write_text(f"{fault}\n# mine\n", encoding="utf-8")

    assert program("config", *remedy).code == 0

    assert program("start", "--grader", "fake", stdin="/quit").code == 0
    assert "# mine" in written.read_text(encoding="utf-8")


def test_a_file_that_is_no_toml_is_left_as_it_is(program: Program, written: Path) -> None:
    written.write_text("model = \n", encoding="utf-8")

    assert program("config", "set", "model", "m").code == 4
    assert program("config", "unset", "model").code == 4
    assert written.read_text(encoding="utf-8") == "model = \n"


def test_a_folder_that_cannot_be_made_is_told(program: Program, home: Path) -> None:
    home.write_text("a file in its place", encoding="utf-8")

    outcome = program("config", "set", "model", "m")

    assert outcome.code in {1, 4}
    assert str(home) in outcome.err
