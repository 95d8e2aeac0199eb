"""Headings that nothing marks as such: short lines that stand over others, as in text copied from a page."""

from __future__ import annotations

import re
from dataclasses import replace

from interviewer.importing.blocks import Block, Kind

#: Longest heading that is told by its looks alone, in characters and in words.
MAX_TITLE_CHARACTERS, MAX_TITLE_WORDS = 70, 8
#: Most words of a heading that ends in a colon; with more it opens what comes below.
MAX_OPENING_WORDS = 2
#: So many short lines in a row are a list rather than headings.
LIST_LENGTH = 3

_ORDER = re.compile(
    r"(?:anticipate|answer|ask|assess|check|cover|define|demonstrate|describe|discuss|emphasi[sz]e|expect|explain|"
    r"give|identify|include|know|listen|look|mention|name|note|outline|point|recall|say|show|state|talk|tell|"
    r"understand|use|walk)\b",
    re.IGNORECASE,
)
_SENTENCE_END = (".", "!", "?", ";", ",", "。", "！", "？")


def opens_as_order(text: str) -> bool:
    """Whether `text` begins as a hint does that says what to do: "Explain that ..."."""
    return _ORDER.match(text) is not None


def titled(blocks: list[Block]) -> list[Block]:
    """`blocks`, with those made headings that look like one; none if the page marks its headings."""
    if any(block.kind is Kind.HEADING for block in blocks):
        return blocks
    looks = [_looks_like_title(block) for block in blocks]
    front = looks.index(False) if False in looks else 0
    found: list[Block] = []
    for at, block in enumerate(blocks):
        is_title = looks[at] and (at < front < LIST_LENGTH + 1 or _stands_over(blocks, looks, at))
        found.append(replace(block, kind=Kind.HEADING) if is_title else block)
    return found


def _looks_like_title(block: Block) -> bool:
    text = block.text.removesuffix(":")
    return (
        block.kind is Kind.TEXT
        and len(block.starts) == 1
        and len(text) <= MAX_TITLE_CHARACTERS
        and len(text.split()) <= (MAX_TITLE_WORDS if text == block.text else MAX_OPENING_WORDS)
        and not text.endswith(_SENTENCE_END)
        and not text[:1].islower()
        and not opens_as_order(text)
    )


def _stands_over(blocks: list[Block], looks: list[bool], at: int) -> bool:
    if at + 1 == len(blocks):
        return False
    before = blocks[at - 1] if at else None
    if (
        before is not None
        and not blocks[at].is_apart
        and (before.text.endswith(("?", "？")) or not (before.text.endswith(_SENTENCE_END) or looks[at - 1]))
    ):
        return False  # it goes on with the line before, or answers it
    first, last = at, at
    while first and looks[first - 1] and at - first < LIST_LENGTH:
        first -= 1
    while last + 1 < len(blocks) and looks[last + 1] and last - at < LIST_LENGTH:
        last += 1
    return last - first + 1 < LIST_LENGTH and last + 1 < len(blocks)
