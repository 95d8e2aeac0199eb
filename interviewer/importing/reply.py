"""What a model is asked to reply about an item, and the lenient reading of what it did reply."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from interviewer.llm.extract import object_of

#: The kinds of question, each graded by the shipped rubric of its name.
KINDS = ("technical", "scenario", "behavioral")

_BOUNDS = (4, 8, 20)  # criteria


def _line(value: object) -> str:
    """Any value as a text of one line; "" for what is no text."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    """A finite number, or None; a number in quotes counts."""
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _numbers(value: object) -> tuple[int, ...]:
    """Each number once, in the order that it is named in: `[1, "2", "f3"]`, `"1, 2"` and `1` are all fine."""
    parts = value if isinstance(value, list) else [value]
    named = [n for p in parts if not isinstance(p, bool | float | dict | list) for n in _in(str(p))]
    return tuple(dict.fromkeys(named))


def _in(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"(?<!\d)\d{1,4}(?!\d)", text, re.ASCII)]


Line = Annotated[str, BeforeValidator(_line)]
Number = Annotated[float | None, BeforeValidator(_number)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(_numbers)]


class _Said(BaseModel):
    """Model output: unknown keys are ignored, and what is left out is empty."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SaidCriterion(_Said):
    facts: Numbers = ()
    id: Line = ""
    must_show: Line
    partial: Line = ""
    probe: Line = ""
    weight: Number = None


class SaidMisconception(_Said):
    claim: Line
    correction: Line
    facts: Numbers = ()


class Reply(_Said):
    """A model's reply as it said it; nothing in it is believed yet."""

    criteria: tuple[SaidCriterion, ...] = ()
    id: Line = ""
    kind: Line = ""
    minutes: Number = None
    misconceptions: tuple[SaidMisconception, ...] = Field(default=())
    nudge: Line = ""
    question: Line = ""


def read_reply(text: str) -> Reply:
    """The reply in `text`, a JSON object. One bad entry does not spoil the others: it is left out.

    Raises MalformedReplyError if there is no object, or no list of criteria in it.
    """
    value = object_of(text, holds="criteria")
    misconceptions = value.get("misconceptions")
    known = {k: v for k, v in value.items() if k in {"id", "kind", "minutes", "nudge", "question"}}
    return Reply(
        criteria=tuple(c for c in map(_criterion, value["criteria"]) if c and c.must_show),
        misconceptions=tuple(
            m
            for m in map(_misconception, misconceptions if isinstance(misconceptions, list) else [])
            if m and m.claim and m.correction
        ),
        **known,
    )


def reply_schema(facts: int) -> dict[str, Any]:
    """The reply's JSON Schema: all required, nothing further, in alphabetical order, since some servers sort
    keys. facts: how many are asked for; the bound on criteria keeps a rambling model short.

    There are but a few bounds, and so a few schemas for all items: some services are told it in the prompt,
    whose beginning they keep.
    """
    most = next((bound for bound in _BOUNDS if bound > facts), _BOUNDS[-1])
    numbers = {"type": "array", "items": {"type": "integer"}, "maxItems": 20}
    criterion = {
        "facts": numbers,
        "id": _text_of(60),
        "must_show": _text_of(400),
        "partial": _text_of(200),
        "probe": _text_of(200),
        "weight": {"type": "integer"},
    }
    misconception = {"claim": _text_of(300), "correction": _text_of(300), "facts": numbers}
    return _object(
        {
            "criteria": {"type": "array", "items": _object(criterion), "maxItems": most},
            "id": _text_of(60),
            "kind": {"type": "string", "enum": list(KINDS)},
            "minutes": {"type": "integer"},
            "misconceptions": {"type": "array", "items": _object(misconception), "maxItems": 5},
            "nudge": _text_of(200),
            "question": _text_of(400),
        }
    )


def _criterion(value: object) -> SaidCriterion | None:
    if isinstance(value, dict) and "must_show" not in value:
        value = {**value, "must_show": value.get("requirement")}  # the word that banks have for it
    try:
        return SaidCriterion.model_validate(value)
    except ValidationError:
        return None


def _misconception(value: object) -> SaidMisconception | None:
    try:
        return SaidMisconception.model_validate(value)
    except ValidationError:
        return None


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _text_of(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}
