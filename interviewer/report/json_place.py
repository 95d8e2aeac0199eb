"""Where in a JSON text a value stands."""

from __future__ import annotations

import re
from json import JSONDecoder

Step = str | int

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = JSONDecoder()


def line_of(text: str, way: tuple[Step, ...]) -> int:
    """The line, from 1, of the value that `way` (keys and indices) leads to in `text`, which must be JSON.

    Where the way leads to nothing, it is the line of what should hold it.
    """
    at = _skip(text, 0)
    for step in way:
        inner = _inside(text, at, step)
        if inner is None:
            break
        at = inner
    return text.count("\n", 0, at) + 1


def _inside(text: str, at: int, step: Step) -> int | None:
    """The offset of a member of the object or array at `at`; None if it has none. The last double counts."""
    is_object = text[at] == "{"
    if text[at] not in "{[" or isinstance(step, str) is not is_object:
        return None
    found = None
    position = 0
    at = _skip(text, at + 1)
    while text[at] not in "]}":
        key: Step = position
        if is_object:
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if key == step:
            found = at
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if text[at] == ",":
            at = _skip(text, at + 1)
        position += 1
    return found


def _skip(text: str, at: int) -> int:
    """The offset after white space."""
    match = _SPACE.match(text, at)
    return match.end() if match else at
