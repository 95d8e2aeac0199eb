"""Reliability: the same answers graded again, and how much of the grade stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from interviewer.evaluation.grades import GradeLine
from interviewer.evaluation.labels import Labelled
from interviewer.evaluation.models import Flip, Repeats
from interviewer.evaluation.scores import band_index


def repeats_of(labels: Sequence[Labelled], runs: Sequence[Mapping[str, GradeLine]]) -> Repeats | None:
    """How much differs between `runs`, over the answers graded in all of them.

    None for a single run, or where there is no such answer. Verdicts are compared whether or not people
    gave one.
    """
    if len(runs) < 2:
        return None
    spreads: list[float] = []
    bands: list[bool] = []
    flips: dict[tuple[str, str], list[bool]] = {}
    for label in labels:
        lines = [line for run in runs if (line := run.get(label.id)) is not None and line.score is not None]
        if len(lines) < len(runs):
            continue
        scores = [line.score for line in lines if line.score is not None]
        spreads.append(max(scores) - min(scores))
        bands.append(len({band_index(label.task.rubric, score) for score in scores}) > 1)
        for criterion in label.task.criteria:
            said = [one.verdict for line in lines for one in line.criteria if one.id == criterion.id]
            if len(said) == len(runs):
                flips.setdefault((label.title, criterion.id), []).append(len(set(said)) > 1)
    if not spreads:
        return None
    every = [one for many in flips.values() for one in many]
    rows = [
        Flip(question=title, id=id, answers=len(many), flipped=sum(many))
        for (title, id), many in flips.items()
        if any(many)
    ]
    return Repeats(
        runs=len(runs),
        answers=len(spreads),
        verdicts=len(every),
        flipped=fmean(every) if every else None,
        spread=fmean(spreads),
        largest_spread=max(spreads),
        bands=fmean(bands),
        criteria=tuple(sorted(rows, key=lambda row: -row.flipped / row.answers)),
    )
