"""A budget for each minute, as a bucket that fills at a steady pace. The time is handed in."""

from __future__ import annotations

_MINUTE = 60.0
#: The share of a minute's tokens that may be spent at once.
_AT_ONCE = 0.1


class Bucket:
    """Fills by `per_second` up to `most`, and is full at first. What is more than `most` is lent, once it is
    full: the next one waits the longer."""

    def __init__(self, per_second: float, most: float, now: float) -> None:
        self._per_second = per_second
        self._most = most
        self._level = most
        self._at = now

    def wait(self, cost: float, now: float) -> float:
        """Seconds, 0 or more, until `cost` may be taken."""
        short = min(cost, self._most) - self._level_at(now)
        # What is left of a rounding error would be waited for in steps that are no steps.
        return short / self._per_second if short > 1e-9 * self._most else 0.0

    def take(self, cost: float, now: float) -> None:
        """Take `cost`. Less than 0 gives back what was taken too much."""
        self._level = min(self._level_at(now) - cost, self._most)
        self._at = max(now, self._at)

    def _level_at(self, now: float) -> float:
        return min(self._most, self._level + self._per_second * max(0.0, now - self._at))


def requests_per_minute(many: float, now: float) -> Bucket:
    """At most `many` requests in any minute, evenly spaced."""
    return Bucket(many / _MINUTE, 1.0, now)


def tokens_per_minute(many: float, now: float) -> Bucket:
    """At most `many` tokens in any minute, up to a tenth of them at once, as far as no single request takes
    more than that."""
    return Bucket((1 - _AT_ONCE) * many / _MINUTE, _AT_ONCE * many, now)
