"""`start --due` and `start --mode drill`: questions for the sake of memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interviewer.bank.keep import kept_bank
from interviewer.bank.models import Bank, Category, Question
from interviewer.cli import wiring
from interviewer.errors import UsageError
from interviewer.interview.plan import DEFAULT_COUNT, check_categories
from interviewer.memory.models import Memory
from interviewer.memory.plan import drill_plan, due_plan
from interviewer.settings import Settings
from interviewer.store.store import Store


@dataclass(frozen=True, slots=True)
class Remembered:
    """Questions to ask, by id, in order. why: for the candidate, in a line.

    points: of a drill, the ids of the criteria that each question asks about. probes: theirs, by question.
    """

    ids: tuple[str, ...]
    why: str
    points: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    probes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Part:
    categories: Sequence[Category]
    questions: Sequence[Question]


def due(settings: Settings, *, categories: Sequence[str], count: int | None, seed: int) -> Remembered:
    """What is due, weak or new. Raises UsageError if nothing is."""
    pool, memory = _known(settings, categories)
    chosen = due_plan(memory, pool, _count(count), seed, wiring.now().astimezone())
    if not chosen:
        raise UsageError(
            "nothing is due, and nothing is new", hint="Start without --due, or come back another day."
        )
    told = ", ".join(f"{one.question} ({one.reason})" for one in chosen)
    return Remembered(tuple(one.question for one in chosen), f"Chosen for review: {told}.")


def drill(settings: Settings, *, categories: Sequence[str], count: int | None) -> Remembered:
    """What was missed when it was last asked about. Raises UsageError if nothing was."""
    pool, memory = _known(settings, categories)
    chosen = drill_plan(memory, pool, _count(count))
    if not chosen:
        raise UsageError(
            "there is nothing to drill: nothing was missed yet",
            hint="A drill asks about points that were missed before. Start an interview first.",
        )
    criteria = {question.id: question.criteria for question in pool.questions}
    points = {one.question: one.criteria for one in chosen}
    told = ", ".join(f"{one.question} ({one.reason})" for one in chosen)
    return Remembered(
        tuple(points),
        f"Drill: {told}.",
        points,
        {id: tuple(c.probe for c in criteria[id] if c.id in ids and c.probe) for id, ids in points.items()},
    )


def _known(settings: Settings, categories: Sequence[str]) -> tuple[_Part, Memory]:
    """The questions to choose from, and what is remembered of them. Raises UsageError, StoreError."""
    bank = kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")
    check_categories(bank, categories)
    with Store.open(settings.folders.data) as store:
        memory = store.memory(bank.id)
    return _part_of(bank, categories), memory


def _part_of(bank: Bank, categories: Sequence[str]) -> _Part:
    wanted = set(categories) or {category.id for category in bank.categories}
    return _Part(
        [category for category in bank.categories if category.id in wanted],
        [question for question in bank.questions if question.category in wanted],
    )


def _count(count: int | None) -> int:
    if count is not None and count < 1:
        raise UsageError(f"an interview needs at least one question, not {count}", hint="ask for 1 or more")
    return DEFAULT_COUNT if count is None else count
