"""What the model is measured by: agreement with human labels, on whole answers and on short ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.examples import CREDIT, VERDICTS, Example, by_id

Chances = NDArray[np.float64]
_CREDITS = np.array([CREDIT[v] for v in VERDICTS])


@dataclass(frozen=True, slots=True)
class WholeAnswers:
    """On whole answers with several criteria. r: Pearson, of the score with the human one. accuracy: share of
    criteria where met or partial against missing or wrong is as the human says. exact: of the four verdicts.
    by_kind: mean score, 0 to 100, by kind of answer.
    """

    r: float
    accuracy: float
    exact: float
    by_kind: dict[str, float]


def whole_answers(examples: Sequence[Example], chances: Chances) -> WholeAnswers:
    """Measures of `chances`, one row an example."""
    credit = chances @ _CREDITS
    row = {id(e): i for i, e in enumerate(examples)}
    scores, human, kinds = [], [], []
    for group in by_id(examples).values():
        scores.append(float(np.mean([credit[row[id(e)]] for e in group])))
        human.append(float(group[0].credit or 0.0))
        kinds.append(group[0].kind)
    said = chances.argmax(axis=1)
    truth = np.array([VERDICTS.index(str(e.verdict)) for e in examples])
    shown = chances[:, :2].sum(axis=1) > 0.5
    return WholeAnswers(
        r=pearson(scores, human),
        accuracy=float(np.mean(shown == (truth < 2))),
        exact=float(np.mean(said == truth)),
        by_kind={
            k: round(100 * float(np.mean([s for s, x in zip(scores, kinds, strict=True) if x == k])), 1)
            for k in dict.fromkeys(kinds)
        },
    )


def best_reference(examples: Sequence[Example], chances: Chances) -> tuple[list[Example], Chances]:
    """Of an answer's references, the one that it meets best: any will do."""
    credit = chances @ _CREDITS
    row = {id(e): i for i, e in enumerate(examples)}
    firsts, rows = [], []
    for group in by_id(examples).values():
        best = max(group, key=lambda e: credit[row[id(e)]])
        firsts.append(group[0])
        rows.append(row[id(best)])
    return firsts, chances[rows]


def score_correlation(examples: Sequence[Example], chances: Chances) -> float:
    """Pearson r of the expected credit with the human score."""
    firsts, best = best_reference(examples, chances)
    return pearson(list(best @ _CREDITS), [float(e.credit or 0.0) for e in firsts])


def correct_f1(examples: Sequence[Example], chances: Chances, threshold: float = 0.5) -> float:
    """Macro-F1 of correct against not; correct where the expected credit is over `threshold`."""
    firsts, best = best_reference(examples, chances)
    said = best @ _CREDITS > threshold
    truth = np.array([e.is_met if e.is_met is not None else e.verdict == "met" for e in firsts])
    return macro_f1(said, truth)


def macro_f1(said: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Mean of the F1 of both classes, 0 to 1."""
    found = []
    for value in (True, False):
        hit = float(np.sum((said == value) & (truth == value)))
        all_said, all_true = float(np.sum(said == value)), float(np.sum(truth == value))
        found.append(2 * hit / (all_said + all_true) if all_said + all_true else 0.0)
    return sum(found) / 2


def pearson(a: Sequence[float], b: Sequence[float]) -> float:
    """Pearson's r; 0 where one of them does not vary."""
    if np.std(a) == 0 or np.std(b) == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])
