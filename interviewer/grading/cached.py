"""Grades that are remembered: the same answer under the same conditions is not paid for twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Protocol

from interviewer import __version__
from interviewer.bank.models import Question, Rubric
from interviewer.grading.grader import Grader, Watcher, tell
from interviewer.grading.models import Evidence, Flag, Grade, GraderIdentity, GradingTask
from interviewer.llm.usage import Usage


class Shelf(Protocol):
    """Where grades are kept. Losing one costs a request, so neither call ever fails."""

    def get(self, key: str) -> Grade | None:
        """The grade kept under `key`, or None."""

    def put(self, key: str, grade: Grade) -> None:
        """Keep `grade` under `key`, if that is possible."""


class CachedGrader:
    """Answers from the shelf what was graded before, and asks `grader` for the rest.

    service: where the grader's model is served, without secrets. samples: how often the grader asks
    about what is disputed. reader: version of the model that reads beside it, or None. clock: seconds,
    monotonic; for `latency_ms` alone.

    Kept are grades that a model was asked for. Not kept: failures; what the fake grader says; what took no
    request; and grades flagged unverified or disputed. There the model twice gave nothing that holds for some
    point, or a further request failed: it might do better next time, and the candidate is not held to it.
    """

    def __init__(
        self,
        grader: Grader,
        shelf: Shelf,
        *,
        service: str,
        samples: int,
        clock: Callable[[], float],
        reader: str | None = None,
    ) -> None:
        self._reader = reader
        self._grader = grader
        self._shelf = shelf
        self._service = service
        self._samples = samples
        self._clock = clock

    def identity(self, task: GradingTask) -> GraderIdentity:
        """As the grader says."""
        return self._grader.identity(task)

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """The grade of `task`, marked as cached if nothing was asked for it. Raises GraderError."""
        started = self._clock()
        identity = self._grader.identity(task)
        key = key_of(task, identity, service=self._service, samples=self._samples, reader=self._reader)
        kept = self._shelf.get(key)
        if kept is None or not _fits(kept, task, identity):
            grade = await self._grader.grade(task, watcher)
            if _is_worth_keeping(grade):
                self._shelf.put(key, grade)
            return grade
        tell(watcher, kept)
        latency = 1000 * max(0.0, self._clock() - started)
        return kept.model_copy(update={"cached": True, "usage": Usage(requests=0), "latency_ms": latency})

    async def warm(self, question: Question, rubric: Rubric) -> None:
        """As the grader does: whether the answer is known is not known before it is given."""
        await self._grader.warm(question, rubric)

    async def aclose(self) -> None:
        """Close the grader."""
        await self._grader.aclose()


def key_of(
    task: GradingTask, identity: GraderIdentity, *, service: str, samples: int, reader: str | None = None
) -> str:
    """64 hex digits that are equal only for what is the same in all that a grade depends on.

    The program's version is part of it, since its checks and scores are.
    """
    content = {
        "program": __version__,
        "grader": identity.model_dump(mode="json"),
        "service": service,
        "samples": samples,
        "reader": reader,
        # Question and rubric whole: the identity only holds the start of their hash.
        "task": task.model_dump(mode="json"),
    }
    # Not as JSON escapes, in which the two halves of a character would look like that character.
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_worth_keeping(grade: Grade) -> bool:
    asked = grade.usage is not None and grade.usage.requests > 0
    unverified = Flag.UNVERIFIED in grade.flags or any(Flag.UNVERIFIED in c.flags for c in grade.criteria)
    return asked and grade.grader.kind != "fake" and not unverified and Flag.DISPUTED not in grade.flags


def _fits(grade: Grade, task: GradingTask, identity: GraderIdentity) -> bool:
    """Whether a kept grade can be one of `task`: a file may have been changed or moved."""
    quotes = [
        *(proof for one in grade.criteria for proof in one.evidence),
        *(proof for one in grade.misconceptions for proof in one.evidence),
        *grade.withheld,
    ]
    return (
        grade.grader == identity
        and [c.id for c in grade.criteria] == [c.id for c in task.criteria]
        and {m.id for m in grade.misconceptions} <= {m.id for m in task.question.misconceptions}
        and grade.band == task.rubric.band_of(grade.score).id
        and all(_stands(proof, task.answer) for proof in quotes)
    )


def _stands(proof: Evidence, answer: str) -> bool:
    return answer[proof.start : proof.end] == proof.quote
