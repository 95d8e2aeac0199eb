"""Labelled answers: lines of `grade` with what people said of each answer. A contract: docs/agreement.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict, Field, ValidationError, model_validator

from interviewer.bank.models import Bank
from interviewer.batch.lines import InLine, first_fault, job_of
from interviewer.errors import InvalidFileError
from interviewer.grading.models import GradingTask, Verdict
from interviewer.models import Frozen, Text
from interviewer.numbers import counted
from interviewer.text import did_you_mean, one_line

#: Fewest labelled answers that anything can be said of.
FEWEST = 2
_ALSO_TOLD = 5
_CORRECT = "correct"
#: Labels of the student-response sets, in two and in five classes.
_LABELS = (
    _CORRECT, "incorrect", "partially_correct_incomplete", "contradictory", "irrelevant", "non_domain"
)  # fmt: skip

Share = Annotated[float, Field(ge=0, le=1, strict=True)]


@dataclass(frozen=True, slots=True)
class Labelled:
    """An answer, and what people said of it.

    line: 1-based. question: what answers to the same question share. category: of the bank, or the line's.
    score: 0 to 100, the mean where two people gave one. annotators: both of these. verdicts: by criterion;
    may leave some out. is_correct: of a reference-answer set. note: why, in a person's words.
    """

    id: str
    line: int
    question: str
    title: str
    task: GradingTask
    category: str | None = None
    kind: str | None = None
    score: float | None = None
    annotators: tuple[float, float] | None = None
    verdicts: Mapping[str, Verdict] | None = None
    is_correct: bool | None = None
    note: str | None = None


class HumanLine(Frozen):
    """What a line says beside the answer. Scores are 0 to 1; other keys are left alone.

    human_verdict: of an answer with a single criterion, such as one with reference answers. label: `correct`
    or a kind of not correct. It is no verdict, since two classes say nothing of how an answer fails.
    """

    human_score: Share | None = None
    human_scores: Annotated[list[Share], Field(min_length=2, max_length=2)] | None = None
    human_verdicts: dict[str, Verdict] | None = None
    human_verdict: Verdict | None = None
    label: str | None = None
    kind: Text | None = None
    category: Text | None = None
    note: Text | None = None

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="after")
    def _says_something(self) -> HumanLine:
        if self.label is not None and self.label not in _LABELS:
            near = did_you_mean(self.label, _LABELS)
            told = f"label: {one_line(self.label, 40)!r} is not one of {', '.join(_LABELS)}"
            raise ValueError(f"{told}; {near}" if near else told)
        said = (self.human_score, self.human_scores, self.human_verdict, self.label)
        if all(one is None for one in said) and not self.human_verdicts:
            raise ValueError("no person's score, verdict or label is given")
        return self


def labelled(lines: Iterable[str], bank: Bank, *, file: str) -> tuple[Labelled, ...]:
    """The labelled answers of `lines`, in order; blank lines are skipped.

    A label that cannot be read would make every number wrong, so nothing is graded before all are right:
    raises InvalidFileError with the first fault and its line, or if there are fewer than FEWEST answers.
    """
    found: list[Labelled] = []
    faults: list[tuple[int, str]] = []
    first: dict[str, int] = {}
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            one = _labelled(text, number, bank)
            if one.id in first:
                raise ValueError(f"id: {one_line(one.id, 40)!r} stands on line {first[one.id]}, too")
            first[one.id] = number
            found.append(one)
        except ValueError as error:
            faults.append((number, str(error)))
    if faults:
        (line, problem), *others = faults
        also = "; ".join(f"line {at}: {told}" for at, told in others[:_ALSO_TOLD])
        raise InvalidFileError(
            problem, file=file, line=line, more=len(others), hint=f"Then {also}" if also else None
        )
    if len(found) < FEWEST:
        raise InvalidFileError(
            counted(len(found), "labelled answer"),
            file=file,
            expected=f"at least {FEWEST}",
        )
    return tuple(found)


def _labelled(text: str, number: int, bank: Bank) -> Labelled:
    """The answer on a line. Raises ValueError that tells what is wrong with it."""
    job = job_of(text, bank)
    if job.task is None or job.id is None:
        raise ValueError(job.error.message if job.error else "the line cannot be read")
    value = json.loads(text)
    try:
        human, line = HumanLine.model_validate(value), InLine.model_validate(value)
    except ValidationError as error:
        raise ValueError(first_fault(error)) from None
    known = next((q for q in bank.questions if q.id == line.question_id), None)
    score = human.human_score
    if score is None and human.human_scores is not None:
        score = sum(human.human_scores) / 2
    return Labelled(
        id=job.id,
        line=number,
        question=line.question_id or job.task.question.text,
        title=line.question_id or one_line(job.task.question.text, 80),
        task=job.task,
        category=human.category or (known.category if known else None),
        kind=human.kind,
        score=None if score is None else 100 * score,
        annotators=_annotators(human),
        verdicts=_verdicts(human, job.task),
        is_correct=_is_correct(human),
        note=human.note,
    )


def _annotators(human: HumanLine) -> tuple[float, float] | None:
    if human.human_scores is None:
        return None
    one, other = human.human_scores
    return 100 * one, 100 * other


def _verdicts(human: HumanLine, task: GradingTask) -> Mapping[str, Verdict] | None:
    """A person's verdict on each criterion that one was given for. Raises ValueError for strangers."""
    ids = [criterion.id for criterion in task.criteria]
    for id in human.human_verdicts or ():
        if id not in ids:
            near = did_you_mean(id, ids)
            told = f"human_verdicts: there is no criterion {one_line(id, 40)!r}"
            raise ValueError(f"{told}; {near}" if near else told)
    if human.human_verdicts:
        return human.human_verdicts
    if human.human_verdict is None:
        return None
    if len(ids) != 1:
        raise ValueError("human_verdict: the question has several criteria; give human_verdicts by their ids")
    return {ids[0]: human.human_verdict}


def _is_correct(human: HumanLine) -> bool | None:
    if human.label is not None:
        return human.label == _CORRECT
    return None if human.human_verdict is None else human.human_verdict is Verdict.MET
