"""The number that the user sees, computed from verdicts and weights. No model has a say in it.

score = 100 × Σ weight·credit / Σ weight, minus the penalty of each asserted misconception, capped
while a must-have criterion is missing or wrong, clamped to 0..100, rounded to one decimal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interviewer.bank.models import Criterion, Question, Rubric
from interviewer.grading.models import CriterionGrade, Grade, MisconceptionGrade, Verdict
from interviewer.models import Frozen


class Credited(Frozen):
    """What an answer and its follow-ups earned for one criterion.

    credit: share of the criterion's weight, 0 to 1. verdict: the better of first and follow-up.
    after_follow_up: a follow-up answer won part of the credit.
    """

    id: str
    verdict: Verdict
    credit: float
    after_follow_up: bool = False


def score_of(
    grades: Sequence[CriterionGrade],
    misconceptions: Sequence[MisconceptionGrade],
    criteria: Sequence[Criterion],
    rubric: Rubric,
) -> float:
    """Score, 0 to 100, of one answer against `criteria`; a criterion without a grade earns nothing."""
    given = {grade.id: grade for grade in grades}
    credits = {c.id: credit_for(given[c.id], rubric) if c.id in given else 0.0 for c in criteria}
    lost = {c.id for c in criteria if c.id not in given or is_lost(given[c.id].verdict)}
    return _total(credits, lost, misconceptions, criteria, rubric)


def credited(grades: Sequence[Grade], criteria: Sequence[Criterion], rubric: Rubric) -> tuple[Credited, ...]:
    """What each criterion earned over the first answer's grade and those of its follow-ups, in order.

    A follow-up wins back the rubric's `follow_up_credit` of what was still lost; it never takes credit away.
    """
    earned: dict[str, Credited] = {}
    for position, grade in enumerate(grades):
        for one in grade.criteria:
            credit = credit_for(one, rubric)
            before = earned.get(one.id)
            if before is None or position == 0:
                earned[one.id] = Credited(id=one.id, verdict=one.verdict, credit=credit)
            elif credit > before.credit:
                won = before.credit + rubric.follow_up_credit * (credit - before.credit)
                earned[one.id] = Credited(id=one.id, verdict=one.verdict, credit=won, after_follow_up=True)
    absent = {c.id: Credited(id=c.id, verdict=Verdict.MISSING, credit=0.0) for c in criteria}
    return tuple(earned.get(c.id, absent[c.id]) for c in criteria)


def turn_score(grades: Sequence[Grade], question: Question, rubric: Rubric) -> float:
    """Score, 0 to 100, of a first answer (`grades[0]`) with its follow-ups.

    Misconceptions count where the first answer asserts them: trying a follow-up can only help.
    """
    earned = credited(grades, question.criteria, rubric)
    return _total(
        {e.id: e.credit for e in earned},
        {e.id for e in earned if is_lost(e.verdict)},
        grades[0].misconceptions,
        question.criteria,
        rubric,
    )


def credit_for(grade: CriterionGrade, rubric: Rubric) -> float:
    """The share of a criterion's weight that `grade` earns, 0 to 1: its own, or what its verdict gives."""
    return credit_of(grade.verdict, rubric) if grade.credit is None else grade.credit


def credit_of(verdict: Verdict, rubric: Rubric) -> float:
    """The share of a criterion's weight that `verdict` earns, 0 to 1."""
    scale = rubric.verdicts
    rules = {
        Verdict.MET: scale.met,
        Verdict.PARTIAL: scale.partial,
        Verdict.MISSING: scale.missing,
        Verdict.WRONG: scale.wrong,
    }
    return rules[verdict].credit


def is_lost(verdict: Verdict) -> bool:
    """Whether nothing of the criterion was shown, so that a must-have caps the score."""
    return verdict in {Verdict.MISSING, Verdict.WRONG}


def heaviest_first(criteria: Sequence[Criterion]) -> list[Criterion]:
    """`criteria` by what matters most: must-haves, then weight, then the bank's order."""
    return sorted(criteria, key=lambda c: (not c.must_have, -c.weight))


def _total(
    credits: Mapping[str, float],
    lost: set[str],
    misconceptions: Sequence[MisconceptionGrade],
    criteria: Sequence[Criterion],
    rubric: Rubric,
) -> float:
    weight = sum(c.weight for c in criteria)
    score = 100 * sum(c.weight * credits[c.id] for c in criteria) / weight
    score -= sum(m.penalty for m in misconceptions)
    if any(c.must_have and c.id in lost for c in criteria):
        score = min(score, rubric.must_have_cap)
    return round(min(100.0, max(0.0, score)), 1)
