"""Surrogates that stand as a pair in a text: joined, since JSON would join them, too.

Python can hold the two halves of a character as two code points; `"\\ud83d\\ude00"` in JSON is one
character to every reader. Joining them before they are written keeps offsets true to the text.
"""

from __future__ import annotations

import re
from typing import Any

from interviewer.grading.models import Evidence
from interviewer.interview.models import Interview

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def without_pairs(interview: Interview) -> Interview:
    """`interview` with each pair as one character, and offsets of quotes moved along."""
    data = interview.model_dump(mode="json")
    if not _has_pair(data):
        return interview
    for turn in data["turns"]:
        for answer in turn["answers"]:
            _move_offsets(answer["grade"], answer["text"])
    return Interview.model_validate(_joined_everywhere(data))


def _joined(text: str) -> str:
    return _PAIR.sub(lambda m: m.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)


def _has_pair(data: Any) -> bool:
    if isinstance(data, str):
        return _PAIR.search(data) is not None
    if isinstance(data, dict):
        return any(map(_has_pair, data.values()))
    return isinstance(data, list) and any(map(_has_pair, data))


def _joined_everywhere(data: Any) -> Any:
    if isinstance(data, str):
        return _joined(data)
    if isinstance(data, dict):
        return {key: _joined_everywhere(value) for key, value in data.items()}
    return [_joined_everywhere(value) for value in data] if isinstance(data, list) else data


def _move_offsets(graded: Any, text: str) -> None:
    """Offsets into `text` as it is become offsets into the joined text, wherever `graded` holds a quote."""
    if isinstance(graded, list):
        for part in graded:
            _move_offsets(part, text)
    elif isinstance(graded, dict):
        for part in graded.values():
            _move_offsets(part, text)
        if Evidence.model_fields.keys() <= graded.keys():
            graded |= {edge: len(_joined(text[: graded[edge]])) for edge in ("start", "end")}
