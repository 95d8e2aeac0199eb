"""The program, for tests of its commands."""

import pytest

from tests.support.program import program

__all__ = ["program"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second try is waited for."""
    monkeypatch.setenv("INTERVIEWER_DEADLINE", "1")
