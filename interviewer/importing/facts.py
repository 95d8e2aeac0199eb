"""A hint cut into facts: its sentences, and what commas, semicolons and numbers set apart in them."""

from __future__ import annotations

import re

from interviewer.text import Span, words

#: A piece with fewer words stands for no fact of its own; it stays with its neighbour.
LEAST_WORDS = 2

_NO_END = frozenset(
    "e.g i.e etc vs cf approx ca resp fig no nr vol dr mr mrs ms st prof inc z.b d.h bzw ggf al".split()
)
_STOP = re.compile(r"[.!?]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[\"'”’»)\]」]*|[;；](?=\s|$)|,(?=\s)|[、，]")
_NUMBER = re.compile(r"(?<!\S)\(?(\d{1,2})[.)](?=\s)")
_LAST_WORD = re.compile(r"([^\s(\[]+)$")
_PAIRS = {"(": ")", "[": "]"}


def fact_spans(text: str) -> list[Span]:
    """Where the facts of `text` stand, in order. All but white space is in one of them.

    What stands in brackets is not cut, nor are abbreviations. An opening that ends in a colon stays with
    what it opens.
    """
    inside = _bracketed(text)
    numbers = _numbers(text)
    digits = {at for span in numbers for at in range(span.start, span.end)}
    cuts = {span.start for span in numbers}
    for stop in _STOP.finditer(text):
        at = stop.start()
        if at not in inside and at not in digits and not _is_abbreviation(text, at):
            cuts.add(stop.end())
    return _merged(text, sorted(cuts | {len(text)}))


def _merged(text: str, ends: list[int]) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for end in ends:
        piece = text[start:end]
        if _is_opening(piece) and end != len(text):
            continue
        if len(words(piece)) < LEAST_WORDS and spans:
            spans[-1] = Span(spans[-1].start, spans[-1].start + len(text[spans[-1].start : end].rstrip()))
        elif len(words(piece)) < LEAST_WORDS and end != len(text):
            continue
        elif piece.strip():
            lead = len(piece) - len(piece.lstrip())
            spans.append(Span(start + lead, start + len(piece.rstrip())))
        start = end
    return spans


def _is_opening(piece: str) -> bool:
    return piece.rstrip().endswith((":", "："))


def _numbers(text: str) -> list[Span]:
    """The numbers of a list that runs on in the text: 1., 2. and so on."""
    found: list[Span] = []
    for match in _NUMBER.finditer(text):
        if int(match[1]) == len(found) + 1:
            found.append(Span(*match.span()))
    return found if len(found) > 1 else []


def _is_abbreviation(text: str, at: int) -> bool:
    if text[at] != ".":
        return False
    last = _LAST_WORD.search(text, max(0, at - 30), at)
    word = last[1].lower() if last else ""
    is_end = not text[at + 1 :].strip()
    return not is_end and word in _NO_END


def _bracketed(text: str) -> set[int]:
    """Offsets inside of brackets; one that is never closed, or only after 400 characters, is none."""
    found: set[int] = set()
    at = 0
    while at < len(text):
        end = _closing(text, at) if text[at] in _PAIRS else None
        if end is not None:
            found.update(range(at, end + 1))
            at = end
        at += 1
    return found


def _closing(text: str, start: int) -> int | None:
    opening, closing = text[start], _PAIRS[text[start]]
    depth = 0
    for at in range(start, min(len(text), start + 400)):
        depth += (text[at] == opening) - (text[at] == closing)
        if depth == 0:
            return at
    return None
