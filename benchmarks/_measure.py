"""A measured number: what it stands beside, the bar that it has to hold, and how both are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

#: The own value, then what it stands beside, measured one right after the other.
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """A limit: for the value, for its ratio to what it stands beside, or for what it has more than that.

    limit: in the unit of the value, unless it is for the ratio. at_least: less than the limit is a miss.
    """

    limit: float
    of: Literal["value", "ratio", "difference"] = "value"
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the results.

    name: what was measured. unit: of both values. against: what was measured beside it in the same run.
    ratio: of the value to that. command: measures the row again.
    """

    name: str
    value: float
    unit: str
    command: str
    against: str | None = None
    against_value: float | None = None
    ratio: float | None = None
    bar: Bar | None = None

    @property
    def is_held(self) -> bool:
        """Whether it keeps to its bar, if it has one. Raises ValueError for a bar for what is not there."""
        if self.bar is None:
            return True
        difference = None if self.against_value is None else self.value - self.against_value
        found = {"value": self.value, "ratio": self.ratio, "difference": difference}[self.bar.of]
        if found is None:
            raise ValueError(f"{self.name}: a bar for the {self.bar.of}, and nothing stands beside it")
        return found >= self.bar.limit if self.bar.at_least else found <= self.bar.limit

    def __str__(self) -> str:
        parts = [f"{self.name}: {told(self.value, self.unit)}"]
        if self.against is not None and self.against_value is not None:
            parts.append(f"{self.against}: {told(self.against_value, self.unit)}")
        if self.ratio is not None:
            parts.append(f"ratio {told(self.ratio)}")
        if self.bar is not None:
            parts.append(f"bar {bar_text(self.bar, self.unit)}{'' if self.is_held else ', MISSED'}")
        return "; ".join(parts)


def in_turn(runs: int, own: Callable[[], float], other: Callable[[], float]) -> list[Pair]:
    """So many pairs, both sides in turn, so that a busy machine slows both."""
    return [(own(), other()) for _ in range(runs)]


def beside(
    name: str, pairs: Sequence[Pair], unit: str, against: str, *, command: str, bar: Bar | None = None
) -> Measure:
    """The medians of both sides. pairs: at least one."""
    own, other = (median(column) for column in zip(*pairs, strict=True))
    return compared(name, own, unit, against, other, command=command, bar=bar)


def compared(
    name: str, value: float, unit: str, against: str, other: float, *, command: str, bar: Bar | None = None
) -> Measure:
    """`value` beside `other`, and their ratio."""
    return Measure(name, value, unit, command, against, other, value / other, bar)


def told(value: float, unit: str = "") -> str:
    """The number in three digits, or all that stand before the point, with its unit."""
    digits = 0 if abs(value) >= 99.95 else 1 if abs(value) >= 9.995 else 2
    number = f"{value:,.{digits}f}"
    return f"{number} {unit}".strip()


def bar_text(bar: Bar, unit: str) -> str:
    """Such as `≤ 80 ms`, `≥ 0.9 ×` or `≤ +50 MB`."""
    sign = "≥" if bar.at_least else "≤"
    plus, kind = ("+", unit) if bar.of == "difference" else ("", "×" if bar.of == "ratio" else unit)
    return f"{sign} {plus}{bar.limit:,g} {kind}".strip()
