"""Marks over a text: passages, which may overlap, become pieces that follow one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked passage, `text[start:end]` in code points.

    kind: how it is shown, such as `met`. label: a sign and a number that stand at its end. anchor: its id in
    the document, free of foreign text.
    """

    start: int
    end: int
    kind: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text under one set of marks. marks: all over it, in the order given; beginning, ending:
    those of them whose passage begins or ends with this piece.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    beginning: tuple[Mark, ...] = ()
    ending: tuple[Mark, ...] = ()


def pieces_of(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """`text` cut where a passage begins or ends; the pieces joined are `text`.

    Passages that are empty or reach beyond the text are not marked.
    """
    held = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    edges = sorted({0, len(text), *(mark.start for mark in held), *(mark.end for mark in held)})
    starting: dict[int, list[Mark]] = {}
    for mark in held:
        starting.setdefault(mark.start, []).append(mark)
    order = {id(mark): position for position, mark in enumerate(held)}
    active: list[Mark] = []
    pieces = []
    for start, end in pairwise(edges):
        beginning = starting.get(start, [])
        active = sorted([*(m for m in active if m.end > start), *beginning], key=lambda m: order[id(m)])
        pieces.append(
            Piece(
                text=text[start:end],
                marks=tuple(active),
                beginning=tuple(beginning),
                ending=tuple(m for m in active if m.end == end),
            )
        )
    return pieces
