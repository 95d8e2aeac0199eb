"""What a model is asked about an item: the same beginning for all of them, then the item as JSON, last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from interviewer.bank.models import Criterion
from interviewer.importing.reply import reply_schema
from interviewer.importing.source import Fact, Item
from interviewer.llm.wire import ChatRequest, Message

#: Tokens allowed for the question, and for the criterion of each fact.
_BASE_TOKENS = 500
_TOKENS_EACH = 160


def item_request(item: Item, *, title: str, role: str) -> ChatRequest:
    """The request for a question made from `item`. title, role: of the bank that it is for."""
    return _request(item, {}, title, role, len(item.facts))


def repair_request(
    item: Item, missed: Sequence[Fact], kept: Sequence[Criterion], *, title: str, role: str
) -> ChatRequest:
    """The request for criteria of the facts `missed`, beside those that are `kept`."""
    more = {"missed": [fact.number for fact in missed], "kept": [c.requirement for c in kept]}
    return _request(item, more, title, role, len(missed))


def _request(item: Item, more: dict[str, object], title: str, role: str, facts: int) -> ChatRequest:
    entry: dict[str, object] = {}
    if item.heading is not None:
        entry["heading"] = item.heading
    if item.question is not None:
        entry["question"] = item.question
    entry["facts"] = {str(fact.number): fact.text for fact in item.facts}
    asked = {"page": {"title": title, "role": role}, "entry": entry, **more}
    return ChatRequest(
        messages=(
            Message(role="system", content=_system()),
            Message(role="user", content=json.dumps(asked, ensure_ascii=False, separators=(",", ":"))),
        ),
        schema_name="question",
        reply_schema=reply_schema(facts),
        max_tokens=_BASE_TOKENS + _TOKENS_EACH * facts,
    )


@cache
def _system() -> str:
    return files("interviewer.importing").joinpath("prompts", "system.md").read_text(encoding="utf-8").strip()
