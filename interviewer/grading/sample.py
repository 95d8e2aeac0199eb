"""A tiny question with an answer whose verdicts are plain: does a grader judge at all?"""

from __future__ import annotations

from interviewer.bank.models import Criterion, Question, Rubric
from interviewer.grading.models import Grade, GradingTask, Verdict

#: The verdicts that the sample answer deserves.
SAMPLE_VERDICTS = {"keeps-heat": Verdict.MET, "same-power": Verdict.MISSING}


def sample_task(rubric: Rubric) -> GradingTask:
    """The sample under `rubric`: one criterion is plainly met, the other plainly missing."""
    return GradingTask(
        question=Question(
            id="lid-on-the-pot",
            category="sample",
            text="Why does a pot of water boil sooner with its lid on?",
            hint="The lid keeps hot vapour in, so less heat is lost; the stove's power is the same.",
            criteria=(
                Criterion(
                    id="keeps-heat",
                    requirement="Says that the lid keeps hot vapour in, so that less heat is lost.",
                ),
                Criterion(
                    id="same-power",
                    requirement="Says that the stove gives the same power with and without the lid.",
                ),
            ),
        ),
        rubric=rubric,
        answer=(
            "With the lid on, the hot steam stays inside the pot and less heat escapes into the room. "
            "I usually put the lid on when I cook pasta."
        ),
    )


def judged_well(grade: Grade) -> bool:
    """Whether `grade` gives the sample what it deserves."""
    return {one.id: one.verdict for one in grade.criteria} == SAMPLE_VERDICTS
