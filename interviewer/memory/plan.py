"""Which questions to ask for the sake of memory: what is due, what went badly, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from interviewer.interview.plan import Group, Planned, Pool, plan
from interviewer.memory.models import Asked, CriterionProgress, Memory, Outcome
from interviewer.memory.progress import TELLING, urgency
from interviewer.memory.schedule import is_due
from interviewer.numbers import counted

#: Interviews of so many questions ask at least one that is new, if there is any: else a bank that is larger
#: than what one person can repeat would never be seen whole.
ROOM_FOR_NEW = 4


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question to ask, by id. reason: why, for the candidate, such as "3 points due"."""

    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class Drill:
    """A question to drill, by id. criteria: ids of those that were missed last time, the worst first."""

    question: str
    criteria: tuple[str, ...]
    reason: str


def due_plan(memory: Memory, pool: Pool[Planned], count: int, seed: int, now: datetime) -> tuple[Chosen, ...]:
    """Up to `count` questions of `pool`, in the order in which to ask them; none twice.

    What is due comes first, the most urgent before the rest (`progress.urgency`); then what was missed last
    time and is not due yet, the worst first; then what was never asked, spread over the categories as in
    any interview. Of ROOM_FOR_NEW questions and more, one is new if any is. Empty if nothing is due, missed
    or new: then what is known may rest.
    seed: decides between equals; the same arguments give the same plan. now: its zone says what day it is.
    """
    asked = {one.id: one for one in memory.questions}
    known = [asked[question.id] for question in pool.questions if question.id in asked]
    Random(seed).shuffle(known)  # noqa: S311 - sorting is stable: this decides between equals
    due = [one for one in known if any(is_due(point.due, now) for point in one.criteria)]
    due.sort(key=lambda one: -urgency(one.criteria, now))
    taken = {one.id for one in due}
    weak = [one for one in known if one.id not in taken and _missed(one)]
    weak.sort(key=lambda one: -_weakness(one))
    fresh = [question for question in pool.questions if question.id not in asked]
    kept_free = 1 if fresh and count >= ROOM_FOR_NEW else 0
    repeated = [
        *(Chosen(one.id, _points(sum(is_due(p.due, now) for p in one.criteria), "due")) for one in due),
        *(Chosen(one.id, _reason(one)) for one in weak),
    ][: max(0, count - kept_free)]
    return (*repeated, *(Chosen(id, "new") for id in _drawn(pool, fresh, count - len(repeated), seed)))


def drill_plan(memory: Memory, pool: Pool[Planned], count: int) -> tuple[Drill, ...]:
    """Up to `count` questions of `pool` with criteria that were missed when they were last asked about, and
    those criteria alone; the worst first, then in the pool's order. Empty if nothing was missed.
    """
    asked = {one.id: one for one in memory.questions}
    weak = [asked[q.id] for q in pool.questions if q.id in asked and _missed(asked[q.id])]
    weak.sort(key=lambda one: -_weakness(one))
    return tuple(Drill(one.id, tuple(p.id for p in _missed(one)), _reason(one)) for one in weak[:count])


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a pool: the same categories, fewer questions."""

    categories: Sequence[Group]
    questions: Sequence[Planned]


def _drawn(pool: Pool[Planned], fresh: Sequence[Planned], count: int, seed: int) -> list[str]:
    if not fresh or count < 1:
        return []
    return [one.id for one in plan(_Part(pool.categories, fresh), count=count, seed=seed)]


def _missed(one: Asked) -> list[CriterionProgress]:
    """The criteria that were missed last time, the worst first."""
    missed = [point for point in one.criteria if point.last.is_missed]
    return sorted(missed, key=lambda point: -_badness(point))


def _weakness(one: Asked) -> float:
    return sum(map(_badness, _missed(one)))


def _badness(point: CriterionProgress) -> float:
    """What is lost by a criterion that was missed: its share, as often as it was missed in a row."""
    lost = 0.5 if point.last is Outcome.PARTIAL else 1.0
    return lost * point.share * point.missed_in_a_row


def _reason(one: Asked) -> str:
    missed = _missed(one)
    longest = max(point.missed_in_a_row for point in missed)
    if longest < TELLING:
        return _points(len(missed), "missed last time")
    return "missed twice" if longest == TELLING else f"missed {longest} times in a row"


def _points(many: int, what: str) -> str:
    return f"{counted(many, 'point')} {what}"
