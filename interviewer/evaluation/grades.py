"""Grades as `grade` wrote them, read back and put beside the labels of the same answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict, Field, ValidationError

from interviewer.bank.models import Credit, Points
from interviewer.batch.lines import first_fault
from interviewer.errors import InvalidFileError
from interviewer.evaluation.labels import Labelled
from interviewer.grading.models import Evidence, Flag, GraderKind, Verdict
from interviewer.grading.score import is_lost
from interviewer.models import Frozen


class _Read(Frozen):
    """A part of a line that comes from a program: keys that are not needed here are left alone."""

    model_config = ConfigDict(extra="ignore")


class Judged(_Read):
    """The verdict on one criterion, as in `grading.models.CriterionGrade`."""

    id: str
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    flags: tuple[str, ...] = ()
    credit: Credit | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the grader stands to this verdict."""
        return Flag.NOT_SURE not in self.flags


class Judge(_Read):
    """Who judged, without what differs from question to question. Maps of scores belong to one of these."""

    kind: GraderKind
    model: str
    prompt_version: str | None = None

    @property
    def told(self) -> str:
        """Name and version, for people."""
        version = f" ({self.prompt_version})" if self.prompt_version else ""
        return f"{self.kind} {self.model}{version}"


class Failure(_Read):
    """Why an answer has no grade."""

    code: str
    message: str = ""


class GradeLine(_Read):
    """A line of `grade`: a grade, or why there is none. score: 0 to 100."""

    id: Annotated[str, Field(min_length=1)]
    score: Points | None = None
    criteria: tuple[Judged, ...] = ()
    flags: tuple[str, ...] = ()
    grader: Judge | None = None
    error: Failure | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A labelled answer and its grade. grade: None where the answer was not scored."""

    label: Labelled
    grade: GradeLine | None

    @property
    def score(self) -> float | None:
        """The machine's score, 0 to 100."""
        return None if self.grade is None else self.grade.score

    @property
    def criteria(self) -> Iterable[tuple[str, Verdict, Judged]]:
        """Id, a person's verdict and the machine's, for each criterion that has both."""
        said = self.label.verdicts or {}
        for one in self.grade.criteria if self.grade is not None else ():
            if one.id in said:
                yield one.id, said[one.id], one


def is_shown(verdict: Verdict) -> bool:
    """Whether the answer shows the point, in full or in part."""
    return not is_lost(verdict)


def grades_in(lines: Iterable[str], *, file: str) -> dict[str, GradeLine]:
    """The lines of `grade` by id; of two with one id the later one with a grade counts.

    Raises InvalidFileError for a line that is none, with its number.
    """
    found: dict[str, GradeLine] = {}
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            line = GradeLine.model_validate_json(text)
        except ValidationError as error:
            raise InvalidFileError(
                first_fault(error),
                file=file,
                line=number,
                expected="a line that `interviewer grade` wrote",
            ) from None
        if line.score is None and line.error is None:
            raise InvalidFileError(
                "neither a score nor an error stands here",
                file=file,
                line=number,
                expected="a line that `interviewer grade` wrote",
            )
        if line.score is not None or line.id not in found:
            found[line.id] = line
    return found


def paired(labels: Sequence[Labelled], grades: Mapping[str, GradeLine]) -> tuple[Pair, ...]:
    """Each label with its grade; an error is no grade."""
    found = []
    for label in labels:
        grade = grades.get(label.id)
        found.append(Pair(label, grade if grade is not None and grade.score is not None else None))
    return tuple(found)
