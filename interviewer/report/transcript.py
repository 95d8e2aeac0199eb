"""What a transcript holds: the interview whole, and what it came to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from interviewer.bank.models import Points
from interviewer.grading.score import Credited, credited
from interviewer.interview.models import Interview, Turn
from interviewer.interview.state import grades_of
from interviewer.interview.summary import Summary, summary_of
from interviewer.models import Frozen
from interviewer.report.redact import redacted
from interviewer.report.surrogates import without_pairs

SCHEMA: Literal["mock-interviewer/transcript"] = "mock-interviewer/transcript"
SCHEMA_VERSION: Literal[1] = 1


class TurnResult(Frozen):
    """What a turn came to, its follow-ups credited.

    turn: the turn's index. score: 0 to 100. band: id of the rubric's band for that score.
    criteria: what each criterion earned, in the question's order.
    """

    turn: Annotated[int, Field(ge=0)]
    question_id: str
    score: Points
    band: str
    criteria: tuple[Credited, ...]


class Transcript(Frozen):
    """An interview for readers and programs. Made by `transcript_of`.

    schema_name, schema_version: say what the JSON is; a change that breaks readers raises the version.
    program_version: of the program that wrote it. redacted: the candidate's words were left out, as
    `interviewer.report.redact` does. results: one for each turn with a score, in order.
    """

    schema_name: Annotated[Literal["mock-interviewer/transcript"], Field(alias="schema")] = SCHEMA
    schema_version: Literal[1] = SCHEMA_VERSION
    program_version: str
    redacted: bool = False
    interview: Interview
    summary: Summary
    results: tuple[TurnResult, ...]

    @model_validator(mode="after")
    def _results_fit_the_turns(self) -> Transcript:
        if [r.turn for r in self.results] != [t.index for t in self.interview.turns if t.score is not None]:
            raise ValueError("results: there must be one for each turn with a score, in order")
        return self


def transcript_of(interview: Interview, version: str, *, redact: bool = False) -> Transcript:
    """The transcript of `interview` as it stands, finished or not. version: the program's.

    redact: leave out the candidate's words and all that was made from them.
    Two surrogates that make up one character become that character: JSON cannot tell the two apart.
    """
    told = without_pairs(redacted(interview) if redact else interview)
    return Transcript(
        program_version=version,
        redacted=redact,
        interview=told,
        summary=summary_of(told),
        results=tuple(_result(t, t.score) for t in told.turns if t.score is not None),
    )


def _result(turn: Turn, score: float) -> TurnResult:
    grades = grades_of(turn)
    return TurnResult(
        turn=turn.index,
        question_id=turn.question.id,
        score=score,
        band=turn.rubric.band_of(score).id,
        criteria=credited(grades, turn.question.criteria, turn.rubric),
    )
