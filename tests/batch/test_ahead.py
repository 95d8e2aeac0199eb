"""Lines before their turn: on disk while they wait, and gone once they are in their place."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.batch.ahead import Ahead


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.ahead"


def line(id: str) -> bytes:
    return f'{{"id": "{id}"}}\n'.encode()


def test_a_line_is_on_disk_at_once_for_its_owner_alone(path: Path) -> None:
    ahead = Ahead(path)
    ahead.add("a", line("a"))

    assert path.read_bytes() == line("a")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ahead.close()


def test_nothing_is_left_of_lines_that_are_in_their_place(path: Path) -> None:
    ahead = Ahead(path)
    ahead.add("a", line("a"))
    ahead.drop("a")
    assert path.read_bytes() == b""

    ahead.close()
    assert not path.exists()


def test_what_still_waits_at_the_end_stays(path: Path) -> None:
    ahead = Ahead(path)
    ahead.add("a", line("a"))
    ahead.add("b", line("b"))
    ahead.drop("a")
    ahead.close()

    assert line("b") in path.read_bytes()


def test_what_never_was_ahead_needs_no_file(path: Path) -> None:
    ahead = Ahead(path)
    ahead.drop("a")
    ahead.close()

    assert not path.exists()


@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=80))
def test_whatever_waits_is_always_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, int]]
) -> None:
    path = tmp_path_factory.mktemp("ahead") / "out.ahead"
    ahead, waiting = Ahead(path, large=40), set[str]()
    for comes, number in steps:
        id = str(number)
        if comes and id not in waiting:
            ahead.add(id, line(id))
            waiting.add(id)
        elif not comes:
            ahead.drop(id)
            waiting.discard(id)
        held = path.read_bytes() if path.exists() else b""
        assert all(line(id) in held for id in waiting)
        assert len(held) <= max(40, 4 * sum(len(line(id)) for id in waiting)) + len(line("0"))
    ahead.close()
