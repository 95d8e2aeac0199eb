"""YAML in the style of the banks that people write: plain words, quotes where needed, long text behind >-."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator

#: Widest line, in characters; a longer word stands on a line of its own.
WIDTH = 100
_SHORT = 80
_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9 ,/'()-]*[A-Za-z0-9()])?[.?!]?")
# Words that some reader of YAML takes for a truth value or for nothing.
_SPECIAL = frozenset("true false yes no on off y n null".split())


def field(key: str, value: str | float, indent: int) -> Iterator[str]:
    """The lines of `key: value` at so many blanks. A text's white space comes out as single blanks."""
    start = " " * indent + f"{key}: "
    if not isinstance(value, str):
        yield f"{start}{value:g}"
        return
    text = " ".join(value.split())
    if len(text) > _SHORT or len(start) + len(text) > WIDTH:
        yield f"{start}>-"
        yield from _wrapped(text, " " * (indent + 2), " " * (indent + 2))
    elif _PLAIN.fullmatch(text) and text.lower() not in _SPECIAL:
        yield start + text
    else:
        yield start + json.dumps(text, ensure_ascii=False)


def comment(text: str, indent: int, *, hang: int = 0, inset: int = 0) -> Iterator[str]:
    """`text` as a comment at so many blanks, on as many lines as it takes.

    inset: blanks between the sign and the text; hang: that many more from the second line on.
    """
    start = " " * indent + "# " + " " * inset
    yield from _wrapped(" ".join(text.split()), start, start + " " * hang)


def _wrapped(text: str, first: str, others: str) -> list[str]:
    return textwrap.wrap(
        text,
        width=WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )
