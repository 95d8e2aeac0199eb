"""Where a setting comes from, what is refused, and what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.errors import InvalidFileError, UsageError
from interviewer.settings import SETTINGS, Settings, folders, resolve


def settings(
    home: Path, config: str = "", flags: dict[str, str | None] | None = None, **env: str
) -> Settings:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(config, encoding="utf-8")
    return resolve(flags or {}, {"INTERVIEWER_HOME": str(home), **env})


def shown(found: Settings, name: str) -> tuple[str, str]:
    return next((r.shown, r.source) for r in found.resolved if r.setting.name == name)


def test_a_flag_comes_before_the_environment_before_the_file_before_the_default(home: Path) -> None:
    flags: dict[str, str | None] = {"model": "flag"}
    in_file = 'model = "file"'

    assert shown(settings(home, in_file, flags, INTERVIEWER_MODEL="env"), "model") == ("flag", "flag")
    assert shown(settings(home, in_file, INTERVIEWER_MODEL="env"), "model") == ("env", "environment")
    assert shown(settings(home, in_file), "model") == ("file", "config file")
    assert shown(settings(home), "model") == ("not set", "default")


def test_our_own_variable_comes_before_the_one_that_others_read_too(home: Path) -> None:
    found = settings(home, OPENAI_BASE_URL="http://theirs/v1", INTERVIEWER_BASE_URL="http://ours/v1")

    assert found.get("base_url") == "http://ours/v1"


def test_without_a_config_file_there_are_defaults(home: Path) -> None:
    assert resolve({}, {"INTERVIEWER_HOME": str(home)}).follow_ups == 1


def test_a_key_is_only_told_to_be_set(home: Path) -> None:
    assert shown(settings(home, OPENAI_API_KEY="sk-secret"), "api_key") == ("set", "environment")


def test_user_and_password_of_a_base_url_are_not_shown(home: Path) -> None:
    found = settings(home, OPENAI_BASE_URL="http://me:hunter2@box:1/v1?token=abc")

    assert shown(found, "base_url")[0] == "http://box:1/v1"


@pytest.mark.parametrize(
    ("config", "line", "told"),
    [
        ('modle = "x"', 1, "unknown setting"),
        ('\nmodel = ["x"]', 2, "text in quotes"),
        ("cache = true", 1, "one of on, off"),
        ("model =", None, "not TOML"),
    ],
)
def test_a_faulty_config_file_is_told_with_its_line(
    home: Path, config: str, line: int | None, told: str
) -> None:
    with pytest.raises(InvalidFileError, match=told) as refused:
        settings(home, config)

    assert refused.value.line == line


def test_a_config_file_with_a_byte_order_mark_is_read(home: Path) -> None:
    assert settings(home, '\ufeffmodel = "x"').get("model") == "x"


def test_a_config_file_that_is_not_utf_8_is_told(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_bytes(b'model = "\xff"')

    with pytest.raises(InvalidFileError, match="not UTF-8"):
        resolve({}, {"INTERVIEWER_HOME": str(home)})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("follow_ups", "4"),
        ("follow_ups", "1.5"),
        ("samples", "0"),
        ("samples", "many"),
        ("deadline", "0"),
        ("deadline", "nan"),
    ],
)
def test_a_number_out_of_range_is_refused_with_the_range(home: Path, name: str, value: str) -> None:
    found = settings(home, **{f"INTERVIEWER_{name.upper()}": value})

    with pytest.raises(UsageError, match=name):
        getattr(found, name)


def test_a_value_outside_its_choices_is_refused_with_the_choices(home: Path) -> None:
    with pytest.raises(UsageError) as refused:
        settings(home, INTERVIEWER_GRADER="oracle")

    assert "auto, llm, local, fake" in str(refused.value.hint)


def test_the_home_folder_of_nobody_is_told_by_the_name_of_what_is_set(home: Path) -> None:
    with pytest.raises(UsageError, match="bank is in the home folder"):
        settings(home, INTERVIEWER_BANK="~no.such.user/bank.yaml").path("bank")

    with pytest.raises(UsageError, match="INTERVIEWER_HOME is in the home folder"):
        folders({"INTERVIEWER_HOME": "~no.such.user"})


@pytest.mark.parametrize("number", ["9" * 5_000, "0x" + "f" * 5_000])
def test_a_number_of_thousands_of_digits_is_told(home: Path, number: str) -> None:
    with pytest.raises(InvalidFileError, match="too long"):
        settings(home, config=f"samples = {number}\n")


def test_lists_in_lists_without_end_are_told(home: Path) -> None:
    with pytest.raises(InvalidFileError, match="too deeply"):
        settings(home, config=f"samples = {'[' * 5_000}\n")


def test_half_a_price_is_refused(home: Path) -> None:
    with pytest.raises(UsageError, match="price_output"):
        _ = settings(home, INTERVIEWER_PRICE_INPUT="1").prices


def test_another_service_needs_a_model(home: Path) -> None:
    with pytest.raises(UsageError, match="no model"):
        _ = settings(home, OPENAI_BASE_URL="http://box/v1").model


def test_names_of_settings_and_variables_are_unique() -> None:
    names = [s.name for s in SETTINGS]
    variables = [variable for s in SETTINGS for variable in s.environment]

    assert len(set(names)) == len(names)
    assert len(set(variables)) == len(variables)
