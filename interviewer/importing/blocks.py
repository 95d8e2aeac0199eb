"""What a page is made of: headings, list entries and paragraphs, each with the lines that it stands on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from interviewer.text import printable

# What YAML cannot hold and `printable` lets pass.
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")


class Kind(StrEnum):
    """What a block is by its own marks; NUMBER and BULLET are entries of lists."""

    HEADING = "heading"
    NUMBER = "number"
    BULLET = "bullet"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, list entry or paragraph, its marks taken off and its lines joined by blanks.

    starts: offset in `text` and 1-based number in the file of each line, in order. level: of a heading, from
    1; of a list entry, how far it is indented. is_apart: a blank line, or the like, stands before it.
    """

    kind: Kind
    text: str
    starts: tuple[tuple[int, int], ...]
    level: int = 0
    is_apart: bool = True

    @property
    def line(self) -> int:
        """The line that it begins on."""
        return self.starts[0][1]

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry of a list."""
        return self.kind in {Kind.NUMBER, Kind.BULLET}

    def line_at(self, offset: int) -> int:
        """The line of the character `offset`."""
        return max(line for at, line in self.starts if at <= offset or line == self.line)

    def joined(self, text: str, line: int) -> Block:
        """With another line at its end."""
        starts = (*self.starts, (len(self.text) + 1, line))
        return Block(self.kind, f"{self.text} {text}", starts, self.level, self.is_apart)

    def part(self, start: int, end: int | None = None) -> Block:
        """The characters from `start` up to `end`, without white space around them."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        piece = piece.strip()
        later = ((at - start, line) for at, line in self.starts if start < at < start + len(piece))
        return Block(self.kind, piece, ((0, self.line_at(start)), *later), self.level, self.is_apart)


@dataclass(frozen=True, slots=True)
class Unused:
    """Text of the page that is in no item: a heading, a rule, a count. line: 1-based."""

    line: int
    text: str


def clean(text: str) -> str:
    """`text` with visible signs in place of what a terminal or YAML would choke on; lines stay lines."""
    return _NO_CHARACTERS.sub("\ufffd", printable(text))
