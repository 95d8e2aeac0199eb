"""What is left of an interview after kills, against the same interview that was never killed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interviewer.interview.models import Interview, Status
from interviewer.store.database import FILE_NAME
from interviewer.store.store import Store
from tests.support.kills.candidate import Candidate

#: What differs from run to run: names, times, and what a grade took.
_PASSING = frozenset(
    {"id", "started_at", "finished_at", "asked_at", "submitted_at", "at", "seconds", "spent", "draft"}
    | {"usage", "latency_ms", "cached", "failure", "seed"}
)
#: Flags that tell how a grade came about, not what it says.
_PASSING_FLAGS = frozenset({"repaired"})


@dataclass(slots=True)
class Findings:
    """What was found wrong. lost: what was acknowledged and is not there. double: what is there twice.

    differing: all else that is not as in the run without kills, half an answer included.
    """

    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Take in what was found elsewhere."""
        self.lost += other.lost
        self.double += other.double
        self.differing += other.differing

    @property
    def all(self) -> list[str]:
        """Everything, in words."""
        named = (("lost", self.lost), ("double", self.double), ("differing", self.differing))
        return [f"{name}: {one}" for name, found in named for one in found]


@dataclass(frozen=True, slots=True)
class Left:
    """What a home holds. interviews: the oldest first. reviews: what is remembered of graded turns."""

    interviews: tuple[Interview, ...]
    reviews: Mapping[str, list[str]]
    faults: tuple[str, ...]
    grades: Mapping[str, int]

    @property
    def last(self) -> Interview:
        return self.interviews[-1]


def left_in(home: Path) -> Left:
    """What the home holds, read by the product itself, with SQLite's own checks."""
    data = home / "data"
    with Store.open(data) as store:
        interviews = tuple(store.load(id) for id in store.ids())
    connection = sqlite3.connect(data / FILE_NAME)
    try:
        (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
        strays = connection.execute("PRAGMA foreign_key_check").fetchall()
        reviews: dict[str, list[str]] = {}
        for id, *told in connection.execute(
            "SELECT interview_id, turn, criterion_id, outcome, weight FROM reviews ORDER BY 1, 2, 3"
        ):
            reviews.setdefault(id, []).append(repr(told))
        grades = Counter(
            f"{id} {turn}.{position}"
            for id, turn, position in connection.execute(
                "SELECT interview_id, turn, position FROM grades WHERE NOT provisional"
            )
        )
    finally:
        connection.close()
    faults = [f"integrity_check: {integrity}"] if integrity != "ok" else []
    faults += [f"foreign_key_check: {stray}" for stray in strays]
    return Left(interviews, reviews, tuple(faults), grades)


def compare(left: Left, reference: Left, candidate: Candidate) -> Findings:
    """What is wrong with the interview that the candidate sat, the last one of `left`."""
    found = Findings(differing=[*left.faults, *candidate.problems])
    if len(left.interviews) != len(reference.interviews):
        found.differing.append(f"{len(left.interviews)} interviews, not {len(reference.interviews)}")
        return found
    interview = left.last
    stored = [a.text for t in interview.turns for a in t.answers if a.text]
    found.lost += [mark for mark in sorted(candidate.acknowledged) if candidate.said[mark] not in stored]
    found.double += [text[:40] for text, count in Counter(stored).items() if count > 1]
    found.double += [f"grade of {where}" for where, count in left.grades.items() if count > 1]
    found.differing += [f"half: {text[:60]!r}" for text in stored if text not in candidate.said.values()]
    found.differing += list(_differences("", _lasting(interview), _lasting(reference.last)))
    found.differing += _out_of_order(interview)
    if left.reviews.get(interview.id) != reference.reviews.get(reference.last.id):
        found.differing.append("what is remembered of it")
    return found


def _lasting(interview: Interview) -> Any:
    return _without(interview.model_dump(mode="json"))


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: [flag for flag in one if flag not in _PASSING_FLAGS] if key == "flags" else _without(one)
            for key, one in value.items()
            if key not in _PASSING or (key == "id" and "verdict" in value)
        }
    return [_without(one) for one in value] if isinstance(value, list) else value


def _differences(where: str, one: Any, other: Any) -> Iterable[str]:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _differences(f"{where}.{key}", one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differences(f"{where}[{number}]", left, right)
    elif one != other:
        yield f"{where}: {str(one)[:80]} and not {str(other)[:80]}"


def _out_of_order(interview: Interview) -> list[str]:
    """Moments that contradict the order in which things came about."""
    found = [] if interview.status is Status.FINISHED else ["it never ended"]
    for turn in interview.turns:
        moments = [a.submitted_at for a in turn.answers]
        if moments != sorted(moments) or any(m < interview.started_at for m in moments):
            found.append(f"answers of turn {turn.index} out of order")
        if interview.finished_at is not None and any(m > interview.finished_at for m in moments):
            found.append(f"turn {turn.index} was answered after the end")
    firsts = [t.answers[0].submitted_at for t in interview.turns if t.answers and t.retry_of is None]
    return [*found, *(["questions out of order"] if firsts != sorted(firsts) else [])]
