"""Blocks of plain text and of simple Markdown."""

from __future__ import annotations

import re
from dataclasses import replace

from interviewer.importing.blocks import Block, Kind, Unused

#: The longest line of a page that is taken to be broken by hand or by an editor, in characters.
WRAPPED_WIDTH = 120
#: A line goes on in the next if it has at least this share of the longest line's length.
FULL_LINE_SHARE = 0.6
#: A paragraph is at most about so many characters; what goes on after that is another.
LONGEST_PARAGRAPH = 10_000

_HEADING = re.compile(r" {0,3}(#{1,6})(\s.*)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})\s*")
_RULE = re.compile(r"(?:- ?){3,}|(?:\* ?){3,}|(?:_ ?){3,}|={3,}")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ENTRY = re.compile(
    r"(\s*)(?:(?P<bullet>[-*+•‣◦▪·–])|\(?\d{1,3}[.)]|[a-z]\))\s+(?:\[[ xX]\]\s+)?(?P<text>\S.*)"
)
_QUOTED = re.compile(r"\s{0,3}>\s?")
_TABLE_RULE = re.compile(r"\|? ?:?-{2,}:? ?(?:\| ?:?-{2,}:? ?)*\|?")
_BOLD_LINE = re.compile(r"\s*\*\*([^*]+)\*\*:?\s*")
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*]+?)(?<=\S)\1(?![\w*])")
_LABEL = re.compile(r"\s*(?:Q|A|Question|Answer|Hint)\s*\d*\s*[:.)]\s", re.IGNORECASE)
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？")


def text_blocks(text: str) -> tuple[list[Block], list[Unused]]:
    """The blocks of `text`, whose line breaks are `\\n`, and what is in none of them."""
    return _Reader(text.split("\n")).read()


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._blocks: list[Block] = []
        self._unused: list[Unused] = []
        self._longest = max(map(len, lines))
        self._is_wrapped = self._longest <= WRAPPED_WIDTH and any(
            self._is_full(a) and not a.rstrip().endswith(_ENDS) and b[:1].islower()
            for a, b in zip(lines, (b.strip() for b in lines[1:]), strict=False)
        )

    def read(self) -> tuple[list[Block], list[Unused]]:
        is_apart, in_fence = True, False
        for number, line in enumerate(self._lines, start=1):
            if not line.strip():
                is_apart = True
                continue
            if _FENCE.match(line):
                in_fence = not in_fence
                self._leave_out(number, line)
            elif in_fence:
                self._add_text(number, line, is_apart=is_apart)
            else:
                self._add(number, _QUOTED.sub("", line, count=1), is_apart=is_apart)
            is_apart = False
        return self._blocks, self._unused

    def _add(self, number: int, line: str, *, is_apart: bool) -> None:
        flat = " ".join(line.split())
        if heading := _HEADING.fullmatch(line):
            self._put(Kind.HEADING, heading[2].strip().rstrip("#"), number, level=len(heading[1]))
        elif self._underlines(line, is_apart=is_apart):
            self._leave_out(number, line)
            self._blocks[-1] = replace(self._blocks[-1], kind=Kind.HEADING, level=1 if "=" in line else 2)
        elif not flat or _RULE.fullmatch(flat):
            self._leave_out(number, line)
        elif "|" in flat and _TABLE_RULE.fullmatch(flat):
            self._leave_out(number, line)
            if self._blocks and self._blocks[-1].line == number - 1 and "|" in self._lines[number - 2]:
                # The names of the columns.
                self._leave_out(number - 1, self._blocks.pop().text)
        elif line.strip().startswith("|"):
            cells = [cell for cell in (c.strip() for c in line.strip().strip("|").split("|")) if cell]
            joined = " ".join(c if c.endswith(_ENDS) else f"{c};" for c in cells[:-1])
            self._put(Kind.TEXT, f"{joined} {cells[-1]}" if cells else "", number)
        elif (bold := _BOLD_LINE.fullmatch(line)) and not bold[1].rstrip().endswith((".", "!", ";")):
            self._put(Kind.HEADING, bold[1].rstrip(" :"), number, level=7)
        elif entry := _ENTRY.fullmatch(line):
            kind = Kind.BULLET if entry["bullet"] else Kind.NUMBER
            self._put(kind, entry["text"], number, level=len(entry[1].expandtabs(4)), is_apart=is_apart)
        else:
            self._add_text(number, line, is_apart=is_apart)

    def _add_text(self, number: int, line: str, *, is_apart: bool) -> None:
        if not is_apart and self._goes_on(number, line):
            self._blocks[-1] = self._blocks[-1].joined(_plain(line), number)
        else:
            self._put(Kind.TEXT, line, number, is_apart=is_apart)

    def _goes_on(self, number: int, line: str) -> bool:
        """Whether the line belongs to the block before it, which no blank line ends."""
        last = self._blocks[-1] if self._blocks else None
        if (
            last is None
            or last.kind is Kind.HEADING
            or _LABEL.match(line)
            or len(last.text) > LONGEST_PARAGRAPH
        ):
            return False
        if not _plain(line):
            return False
        before = self._lines[number - 2]
        if last.is_entry and line[:2].isspace() and not last.text.endswith("?"):
            return True
        return self._is_wrapped and self._is_full(before) and not last.text.endswith("?")

    def _is_full(self, line: str) -> bool:
        return len(line.rstrip()) >= FULL_LINE_SHARE * self._longest

    def _underlines(self, line: str, *, is_apart: bool) -> bool:
        last = self._blocks[-1] if self._blocks else None
        return (
            last is not None
            and not is_apart
            and last.kind is Kind.TEXT
            and len(last.starts) == 1
            and not last.text.endswith((".", "!", ";", ","))
            and _UNDERLINE.fullmatch(line) is not None
        )

    def _put(self, kind: Kind, text: str, line: int, *, level: int = 0, is_apart: bool = True) -> None:
        plain = _plain(text)
        if plain:
            self._blocks.append(Block(kind, plain, ((0, line),), level, is_apart))
        else:
            self._leave_out(line, text)

    def _leave_out(self, line: int, text: str) -> None:
        self._unused.append(Unused(line, text.strip()))


def _plain(text: str) -> str:
    """`text` without the marks of links and emphasis, runs of white space as one blank."""
    without = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text))
    return " ".join(without.split())
