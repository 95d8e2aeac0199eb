"""What the embedded model makes of an answer, criterion by criterion; for the local grader and the second
reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from interviewer.bank.models import Criterion, Rubric
from interviewer.embedded.about import Chances
from interviewer.embedded.model import Asked, Opinion
from interviewer.errors import NothingQuotedError, OtherScriptError, TooLittleTextError
from interviewer.grading.admission import Admitted
from interviewer.grading.evidence import MIN_WORDS, Rejection
from interviewer.grading.models import GradingTask, Verdict
from interviewer.models import Frozen
from interviewer.text import Span, fold, one_line, words

#: The model is sure of a verdict from this chance on.
SURE = 0.7
#: Longest piece of a sentence that is judged and quoted as one: speech has sentences without an end.
_LONGEST_PIECE, _PIECE_CHARACTERS = 40, 280
_LATIN_SHARE = 0.5


class Judges(Protocol):
    """The part of the embedded model that graders need."""

    @property
    def name(self) -> str:
        """Name and number."""

    @property
    def version(self) -> str:
        """Equal only for equal models."""

    def opinions(
        self, question: str, asked: Sequence[Asked], answer: str, sentences: Sequence[Span]
    ) -> tuple[Opinion, ...]:
        """One opinion for each of `asked`. Raises EmbeddedModelError."""


class Judgement(Frozen):
    """What the embedded model makes of one criterion.

    verdict: first whether anything was shown, then the likelier of the two that are left. expected: the
    expected credit under the rubric, 0 to 1. chances: of all verdicts.
    """

    verdict: Verdict
    expected: float
    chances: Mapping[Verdict, float]

    @property
    def is_sure(self) -> bool:
        """Whether the verdict stands by itself."""
        return self.chances[self.verdict] >= SURE

    @property
    def shown(self) -> float:
        """The chance that the point is shown, in full or in part."""
        return self.chances[Verdict.MET] + self.chances[Verdict.PARTIAL]


def asked_in(task: GradingTask) -> str:
    """What the answer replies to: the follow-up, or the question."""
    return task.follow_up or task.question.text


def readable(task: GradingTask, admitted: Admitted) -> tuple[Span, ...]:
    """The pieces of the answer that the model reads: sentences, cut where they are very long.

    Raises TooLittleTextError for one or two words that prove nothing, OtherScriptError for what the model
    cannot read.
    """
    sentences = admitted.evidence.sentences
    text = " ".join(task.answer[s.start : s.end] for s in sentences)
    letters = [c for c in text if c.isalpha()]
    if sum(c < "\u0250" for c in letters) < _LATIN_SHARE * len(letters):
        raise OtherScriptError(
            "the local model reads English only", hint="A language model can judge it: --grader llm."
        )
    is_short = len(words(text)) < MIN_WORDS and not admitted.withheld
    if is_short and isinstance(admitted.evidence.verify(text), Rejection):
        raise TooLittleTextError(
            f"{one_line(text, 40)!r} is too little for the local model to judge",
            hint="A language model can judge it: --grader llm.",
        )
    return _once(task.answer, [piece for span in sentences for piece in _pieces(task.answer, span)])


def pointed_at(argument: str, answer: str, pieces: Sequence[Span]) -> tuple[Span, ...]:
    """Those of `pieces` that `argument` quotes, three words in a row or more.

    The model cannot weigh an argument, but it can read again what the argument points at, and that alone.
    Raises NothingQuotedError if it points at nothing.
    """
    wanted = _runs(argument)
    found = tuple(one for one in pieces if wanted & _runs(answer[one.start : one.end]))
    if not found:
        raise NothingQuotedError(
            "the local model reads answers, not arguments",
            hint=f"Quote the words of your answer that show it, {MIN_WORDS} or more in a row.",
        )
    return found


def _runs(text: str) -> set[tuple[str, ...]]:
    said = words(fold(text).text)
    return {tuple(said[at : at + MIN_WORDS]) for at in range(len(said) - MIN_WORDS + 1)}


def judged(
    model: Judges, task: GradingTask, criteria: Sequence[Criterion], pieces: Sequence[Span]
) -> list[tuple[Judgement, tuple[float, ...]]]:
    """For each of `criteria` what the model makes of it, and how much it looked at each of `pieces`.

    A criterion with reference answers is judged by the one that it meets best. Raises EmbeddedModelError.
    """
    asked = [
        [Asked(text, is_reference=True) for text in c.references] or [Asked(c.requirement)] for c in criteria
    ]
    flat = model.opinions(asked_in(task), [one for many in asked for one in many], task.answer, pieces)
    found, at = [], 0
    for many in asked:
        best = max(flat[at : at + len(many)], key=lambda opinion: opinion.chances.expected)
        found.append((judgement_of(best.chances, task.rubric), best.evidence))
        at += len(many)
    return found


def judgement_of(chances: Chances, rubric: Rubric) -> Judgement:
    """The judgement that `chances` come to under `rubric`."""
    scale = rubric.verdicts
    shares = {
        Verdict.MET: (chances.met, scale.met),
        Verdict.PARTIAL: (chances.partial, scale.partial),
        Verdict.MISSING: (chances.missing, scale.missing),
        Verdict.WRONG: (chances.wrong, scale.wrong),
    }
    left = (Verdict.PARTIAL, Verdict.MET) if chances.shown > 0.5 else (Verdict.MISSING, Verdict.WRONG)
    expected = sum(share * rule.credit for share, rule in shares.values())
    return Judgement(
        verdict=max(left, key=lambda verdict: shares[verdict][0]),
        expected=min(1.0, max(0.0, expected)),
        chances={verdict: share for verdict, (share, _) in shares.items()},
    )


def _once(answer: str, pieces: Iterable[Span]) -> tuple[Span, ...]:
    """`pieces` without those that say again what one before them said: repeating proves nothing more."""
    first: dict[tuple[str, ...], Span] = {}
    for piece in pieces:
        first.setdefault(tuple(words(fold(answer[piece.start : piece.end]).text)), piece)
    return tuple(first.values())


def _pieces(answer: str, span: Span) -> Iterator[Span]:
    """`span`, cut behind commas and the like, or between words, so that no piece is very long."""
    tokens = [m.span() for m in re.finditer(rf"\S{{1,{_PIECE_CHARACTERS}}}", answer[span.start : span.end])]
    start = 0
    while start < len(tokens):
        most = start + 1
        while (
            most < min(len(tokens), start + _LONGEST_PIECE)
            and tokens[most][1] - tokens[start][0] <= _PIECE_CHARACTERS
        ):
            most += 1
        end = most
        if most < len(tokens):
            stops = [i for i in range(start, most) if answer[span.start + tokens[i][1] - 1] in ",;:)–—"]
            late = [i for i in stops if i - start >= (most - start) // 2]
            end = late[-1] + 1 if late else most
        yield Span(span.start + tokens[start][0], span.start + tokens[end - 1][1])
        start = end
