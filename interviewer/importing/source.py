"""A page cut into items, each a question or a hint with its heading, and each item into numbered facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from interviewer.errors import InvalidFileError
from interviewer.importing.blocks import Block, Kind, Unused, clean
from interviewer.importing.facts import fact_spans
from interviewer.importing.html_blocks import html_blocks, is_html
from interviewer.importing.text_blocks import text_blocks
from interviewer.importing.titles import opens_as_order, titled
from interviewer.text import Span

#: The longest page, in characters.
MAX_CHARACTERS = 200_000
#: Most items of a page. Each is a question of its own, and one request or two.
MAX_ITEMS = 300
#: The longest hint that is cut into facts, in characters; a longer one is no hint for one question.
MAX_HINT = 6_000

_COUNT = re.compile(r"\d+\s+(?:expert\s+)?(?:questions?|items?|hints?)(?=[A-Z\"'“‘]|\s*$)")
_QUESTION_LABEL = re.compile(r"(?:Q(?:uestion)?\s*\d*\s*[:.)])\s*", re.IGNORECASE)
_HINT_LABEL = re.compile(r"(?:(?:A|Answer|Hint|Sample answer|Model answer)\s*\d*\s*:)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s+")
_FIRST_SENTENCE = re.compile(r"[^.!?。！？]{3,400}[?？][\"'”’)]*(?:;(?=\s))?\s*")
_ENDS = (".", "!", "?", ":", ";", ",", "。", "！", "？", "：")
_ABOUT_THE_PAGE = re.compile(
    r"\b(?:questions|interviews?|hints?|guide|page|article|welcome)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A piece of a hint that says one thing. number: from 1, in its item. line: 1-based, in the file."""

    number: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """What becomes one question.

    number: from 1, in the page. lines: those that it stands on. heading: the heading above it, or None.
    question: as the page asks it; None if it holds hints alone. hint: what a full answer holds; "" if the
    page does not say. facts: the hint's, in order.
    """

    number: int
    lines: tuple[int, ...]
    heading: str | None
    question: str | None
    hint: str
    facts: tuple[Fact, ...]

    @property
    def line(self) -> int:
        """The line that it begins on."""
        return self.lines[0]


@dataclass(frozen=True, slots=True)
class Page:
    """A page, cut. title: its own, or None. unused: what is in no item, by line."""

    title: str | None
    items: tuple[Item, ...]
    unused: tuple[Unused, ...]


def page_of(text: str, file: Path) -> Page:
    """The page in `text`, whose line breaks are `\\n`; `file` is where it came from.

    Raises InvalidFileError if it is too long, holds nothing to ask for, or too much.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidFileError(
            f"the page has {len(text):,} characters",
            file=file,
            expected=f"at most {MAX_CHARACTERS:,}",
            hint="Split it, and import the parts one by one.",
        )
    page = _cut(clean(text), is_page=file.suffix.lower() in {".html", ".htm"})
    if not page.items:
        raise InvalidFileError(
            "there is no question and no hint in it",
            file=file,
            expected="a heading, and below it a paragraph or a list entry for each question or hint",
        )
    if len(page.items) > MAX_ITEMS:
        raise InvalidFileError(
            f"it has {len(page.items):,} questions and hints",
            file=file,
            line=page.items[MAX_ITEMS].line,
            expected=f"at most {MAX_ITEMS:,}",
            hint="Split it, and import the parts one by one.",
        )
    if not any(item.facts for item in page.items):
        raise InvalidFileError(
            "it asks questions, but says nowhere what a good answer holds",
            file=file,
            line=page.items[0].line,
            expected="a hint or an answer below each question",
            hint="Criteria come from hints: none are made up.",
        )
    return page


def _cut(text: str, *, is_page: bool) -> Page:
    blocks, unused = html_blocks(text) if is_page or is_html(text) else text_blocks(text)
    cutter = _Cutter(unused)
    for block in titled(blocks):
        cutter.take(block)
    return cutter.page()


@dataclass
class _Draft:
    """An item that may still grow. kind, level: of the block that it began with."""

    heading: Block | None
    kind: Kind
    level: int
    lines: list[int]
    question: str | None
    hints: list[Block]


class _Cutter:
    def __init__(self, unused: list[Unused]) -> None:
        self._unused = unused
        self._drafts: list[_Draft] = []
        self._headings: list[Block] = []
        self._open: _Draft | None = None

    def take(self, block: Block) -> None:
        """Take in the page's next block."""
        if count := _COUNT.match(block.text):
            self._unused.append(Unused(block.line, count.group().strip()))
            block = block.part(count.end())
            if not block.text:
                return
        if block.kind is Kind.HEADING and not _is_question(block.text):
            self._unused.append(Unused(block.line, block.text))
            self._headings.append(block)
            self._open = None
            return
        question, hint = _parted(block)
        is_answer = _HINT_LABEL.match(block.text) is not None
        if self._open is None or self._begins(self._open, block, question, is_answer=is_answer):
            self._open = _Draft(
                self._headings[-1] if self._headings else None, block.kind, block.level, [], question, []
            )
            self._drafts.append(self._open)
        else:
            hint = block if not is_answer else hint
        self._open.lines += [line for _, line in block.starts]
        if hint.text:
            self._open.hints.append(hint)

    def _begins(self, last: _Draft, block: Block, question: str | None, *, is_answer: bool) -> bool:
        """Whether `block` begins an item of its own rather than going on with the last one."""
        is_deeper = block.is_entry and (last.kind is Kind.HEADING or block.level > last.level)
        is_next = block.is_entry and block.kind is last.kind and block.level <= last.level
        if is_answer:
            return bool(last.hints) and last.question is None
        if question is not None:
            return not (is_deeper and last.question is not None)
        if last.question is not None or not last.hints:
            return is_next
        leads_on = last.hints[-1].text.endswith((":", "："))
        if not block.is_entry:
            return not leads_on
        if last.kind is Kind.TEXT:  # entries go on with the paragraph that opens them
            return not (leads_on or not block.is_apart or last.hints[-1].is_entry)
        return is_next or not (is_deeper or leads_on)

    def page(self) -> Page:
        """All that was taken in."""
        drafts = self._drafts
        sections = {id(draft.heading) for draft in drafts}
        if len(sections) > 1:
            about = [draft for draft in drafts if _is_about_the_page(draft, drafts[0].heading)]
            self._unused += [Unused(hint.line, hint.text) for draft in about for hint in draft.hints]
            left_out = set(map(id, about))
            drafts = [draft for draft in drafts if id(draft) not in left_out]
            sections = {id(draft.heading) for draft in drafts}
        above = [h for h in self._headings if drafts and h.line < drafts[0].lines[0]]
        own = [h for h in above if id(h) not in sections] or above
        return Page(
            title=own[-1].text if own else None,
            items=tuple(_item(number, draft) for number, draft in enumerate(drafts, start=1)),
            unused=tuple(sorted(self._unused, key=lambda one: one.line)),
        )


