"""Text of candidates, models and banks in the document: it is only text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from interviewer.bank.models import Criterion, Misconception, Question
from interviewer.grading.models import (
    CriterionGrade,
    Evidence,
    Grade,
    GraderIdentity,
    MisconceptionGrade,
    Verdict,
)
from interviewer.interview.models import BankLabel, Failure, FollowUp, Interview, Settings
from interviewer.report.markdown import to_markdown
from interviewer.report.transcript import transcript_of
from interviewer.text import printable
from tests.report.hostile import HOSTILE_BANK, HOSTILE_WORDS
from tests.report.reading import quoted_in_markdown
from tests.report.samples import answer, turn, with_turns
from tests.report.test_escape import lines_of
from tests.support.builders import at, interview, rubric
from tests.support.strings import STRINGS

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def structure(markdown: str) -> list[str]:
    """The kinds of token in order, without what a text's own line breaks make."""
    free = {"paragraph_open", "paragraph_close", "inline", "text", "hardbreak", "code_inline"}
    tokens = [t for token in PARSER.parse(markdown) for t in (token, *(token.children or []))]
    return [t.type for t in tokens if t.type not in free]


def of_words(words: str, bank: str) -> Interview:
    """An interview in which every text that comes from elsewhere is `words`, or `bank` in the bank."""
    asked = Question(
        id="latency",
        category="beginner",
        text=bank,
        hint=bank,
        criteria=(Criterion(id="one-request", requirement=bank),),
        misconceptions=(Misconception(id="same-thing", claim=bank, correction=bank),),
    )
    proof = (Evidence(quote=words, start=0, end=len(words)),)
    grade = Grade(
        score=50,
        band=words,
        criteria=(CriterionGrade(id="one-request", verdict=Verdict.PARTIAL, evidence=proof, reason=words),),
        misconceptions=(MisconceptionGrade(id="same-thing", evidence=proof, penalty=10),),
        feedback=words,
        withheld=proof,
        grader=GraderIdentity(kind="llm", model=words, prompt_version=words, rubric_version=words),
    )
    named = rubric()
    named = named.model_copy(
        update={"bands": tuple(b.model_copy(update={"title": bank}) for b in named.bands)}
    )
    failure = Failure(code=words, message=words, at=at(9))
    turns = (
        turn(answer(words, grade=grade), of=asked, rubric=named),
        turn(answer(words, failure=failure), of=asked, index=1),
        turn(
            answer(words, grade=grade),
            answer(words, prompt=words, grade=grade),
            of=asked,
            index=2,
            open_follow_up=FollowUp(text=words, asked_at=at(9), criteria=("one-request",)),
        ),
    )
    return interview(id=words).model_copy(
        update={
            "turns": turns,
            "bank": BankLabel(
                id=words, title=words, role=words, fingerprint=words, categories=(("beginner", words),)
            ),
            "settings": Settings(seed=1, grader=words, model=words),
        }
    )


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
