"""How measures are called, for the terminal and the page alike."""

from __future__ import annotations

from interviewer.evaluation.models import Bootstrap, Measure

#: Field of `Scores`, its title and its decimals, in the order in which they are told.
SCORE_MEASURES = (
    ("pearson", "Pearson r", 3),
    ("spearman", "Spearman rho", 3),
    ("qwk", "QWK over bands", 3),
    ("exact", "same band", 3),
    ("adjacent", "same or next band", 3),
    ("mean_error", "mean error, points", 1),
    ("bias", "bias, points", 1),
)
#: Of `Verdicts`.
VERDICT_MEASURES = (
    ("accuracy", "shown or not: right", 3),
    ("kappa", "shown or not: kappa", 3),
    ("precision", "precision of shown", 3),
    ("recall", "recall of shown", 3),
    ("f1", "F1 of shown", 3),
    ("exact", "all four verdicts: right", 3),
    ("exact_kappa", "all four verdicts: kappa", 3),
)
#: Of `Between`.
BETWEEN = (
    ("pearson", "Pearson r", 3),
    ("spearman", "Spearman rho", 3),
    ("qwk", "QWK over bands", 3),
    ("alpha", "Krippendorff alpha", 3),
    ("mean_error", "mean error, points", 1),
    ("exact", "same band", 3),
    ("adjacent", "same or next band", 3),
)
#: Of `Correct`.
CORRECT_MEASURES = (
    ("accuracy", "accuracy", 3),
    ("macro_f1", "macro-F1", 3),
    ("weighted_f1", "weighted F1", 3),
    ("kappa", "kappa", 3),
    ("precision", "precision of correct", 3),
    ("recall", "recall of correct", 3),
)
CORRECT_RULES = {"met": "by the verdict met", "half": "by a score over 50"}


def number(value: float | None, decimals: int = 3) -> str:
    """A number for people: coefficients and shares to three decimals, points to one; a hyphen for none."""
    if value is None:
        return "-"
    told = f"{value:.{decimals}f}"
    return told.removeprefix("-") if float(told) == 0 else told


def value_of(found: Measure | float | None) -> float | None:
    """The number itself, with or without an interval."""
    return found.value if isinstance(found, Measure) else found


def interval(found: Measure, decimals: int = 3) -> str:
    """Its 95 % interval, such as `0.81 to 0.93`; a hyphen for none."""
    if found.low is None or found.high is None:
        return "-"
    return f"{number(found.low, decimals)} to {number(found.high, decimals)}"


def interval_told(how: Bootstrap) -> str:
    """How the intervals came about, in a sentence."""
    if not how.resamples:
        return "No intervals were taken."
    return (
        f"Intervals hold 95 % of {how.resamples:,} resamples (seed {how.seed}) in which whole questions, "
        "with all their answers, were drawn."
    )
