"""Whether a quote is evidence: it must stand in the candidate's own words, and say something."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from interviewer.bank.models import Question
from interviewer.grading.instructions import Instruction, masked, withheld
from interviewer.grading.models import Evidence
from interviewer.text import Folded, Span, find, fold, sentences, words

#: Fewer words than this prove nothing.
MIN_WORDS = 3
#: A quote of several sentences with this share of the answer's words, or more, points at nothing.
WHOLE_SHARE = 0.9
#: A requirement of this many words or more is not said word for word by chance.
ECHO_WORDS = 8

_SMALL = frozenset(
    "all and any are but can for has how its not one the then this two was what when why yes you".split()
)


class Rejection(StrEnum):
    """Why a quote is not evidence; the words are told to the grader in the repair call."""

    ABSENT = "it does not stand in the answer word for word"
    SHORT = "it has fewer than three words"
    WHOLE = "it is the whole answer, or nearly; quote the part that decides"
    ECHO = "it repeats the question or the rubric"
    WITHHELD = "it is from a passage that speaks to the grader, which is no part of the answer"


class EvidenceCheck:
    """Checks quotes against one answer. Folds the texts once; each check is a substring search.

    instructions: passages that speak to the grader; no quote may touch them.
    sentences: where those sentences of the answer stand that are free of them.
    """

    def __init__(self, answer: str, question: Question, instructions: Sequence[Instruction] = ()) -> None:
        self._answer = answer
        self._instructions = tuple(instructions)
        self._folded: Folded = fold(masked(answer, instructions))
        self._unmasked = fold(answer) if instructions else None
        self.sentences = tuple(s for s in sentences(answer) if not withheld(s, instructions))
        self._words = len(words(self._folded.text))
        self._question = fold(question.text).text
        requirements = [_plain(fold(c.requirement).text) for c in question.criteria]
        self._pasted = _pasted(requirements, self._folded.text)
        self._stems = {_stem(word) for text in requirements for word in words(text)} - {""}

    def verify(self, quote: str, sentence: int | None = None) -> Evidence | Rejection:
        """The evidence with its offsets into the answer, or why the quote is none.

        sentence: 0-based index of the sentence that the quote is said to be from; the quote is looked
        for there first, so that a phrase said twice is found where it was meant.
        """
        span = self._locate(_bare(quote), sentence)
        if span is None:
            known = self._unmasked and find(_bare(quote), self._unmasked, self._answer)
            return Rejection.WITHHELD if known else Rejection.ABSENT
        return self.verify_span(span)

    def verify_span(self, span: Span) -> Evidence | Rejection:
        """The same for a quote that is known to stand at `span` of the answer."""
        if any(span.start < one.span.end and one.span.start < span.end for one in self._instructions):
            return Rejection.WITHHELD  # even a quote of the paint that covers them
        found = self._answer[span.start : span.end]
        folded = fold(found).text
        if len(words(found)) < MIN_WORDS and not self._is_whole_and_to_the_point(folded):
            return Rejection.SHORT
        if self._is_nearly_all(span):
            return Rejection.WHOLE
        if self._is_echo(folded):
            return Rejection.ECHO
        return Evidence(quote=found, start=span.start, end=span.end)

    def _locate(self, quote: str, sentence: int | None) -> Span | None:
        if sentence is not None and 0 <= sentence < len(self.sentences):
            home = self.sentences[sentence]
            part = self._answer[home.start : home.end]
            span = find(quote, fold(part), part)
            if span is not None:
                return Span(home.start + span.start, home.start + span.end)
        return find(quote, self._folded, self._answer)

    def _is_nearly_all(self, span: Span) -> bool:
        """Whether `span` takes in nearly all that counts. A single sentence may, and be its own evidence."""
        touched = sum(s.start < span.end and span.start < s.end for s in self.sentences)
        said = len(words(fold(self._answer[span.start : span.end]).text))
        return touched > 1 and said >= WHOLE_SHARE * self._words

    def _is_whole_and_to_the_point(self, folded: str) -> bool:
        """Whether a short quote is all that was answered, and shares a term with what is required."""
        return folded == self._folded.text and any(_stem(word) in self._stems for word in words(folded))

    def _is_echo(self, folded: str) -> bool:
        plain = _plain(folded)
        if plain in self._question:
            return True
        return any(plain in requirement or requirement in plain for requirement in self._pasted)


def _pasted(requirements: Sequence[str], answer: str) -> tuple[str, ...]:
    """The requirements that stand in the answer word for word, if they are so many that it is no chance.

    One is what a well-read candidate may say; two are the rubric read back.
    """
    found = tuple(r for r in requirements if len(words(r)) >= ECHO_WORDS and r in answer)
    return found if len(found) >= 2 else ()


def _plain(folded: str) -> str:
    return folded.strip(" .,;:!?")


def _stem(word: str) -> str:
    """What `word` shares with its other forms, roughly; empty for a word that says nothing by itself."""
    return word[:5] if len(word) >= 3 and word not in _SMALL else ""


def _bare(quote: str) -> str:
    """`quote` without the marks that models put around it."""
    return quote.strip().strip("\"'“”‘’`…").removesuffix("...").removeprefix("...").strip()
