"""The embedded model as a second reader: where it is sure of the opposite, a language model is asked
again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from interviewer.background import Worker
from interviewer.errors import GraderError
from interviewer.grading.admission import Admitted
from interviewer.grading.judging import Judgement, Judges, judged, readable
from interviewer.grading.models import CriterionGrade, GradingTask, Verdict

#: The second reader is this sure before it doubts another's verdict.
SURE_ENOUGH_TO_DOUBT = 0.9


class SecondReader(Protocol):
    """Judges the same answer by other means. Never fails: at worst it has no opinion."""

    async def read(self, task: GradingTask, admitted: Admitted) -> Mapping[str, Judgement]:
        """What it makes of the criteria, by id."""


class EmbeddedReader:
    """The embedded model as a second reader, at work beside the request."""

    def __init__(self, model: Judges, worker: Worker) -> None:
        self._model = model
        self._worker = worker

    async def read(self, task: GradingTask, admitted: Admitted) -> Mapping[str, Judgement]:
        """Judgements by id; none where the model cannot be had, or cannot read the answer."""

        def work() -> dict[str, Judgement]:
            pieces = readable(task, admitted)
            opinions = judged(self._model, task, task.criteria, pieces)
            return {c.id: one for c, (one, _) in zip(task.criteria, opinions, strict=True)}

        try:
            return await self._worker.do(work)
        except GraderError:
            return {}


def doubted(grades: Mapping[str, CriterionGrade], read: Mapping[str, Judgement]) -> frozenset[str]:
    """Ids of the criteria whose verdict the second reader finds implausible.

    Met, where it is sure that nothing of the point is shown; missing or wrong, where it is sure that it is
    met.
    """

    def is_doubted(grade: CriterionGrade) -> bool:
        other = read.get(grade.id)
        if other is None or grade.verdict is Verdict.PARTIAL:
            return False
        against = 1 - other.shown if grade.verdict is Verdict.MET else other.chances[Verdict.MET]
        return against >= SURE_ENOUGH_TO_DOUBT

    return frozenset(id for id, grade in grades.items() if is_doubted(grade))
