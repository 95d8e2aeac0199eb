"""What ids are called: by the bank at hand, else by the label that the latest interview kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from interviewer.memory.models import BankNames

if TYPE_CHECKING:
    from interviewer.bank.models import Bank


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one bank. categories: titles by id, in the bank's order. requirements: by question and
    criterion. All of it is foreign text.
    """

    bank: str
    categories: Mapping[str, str] = field(default_factory=dict)
    requirements: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def category(self, id: str) -> str:
        """Its title, or its id where it has none any more."""
        return self.categories.get(id, id)

    def requirement(self, question: str, criterion: str) -> str | None:
        """What the criterion asks for; None where the bank at hand does not have it."""
        return self.requirements.get((question, criterion))

    def in_order(self, categories: Mapping[str, object]) -> list[str]:
        """The ids in `categories` in the bank's order, then those that it does not have."""
        known = [id for id in self.categories if id in categories]
        return [*known, *(id for id in categories if id not in self.categories)]


def names_of(kept: BankNames, bank: Bank | None) -> Names:
    """The names for the bank that was practised as `kept`. bank: the one at hand, whichever that is."""
    if bank is None or bank.id != kept.id:
        return Names(bank=kept.title, categories=dict(kept.categories))
    return Names(
        bank=bank.title,
        categories=dict(kept.categories) | {c.id: c.title for c in bank.categories},
        requirements={(q.id, c.id): c.requirement for q in bank.questions for c in q.criteria},
    )
