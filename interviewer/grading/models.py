"""What a grade is: verdicts with evidence, a score computed in code, and who judged."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from interviewer.bank.models import Credit, Criterion, Points, Question, Rubric
from interviewer.llm.usage import Usage
from interviewer.models import Frozen

GraderKind = Literal["llm", "local", "fake"]
DeliveryLevel = Literal["strong", "adequate", "weak"]


class Verdict(StrEnum):
    """How an answer stands to one criterion."""

    MET = "met"
    PARTIAL = "partial"
    MISSING = "missing"
    WRONG = "wrong"

    @property
    def sign(self) -> str:
        """The one character that stands for it on screens and pages."""
        return _SIGNS[self]


_SIGNS = {Verdict.MET: "✓", Verdict.PARTIAL: "◐", Verdict.MISSING: "·", Verdict.WRONG: "✗"}


class Flag(StrEnum):
    """Something about a grade that its reader should know."""

    NOT_JUDGED = "not_judged"  # the fake grader: no judgement stands behind the verdicts
    EMPTY = "empty"  # no answer, or only punctuation
    RESTATED = "restated"  # the question said back
    UNVERIFIED = "unverified"  # a verdict was set to missing: no quote stands in the answer
    INSTRUCTIONS = "instructions"  # a passage that speaks to the grader was withheld from it
    REPAIRED = "repaired"  # a second call was needed for some criteria
    SECOND_OPINION = "second_opinion"  # disputed criteria were judged again, and the majority decided
    DISPUTED = "disputed"  # criteria should have been judged again, and no further opinion was to be had
    NOT_SURE = "not_sure"  # the embedded model is not sure; what it expects is credited
    DOUBTED = "doubted"  # the embedded model is sure of another verdict than the language model gave
    PROVISIONAL = "provisional"  # the language model was out of reach; the embedded one stood in for it


class Evidence(Frozen):
    """A verbatim quote: `answer[start:end] == quote`, offsets in code points of the answer as submitted."""

    quote: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class CriterionGrade(Frozen):
    """The verdict on one criterion. reason: why, at most some 20 words. flags: as in Grade.

    votes: all opinions on a disputed criterion, the first one first; empty where only one was taken.
    credit: the share of the weight that is earned, 0 to 1, where it is not what the rubric gives for the
    verdict: the expectation of the local grader, where it is not sure, and where it grades by degrees. None
    everywhere else.
    """

    id: str
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    flags: tuple[Flag, ...] = ()
    votes: tuple[Verdict, ...] = ()
    credit: Credit | None = None

    @property
    def agreement(self) -> str:
        """How far the opinions agree, in words; empty where only one was taken."""
        agreeing, count = self.votes.count(self.verdict), len(self.votes)
        if agreeing == 1:
            return f"{count} opinions, all different; the lowest counts"
        return f"{agreeing} of {count} opinions agree" if count else ""


class MisconceptionGrade(Frozen):
    """A misconception that the answer asserts. penalty: points taken off the score."""

    id: str
    evidence: tuple[Evidence, ...]
    penalty: Points


class DeliveryGrade(Frozen):
    """Delivery told beside the score. id: the rubric's aspect."""

    id: str
    level: DeliveryLevel


class GraderIdentity(Frozen):
    """Who judged. Two grades are comparable when these are equal.

    prompt_version: hash of the prompt's templates and reply schema; None where there is no prompt.
    rubric_version: hash of the question and rubric that were graded against.
    """

    kind: GraderKind
    model: str
    prompt_version: str | None = None
    rubric_version: str | None = None


class Grade(Frozen):
    """A graded answer. score: 0 to 100, computed by `score_of`; never a number that a model said.

    withheld: passages that speak to the grader; it never saw them, and they are evidence for nothing.
    cached: the same answer was graded before, and nothing was asked for this grade.
    """

    score: Points
    band: str
    criteria: tuple[CriterionGrade, ...]
    misconceptions: tuple[MisconceptionGrade, ...] = ()
    delivery: tuple[DeliveryGrade, ...] = ()
    feedback: str = ""
    follow_up: str | None = None
    flags: tuple[Flag, ...] = ()
    withheld: tuple[Evidence, ...] = ()
    grader: GraderIdentity
    usage: Usage | None = None
    latency_ms: Annotated[float, Field(ge=0)] | None = None
    cached: bool = False


def feedback_of(grades: Sequence[Grade]) -> tuple[str, ...]:
    """What the grades of a question's answers say, each once, as far as it still holds.

    The local grader counts what was shown, and a follow-up has changed that.
    """
    lasting = grades[1:] if len(grades) > 1 and grades[0].grader.kind == "local" else grades
    return tuple(dict.fromkeys(grade.feedback for grade in lasting if grade.feedback))


class GradingTask(Frozen):
    """One answer to grade.

    only: ids of the criteria to judge (a follow-up asks for the unmet ones); empty means all.
    follow_up: the follow-up question that the answer replies to; None for the first answer.
    argument: why the candidate does not agree with the verdict on the one criterion in `only`; it is no
    evidence. None for a first look.
    """

    question: Question
    rubric: Rubric
    answer: str
    only: tuple[str, ...] = ()
    follow_up: str | None = None
    argument: str | None = None

    @model_validator(mode="after")
    def _only_names_criteria(self) -> GradingTask:
        unknown = set(self.only) - {c.id for c in self.question.criteria}
        if unknown:
            raise ValueError(f"only: not criteria of the question: {', '.join(sorted(unknown))}")
        return self

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria to judge, in the question's order."""
        wanted = set(self.only)
        return tuple(c for c in self.question.criteria if not wanted or c.id in wanted)
