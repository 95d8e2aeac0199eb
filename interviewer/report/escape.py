"""Foreign text in Markdown: it is shown as it was written, and never becomes markup.

Three things make text harmless. Controls, bidirectional controls and lone surrogates become visible
signs (`interviewer.text.printable`). Characters that mean something to CommonMark or GitHub's dialect get
a backslash. Names that web sites turn into links after Markdown is done (@name, #12, :sign:) get a word
joiner, U+2060, which nobody sees: no backslash stops those. Whoever needs the text to the letter has
the JSON transcript.
"""

from __future__ import annotations

import re

from interviewer.text import printable

JOINER = "\u2060"

# Where a site would link a person, an issue or an address, or put in a picture: @name, #12, GH-12, :sign:.
_NAMES = re.compile(r"@(?=\w)|#(?=\d)|(?<![^\W_])GH-(?=\d)|:(?=[\w+-]+:)", re.IGNORECASE)
# An underscore between letters or digits is no markup, and is common in names: it stays as it is.
_MARKUP = re.compile(
    r"""
    [\\`*\[\]<|~$]
    | (?<![^\W_])_ | _(?![^\W_])
    | &(?=\#?[0-9A-Za-z]+;)
    | (?<=www)\.
    | (?<=:)/(?=/)
    | (?<=\s)\#
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What makes a heading, list, quote, rule, underline or definition when a line begins with it.
_START = re.compile(r"([0-9]+)(?=[.)])|(?=[#>+=:-])")
_PLAIN_ID = re.compile(r"[A-Za-z0-9._:/-]+")
_TAB = 4


def inline(text: str) -> str:
    """`text` on one line, for a paragraph, a list item, a table cell or a heading; may be empty."""
    return _escaped(" ".join(printable(text).split()))


def paragraphs(text: str) -> str:
    """`text` with its line breaks, indentation and blank lines, without a line break at the end."""
    return "\n".join(_lines(text))


def quoted(text: str) -> str:
    """`text` as a block quote that keeps its line breaks, without a line break at the end."""
    return "\n".join(f"> {line}".rstrip(" ") for line in _lines(text))


def code(identifier: str) -> str:
    """An id, hash or model name as code where it is made of harmless characters, else as escaped text."""
    return f"`{identifier}`" if _PLAIN_ID.fullmatch(identifier) else inline(identifier)


def _lines(text: str) -> list[str]:
    """The escaped lines; a backslash at the end of one keeps the break to the next."""
    lines = [_line(line) for line in printable(text.replace("\r\n", "\n")).split("\n")]
    following = [*lines[1:], ""]
    return [f"{line}\\" if line and after else line for line, after in zip(lines, following, strict=True)]


def _line(line: str) -> str:
    """One line; blank ones are empty. Its indentation becomes no-break spaces: else it would be code."""
    if not line.strip():
        return ""
    bare = line.strip(" \t")
    indent = line[: line.index(bare)].expandtabs(_TAB)
    return "\u00a0" * len(indent) + _escaped(bare)


def _escaped(line: str) -> str:
    marked = _MARKUP.sub(r"\\\g<0>", _NAMES.sub(rf"\g<0>{JOINER}", line))
    start = _START.match(marked)
    return f"{start.group()}\\{marked[start.end() :]}" if start else marked
