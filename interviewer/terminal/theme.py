"""The one visual language: colours that work on dark and light, signs that work without colour."""

from __future__ import annotations

#: Styles by what they mean. Only the 16 colours that a terminal's own palette maps, and no backgrounds.
TITLE = "bold"
QUIET = "dim"
ACCENT = "cyan"
QUOTE = "italic"
WARNING = "yellow"


def score_style(score: float) -> str:
    """Colour of a score, 0 to 100; it repeats what the band's name says."""
    return "green" if score >= 70 else "yellow" if score >= 40 else "red"


def bar(score: float, width: int, *, ascii_only: bool = False) -> str:
    """A bar of `width` cells that stands for `score`, 0 to 100."""
    full, empty = ("#", ".") if ascii_only else ("█", "░")
    filled = round(width * score / 100)
    return full * filled + empty * (width - filled)


def clock(seconds: float) -> str:
    """Minutes and seconds, such as 2:05; nothing below 0:00."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02}"


def steps(done: int, count: int, *, ascii_only: bool = False) -> str:
    """How far a row of `count` steps is done, a sign each."""
    full, empty = ("#", ".") if ascii_only else ("●", "○")
    return full * done + empty * (count - done)
