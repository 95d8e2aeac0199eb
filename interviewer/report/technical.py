"""Who graded with what, and what it took: the same for every transcript that people read.

A cell is a tuple of pieces, to be put together as they are: our own words as `str`, text from elsewhere as
`Foreign`, and ids, hashes and names of models as `Id`, so that each format can show them safely.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from interviewer.grading.models import GraderIdentity
from interviewer.interview.models import Interview, Turn
from interviewer.interview.summary import Summary
from interviewer.report.transcript import Transcript


class Foreign(str):
    """Text that is not our own."""

    __slots__ = ()


class Id(Foreign):
    """An id, a hash or a model's name."""

    __slots__ = ()


Cell: TypeAlias = tuple[str, ...]

CALL_HEAD = (
    "Question",
    "Answer",
    "Grader",
    "Rubric version",
    "Requests",
    "Tokens in",
    "Cached",
    "Tokens out",
    "Seconds",
)
#: From this column on, they are numbers.
CALL_NUMBERS = 4


def graders(interview: Interview, summary: Summary) -> Cell:
    """Who graded, in order; before the first grade, who was chosen to."""
    told = list(dict.fromkeys(map(_grader, summary.graders)))
    if told:
        return tuple(piece for i, one in enumerate(told) for piece in ((", then ",) if i else ()) + one)
    return (*_chosen(interview), "; nothing is graded yet")


def facts(transcript: Transcript) -> Iterator[tuple[str, Cell]]:
    """What the interview was held with, by name."""
    interview, summary = transcript.interview, transcript.summary
    settings, bank, usage = interview.settings, interview.bank, transcript.summary.usage
    yield "Interview", (Id(interview.id),)
    yield "Program", ("mock-interviewer ", Id(transcript.program_version))
    yield "Transcript", (f"{transcript.schema_name}, version {transcript.schema_version}",)
    yield "Bank", (Id(bank.id), ", fingerprint ", Id(bank.fingerprint))
    yield "Seed", (str(settings.seed),)
    yield "Follow-ups per question", (f"at most {settings.follow_ups}",)
    yield "Grader chosen at the start", _chosen(interview)
    for told in dict.fromkeys(map(_identity, summary.graders)):
        yield "Grader", told
    if usage is not None:
        yield "Requests to the grader", (str(usage.requests),)
        tokens = f"{_tokens(usage.input_tokens)} in, of these {_tokens(usage.cached_tokens)} from a cache; "
        yield "Tokens", (f"{tokens}{_tokens(usage.output_tokens)} out",)
    if summary.cached:
        yield "Grades from this program's cache", (f"{summary.cached:,}; nothing was asked for them",)


def calls(turn: Turn) -> Iterator[tuple[Cell, ...]]:
    """A row, under CALL_HEAD, for each graded answer: what its grade took."""
    for position, answer in enumerate(turn.answers):
        grade = answer.grade
        if grade is None:
            continue
        usage = grade.usage
        spent: tuple[str, ...] = ("–", "–", "–", "–")
        if usage is not None:
            tokens = map(_tokens, (usage.input_tokens, usage.cached_tokens, usage.output_tokens))
            spent = ("from cache" if grade.cached else str(usage.requests), *tokens)
        version = grade.grader.rubric_version
        yield (
            (f"{turn.index + 1}, ", Id(turn.question.id)),
            (f"follow-up {position}" if position else "first",),
            (grade.grader.kind,),
            (Id(version),) if version else ("–",),
            *((one,) for one in spent),
            ("–" if grade.latency_ms is None else f"{grade.latency_ms / 1000:.1f}",),
        )


def _grader(grader: GraderIdentity) -> Cell:
    if grader.kind == "fake":
        return ("fake, which does not judge",)
    about = " (a small model in the program)" if grader.kind == "local" else ""
    return (f"{grader.kind}, model ", Id(grader.model), about)


def _chosen(interview: Interview) -> Cell:
    model = interview.settings.model
    return (Foreign(interview.settings.grader), *((", model ", Id(model)) if model else ()))


def _identity(grader: GraderIdentity) -> Cell:
    prompt = Id(grader.prompt_version) if grader.prompt_version else "none"
    return (f"{grader.kind}, model ", Id(grader.model), ", prompt version ", prompt)


def _tokens(many: int | None) -> str:
    return "–" if many is None else f"{many:,}"
