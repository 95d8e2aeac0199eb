"""A command line that cannot be read is told without obeying it."""

from __future__ import annotations

import pytest

from tests.support.harmless import refuse_controls
from tests.support.program import Program

HOSTILE = "\u202ex\u2066\x1b]0;t\x07\x9b"


@pytest.mark.parametrize(
    "arguments",
    [
        (f"--{HOSTILE}",),
        (HOSTILE,),
        ("start", HOSTILE),
        ("start", "--mode", HOSTILE),
        ("start", f"-{HOSTILE}"),
        ("bank", HOSTILE),
        ("config", "get", "model", HOSTILE),
    ],
)
def test_what_was_typed_is_told_and_not_obeyed(program: Program, arguments: tuple[str, ...]) -> None:
    outcome = program(*arguments)

    assert outcome.code == 2
    assert "Error: " in outcome.err
    refuse_controls(outcome.err, "stderr")


@pytest.mark.parametrize("arguments", [("bank",), ("bank", "check"), ("start", "--mode")])
def test_what_is_missing_is_told(program: Program, arguments: tuple[str, ...]) -> None:
    outcome = program(*arguments)

    assert outcome.code == 2
    assert outcome.err
