"""Text of candidates, models and banks in the document: it is only text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from interviewer.report.markdown import to_markdown
from interviewer.report.transcript import transcript_of
from interviewer.text import printable
from tests.report.hostile import HOSTILE_BANK, HOSTILE_WORDS
from tests.report.reading import quoted_in_markdown
from tests.report.samples import answer, turn, with_turns
from tests.report.test_escape import lines_of
from tests.support.hostile.kept import of_words
from tests.support.strings import STRINGS

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def structure(markdown: str) -> list[str]:
    """The kinds of token in order, without what a text's own line breaks make."""
    free = {"paragraph_open", "paragraph_close", "inline", "text", "hardbreak", "code_inline"}
    tokens = [t for token in PARSER.parse(markdown) for t in (token, *(token.children or []))]
    return [t.type for t in tokens if t.type not in free]


PLAIN = structure(to_markdown(transcript_of(of_words("x", "x"), "1")))


@given(HOSTILE_WORDS, HOSTILE_BANK)
def test_no_text_from_elsewhere_changes_the_structure(words: str, bank: str) -> None:
    assert structure(to_markdown(transcript_of(of_words(words, bank), words))) == PLAIN


@given(HOSTILE_WORDS)
def test_code_is_only_what_could_be_an_id(words: str) -> None:
    tokens = PARSER.parse(to_markdown(transcript_of(of_words(words, "x"), words)))
    found = [c.content for t in tokens for c in t.children or [] if c.type == "code_inline"]

    assert all(re.fullmatch(r"[A-Za-z0-9._:/-]+", content) for content in found)


@given(HOSTILE_WORDS)
def test_nothing_is_left_that_a_terminal_obeys(words: str) -> None:
    told = to_markdown(transcript_of(of_words(words, "x"), words))

    assert printable(told) == told


@pytest.mark.parametrize("name", STRINGS)
def test_a_hostile_answer_reads_as_it_was_written(name: str) -> None:
    told = transcript_of(with_turns(turn(answer(STRINGS[name]))), "1")
    said = printable(told.interview.turns[0].answers[0].text.replace("\r\n", "\n"))

    assert lines_of(quoted_in_markdown(to_markdown(told))) == lines_of(said)
