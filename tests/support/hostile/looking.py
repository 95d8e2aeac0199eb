"""Every way to look at what is kept, with the checks that belong to each format."""

from __future__ import annotations

import json
from typing import Any

from tests.report.reading import answers_in_html, answers_in_json
from tests.support import harmless
from tests.support.hostile.world import World

FORMATS = ("md", "html", "json", "jsonl", "csv")


def look_at_all(world: World) -> None:
    """Have all that is kept shown and exported."""
    shown_as(world)
    exported(world)
    progress(world)


def shown_as(world: World) -> None:
    """`sessions` and `show`, for people and for programs."""
    world.call("sessions", codes={0})
    json.loads(world.call("sessions", "--json", codes={0}).out)
    shown = world.call("show")
    if shown.code == 0:
        told = json.loads(world.call("show", "--json", codes={0}).out)
        assert answers_in_json(json.dumps(told)) == kept(world)


def exported(world: World) -> None:
    """`export` in each format, of one interview and of all, whole and redacted, to a file and not."""
    for format in FORMATS:
        outcome = world.call("export", "-f", format)
        if outcome.code != 0:
            return
        fits(format, outcome.out)
        found = {"json": answers_in_json, "html": answers_in_html}.get(format)
        if found is not None:
            assert [a for a in found(outcome.out) if a] == [a for a in kept(world) if a]
    fits("md", world.call("export", "-f", "md", "--redact", codes={0}).out)
    world.call("export", "-o", "out.md", codes={0}, writes=("out.md",))
    for format, target in (("md", "all"), ("csv", "all.csv")):
        world.call("export", "--all", "-f", format, "-o", target, codes={0}, writes=(target,))


def progress(world: World) -> None:
    """`progress` in each form."""
    for more in ((), ("--plain",)):
        world.call("progress", *more)
    told = world.call("progress", "--json")
    if told.code == 0:
        json.loads(told.out)
        harmless.refuse_active_page(world.call("progress", "--html", "-", codes={0}).out, "progress --html")


def fits(format: str, text: str) -> None:
    """Whether `text` is what its format should be, and no more. Raises AssertionError."""
    match format:
        case "md":
            harmless.refuse_active_markdown(text, "export -f md")
        case "html":
            harmless.refuse_active_page(text, "export -f html")
        case "csv":
            harmless.refuse_formulas(text, "export -f csv")
        case "json":
            json.loads(text)
        case "jsonl":
            for line in text.split("\n")[:-1]:
                json.loads(line)


def kept(world: World) -> list[str]:
    """All answers of the newest interview, two halves of a character as one, as a transcript has them."""
    flat = [text for texts in world.answers() for text in texts]
    return [joined(text) for text in flat]


def strings_in(value: Any) -> list[str]:
    """Every text in plain data."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings_in(part)]
    return [text for part in value for text in strings_in(part)] if isinstance(value, list) else []


def joined(text: str) -> str:
    """`text` with two halves of a character as one: JSON cannot tell the two apart."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
