"""When a criterion is due again: spaced repetition by FSRS, one card for each criterion.

fsrs is imported where it is used: most commands, and the way to a first question, need none of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from interviewer.memory.models import Outcome, Sighting

if TYPE_CHECKING:
    from fsrs import Card, Rating, Scheduler

#: Days after which everything is asked again, however well it is known.
LONGEST_INTERVAL = 365
#: The card is known by its criterion. Without an id fsrs would make one up from the clock.
_CARD_ID = 1


def reviewed(card: str | None, sightings: Iterable[Sighting]) -> tuple[str, datetime]:
    """The card after `sightings`, in order of time, as JSON; and when it is due, in UTC.

    card: as this function gave it; None before the first sighting. Raises ValueError for a card that it never
    gives, and without any sighting.
    """
    from fsrs import Card

    found = None if card is None else _card_in(card)
    for one in sightings:
        at = one.at.astimezone(UTC)
        before = found or Card(card_id=_CARD_ID, due=at)
        found, _ = _scheduler().review_card(before, _rating(one.outcome), at)
    if found is None:
        raise ValueError("a criterion that was never asked about has no card")
    return found.to_json(), found.due


def days_overdue(due: datetime, now: datetime) -> int:
    """Days since `due`, in the zone of `now`: 0 on the very day, whatever the hour; below 0 before it."""
    return (now.date() - due.astimezone(now.tzinfo).date()).days


def is_due(due: datetime, now: datetime) -> bool:
    """Whether that day has come."""
    return days_overdue(due, now) >= 0


@cache
def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    # Steps of minutes are for flash cards: here the next look is a day away or more. Without fuzz the same
    # history always gives the same card.
    return Scheduler(
        learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_INTERVAL, enable_fuzzing=False
    )


def _rating(outcome: Outcome) -> Rating:
    from fsrs import Rating

    match outcome:
        case Outcome.MET:
            return Rating.Good
        case Outcome.HELPED | Outcome.PARTIAL:
            return Rating.Hard
        case Outcome.MISSING | Outcome.WRONG:
            return Rating.Again


def _card_in(text: str) -> Card:
    from fsrs import Card

    try:
        return Card.from_json(text)
    except (TypeError, KeyError) as error:  # JSON, but of something else
        raise ValueError("no card") from error
