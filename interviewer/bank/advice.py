"""Advice for people who write banks: what makes grades vague or gives answers away. Never an error."""

from __future__ import annotations

from collections.abc import Iterator

from interviewer.bank.leak import gives_away
from interviewer.bank.models import Bank, Criterion, Question
from interviewer.models import Frozen
from interviewer.text import words

#: A requirement with fewer words names a term, and a list of terms would meet it.
LEAST_REQUIREMENT_WORDS = 4
#: A hint with fewer words holds no full answer.
LEAST_HINT_WORDS = 8
#: One criterion of several with more than this share of the weight decides the score alone.
MOST_WEIGHT_SHARE = 0.8


class Advice(Frozen):
    """One thing worth a second look. question, criterion: ids; None means the question as a whole."""

    question: str
    criterion: str | None = None
    message: str


def advice_on(bank: Bank) -> tuple[Advice, ...]:
    """What could be better in the bank, question by question in its order."""
    return tuple(advice for question in bank.questions for advice in _on_question(question))


def _on_question(question: Question) -> Iterator[Advice]:
    def advice(message: str) -> Advice:
        return Advice(question=question.id, message=message)

    if len(words(question.hint)) < LEAST_HINT_WORDS:
        yield advice(f"the hint has fewer than {LEAST_HINT_WORDS} words; say all that a full answer holds")
    if question.nudge is None:
        yield advice("no nudge: a candidate who is stuck gets no push")
    elif gives_away(question.nudge, question, question.criteria):
        yield advice("the nudge gives an answer away; point to where to look, not to what is there")
    if not question.misconceptions:
        yield advice("no misconceptions: false claims cost nothing unless a criterion catches them")
    if len(question.criteria) == 1:
        yield advice("only one criterion: the score can only be all or nothing; split it")
    for criterion in question.criteria:
        yield from _on_criterion(criterion, question)


def _on_criterion(criterion: Criterion, question: Question) -> Iterator[Advice]:
    def advice(message: str) -> Advice:
        return Advice(question=question.id, criterion=criterion.id, message=message)

    if len(words(criterion.requirement)) < LEAST_REQUIREMENT_WORDS:
        yield advice("the requirement is a bare term; demand what it does, or why it matters")
    if criterion.partial is None:
        yield advice("no partial: the grader must guess what earns half the credit")
    if criterion.probe is None:
        yield advice("no probe: nothing is asked when this is missing")
    elif gives_away(criterion.probe, question, question.criteria):
        yield advice("the probe gives an answer away; ask for it without its words")
    total = sum(one.weight for one in question.criteria)
    if len(question.criteria) > 1 and criterion.weight > MOST_WEIGHT_SHARE * total:
        yield advice(f"it has {criterion.weight / total:.0%} of the weight; the other criteria hardly count")
