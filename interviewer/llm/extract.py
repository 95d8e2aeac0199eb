"""Finding the one JSON object in what a model wrote around it: fences, prose, thinking."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from interviewer.errors import MalformedReplyError

# Weak models leave line breaks in strings unescaped, so the decoder lets them pass.
_DECODER = json.JSONDecoder(strict=False)
_MARK = re.compile(r'\{(?=\s*["}])|<think>|</think>', re.IGNORECASE)
_END_OF_THINKING = re.compile(r"</think>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f]")
# What looks like an object and is none may be tried so often, and read over so often in all: so the time
# stays linear in the text's length, however hostile it is.
_TRIES = 200
_READINGS = 16
_NONE = "the model's reply holds no JSON object"
_CUT_OFF = "the model's reply breaks off within its JSON"


def object_of(text: str, *, holds: str) -> dict[str, Any]:
    """The JSON object that `text` is, with a list under the key `holds`. Raises MalformedReplyError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedReplyError("the model's reply is not JSON") from error
    if not isinstance(value, dict) or not isinstance(value.get(holds), list):
        raise MalformedReplyError(f"the model's reply holds no list of {holds}")
    return value


def json_object_in(text: str) -> str:
    """The JSON object in `text`, as valid JSON: the last one that is not empty, if there are several.

    What stands in `<think>…</think>`, or before a `</think>` that nothing opened, is no reply. Raises
    MalformedReplyError if there is no object or it breaks off.
    """
    chosen: tuple[str, dict[str, Any]] | None = None
    for found in _objects(text):
        if found is None:
            chosen = None
        elif found[1] or chosen is None:
            chosen = found
    if chosen is None:
        raise MalformedReplyError(_NONE)
    piece, value = chosen
    return json.dumps(value) if _CONTROL.search(piece) else piece


def _objects(text: str) -> Iterator[tuple[str, dict[str, Any]] | None]:
    """Each outermost object with its value, in order; None where all before turns out to be thinking."""
    end = len(text.rstrip())
    tries, readings = _TRIES, _READINGS * len(text)
    has_ends = True
    at = 0
    while mark := _MARK.search(text, at):
        at = mark.end()
        if mark.group().lower() == "</think>":
            yield None
            continue
        if mark.group() != "{":
            closing = _END_OF_THINKING.search(text, at) if has_ends else None
            has_ends = closing is not None
            at = closing.end() if closing else at
            continue
        try:
            value, stop = _DECODER.raw_decode(text, mark.start())
        except json.JSONDecodeError as error:
            if error.pos >= end or error.msg.startswith("Unterminated string"):
                # What is inside an object that breaks off is a part, not the reply.
                raise MalformedReplyError(_CUT_OFF) from None
            tries -= 1
            readings -= error.pos - mark.start()
            if tries < 0 or readings < 0:
                raise MalformedReplyError(_NONE) from None
        except (ValueError, RecursionError):
            raise MalformedReplyError("the model's reply is no JSON that can be read") from None
        else:
            at = stop
            yield text[mark.start() : stop], value
