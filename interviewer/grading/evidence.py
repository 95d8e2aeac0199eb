"""Whether a quote is evidence: it must stand in the candidate's own words, and say something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from interviewer.bank.models import Question
from interviewer.grading.instructions import Instruction, masked, withheld
from interviewer.grading.models import Evidence
from interviewer.text import Folded, Span, find, fold, sentences, words

#: Fewer words than this prove nothing.
MIN_WORDS = 3
#: A quote of a requirement this long or longer is the rubric read back, not the candidate's thought.
ECHO_WORDS = 8


class Rejection(StrEnum):
    """Why a quote is not evidence; the words are told to the grader in the repair call."""

    ABSENT = "it does not stand in the answer word for word"
    SHORT = "it has fewer than three words"
    WHOLE = "it is the whole answer; quote the part that decides"
    ECHO = "it repeats the question or the rubric"
    WITHHELD = "it is from a passage that speaks to the grader, which is no part of the answer"


@dataclass(frozen=True, slots=True)
class _Reference:
    question: str
    requirements: tuple[str, ...]


class EvidenceCheck:
    """Checks quotes against one answer. Folds the texts once; each check is a substring search.

    instructions: passages that speak to the grader; no quote may touch them.
    sentences: where those sentences of the answer stand that are free of them.
    """

    def __init__(self, answer: str, question: Question, instructions: Sequence[Instruction] = ()) -> None:
        self._answer = answer
        self._folded: Folded = fold(masked(answer, instructions))
        self._unmasked = fold(answer) if instructions else None
        self.sentences = tuple(s for s in sentences(answer) if not withheld(s, instructions))
        self._reference = _Reference(
            question=fold(question.text).text,
            requirements=tuple(fold(c.requirement).text for c in question.criteria),
        )

    def verify(self, quote: str, sentence: int | None = None) -> Evidence | Rejection:
        """The evidence with its offsets into the answer, or why the quote is none.

        sentence: 0-based index of the sentence that the quote is said to be from; the quote is looked
        for there first, so that a phrase said twice is found where it was meant.
        """
        span = self._locate(_bare(quote), sentence)
        if span is None:
            known = self._unmasked and find(_bare(quote), self._unmasked, self._answer)
            return Rejection.WITHHELD if known else Rejection.ABSENT
        found = self._answer[span.start : span.end]
        folded = fold(found).text
        if len(words(found)) < MIN_WORDS:
            return Rejection.SHORT
        # An answer of one sentence may be its own evidence; a longer one must be pointed into.
        if folded == self._folded.text and len(self.sentences) > 1:
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

    def _is_echo(self, folded: str) -> bool:
        if folded.strip(" .,;:!?") in self._reference.question:
            return True
        if len(words(folded)) < ECHO_WORDS:
            return False
        return any(folded.strip(" .,;:!?") in r for r in self._reference.requirements)


def _bare(quote: str) -> str:
    """`quote` without the marks that models put around it."""
    return quote.strip().strip("\"'“”‘’`…").removesuffix("...").removeprefix("...").strip()
