"""The lines of `grade`: what comes in as a task, and what goes out for it. A contract: docs/grading.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, model_validator

from interviewer.bank.models import Bank, Criterion, Question, Weight
from interviewer.errors import GraderError, InterviewerError
from interviewer.grading.models import Grade, GradingTask
from interviewer.models import Frozen, Slug, Text
from interviewer.text import did_you_mean, one_line

#: Longest line that is read, in characters.
MAX_LINE = 1_000_000
_INLINE = "inline"


class LineError(InterviewerError):
    """A line that cannot be graded. code: a stable word for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class InlineCriterion(Frozen):
    """A criterion that comes with its question."""

    id: Slug
    requirement: Text
    weight: Weight = 1.0
    must_have: bool = False
    partial: Text | None = None

    model_config = ConfigDict(extra="ignore")


class InLine(Frozen):
    """A line that comes in. Other keys, such as human scores, are left alone.

    question_id: a question of the bank. If the line brings its own `question`, only that question's rubric
    is taken. reference: one reference answer, or several of which any will do.
    """

    id: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    question_id: str | None = None
    question: Text | None = None
    criteria: Annotated[tuple[InlineCriterion, ...], Field(max_length=20)] = ()
    reference: Text | tuple[Text, ...] | None = None
    answer: str

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="after")
    def _says_what_is_asked(self) -> InLine:
        if self.question is None and self.question_id is None:
            raise ValueError("neither question_id nor question is given")
        if self.question is not None and not self.criteria and not self.reference:
            raise ValueError("a question of its own needs criteria or a reference")
        return self


@dataclass(frozen=True, slots=True)
class Job:
    """A line to grade.

    id: None where the line has none that can be read. error: why it cannot be graded. done: an earlier run
    graded it.
    """

    id: str | None
    question_id: str | None = None
    task: GradingTask | None = None
    error: LineError | None = None
    done: bool = False


def job_of(text: str, bank: Bank) -> Job:
    """The job that a line of JSON asks for; what is wrong with it stands in its error."""
    try:
        value = _object(text)
    except LineError as error:
        return Job(id=None, error=error)
    return job_of_value(value, bank)


def job_of_value(value: Mapping[str, Any], bank: Bank) -> Job:
    """The job that the content of a line asks for; what is wrong with it stands in its error."""
    known_id = value["id"] if isinstance(value.get("id"), str) else None
    try:
        line = InLine.model_validate(value)
        return Job(id=line.id, question_id=line.question_id, task=_task(line, bank))
    except LineError as error:
        return Job(id=known_id, error=error)
    except ValidationError as error:
        return Job(id=known_id, error=LineError("invalid_line", first_fault(error)))


def graded_line(job: Job, grade: Grade) -> str:
    """The line for a graded job, without a line break."""
    told = grade.model_dump(mode="json")
    criteria = [
        {key: one[key] for key in ("id", "verdict", "evidence", "reason", "flags", "votes", "credit")}
        for one in told["criteria"]
    ]
    identity = told["grader"]
    out = {
        "id": job.id,
        "question_id": job.question_id,
        "score": grade.score,
        "band": grade.band,
        "criteria": criteria,
        "misconceptions": told["misconceptions"],
        "delivery": told["delivery"],
        "feedback": grade.feedback,
        "follow_up": grade.follow_up,
        "flags": told["flags"],
        "withheld": told["withheld"],
        "grader": {key: identity[key] for key in ("kind", "model", "prompt_version", "rubric_version")},
        "usage": told["usage"],
        "latency_ms": None if grade.latency_ms is None else round(grade.latency_ms, 1),
    }
    return json.dumps(out)


def failed_line(job: Job, error: LineError | GraderError) -> str:
    """The line for a job that has no grade, without a line break."""
    return json.dumps({"id": job.id, "error": {"code": error.code, "message": error.message}})


def _object(text: str) -> Mapping[str, Any]:
    if len(text) > MAX_LINE:
        raise LineError(
            "invalid_line", f"the line has {len(text):,} characters; at most {MAX_LINE:,} are read"
        )
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise LineError("invalid_line", "the line is not JSON") from None
    if not isinstance(value, dict):
        raise LineError("invalid_line", "the line is no JSON object")
    return value


def _task(line: InLine, bank: Bank) -> GradingTask:
    if line.question is None:
        try:
            question = bank.question(str(line.question_id))
        except KeyError:
            near = did_you_mean(str(line.question_id), [q.id for q in bank.questions])
            told = f"there is no question {one_line(str(line.question_id), 80)!r} in the bank"
            raise LineError("unknown_question", f"{told}; {near}" if near else told) from None
        return GradingTask(question=question, rubric=bank.rubric_of(question), answer=line.answer)
    try:
        question = Question(
            id=_INLINE,
            category=_INLINE,
            text=line.question,
            hint=_hint(line),
            criteria=tuple(Criterion(**c.model_dump()) for c in line.criteria) or (_like(line.reference),),
        )
    except ValidationError as error:
        raise LineError("invalid_line", first_fault(error)) from None
    known = next((q for q in bank.questions if q.id == line.question_id), None)
    rubric = bank.rubric_of(known) if known is not None else bank.first_rubric
    return GradingTask(question=question, rubric=rubric, answer=line.answer)


def _like(reference: str | tuple[str, ...] | None) -> Criterion:
    """One criterion for a reference answer: the same meaning counts, in any words."""
    references = (reference,) if isinstance(reference, str) else tuple(reference or ())
    if len(references) == 1:
        said = f"Says in substance what this reference answer says: {references[0]}"
    else:
        said = "Says in substance what one of these reference answers says: " + " | ".join(references)
    return Criterion(
        id="reference",
        requirement=said,
        partial="Says an essential part of it, and nothing false.",
        references=references,
    )


def _hint(line: InLine) -> str:
    if isinstance(line.reference, tuple):
        return " | ".join(line.reference)
    return line.reference or " ".join(c.requirement for c in line.criteria)


def first_fault(error: ValidationError) -> str:
    """The first fault of a line, with its place, on one line."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"] if step not in {"str", "tuple[constrained-str, ...]"})
    said = str(first["msg"]).removeprefix("Value error, ")
    return one_line(f"{place}: {said}" if place else said, 300)
