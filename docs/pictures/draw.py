"""Runs the program on answers that are written here, and keeps what it printed as SVG."""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

HERE = Path(__file__).resolve().parent
WIDTH = 92
#: Grey on near-black, and the six colours that the program uses.
THEME = TerminalTheme(
    (24, 26, 31),
    (214, 217, 222),
    [
        (60, 64, 72),
        (232, 104, 104),
        (126, 200, 120),
        (226, 186, 92),
        (110, 160, 235),
        (190, 140, 225),
        (100, 196, 206),
        (214, 217, 222),
    ],
)
INTERVIEW = ("start", "-q", "kv-cache", "-q", "latency-vs-throughput", "--grader", "local")
ANSWERS = "\n---\n".join(
    (
        "For each new token the model attends to all tokens before it. Their keys and values do not change, "
        "so we keep them instead of computing them again at every step.",
        "Every token of every chat adds to it, and with enough users the card's memory is full, so that "
        "decides how many people can be served at once.",
        "Latency is the time that one request takes from start to end. Throughput is how many requests the "
        "system finishes per second.",
        "A larger batch raises throughput, but each request may wait longer.",
        "/why 3",
    )
)
#: Earlier evenings, so that there is a course to show: answers to the same two questions.
EVENINGS = (
    "I have heard of it and never used it.\n---\n/skip\nThey are about speed.\n---\n/skip\n",
    "It keeps keys and values of earlier tokens so that they are not computed again.\n---\n/skip\n"
    "Latency is the time of one request.\n---\n/skip\n",
)


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["INTERVIEWER_HOME"] = home
        for said in EVENINGS:
            run(INTERVIEW, said)
        keep("interview", run(INTERVIEW, ANSWERS), "interviewer")
        keep("progress", run(("progress",), ""), "interviewer progress")


def run(arguments: tuple[str, ...], said: str) -> Console:
    """The console that a command printed to, with `said` piped in."""
    from interviewer.cli import wiring
    from interviewer.cli.edge import run as program

    told = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=False,  # nothing that comes and goes; styles are recorded all the same
        color_system="truecolor",
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    with tempfile.TemporaryFile("w+", encoding="utf-8") as answers, replaced(wiring, "console", told):
        answers.write(said)
        answers.seek(0)
        with replaced(sys, "stdin", answers):
            code = program(list(arguments))
    if code:
        sys.exit(f"interviewer {' '.join(arguments)} ended with {code}")
    return told


@contextmanager
def replaced(module: object, name: str, value: object) -> Iterator[None]:
    """`module.name` is `value` meanwhile; a function gives it."""
    before = getattr(module, name)
    setattr(module, name, (lambda **_: value) if callable(before) else value)
    try:
        yield
    finally:
        setattr(module, name, before)


def keep(name: str, told: Console, title: str) -> None:
    """Write the picture; the same output gives the same bytes."""
    svg = told.export_svg(title=title, theme=THEME, unique_id=name)
    # The picture must not load fonts from elsewhere.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")
    sys.stderr.write(f"wrote docs/pictures/{name}.svg\n")


if __name__ == "__main__":
    main()
