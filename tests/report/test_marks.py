"""Marked passages, overlapping or not: the text stays what it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interviewer.report.marks import Mark, pieces_of

TEXT = "abcdefghij"


def mark(start: int, end: int, kind: str = "met") -> Mark:
    return Mark(start, end, kind, f"{start}-{end}", f"a{start}-{end}")


def shape(*marks: Mark) -> list[tuple[str, list[str]]]:
    return [(piece.text, [m.label for m in piece.marks]) for piece in pieces_of(TEXT, marks)]


MARKS = st.lists(st.builds(mark, st.integers(-2, 12), st.integers(-2, 12)), max_size=8)


def test_a_text_without_marks_is_one_piece() -> None:
    assert shape() == [(TEXT, [])]


def test_an_empty_text_has_no_pieces() -> None:
    assert pieces_of("", [mark(0, 1)]) == []


def test_what_is_marked_stands_between_what_is_not() -> None:
    assert shape(mark(2, 4)) == [("ab", []), ("cd", ["2-4"]), ("efghij", [])]


def test_where_marks_overlap_a_piece_has_both() -> None:
    assert shape(mark(0, 6), mark(4, 10)) == [
        ("abcd", ["0-6"]),
        ("ef", ["0-6", "4-10"]),
        ("ghij", ["4-10"]),
    ]


def test_a_mark_inside_another_cuts_it_in_three() -> None:
    assert [labels for _, labels in shape(mark(0, 10), mark(3, 5))] == [
        ["0-10"],
        ["0-10", "3-5"],
        ["0-10"],
    ]


def test_the_same_passage_may_count_twice() -> None:
    twice = [Mark(2, 4, "met", "✓1", "a"), Mark(2, 4, "wrong", "✗2", "b")]

    assert [m.label for m in pieces_of(TEXT, twice)[1].marks] == ["✓1", "✗2"]


@given(MARKS)
def test_the_pieces_joined_are_the_text(marks: list[Mark]) -> None:
    assert "".join(piece.text for piece in pieces_of(TEXT, marks)) == TEXT


@given(MARKS)
def test_every_mark_within_the_text_begins_once_and_ends_once(marks: list[Mark]) -> None:
    pieces = pieces_of(TEXT, marks)
    held = [m for m in marks if 0 <= m.start < m.end <= len(TEXT)]

    assert sorted(m.label for p in pieces for m in p.beginning) == sorted(m.label for m in held)
    assert sorted(m.label for p in pieces for m in p.ending) == sorted(m.label for m in held)


@given(MARKS)
def test_the_pieces_under_a_mark_are_its_passage(marks: list[Mark]) -> None:
    pieces = pieces_of(TEXT, dict.fromkeys(marks))

    for one in {m for m in marks if 0 <= m.start < m.end <= len(TEXT)}:
        assert "".join(p.text for p in pieces if one in p.marks) == TEXT[one.start : one.end]
