"""Hostile text from every source meets every command; `proofs/hostile.py` plays it with each text alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import commands
from tests.support.hostile.scenes import ONCE, SCENES, played
from tests.support.payloads import COMBINED

#: Scenes in which it matters how a text begins, or which bytes it is.
_EXACT = ("candidate.said_in_a_file", "files.answers_to_grade", "banks.names_of_files")
#: Plays each column of a database by itself, which takes long; tests/store has what it found.
_LONG = frozenset({"older.changed_by_hand"})

_driven: set[str] = set()


@pytest.mark.parametrize("name", SCENES)
def test_a_text_that_holds_everything_is_only_text(name: str, tmp_path: Path) -> None:
    _driven.update(played(SCENES[name], COMBINED["everything"], tmp_path).driven)


@pytest.mark.parametrize("payload", [name for name in COMBINED if name != "everything"])
@pytest.mark.parametrize("name", _EXACT)
def test_it_does_not_matter_what_a_text_begins_with(name: str, payload: str, tmp_path: Path) -> None:
    played(SCENES[name], COMBINED[payload], tmp_path)


@pytest.mark.parametrize("name", [name for name in ONCE if name not in _LONG])
def test_bytes_are_not_taken_for_text(name: str, tmp_path: Path) -> None:
    played(ONCE[name], "", tmp_path)


def test_every_command_meets_hostile_text() -> None:
    if not _driven:
        pytest.skip("the scenes were not played")
    assert _driven >= set(commands())
