"""Progress as JSON. docs/memory.md describes the shape; keys are added to it, never changed or taken away."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from interviewer.memory.models import CategoryProgress, CriterionProgress, Progress, QuestionProgress, Week
from interviewer.memory.names import Names
from interviewer.memory.schedule import is_due

VERSION = 1


def progress_json(banks: Iterable[tuple[Progress, Names]], now: datetime) -> str:
    """Each bank's progress as it stands at `now`; plain ASCII."""
    told = {
        "version": VERSION,
        "at": now.isoformat(),
        "banks": [_bank(progress, names, now) for progress, names in banks],
    }
    return json.dumps(told, indent=2)


def _bank(progress: Progress, names: Names, now: datetime) -> dict[str, Any]:
    following = progress.next_due
    return {
        "id": progress.bank,
        "title": names.bank,
        "graded": progress.graded,
        "now": _score(progress.now),
        "mean": _score(progress.mean),
        "trend": _score(progress.trend),
        "due": sum(len(question.criteria) for question in progress.due),
        "next_due": following and {"day": following.day.isoformat(), "criteria": following.criteria},
        "categories": [_category(one, names) for one in progress.categories],
        "questions": [_question(one, names, now) for one in progress.questions],
    }


def _category(one: CategoryProgress, names: Names) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": names.category(one.id),
        "graded": one.graded,
        "now": _score(one.now),
        "mean": _score(one.mean),
        "trend": _score(one.trend),
        "weeks": [_week(week) for week in one.weeks],
    }


def _week(week: Week) -> dict[str, Any]:
    return {"monday": week.monday.isoformat(), "graded": week.graded, "mean": _score(week.mean)}


def _question(one: QuestionProgress, names: Names, now: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "category": one.category,
        "graded": one.graded,
        "now": _score(one.now),
        "mean": _score(one.mean),
        "trend": _score(one.trend),
        "results": list(one.results),
        "last_at": one.last_at.isoformat(),
        "criteria": [_criterion(point, names, now) for point in one.criteria],
    }


def _criterion(point: CriterionProgress, names: Names, now: datetime) -> dict[str, Any]:
    return {
        "id": point.id,
        "requirement": names.requirement(point.question, point.id),
        "share": round(point.share, 4),
        "seen": point.seen,
        "missed": point.missed,
        "missed_in_a_row": point.missed_in_a_row,
        "last": point.last.value,
        "last_at": point.last_at.isoformat(),
        "due": point.due.isoformat(),
        "is_due": is_due(point.due, now),
    }


def _score(score: float | None) -> float | None:
    return None if score is None else round(score, 1)
