"""What of a bank is needed to put the first question on screen, in a form that is read in no time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from interviewer.bank.models import Bank


class OutlineCategory(NamedTuple):
    """A category as `interviewer.bank.models.Category` has it, without its rubric."""

    id: str
    title: str
    difficulty: int


class OutlineQuestion(NamedTuple):
    """A question as `interviewer.bank.models.Question` has it, without all that it is graded by."""

    id: str
    category: str
    text: str
    minutes: float


class Outline(NamedTuple):
    """A bank as it is asked, not as it is graded."""

    id: str
    role: str
    categories: tuple[OutlineCategory, ...]
    questions: tuple[OutlineQuestion, ...]


def outline_of(bank: Bank) -> Outline:
    """The outline of `bank`."""
    return Outline(
        id=bank.id,
        role=bank.role,
        categories=tuple(OutlineCategory(c.id, c.title, c.difficulty) for c in bank.categories),
        questions=tuple(OutlineQuestion(q.id, q.category, q.text, q.minutes) for q in bank.questions),
    )


def outline_text(outline: Outline) -> str:
    """The outline as JSON."""
    return json.dumps(outline)


def outline_in(text: str) -> Outline:
    """The outline that `outline_text` wrote. Raises ValueError or TypeError for anything else."""
    id, role, categories, questions = json.loads(text)
    return Outline(
        id=id,
        role=role,
        categories=tuple(OutlineCategory(*c) for c in categories),
        questions=tuple(OutlineQuestion(*q) for q in questions),
    )
