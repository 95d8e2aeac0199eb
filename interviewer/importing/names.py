"""Ids: slugs made from any text, each given once."""

from __future__ import annotations

import re

from interviewer.text import fold

#: Longest id that is made, in characters, without the number that may follow.
MAX_ID = 48


def slug(text: str, fallback: str) -> str:
    """`text` as an id that begins with a letter; `fallback` if nothing of it can be one."""
    found = re.sub(r"[^a-z0-9]+", "-", fold(text).text)[: MAX_ID + 1]
    if len(found) > MAX_ID:
        found = found.rpartition("-")[0] or found[:MAX_ID]
    found = found.strip("-")
    if not found or not re.search("[a-z]", found):
        return fallback
    return found if found[0].isalpha() else f"{fallback.partition('-')[0]}-{found}"


class Ids:
    """Gives each id once: what was given before gets a number."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def fresh(self, wanted: str) -> str:
        """`wanted`, or it with the first number from 2 that is free."""
        found, number = wanted, 2
        while found in self._given:
            found, number = f"{wanted}-{number}", number + 1
        self._given.add(found)
        return found
