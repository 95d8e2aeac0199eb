"""How many requests may be in flight: additive increase, multiplicative decrease. No clock, no I/O."""

from __future__ import annotations

#: In flight at first, until it is known what the service stands: so many, or half of the most.
START = 16
#: A reply's share in the smoothed latency.
_WEIGHT = 0.1
#: How fast the best latency follows the present one, at each reply: a service may be slower for hours.
_DRIFT = 0.001
#: The latency holds as long as it is at most so many times the best.
_HOLDS = 2.0


class Window:
    """The number of requests that may be in flight, 1 to `most`.

    start: in flight at first; None is a half of the most, or some few. Then each reply adds one, so that it
    doubles in a round; after the first refusal a whole round adds one. Either only while the latency holds:
    where it does not, requests are waiting within the service. A refusal halves it, once for all requests
    that were sent before it was cut: they are one event.
    """

    def __init__(self, most: int, *, start: int | None = None) -> None:
        self._most = most
        self._size = float(min(max(START, most // 2) if start is None else start, most))
        self._steep_below = float(most)
        self._sent = 0
        self._sent_at_cut = 0
        self._smooth: float | None = None  # seconds
        self._best = 0.0
        self.cuts_in_a_row = 0

    @property
    def size(self) -> int:
        """How many may be in flight now."""
        return int(self._size)

    @property
    def holds(self) -> bool:
        """Whether the latency is about what the service's best is."""
        return self._smooth is None or self._smooth <= _HOLDS * self._best

    def sent(self) -> int:
        """A request goes out; its number, for what comes of it."""
        self._sent += 1
        return self._sent

    def answered(self, seconds: float) -> None:
        """A reply came after so many `seconds`, 0 or more."""
        self.cuts_in_a_row = 0
        if self._smooth is None:
            self._smooth = self._best = seconds
        self._smooth += _WEIGHT * (seconds - self._smooth)
        self._best = min(self._best, self._smooth)
        self._best += _DRIFT * (self._smooth - self._best)
        if not self.holds:
            self._steep_below = min(self._steep_below, self._size)
            return
        step = 1.0 if self._size < self._steep_below else 1.0 / self._size
        self._size = min(self._size + step, float(self._most))

    def refused(self, number: int) -> bool:
        """The request `number` met a service that has enough; whether the window was cut for it."""
        if number <= self._sent_at_cut:
            return False
        self._sent_at_cut = self._sent
        self._size = max(1.0, self._size / 2)
        self._steep_below = self._size
        self.cuts_in_a_row += 1
        return True
