"""Numbers in words: the same on the terminal, on pages and in messages."""

from __future__ import annotations


def counted(many: int, one: str, more: str | None = None) -> str:
    """`1 question`, `2 questions`. more: the plural of `one`, where it is not made with an s."""
    return f"{many:,} {one if many == 1 else more or one + 's'}"


def decimal(value: float) -> str:
    """Points with their decimal if they have one: a score without it could belong to another band."""
    told = f"{value:.1f}".removesuffix(".0")
    return "0" if told == "-0" else told


def change(points: float | None) -> str:
    """A change of a score with its sign, such as `+4.5`; a hyphen where it is not known."""
    if points is None:
        return "-"
    told = decimal(points)
    return f"+{told}" if points > 0 and told != "0" else told
