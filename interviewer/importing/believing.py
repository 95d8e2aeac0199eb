"""What of a reply about an item is kept: ids made in code, and nothing that cites no fact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from interviewer.bank.models import Criterion, Misconception
from interviewer.importing.blocks import clean
from interviewer.importing.names import Ids, slug
from interviewer.importing.reply import Reply, SaidCriterion
from interviewer.importing.source import Fact, Item

#: Most criteria of a question, and most misconceptions: what a bank takes, and what a reply may propose.
MOST_CRITERIA, MOST_MISCONCEPTIONS = 20, 5
_HEAVIEST = 3.0

T = TypeVar("T", Criterion, Misconception)


@dataclass(frozen=True, slots=True)
class Traced(Generic[T]):
    """A criterion or misconception, and the numbers of the item's facts that it is made from: one or more."""

    content: T
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Believed:
    """What is kept of the replies about `item`. invented: what was said and cites no fact; it is left out."""

    item: Item
    criteria: tuple[Traced[Criterion], ...]
    misconceptions: tuple[Traced[Misconception], ...] = ()
    invented: tuple[str, ...] = ()

    @property
    def traced(self) -> tuple[Traced[Criterion] | Traced[Misconception], ...]:
        """All that is kept."""
        return (*self.criteria, *self.misconceptions)

    @property
    def missed(self) -> tuple[Fact, ...]:
        """The facts that nothing cites."""
        cited = {number for one in self.traced for number in one.facts}
        return tuple(fact for fact in self.item.facts if fact.number not in cited)


def believed(item: Item, reply: Reply) -> Believed:
    """What is kept of the first reply."""
    first = _with_criteria(Believed(item, ()), reply, {fact.number for fact in item.facts})
    ids = _ids_of(first)
    kept: list[Traced[Misconception]] = []
    invented = list(first.invented)
    for said in reply.misconceptions[:MOST_MISCONCEPTIONS]:
        facts = _known(said.facts, item)
        if not facts:
            invented.append(clean(said.claim))
            continue
        id = ids.fresh(slug(said.claim, f"misconception-{len(kept) + 1}"))
        false = Misconception(id=id, claim=clean(said.claim), correction=clean(said.correction))
        kept.append(Traced(false, facts))
    return replace(first, misconceptions=tuple(kept), invented=tuple(invented))


def repaired(first: Believed, reply: Reply) -> Believed:
    """`first` with the criteria of a reply that was asked for the facts that were missed."""
    return _with_criteria(first, reply, {fact.number for fact in first.missed})


def _with_criteria(first: Believed, reply: Reply, wanted: set[int]) -> Believed:
    """With those criteria added that cite a fact of `wanted`."""
    kept, invented = list(first.criteria), list(first.invented)
    ids = _ids_of(first)
    for said in reply.criteria:
        facts = _known(said.facts, first.item)
        if not facts:
            invented.append(clean(said.must_show))
        elif len(kept) < MOST_CRITERIA and not wanted.isdisjoint(facts):
            id = ids.fresh(slug(said.id or said.must_show, f"criterion-{len(kept) + 1}"))
            kept.append(Traced(_criterion(id, said), facts))
    return replace(first, criteria=tuple(kept), invented=tuple(dict.fromkeys(invented)))


def _ids_of(kept: Believed) -> Ids:
    """Ids that are none of those given so far."""
    ids = Ids()
    for one in kept.traced:
        ids.fresh(one.content.id)
    return ids


def _criterion(id: str, said: SaidCriterion) -> Criterion:
    weight = min(_HEAVIEST, said.weight) if said.weight is not None and said.weight >= 0.5 else 1.0
    return Criterion(
        id=id,
        requirement=clean(said.must_show),
        weight=weight,
        partial=clean(said.partial) or None,
        probe=clean(said.probe) or None,
    )


def _known(facts: tuple[int, ...], item: Item) -> tuple[int, ...]:
    return tuple(sorted(number for number in facts if 1 <= number <= len(item.facts)))