def _is_about_the_page(draft: _Draft, first: Block | None) -> bool:
    """Whether it introduces the page: a paragraph under its first heading, `first`."""
    return (
        draft.kind is Kind.TEXT
        and draft.question is None
        and draft.heading is first
        and any(_ABOUT_THE_PAGE.search(hint.text) for hint in draft.hints)
    )


def _item(number: int, draft: _Draft) -> Item:
    facts = tuple(Fact(n, line, text) for n, (line, text) in enumerate(_facts(draft.hints), start=1))
    return Item(
        number=number,
        lines=tuple(dict.fromkeys(draft.lines)),
        heading=draft.heading.text if draft.heading else None,
        question=draft.question,
        hint=_joined(draft.hints),
        facts=facts,
    )


def _joined(hints: list[Block]) -> str:
    texts = [hint.text for hint in hints]
    whole = [text if text.endswith(_ENDS) else f"{text};" for text in texts[:-1]]
    return " ".join([*whole, *texts[-1:]])


def _facts(hints: list[Block]) -> Iterator[tuple[int, str]]:
    """Line and text of each fact. An opening that ends in a colon stays with what comes after it."""
    opening: tuple[int, str] | None = None
    is_long = sum(len(hint.text) for hint in hints) > MAX_HINT
    for hint in hints:
        for span in [Span(0, len(hint.text))] if is_long else fact_spans(hint.text):
            line, text = hint.line_at(span.start), hint.text[span.start : span.end]
            if opening is not None:
                line, text = opening[0], f"{opening[1]} {text}"
            opening = (line, text) if text.endswith((":", "：")) else None
            if opening is None:
                yield line, text
    if opening is not None:
        yield opening


def _parted(block: Block) -> tuple[str | None, Block]:
    """The question that the block asks, or None, and the rest of it: the hint."""
    nothing = replace(block, text="", starts=block.starts[:1])
    bare = block.part(number.end()) if (number := _NUMBER.match(block.text)) else block
    if label := _QUESTION_LABEL.match(bare.text):
        asked = bare.part(label.end())
        first = _FIRST_SENTENCE.match(asked.text)
        if first is None or first.end() == len(asked.text):
            return asked.text or None, nothing
        return first.group().rstrip("; "), asked.part(first.end())
    if label := _HINT_LABEL.match(block.text):
        return None, block.part(label.end()) if block.text[label.end() :].strip() else nothing
    if opens_as_order(bare.text):
        return None, block
    if _is_question(bare.text):
        return bare.text, nothing
    if first := _FIRST_SENTENCE.match(bare.text):
        return first.group().rstrip("; "), bare.part(first.end())
    return None, block


def _is_question(text: str) -> bool:
    return text.rstrip("\"'”’)* ").endswith(("?", "？"))
