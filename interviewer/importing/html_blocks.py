"""Blocks of simple HTML: its text as a reader sees it, without scripts and styles."""

from __future__ import annotations

import html
import re
from bisect import bisect_right

from interviewer.importing.blocks import Block, Kind, Unused, clean

_LOOKS_LIKE = re.compile(
    r"(?>\s*<!--.*?-->)*+\s*<(?:!doctype\s+html|html|head|body|main|article|section|div|[uo]l|h[1-6]|p)\b",
    re.IGNORECASE | re.DOTALL,
)
# html.parser takes minutes for a page of unclosed tags; what is found here is found in one go.
_TAG = re.compile(
    r"""<(/?)([a-z][a-z0-9]*)\b(?:[^<>"']|"[^"<>]{0,1000}"|'[^'<>]{0,1000}'|["'])*+>""", re.IGNORECASE
)
_UNSEEN = frozenset("script style template noscript head svg".split())
_ASIDE = frozenset("thead nav footer".split())
_BREAKING = frozenset(
    "address article aside blockquote body br dd details div dl dt fieldset figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)


def is_html(text: str) -> bool:
    """Whether `text` begins as HTML does."""
    return _LOOKS_LIKE.match(text) is not None


def html_blocks(text: str) -> tuple[list[Block], list[Unused]]:
    """The blocks of `text`, and what is in none of them: the head of a table, navigation, the footer."""
    reader = _Reader(text)
    reader.read()
    return reader.blocks, reader.unused


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks = [at for at, c in enumerate(text) if c == "\n"]
        self.blocks: list[Block] = []
        self.unused: list[Unused] = []
        self._pieces: list[tuple[int, str]] = []
        self._kind = Kind.TEXT
        self._level = 0
        self._is_apart = True
        self._lists: list[Kind] = []
        self._aside = 0

    def read(self) -> None:
        """Read the page to its end."""
        text, at = self._text, 0
        while at < len(text):
            mark = text.find("<", at)
            mark = len(text) if mark < 0 else mark
            self._say(at, mark)
            at = mark
            if text.startswith(("<!", "<?"), mark):
                at = _behind(text, "-->" if text.startswith("<!--", mark) else ">", mark)
            elif tag := _TAG.match(text, mark):
                at = tag.end()
                name = tag[2].lower()
                if tag[1]:
                    self._end(name)
                elif name in _UNSEEN and not tag.group().endswith("/>"):
                    at = _behind(text, f"</{name}>", at)
                else:
                    self._start(name, mark)
            elif mark < len(text):
                self._say(mark, mark + 1)
                at = mark + 1
        self._flush()

    def _start(self, tag: str, at: int) -> None:
        if tag in _BREAKING:
            self._flush()
            self._is_apart = tag != "br"
        self._aside += tag in _ASIDE
        if tag in {"ul", "ol"}:
            self._lists.append(Kind.BULLET if tag == "ul" else Kind.NUMBER)
        elif tag == "li":
            self._kind = self._lists[-1] if self._lists else Kind.BULLET
            self._level = 2 * max(0, len(self._lists) - 1)
        elif re.fullmatch("h[1-6]", tag):
            self._kind, self._level = Kind.HEADING, int(tag[1])
        elif tag in {"td", "th"}:
            self._pieces.append((self._line(at), " "))

    def _end(self, tag: str) -> None:
        if tag in _BREAKING:
            self._flush()
        self._aside = 0 if tag == "body" else max(0, self._aside - (tag in _ASIDE))
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()

    def _say(self, start: int, end: int) -> None:
        if start < end:
            parts = self._text[start:end].split("\n")
            first = self._line(start)
            self._pieces += [(first + n, f"{html.unescape(part)} ") for n, part in enumerate(parts[:-1])]
            self._pieces.append((first + len(parts) - 1, html.unescape(parts[-1])))

    def _line(self, at: int) -> int:
        return bisect_right(self._breaks, at - 1) + 1

    def _flush(self) -> None:
        """End the block that is being read."""
        parts: list[str] = []
        starts: list[tuple[int, int]] = []
        length, has_gap = 0, False
        for line, piece in self._pieces:
            # Character references bring in what the page's own text was cleaned of.
            fresh = " ".join(clean(piece).split())
            has_gap = has_gap or piece[:1].isspace()
            if not fresh:
                continue
            if has_gap and parts:
                parts.append(" ")
                length += 1
            if not starts or starts[-1][1] != line:
                starts.append((length, line))
            parts.append(fresh)
            length += len(fresh)
            has_gap = piece[-1:].isspace()
        text = "".join(parts)
        if text and self._aside:
            self.unused.append(Unused(starts[0][1], text))
        elif text:
            self.blocks.append(Block(self._kind, text, tuple(starts), self._level, self._is_apart))
            self._is_apart = False
        self._pieces, self._kind, self._level = [], Kind.TEXT, 0


def _behind(text: str, end: str, at: int) -> int:
    """The offset behind the next `end`, whatever its case; that of the text's end if there is none."""
    found = re.compile(re.escape(end), re.IGNORECASE).search(text, at)
    return found.end() if found else len(text)
