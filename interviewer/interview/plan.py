"""Which questions an interview asks, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from random import Random
from typing import Protocol, TypeVar

from interviewer.errors import UsageError
from interviewer.text import did_you_mean

#: Questions in an interview when nobody says how many: some 15 to 25 minutes.
DEFAULT_COUNT = 5


class Planned(Protocol):
    """What a plan needs to know of a question."""

    @property
    def id(self) -> str: ...
    @property
    def category(self) -> str: ...


class Group(Protocol):
    """What a plan needs to know of a category."""

    @property
    def id(self) -> str: ...
    @property
    def difficulty(self) -> int: ...


Q = TypeVar("Q", bound=Planned)
Q_co = TypeVar("Q_co", bound=Planned, covariant=True)


class Pool(Protocol[Q_co]):
    """What questions are drawn from: a bank, or its outline."""

    @property
    def categories(self) -> Sequence[Group]: ...
    @property
    def questions(self) -> Sequence[Q_co]: ...


def plan(
    bank: Pool[Q],
    *,
    categories: Sequence[str] = (),
    ids: Sequence[str] = (),
    count: int | None = None,
    seed: int,
) -> tuple[Q, ...]:
    """The questions to ask, in order; never empty, and none twice. The same arguments give the same plan.

    ids: exactly these questions, in this order; then neither categories nor count may be given.
    categories: ids of the categories to draw from; empty means all.
    count: how many to draw, 1 or more; all there are if there are fewer. None draws DEFAULT_COUNT.
    seed: decides the draw and the order of questions that are equally hard.

    The draw is spread over the categories: their shares differ by more than one only where a category
    has no more questions. The order climbs the categories' difficulty.
    Raises UsageError for unknown or doubled ids, for count below 1, and where nothing can be asked.
    """
    if ids:
        if categories or count is not None:
            raise UsageError(
                "questions are chosen by id, or drawn by category and count, not both",
                hint="leave out the categories and the count",
            )
        return _named(bank, ids)
    if count is not None and count < 1:
        raise UsageError(f"an interview needs at least one question, not {count}", hint="ask for 1 or more")
    chosen = _categories(bank, categories)
    drawn = _drawn(bank, chosen, DEFAULT_COUNT if count is None else count, Random(seed))  # noqa: S311
    if not drawn:
        raise UsageError(
            f"no question is in {', '.join(category.id for category in chosen)}",
            hint="choose another category",
        )
    return drawn


def check_categories(bank: Pool[Planned], categories: Iterable[str]) -> None:
    """Raise UsageError for the first of `categories` that is no category's id."""
    known = {category.id for category in bank.categories}
    for one in categories:
        if one not in known:
            raise _unknown("category", one, known)


def _named(bank: Pool[Q], ids: Sequence[str]) -> tuple[Q, ...]:
    by_id = {question.id: question for question in bank.questions}
    for position, one in enumerate(ids):
        if one not in by_id:
            raise _unknown("question", one, by_id)
        if one in ids[:position]:
            raise UsageError(f"the question {one!r} is asked for twice", hint="name each question once")
    return tuple(by_id[one] for one in ids)


def _categories(bank: Pool[Planned], ids: Sequence[str]) -> tuple[Group, ...]:
    """The categories named, or all, in the bank's order."""
    check_categories(bank, ids)
    return tuple(category for category in bank.categories if not ids or category.id in ids)


def _drawn(bank: Pool[Q], categories: Sequence[Group], count: int, chance: Random) -> tuple[Q, ...]:
    """Up to `count` questions, taken in rounds of one from each category, then put in order."""
    difficulty = {category.id: category.difficulty for category in categories}
    pools: dict[str, list[Q]] = {category.id: [] for category in categories}
    for question in bank.questions:
        if question.category in pools:
            pools[question.category].append(question)
    in_turn = list(pools.values())
    chance.shuffle(in_turn)  # else the first categories would win every round that is not full
    for pool in in_turn:
        chance.shuffle(pool)
    rounds = range(max(map(len, in_turn), default=0))
    drawn = [pool[nth] for nth in rounds for pool in in_turn if nth < len(pool)][:count]
    chance.shuffle(drawn)
    return tuple(sorted(drawn, key=lambda question: difficulty[question.category]))


def _unknown(what: str, wanted: str, known: Collection[str]) -> UsageError:
    return UsageError(
        f"there is no {what} {wanted!r} in the bank",
        hint=did_you_mean(wanted, known) or "`interviewer questions` lists them",
    )
