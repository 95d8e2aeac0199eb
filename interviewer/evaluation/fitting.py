"""Learning a monotone map from the machine's scores to people's, tried on questions that it did not see."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from interviewer.bank.models import Bank
from interviewer.errors import InterviewerError
from interviewer.evaluation import metrics
from interviewer.evaluation.calibration import Calibration, HeldOut, Logistic, Steps, logit
from interviewer.evaluation.grades import Judge, Pair
from interviewer.evaluation.metrics import Numbers

#: Fewer labels teach nothing.
FEWEST_LABELS = 10
#: A free curve needs more labels than two parameters do: below this it is not tried.
FEWEST_FOR_STEPS = 100
_FOLDS = 5
_DECIMALS = 2
#: Hardly any pull: two parameters cannot follow single answers, and perfect labels must not run away.
_PULL = 1e-2

Fitted = Steps | Logistic
Fit = Callable[[Numbers, Numbers], Fitted | None]


class NothingLearnedError(InterviewerError):
    """No map of scores can be learned from these labels, or none that helps."""


@dataclass(frozen=True, slots=True)
class _Tried:
    fit: Fit
    held_out: HeldOut


def fitted(pairs: Sequence[Pair], judge: Judge, bank: Bank, *, made: date) -> Calibration:
    """The map that is nearest to people's scores on held-out questions; made: the day.

    With fewer than FEWEST_FOR_STEPS labels it is logistic, else the better of logistic and isotonic. Raises
    NothingLearnedError for too few labels, and where no map is nearer than the scores as they are.
    """
    both = [p for p in pairs if p.label.score is not None and p.score is not None]
    human = np.array([pair.label.score for pair in both], dtype=np.float64)
    machine = np.array([pair.score for pair in both], dtype=np.float64)
    if len(both) < FEWEST_LABELS:
        raise NothingLearnedError(
            f"{len(both)} graded answers with a human score teach no map of scores",
            hint=f"Label {FEWEST_LABELS} or more.",
        )
    questions = [pair.label.question for pair in both]
    fits = (_logistic,) if len(both) < FEWEST_FOR_STEPS else (_logistic, _steps)
    tried = [
        _Tried(fit, held) for fit in fits if (held := _held_out(fit, machine, human, questions)) is not None
    ]
    best = min(tried, key=lambda one: one.held_out.root_error_after, default=None)
    learned = best.fit(machine, human) if best is not None else None
    if best is None or learned is None:
        raise NothingLearnedError("people's scores do not rise with the machine's: there is no map to learn")
    before, after = best.held_out.root_error_before, best.held_out.root_error_after
    if after >= before:
        raise NothingLearnedError(
            f"no map helps on held-out answers: the error goes from {before:.1f} to {after:.1f} points",
            hint="More labels may show one. Nothing was saved.",
        )
    return Calibration(
        made=made,
        grader=judge,
        bank=bank.id,
        bank_fingerprint=bank.fingerprint,
        labels=len(both),
        questions=len(set(questions)),
        held_out=best.held_out,
        map=learned,
    )


def _held_out(fit: Fit, machine: Numbers, human: Numbers, questions: Sequence[str]) -> HeldOut | None:
    """What `fit` comes to on folds that it did not see; None if it learns nothing on one of them.

    Folds are made of whole questions; of single answers where all are to one question.
    """
    groups = questions if len(set(questions)) > 1 else [str(i) for i in range(len(questions))]
    folds = min(_FOLDS, len(set(groups)))
    after = np.empty_like(machine)
    for learn, test in GroupKFold(folds).split(machine, human, groups):
        learned = fit(machine[learn], human[learn])
        if learned is None:
            return None
        after[test] = [learned.value(score) for score in machine[test]]
    return HeldOut(
        folds=folds,
        root_error_before=round(metrics.root_error(human, machine), _DECIMALS),
        root_error_after=round(metrics.root_error(human, after), _DECIMALS),
        mean_error_before=round(metrics.mean_error(human, machine), _DECIMALS),
        mean_error_after=round(metrics.mean_error(human, after), _DECIMALS),
        bias_before=round(metrics.bias(human, machine), _DECIMALS),
        bias_after=round(metrics.bias(human, after), _DECIMALS),
    )


def _steps(machine: Numbers, human: Numbers) -> Steps | None:
    model = IsotonicRegression(y_min=0, y_max=100, out_of_bounds="clip").fit(machine, human)
    points: dict[float, float] = {}
    for x, y in zip(model.X_thresholds_, model.y_thresholds_, strict=True):
        points[round(float(x), _DECIMALS)] = round(float(y), _DECIMALS)
    rises = len(set(points.values())) > 1
    return Steps(points=tuple(sorted(points.items()))) if rises else None


def _logistic(machine: Numbers, human: Numbers) -> Logistic | None:
    """A person's score is a share: each answer counts for that share as a yes, and for the rest as a no."""
    share = human / 100
    if np.ptp(machine) == 0 or share.sum() == 0 or (1 - share).sum() == 0:
        return None
    x = np.array([[logit(float(score))] for score in machine])
    model = LogisticRegression(C=1 / _PULL).fit(
        np.concatenate([x, x]),
        np.repeat([1, 0], len(x)),
        sample_weight=np.concatenate([share, 1 - share]),
    )
    intercept, slope = float(model.intercept_[0]), float(model.coef_[0][0])
    if slope <= 0 or not math.isfinite(intercept + slope):
        return None
    return Logistic(intercept=round(intercept, 6), slope=max(1e-6, round(slope, 6)))
