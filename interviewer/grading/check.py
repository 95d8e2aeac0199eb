"""From what a model said to what is believed: every verdict must carry a quote that stands in the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interviewer.bank.models import Criterion, Question, Rubric
from interviewer.grading.evidence import EvidenceCheck, Rejection
from interviewer.grading.models import (
    CriterionGrade,
    DeliveryGrade,
    Evidence,
    Flag,
    MisconceptionGrade,
    Verdict,
)
from interviewer.grading.reply import Reply, SaidCriterion, SaidEvidence
from interviewer.models import Frozen
from interviewer.text import one_line

#: The most of a model's reason that is kept; it was asked for 20 words.
_REASON_CHARACTERS = 240
_NOT_JUDGED = "you gave no verdict for it"
_CONTRADICTORY = "you gave more than one verdict for it"
_NO_QUOTE = "you gave no quote from the answer"


class Checked(Frozen):
    """The criteria that hold, by id, and why the others do not (told to the model in the repair call)."""

    good: dict[str, CriterionGrade]
    rejected: dict[str, str]


def check_criteria(reply: Reply, asked: Sequence[Criterion], evidence: EvidenceCheck) -> Checked:
    """Each criterion in `asked` is in exactly one of `good` and `rejected`; other ids are ignored."""
    good: dict[str, CriterionGrade] = {}
    rejected: dict[str, str] = {}
    for criterion in asked:
        said = [c for c in reply.criteria if c.criterion_id == criterion.id]
        if not said:
            rejected[criterion.id] = _NOT_JUDGED
        elif len({c.verdict for c in said}) > 1:
            rejected[criterion.id] = _CONTRADICTORY
        else:
            outcome = _check_one(said[0], evidence)
            if isinstance(outcome, CriterionGrade):
                good[criterion.id] = outcome
            else:
                rejected[criterion.id] = outcome
    return Checked(good=good, rejected=rejected)


def check_early(said: SaidCriterion, evidence: EvidenceCheck) -> CriterionGrade | None:
    """The verdict on one criterion of a reply that is still coming; None where its quotes do not hold."""
    outcome = _check_one(said, evidence)
    return outcome if isinstance(outcome, CriterionGrade) else None


def unverified(criterion_id: str) -> CriterionGrade:
    """The grade of a criterion for which no quote could be found, twice: missing, and flagged."""
    return CriterionGrade(
        id=criterion_id,
        verdict=Verdict.MISSING,
        reason="The grader could not point to words in the answer that show it.",
        flags=(Flag.UNVERIFIED,),
    )


def check_misconceptions(
    reply: Reply, question: Question, rubric: Rubric, evidence: EvidenceCheck
) -> tuple[MisconceptionGrade, ...]:
    """The misconceptions that the answer asserts in words that stand there; others are dropped."""
    found = []
    for misconception in question.misconceptions:
        said = next((m for m in reply.misconceptions if m.misconception_id == misconception.id), None)
        proof = _verified(said.evidence, evidence)[0] if said else ()
        if proof:
            penalty = misconception.penalty
            found.append(
                MisconceptionGrade(
                    id=misconception.id,
                    evidence=proof,
                    penalty=rubric.misconception_penalty if penalty is None else penalty,
                )
            )
    return tuple(found)


def check_delivery(reply: Reply, rubric: Rubric) -> tuple[DeliveryGrade, ...]:
    """The rubric's aspects of delivery that the model rated, in the rubric's order."""
    levels = {d.aspect_id: d.level for d in reply.delivery}
    return tuple(DeliveryGrade(id=d.id, level=levels[d.id]) for d in rubric.delivery if d.id in levels)


def _check_one(said: SaidCriterion, evidence: EvidenceCheck) -> CriterionGrade | str:
    reason = one_line(said.gap, _REASON_CHARACTERS)
    if said.verdict is Verdict.MISSING:
        return CriterionGrade(id=said.criterion_id, verdict=Verdict.MISSING, reason=reason)
    proof, refused = _verified(said.evidence, evidence)
    if not proof:
        return refused.value if refused else _NO_QUOTE
    return CriterionGrade(id=said.criterion_id, verdict=said.verdict, evidence=proof, reason=reason)


def _verified(
    quotes: Iterable[SaidEvidence], evidence: EvidenceCheck
) -> tuple[tuple[Evidence, ...], Rejection | None]:
    """The quotes that hold, without doubles, and the last reason why one did not."""
    proof: list[Evidence] = []
    refused: Rejection | None = None
    for quote in quotes:
        outcome = evidence.verify(quote.quote, quote.sentence)
        if isinstance(outcome, Rejection):
            refused = outcome
        elif outcome not in proof:
            proof.append(outcome)
    return tuple(proof), refused
