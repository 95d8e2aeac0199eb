"""What was graded at all, how sure the grader was, how groups differ, and where the two differ most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from interviewer.evaluation import metrics
from interviewer.evaluation.bootstrap import plain
from interviewer.evaluation.grades import GradeLine, Pair, is_shown
from interviewer.evaluation.models import Coverage, Disagreement, Group, Side
from interviewer.evaluation.verdicts import Judgement


def coverage_of(
    pairs: Sequence[Pair], grades: Mapping[str, GradeLine], judgements: Sequence[Judgement]
) -> Coverage:
    """What became of the labelled answers. grades: all lines, those with errors included."""
    lines = [grades.get(pair.label.id) for pair in pairs]
    errors = Counter(line.error.code for line in lines if line is not None and line.error is not None)
    sure = [one for one in judgements if one.is_sure]
    unsure = [one for one in judgements if not one.is_sure]
    calm = [
        pair
        for pair in pairs
        if pair.grade is not None and pair.label.score is not None
        and all(one.is_sure for one in pair.grade.criteria)
    ]  # fmt: skip
    human = np.array([pair.label.score for pair in calm], dtype=np.float64)
    machine = np.array([pair.score for pair in calm], dtype=np.float64)
    return Coverage(
        labels=len(pairs),
        graded=sum(pair.grade is not None for pair in pairs),
        missing=sum(line is None for line in lines),
        errors=dict(errors.most_common()),
        flags=dict(Counter(f for pair in pairs if pair.grade for f in pair.grade.flags).most_common()),
        criteria=len(judgements),
        not_sure=len(unsure),
        sure=_right(sure),
        unsure=_right(unsure),
        sure_answers=len(calm),
        sure_pearson=plain(metrics.pearson(human, machine)),
        sure_mean_error=plain(metrics.mean_error(human, machine)),
    )


def groups_of(
    pairs: Sequence[Pair], key: Callable[[Pair], str | None], title: Callable[[Pair], str]
) -> tuple[Group, ...]:
    """A row for each group that `key` makes, by how far the scores differ; None belongs to no group."""
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        name = key(pair)
        if name is not None:
            found.setdefault(name, []).append(pair)
    rows = [_group(name, title(many[0]), many) for name, many in found.items()]
    return tuple(sorted(rows, key=lambda row: -(row.mean_error or 0.0)))


def worst_of(pairs: Sequence[Pair], count: int) -> tuple[Disagreement, ...]:
    """The `count` graded answers on which the two differ most, without those on which they don't.

    By the difference of the scores; of the shares of criteria shown, where a label has no score.
    """
    graded = [pair for pair in pairs if pair.grade is not None and _distance(pair) > 0]
    return tuple(map(_disagreement, sorted(graded, key=_distance, reverse=True)[:count]))


def _group(name: str, title: str, many: Sequence[Pair]) -> Group:
    both = [pair for pair in many if pair.label.score is not None and pair.score is not None]
    human = np.array([pair.label.score for pair in both], dtype=np.float64)
    machine = np.array([pair.score for pair in both], dtype=np.float64)
    rights = [is_shown(said) == is_shown(one.verdict) for pair in many for _, said, one in pair.criteria]
    return Group(
        key=name,
        title=title,
        answers=len(many),
        scored=sum(pair.grade is not None for pair in many),
        human=float(human.mean()) if both else None,
        machine=float(machine.mean()) if both else None,
        bias=plain(metrics.bias(human, machine)),
        mean_error=plain(metrics.mean_error(human, machine)),
        pearson=plain(metrics.pearson(human, machine)) if len(both) > 2 else None,
        accuracy=sum(rights) / len(rights) if rights else None,
    )


def _right(judgements: Sequence[Judgement]) -> float | None:
    return sum(one.is_right for one in judgements) / len(judgements) if judgements else None


def _distance(pair: Pair) -> float:
    """0 to 100."""
    if pair.label.score is not None and pair.score is not None:
        return abs(pair.label.score - pair.score)
    apart = [is_shown(said) != is_shown(one.verdict) for _, said, one in pair.criteria]
    if apart:
        return 100 * sum(apart) / len(apart)
    if pair.label.is_correct is not None and pair.score is not None:
        return abs(100 * pair.label.is_correct - pair.score)
    return 0.0


def _disagreement(pair: Pair) -> Disagreement:
    requirements = {c.id: c.requirement for c in pair.label.task.criteria}
    return Disagreement(
        id=pair.label.id,
        line=pair.label.line,
        title=pair.label.title,
        kind=pair.label.kind,
        question=pair.label.task.question.text,
        answer=pair.label.task.answer,
        human=pair.label.score,
        machine=pair.score,
        criteria=tuple(
            Side(
                id=id,
                requirement=requirements.get(id, ""),
                human=said,
                machine=one.verdict,
                quotes=tuple(proof.quote for proof in one.evidence),
                reason=one.reason,
            )
            for id, said, one in pair.criteria
            if said is not one.verdict
        ),
        note=pair.label.note,
    )
