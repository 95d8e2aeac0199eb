"""Agreement on criteria, pooled and one by one; and correct against not where that is what people said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interviewer.evaluation.bootstrap import Resampling, measured, plain
from interviewer.evaluation.grades import Pair, is_shown
from interviewer.evaluation.metrics import Table, Whole
from interviewer.evaluation.models import Correct, CriterionRow, VerdictRow, Verdicts
from interviewer.evaluation.scores import confusion
from interviewer.grading.models import Verdict

_ORDER = tuple(Verdict)
_HALF = 50.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """A criterion of an answer that both judged. question: the group that it is drawn with."""

    question: str
    title: str
    id: str
    requirement: str
    human: Verdict
    machine: Verdict
    is_sure: bool

    @property
    def is_right(self) -> bool:
        """Whether shown or not is as the person says."""
        return is_shown(self.human) == is_shown(self.machine)


def judgements_of(pairs: Sequence[Pair]) -> tuple[Judgement, ...]:
    """Each criterion of each answer that both judged, in order."""
    found = []
    for pair in pairs:
        requirements = {c.id: c.requirement for c in pair.label.task.criteria}
        for id, human, one in pair.criteria:
            found.append(
                Judgement(
                    question=pair.label.question,
                    title=pair.label.title,
                    id=id,
                    requirement=requirements.get(id, ""),
                    human=human,
                    machine=one.verdict,
                    is_sure=one.is_sure,
                )
            )
    return tuple(found)


def verdicts_of(judgements: Sequence[Judgement], how: Resampling) -> Verdicts | None:
    """Agreement over all criteria together; None where nothing can be compared."""
    if not judgements:
        return None
    human, machine = _classes(judgements)
    shown, said = _shown(judgements)

    def statistic(rows: Whole) -> dict[str, float]:
        exact, binary = Table(human[rows], machine[rows], len(_ORDER)), Table(shown[rows], said[rows], 2)
        precision, recall, f1 = binary.of_class(1)
        return {
            "accuracy": binary.accuracy(),
            "kappa": binary.kappa(),
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "exact": exact.accuracy(),
            "exact_kappa": exact.kappa(),
        }

    table = Table(human, machine, len(_ORDER))
    return Verdicts(
        verdicts=len(judgements),
        **measured(statistic, [one.question for one in judgements], how),
        by_verdict=tuple(_row(table, index) for index in range(len(_ORDER))),
        confusion=confusion(table, _ORDER),
    )


def criteria_of(judgements: Sequence[Judgement]) -> tuple[CriterionRow, ...]:
    """Agreement on each criterion, the worst first."""
    groups: dict[tuple[str, str], list[Judgement]] = {}
    for one in judgements:
        groups.setdefault((one.question, one.id), []).append(one)
    rows = [_criterion(many) for many in groups.values()]
    return tuple(sorted(rows, key=lambda row: (row.accuracy or 0.0, -row.verdicts)))


def correct_of(pairs: Sequence[Pair], how: Resampling) -> tuple[Correct, ...]:
    """Correct against not, by verdict and by score; nothing where fewer than two labels say it."""
    known = [pair for pair in pairs if pair.label.is_correct is not None]
    if len(known) < 2:
        return ()
    rules = {
        "met": [_is_met(pair) for pair in known],
        "half": [pair.score is not None and pair.score > _HALF for pair in known],
    }
    truth = np.array([bool(pair.label.is_correct) for pair in known], dtype=np.int64)
    questions = [pair.label.question for pair in known]
    return tuple(_correct(rule, truth, said, questions, how) for rule, said in rules.items())


def _is_met(pair: Pair) -> bool:
    return pair.grade is not None and all(one.verdict is Verdict.MET for one in pair.grade.criteria)


def _correct(
    rule: str, truth: Whole, said: Sequence[bool], questions: Sequence[str], how: Resampling
) -> Correct:
    machine = np.array(said, dtype=np.int64)

    def statistic(rows: Whole) -> dict[str, float]:
        table = Table(truth[rows], machine[rows], 2)
        return {
            "accuracy": table.accuracy(),
            "macro_f1": table.f1("macro"),
            "weighted_f1": table.f1("weighted"),
            "kappa": table.kappa(),
        }

    precision, recall, _ = Table(truth, machine, 2).of_class(1)
    return Correct(
        rule=rule,
        answers=len(truth),
        **measured(statistic, questions, how),
        precision=plain(precision),
        recall=plain(recall),
    )


def _criterion(many: Sequence[Judgement]) -> CriterionRow:
    human, machine = _classes(many)
    shown, said = _shown(many)
    exact, binary = Table(human, machine, len(_ORDER)), Table(shown, said, 2)
    precision, recall, f1 = binary.of_class(1)
    return CriterionRow(
        question=many[0].title,
        id=many[0].id,
        requirement=many[0].requirement,
        verdicts=len(many),
        accuracy=plain(binary.accuracy()),
        kappa=plain(binary.kappa()),
        precision=plain(precision),
        recall=plain(recall),
        f1=plain(f1),
        exact=plain(exact.accuracy()),
        confusion=confusion(exact, _ORDER),
    )


def _row(table: Table, index: int) -> VerdictRow:
    precision, recall, f1 = table.of_class(index)
    return VerdictRow(
        verdict=_ORDER[index],
        precision=plain(precision),
        recall=plain(recall),
        f1=plain(f1),
        support=int(table.counts[index].sum()),
    )


def _classes(judgements: Sequence[Judgement]) -> tuple[Whole, Whole]:
    human = np.array([_ORDER.index(one.human) for one in judgements], dtype=np.int64)
    return human, np.array([_ORDER.index(one.machine) for one in judgements], dtype=np.int64)


def _shown(judgements: Sequence[Judgement]) -> tuple[Whole, Whole]:
    human = np.array([is_shown(one.human) for one in judgements], dtype=np.int64)
    return human, np.array([is_shown(one.machine) for one in judgements], dtype=np.int64)
