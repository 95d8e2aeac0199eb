"""Passages of an answer that speak to the grader: found in code, withheld from the model and from evidence.

A model cannot be trusted to overlook an order, so it never sees one: whole sentences that carry a sign are
left out of the prompt, no quote may touch them, and the grade tells which they were.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interviewer.grading.instructions.disguises import UNSEEN_RUN, encoded, mirrored, spelled_out, views
from interviewer.grading.instructions.foreign import FOREIGN
from interviewer.grading.instructions.signs import (
    ABOUT_GRADES,
    BANNER,
    MARKS,
    STRONG,
    TALKED_ABOUT,
    TURN,
    Sign,
)
from interviewer.text import Folded, Span, fold, sentences

#: Stands for one withheld character: no word, no space, and in no quote.
MASK = "\ufffc"

_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
#: Sentences between two that carry signs, in one paragraph, are part of the same message up to this many.
_FILLED_GAP = 2
_LABEL_CHARACTERS = 120
#: What is searched for in text that was turned or decoded.
_ORDERS = {sign: STRONG[sign] for sign in (Sign.OVERRIDE, Sign.ADDRESS, Sign.DEMAND, Sign.CLAIM)}


@dataclass(frozen=True, slots=True)
class Instruction:
    """A passage, whole sentences of the answer, and what it does."""

    span: Span
    sign: Sign


def instructions_in(answer: str) -> tuple[Instruction, ...]:
    """The passages of `answer` that speak to the grader, in order, not overlapping; mostly none."""
    parts = sentences(answer)
    signs: dict[int, Sign] = {}
    ends = [part.end for part in parts]
    for span, sign in _signs(answer):
        index = bisect_right(ends, span.start)  # the first sentence that ends behind the sign's start
        while index < len(parts) and parts[index].start < span.end:
            signs.setdefault(index, sign)
            index += 1
    if not signs:
        return ()
    _fill(signs, parts, answer)
    return tuple(_merged(signs, parts, answer))


def withheld(part: Span, found: Sequence[Instruction]) -> bool:
    """Whether `part` of the answer touches one of the passages."""
    return any(part.start < one.span.end and one.span.start < part.end for one in found)


def masked(answer: str, found: Sequence[Instruction]) -> str:
    """`answer` with each passage painted over, offset by offset."""
    for one in found:
        answer = answer[: one.span.start] + MASK * (one.span.end - one.span.start) + answer[one.span.end :]
    return answer


def _signs(answer: str) -> Iterator[tuple[Span, Sign]]:
    folded = list(views(answer))
    for view in folded:
        for table in (STRONG, FOREIGN):
            for sign, pattern in table.items():
                for match in pattern.finditer(view.text):
                    yield _origin(view, match.start(), match.end()), sign
    for view in mirrored(folded[0]):
        for pattern in _ORDERS.values():
            for match in pattern.finditer(view.text):
                yield _origin(view, match.start(), match.end()), Sign.DISGUISE
    yield from _marks(answer)
    for span, text in encoded(answer):
        hidden = fold(text).text
        if len(text.split()) >= 3 or any(pattern.search(hidden) for pattern in _ORDERS.values()):
            yield span, Sign.DISGUISE
    for span in (*spelled_out(answer), *(Span(m.start(), m.end()) for m in UNSEEN_RUN.finditer(answer))):
        yield span, Sign.DISGUISE
    yield from _turns(answer)


def _marks(answer: str) -> Iterator[tuple[Span, Sign]]:
    """Forged mark-up. In the middle of a sentence it may be talked about; at its start it is used."""
    starts = {part.start for part in sentences(answer)}
    done = 0
    for match in MARKS.finditer(answer):
        is_used = match.start() in starts and not TALKED_ABOUT.match(answer, match.end())
        if not is_used or match.start() < done:
            continue
        # What stands between two marks belongs to them.
        end = _end_of_paragraph(answer, match.end())
        *_, done = (match.end(), *(m.end() for m in MARKS.finditer(answer, match.end(), end)))
        yield Span(match.start(), done), Sign.FORGERY
    for match in BANNER.finditer(answer):
        yield Span(match.start(), _end_of_paragraph(answer, match.end())), Sign.FORGERY


def _turns(answer: str) -> Iterator[tuple[Span, Sign]]:
    """Lines and sentences that pose as somebody else's turn in a conversation."""
    lines = (Span(m.start(), m.end()) for m in _LINE.finditer(answer))
    for part in (*lines, *sentences(answer)):
        text = answer[part.start : part.end]
        label = TURN.match(fold(text[:_LABEL_CHARACTERS]).text)
        if label is None:
            continue
        said = fold(text).text
        is_forged = label.group(1) and ABOUT_GRADES.search(said, label.end())
        if is_forged or any(pattern.search(said) for pattern in STRONG.values()):
            yield part, Sign.FORGERY


def _end_of_paragraph(answer: str, start: int) -> int:
    end = _PARAGRAPH_END.search(answer, start)
    return end.start() if end else len(answer)


def _origin(view: Folded, start: int, end: int) -> Span:
    """Where `view.text[start:end]` stands in the answer, without what ends the sentence before it."""
    while start < end - 1 and not view.text[start].isalnum():
        start += 1
    ends = view.origins[start], view.origins[max(start, end - 1)]
    return Span(min(ends), max(ends) + 1)


def _fill(signs: dict[int, Sign], parts: Sequence[Span], answer: str) -> None:
    """Take the sentences between two with signs along: a message has sentences that give nothing away."""
    marked = sorted(signs)
    for before, after in pairwise(marked):
        between = range(before + 1, after)
        if len(between) <= _FILLED_GAP and not _PARAGRAPH_END.search(
            answer, parts[before].end, parts[after].start
        ):
            for index in between:
                signs[index] = signs[before]


def _merged(signs: dict[int, Sign], parts: Sequence[Span], answer: str) -> Iterator[Instruction]:
    """Neighbours with the same sign as one passage."""
    current: Instruction | None = None
    last = -2
    for index in sorted(signs):
        part, sign = parts[index], signs[index]
        if current is not None and index == last + 1 and sign is current.sign:
            current = Instruction(Span(current.span.start, part.end), sign)
        else:
            if current is not None:
                yield current
            current = Instruction(part, sign)
        last = index
    if current is not None:
        yield current
