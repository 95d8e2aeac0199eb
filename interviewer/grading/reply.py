"""What a model is asked to reply, and the reading of what it did reply.

Evidence stands before the verdict that it must carry, and keys are in alphabetical order, since some
servers sort them. A status of 200 does not mean that the schema was kept, so all is validated here.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interviewer.bank.models import Question, Rubric
from interviewer.errors import MalformedReplyError
from interviewer.grading.models import DeliveryLevel, Verdict
from interviewer.llm.extract import object_of

_VERDICTS = [v.value for v in Verdict]
_LEVELS = ["strong", "adequate", "weak"]
_T = TypeVar("_T", bound=BaseModel)


class _Said(BaseModel):
    """Model output: unknown keys are ignored, since weak servers add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SaidEvidence(_Said):
    """A claimed quote. s: the sentence's name, such as `s3`."""

    quote: str
    s: str = ""

    @property
    def sentence(self) -> int | None:
        """0-based index of the sentence named by `s`; None if it names none."""
        digits = self.s.strip().lower().removeprefix("s")
        return int(digits) - 1 if digits.isascii() and digits.isdigit() and len(digits) < 6 else None


class SaidCriterion(_Said):
    criterion_id: str
    evidence: tuple[SaidEvidence, ...] = ()
    gap: str = ""
    verdict: Verdict


class SaidDelivery(_Said):
    aspect_id: str
    level: DeliveryLevel


class SaidMisconception(_Said):
    evidence: tuple[SaidEvidence, ...] = ()
    misconception_id: str


class Reply(_Said):
    """A model's reply as it said it; nothing in it is believed yet."""

    criteria: tuple[SaidCriterion, ...] = ()
    delivery: tuple[SaidDelivery, ...] = ()
    feedback: str = ""
    follow_up: str = ""
    misconceptions: tuple[SaidMisconception, ...] = Field(default=())


def read_reply(text: str) -> Reply:
    """The reply in `text`, a JSON object. One bad entry does not spoil the others: it is left out.

    Raises MalformedReplyError if there is no object, or none of its criteria can be read.
    """
    value = object_of(text, holds="criteria")
    criteria = _readable(SaidCriterion, value["criteria"])
    if value["criteria"] and not criteria:
        raise MalformedReplyError("none of the criteria in the model's reply can be read")
    return Reply(
        criteria=criteria,
        delivery=_readable(SaidDelivery, value.get("delivery")),
        feedback=_text(value.get("feedback")),
        follow_up=_text(value.get("follow_up")),
        misconceptions=_readable(SaidMisconception, value.get("misconceptions")),
    )


def reply_schema(question: Question | None, rubric: Rubric | None) -> dict[str, Any]:
    """The reply's JSON Schema: all required, nothing further, and bounds that keep a rambling model short.

    The ids of `question` and `rubric` become enums; None leaves the bare shape, which is what the
    prompt's version is made of. It is the same for all requests about a question, since some services are
    told it in the prompt, whose beginning they keep.
    """
    criteria = [c.id for c in question.criteria] if question else []
    misconceptions = [m.id for m in question.misconceptions] if question else []
    aspects = [d.id for d in rubric.delivery] if rubric else []
    parts: dict[str, Any] = {
        "criteria": _list(
            {
                "criterion_id": _one_of(criteria),
                "evidence": _quotes(2),
                "gap": _text_of(200),
                "verdict": _one_of(_VERDICTS),
            },
            most=len(criteria),
        ),
        "delivery": _list({"aspect_id": _one_of(aspects), "level": _one_of(_LEVELS)}, most=len(aspects)),
        "feedback": _text_of(600),
        "follow_up": _text_of(300),
    }
    if question is None or misconceptions:
        parts["misconceptions"] = _list(
            {"evidence": _quotes(1), "misconception_id": _one_of(misconceptions)},
            most=len(misconceptions),
        )
    return _object(parts)


def _quotes(most: int) -> dict[str, Any]:
    return _list({"quote": _text_of(300), "s": _text_of(6)}, most=most)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(properties: dict[str, Any], *, most: int) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties), "maxItems": most}


def _text_of(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


def _one_of(values: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": values} if values else {"type": "string"}


def _readable(model: type[_T], values: object) -> tuple[_T, ...]:
    if not isinstance(values, list):
        return ()
    found: list[_T] = []
    for value in values:
        try:
            found.append(model.model_validate(value))
        except ValidationError:
            continue  # a criterion left out here is asked for again by the repair call
    return tuple(found)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
