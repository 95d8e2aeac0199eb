"""Extras: what the program asks for is what pyproject.toml installs."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from interviewer.errors import UsageError
from interviewer.extras import EXTRAS, refuse_missing

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_installs_what_is_asked_for(extra: str) -> None:
    installed = {re.split("[<>=~ ]", one)[0].lower() for one in PROJECT["optional-dependencies"][extra]}

    assert {name.lower() for name in EXTRAS[extra].values()} <= installed


def test_what_is_installed_is_not_refused() -> None:
    refuse_missing("calibrate", purpose="this")


def test_what_is_missing_is_told_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("scipy", "sklearn"):
        monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(UsageError, match="this needs what is not installed: scipy, scikit-learn") as error:
        refuse_missing("calibrate", purpose="this")

    assert (
        error.value.hint == f"Install it with: {sys.executable} -m pip install 'mock-interviewer[calibrate]'"
    )
