"""The prompt: a static system part, then the question, then the answer as JSON, last.

All answers to one question share every byte up to the answer, so that a server's prefix cache serves
them. Foreign text only ever enters as a JSON string: there is no delimiter that it could close.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from string import Template
from typing import Any

from interviewer.bank.models import Question, Rubric
from interviewer.grading.instructions import instructions_in, masked
from interviewer.grading.models import GradingTask
from interviewer.grading.reply import reply_schema
from interviewer.llm.wire import ChatRequest, Message
from interviewer.text import Span

#: Tokens allowed for the parts that do not grow with the criteria, and for each criterion and misconception.
_BASE_TOKENS = 320
_TOKENS_EACH = 120
#: Questions whose share of the prompt is remembered.
_QUESTIONS = 64


def grading_request(
    task: GradingTask, sentences: tuple[Span, ...], rejected: Mapping[str, str] | None = None
) -> ChatRequest:
    """The request that asks a model to judge `task`.

    sentences: the answer's sentences, numbered from s1. rejected: for a repair, the ids to judge again
    with why their quotes were refused; only these are asked for then.
    """
    only = tuple(rejected) if rejected else task.only
    answer: dict[str, object] = {}
    if task.follow_up is not None:
        answer["follow_up"] = task.follow_up
    if only:
        answer["grade_only"] = list(only)
    if rejected:
        answer["rejected"] = dict(rejected)
    if task.argument is not None:
        answer["objection"] = masked(task.argument, instructions_in(task.argument))
    answer["sentences"] = {
        f"s{n}": task.answer[span.start : span.end] for n, span in enumerate(sentences, start=1)
    }
    shared = _shared(_Same(task.question), _Same(task.rubric))
    body = Template(_template("task.md")).substitute(question=shared.question, answer=_json(answer))
    asked = len(only) or len(task.question.criteria)
    return ChatRequest(
        messages=(
            Message(role="system", content=_template("system.md")),
            Message(role="user", content=body),
        ),
        schema_name="grade",
        reply_schema=shared.schema,
        max_tokens=_BASE_TOKENS + _TOKENS_EACH * (asked + len(task.question.misconceptions)),
    )


def warming_request(question: Question, rubric: Rubric) -> ChatRequest:
    """A request that shares all but the answer with those for `question`, and wants next to no reply."""
    task = GradingTask(question=question, rubric=rubric, answer="")
    return grading_request(task, ()).model_copy(update={"max_tokens": 1})


def question_part(question: Question, rubric: Rubric) -> dict[str, object]:
    """What the model is told of question and rubric: all that it judges by, nothing that varies by answer."""
    return {
        "question": question.text,
        "criteria": [
            {
                "id": c.id,
                "requirement": c.requirement,
                **({"partial": c.partial} if c.partial else {}),
                "weight": c.weight,
            }
            for c in question.criteria
        ],
        "misconceptions": [{"id": m.id, "claim": m.claim} for m in question.misconceptions],
        "rubric": {
            "verdicts": {
                name: rule.meaning
                for name, rule in (
                    ("met", rubric.verdicts.met),
                    ("partial", rubric.verdicts.partial),
                    ("missing", rubric.verdicts.missing),
                    ("wrong", rubric.verdicts.wrong),
                )
            },
            "guidance": list(rubric.guidance),
            "delivery": [
                {"id": d.id, "strong": d.strong, "adequate": d.adequate, "weak": d.weak}
                for d in rubric.delivery
            ],
        },
    }


@cache
def prompt_version() -> str:
    """First 12 hex digits of the SHA-256 over the templates and the shape of the reply."""
    shape = _json(reply_schema(None, None))
    return _digest(_template("system.md"), _template("task.md"), shape)


def rubric_version(question: Question, rubric: Rubric) -> str:
    """First 12 hex digits of the SHA-256 over all of question and rubric: what a grade was measured by."""
    return _shared(_Same(question), _Same(rubric)).version


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is the same for all answers to a question: its JSON in the prompt, the reply's schema, and the
    version."""

    question: str
    schema: dict[str, Any]
    version: str


class _Same:
    """A key that is equal for the same object alone: comparing whole questions takes longer than the work."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value


@lru_cache(maxsize=_QUESTIONS)
def _shared(question: _Same, rubric: _Same) -> _Shared:
    return _Shared(
        question=_json(question_part(question.value, rubric.value)),
        schema=reply_schema(question.value, rubric.value),
        version=_digest(question.value.model_dump_json(), rubric.value.model_dump_json()),
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:12]


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate cannot travel as UTF-8; offsets are code points and do not move.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@cache
def _template(name: str) -> str:
    return files("interviewer.grading").joinpath("prompts", name).read_text(encoding="utf-8").strip()
