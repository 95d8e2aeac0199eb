"""Maps of scores that were learned from labels: their file, and applying them. Needs no extra package."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from interviewer.bank.models import Points
from interviewer.batch.lines import first_fault
from interviewer.errors import InvalidFileError, UsageError
from interviewer.evaluation.grades import Judge
from interviewer.grading.models import GraderIdentity
from interviewer.models import Count, Frozen

ENDING = ".calibration.json"
#: Scores of 0 and 100 have no finite logit: they are taken for this share and the rest.
EDGE = 0.01


class Steps(Frozen):
    """Straight lines between points (machine score, calibrated score) that never fall."""

    kind: Literal["isotonic"] = "isotonic"
    points: Annotated[tuple[tuple[Points, Points], ...], Field(min_length=1, max_length=1000)]

    @model_validator(mode="after")
    def _never_falls(self) -> Steps:
        scores, values = zip(*self.points, strict=True)
        if list(scores) != sorted(set(scores)) or list(values) != sorted(values):
            raise ValueError("points must rise in the first number, and must not fall in the second")
        return self

    def value(self, score: float) -> float:
        """The calibrated score, 0 to 100; beyond the ends that of the nearest point."""
        at = bisect_right([x for x, _ in self.points], score)
        if at in {0, len(self.points)}:
            return self.points[min(at, len(self.points) - 1)][1]
        (x0, y0), (x1, y1) = self.points[at - 1], self.points[at]
        return y0 + (y1 - y0) * (score - x0) / (x1 - x0)


class Logistic(Frozen):
    """calibrated = logistic(intercept + slope × logit(score)); intercept 0 and slope 1 change nothing."""

    kind: Literal["logistic"] = "logistic"
    intercept: float
    slope: Annotated[float, Field(gt=0)]

    def value(self, score: float) -> float:
        """The calibrated score, 0 to 100."""
        z = self.intercept + self.slope * logit(score)
        return 100 / (1 + math.exp(-z)) if z >= 0 else 100 * math.exp(z) / (1 + math.exp(z))


Map = Annotated[Steps | Logistic, Field(discriminator="kind")]


class HeldOut(Frozen):
    """What the scores are worth before and after, on labels that the map was not learned from, in points.

    root_error: root of the mean squared difference, by which the map was chosen: unlike the mean difference
    it is least where a score is what people give on the average.
    """

    folds: Count
    root_error_before: float
    root_error_after: float
    mean_error_before: float
    mean_error_after: float
    bias_before: float
    bias_after: float


class Calibration(Frozen):
    """A map of scores, and what it belongs to. labels, questions: what it was learned from."""

    version: Literal[1] = 1
    made: date
    grader: Judge
    bank: str
    bank_fingerprint: str
    labels: Count
    questions: Count
    held_out: HeldOut
    map: Map

    def calibrated(self, score: float) -> float:
        """The score that people would give, 0 to 100, to one decimal; it never falls where scores rise."""
        return round(min(100.0, max(0.0, self.map.value(score))), 1)

    def refuse_other(self, identity: GraderIdentity) -> None:
        """Raise UsageError if `identity` is another grader than the one that the map was learned for."""
        other = Judge(kind=identity.kind, model=identity.model, prompt_version=identity.prompt_version)
        if other != self.grader:
            raise UsageError(
                f"the calibration belongs to {self.grader.told}, not to {other.told}",
                hint="Learn another with `interviewer calibrate LABELS --fit`, or leave --calibration away.",
            )

    def added_to(self, line: str) -> str:
        """A line of `grade` with `calibrated_score` behind its score; a line without a score as it is."""
        told: Mapping[str, Any] = json.loads(line)
        score = told.get("score")
        if not isinstance(score, int | float):
            return line
        found: dict[str, Any] = {}
        for key, value in told.items():
            found[key] = value
            if key == "score":
                found["calibrated_score"] = self.calibrated(float(score))
        return json.dumps(found)


def calibration_text(calibration: Calibration) -> str:
    """The calibration as the text of its file."""
    return calibration.model_dump_json(indent=2) + "\n"


def calibration_in(text: str, *, file: Path) -> Calibration:
    """The calibration that `text`, the content of `file`, holds. Raises InvalidFileError."""
    try:
        return Calibration.model_validate_json(text)
    except ValidationError as error:
        raise InvalidFileError(
            first_fault(error), file=file, expected="what `interviewer calibrate --fit` wrote"
        ) from None


def logit(score: float) -> float:
    """The log odds of a score, 0 to 100."""
    share = min(1 - EDGE, max(EDGE, score / 100))
    return math.log(share / (1 - share))
