"""The measures, each from the library that is known for it where its licence allows. Undefined is NaN."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from sklearn import metrics

Numbers: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]


def pearson(one: Numbers, other: Numbers) -> float:
    """Pearson's r, -1 to 1; NaN where one of them does not vary."""
    return float(stats.pearsonr(one, other).statistic) if _vary(one, other) else math.nan


def spearman(one: Numbers, other: Numbers) -> float:
    """Spearman's rank correlation, -1 to 1; NaN where one of them does not vary."""
    return float(stats.spearmanr(one, other).statistic) if _vary(one, other) else math.nan


def mean_error(truth: Numbers, said: Numbers) -> float:
    """Mean absolute difference, in the unit of both."""
    return float(np.abs(truth - said).mean()) if len(truth) else math.nan


def root_error(truth: Numbers, said: Numbers) -> float:
    """Root of the mean squared difference, in the unit of both."""
    return float(np.sqrt(np.square(truth - said).mean())) if len(truth) else math.nan


def bias(truth: Numbers, said: Numbers) -> float:
    """Mean of `said` less that of `truth`: above 0 it is too kind."""
    return float(np.mean(said - truth)) if len(truth) else math.nan


def alpha(one: Numbers, other: Numbers) -> float:
    """Krippendorff's alpha of two raters on an interval scale; NaN where all ratings are the same.

    Two raters who both rate everything make it short: the squared difference within a pair, against that
    between any two ratings, which is twice their variance.
    """
    ratings = np.concatenate([one, other])
    if len(np.unique(ratings)) < 2:
        return math.nan
    return float(1 - np.mean(np.square(one - other)) / (2 * np.var(ratings, ddof=1)))


class Table:
    """How often which class was said of which true one: `counts[truth, said]`.

    Kappa, precision and the like are computed by scikit-learn from the cells, weighted by their counts. So a
    bootstrap over thousands of answers costs no more than one over ten.
    """

    def __init__(self, truth: Sequence[int] | Whole, said: Sequence[int] | Whole, classes: int) -> None:
        cells = np.asarray(truth, dtype=np.int64) * classes + np.asarray(said, dtype=np.int64)
        self.counts: Whole = np.bincount(cells, minlength=classes**2).reshape(classes, classes)
        self._classes = range(classes)
        grid = np.arange(classes**2)
        self._truth, self._said = grid // classes, grid % classes
        self._weights = self.counts.ravel().astype(np.float64)
        self.total = int(self.counts.sum())

    def accuracy(self) -> float:
        """The share where both are the same."""
        return float(np.trace(self.counts) / self.total) if self.total else math.nan

    def adjacent(self) -> float:
        """The share where both are the same or neighbours."""
        near = np.abs(self._truth - self._said) <= 1
        return float(self._weights[near].sum() / self.total) if self.total else math.nan

    def kappa(self, weights: Literal["quadratic"] | None = None) -> float:
        """Cohen's kappa; NaN where both say one and the same class throughout."""
        used = (self.counts.sum(axis=0) > 0) | (self.counts.sum(axis=1) > 0)
        if used.sum() < 2:
            return math.nan
        return float(
            metrics.cohen_kappa_score(
                self._truth,
                self._said,
                labels=list(self._classes),
                weights=weights,
                sample_weight=self._weights,
            )
        )

    def f1(self, average: Literal["macro", "weighted"]) -> float:
        """F1 over the classes that occur: their plain mean, or weighted by how often each is true."""
        occur = [c for c in self._classes if self.counts[c].sum() or self.counts[:, c].sum()]
        if not occur:
            return math.nan
        found = metrics.f1_score(
            self._truth,
            self._said,
            labels=occur,
            average=average,
            sample_weight=self._weights,
            zero_division=0.0,
        )
        return float(found)

    def of_class(self, wanted: int) -> tuple[float, float, float]:
        """Precision, recall and F1 of one class; NaN where nothing was said to be it, or nothing is."""
        if not self.total:
            return math.nan, math.nan, math.nan
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            self._truth,
            self._said,
            labels=[wanted],
            sample_weight=self._weights,
            zero_division=np.nan,
        )
        return float(precision[0]), float(recall[0]), float(f1[0])


def _vary(one: Numbers, other: Numbers) -> bool:
    return bool(len(one) >= 2 and np.ptp(one) > 0 and np.ptp(other) > 0)
