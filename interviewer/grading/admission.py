"""What every grader does with an answer first: limits, text that speaks to the grader, answers that say
nothing."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.grading.evidence import EvidenceCheck
from interviewer.grading.gates import gate, grade_of_nothing, refuse_over_long
from interviewer.grading.instructions import instructions_in, masked
from interviewer.grading.models import Evidence, Flag, Grade, GraderIdentity, GradingTask


@dataclass(frozen=True, slots=True)
class Admitted:
    """An answer that must be judged. evidence: the check that its quotes have to pass.

    withheld: passages that speak to the grader. flags: what is known of the grade already.
    """

    evidence: EvidenceCheck
    withheld: tuple[Evidence, ...]
    flags: tuple[Flag, ...]


def admit(task: GradingTask, grader: GraderIdentity) -> Admitted | Grade:
    """What there is to judge, or the grade of an answer that shows nothing. Raises AnswerTooLongError."""
    refuse_over_long(task.answer)
    found = instructions_in(task.answer)
    withheld = tuple(
        Evidence(quote=task.answer[one.span.start : one.span.end], start=one.span.start, end=one.span.end)
        for one in found
    )
    speaks = bool(found) or (task.argument is not None and bool(instructions_in(task.argument)))
    flags = (Flag.INSTRUCTIONS,) if speaks else ()
    nothing = gate(task, masked(task.answer, found))
    if nothing is not None:
        return grade_of_nothing(task, (nothing, *flags), grader, withheld)
    return Admitted(EvidenceCheck(task.answer, task.question, found), withheld, flags)
