"""A model that turns each fact into a criterion, and small pages: what the tests of this folder share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from interviewer.importing.source import Item, Page, page_of
from interviewer.llm.wire import ChatRequest

PAGE = """Coffee interview

Beans
Explain that light roasts keep more acid, while dark roasts taste of the roasting itself.
Milk
What do you do with cold milk? Steam it to 60 degrees, because hotter milk loses its sweetness.
"""


def page(text: str = PAGE, name: str = "page.txt") -> Page:
    return page_of(text, Path(name))


def item(text: str) -> Item:
    """The one item of the page `text`."""
    (one,) = page(text).items
    return one


def asked_in(body: str) -> dict[str, Any]:
    """What a request asked about: the JSON of its last message."""
    asked = json.loads(body)
    assert isinstance(asked, dict)
    return asked


def criterion(*facts: int, id: str = "", must_show: str = "", **more: Any) -> dict[str, Any]:
    return {
        "facts": list(facts),
        "id": id or f"criterion-{'-'.join(map(str, facts))}",
        "must_show": must_show,
        "partial": "Says half of it.",
        "probe": "And what follows from that?",
        "weight": 1,
    } | more


def reply(*criteria: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "criteria": list(criteria),
        "id": "some-question",
        "kind": "technical",
        "minutes": 3,
        "misconceptions": [],
        "nudge": "Think of the whole way.",
        "question": "What can you tell about this?",
    } | more


def good_reply(body: str) -> dict[str, Any]:
    """A reply that covers each fact that it was asked for with a criterion of its own."""
    asked = asked_in(body)
    facts = {int(number): text for number, text in asked["entry"]["facts"].items()}
    wanted = asked.get("missed", list(facts))
    return reply(
        *(criterion(n, must_show=f"Shows in the answer: {facts[n].rstrip('.,')}.") for n in wanted),
        id=f"about {' '.join(facts[1].split()[:3])}",
    )


def says_good(request: ChatRequest) -> str:
    return json.dumps(good_reply(request.messages[-1].content))
