"""What is said to and by an OpenAI-compatible API, as JSON. Nothing is sent here."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from interviewer.errors import MalformedReplyError, RefusedError, ReplyError, ServiceDownError
from interviewer.llm.faults import Service, fault_of_event, finish_fault, not_an_api
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatReply, ChatRequest, Dialect, Rung
from interviewer.text import one_line

_NAME_CHARACTERS = 200
_BOUNDS = frozenset({"maxItems", "maxLength"})


def body_of(request: ChatRequest, dialect: Dialect, model: str) -> dict[str, Any]:
    """The request as the API's JSON."""
    schema = request.reply_schema
    named = {"name": request.schema_name, "schema": schema}
    messages = [{"role": m.role, "content": _sendable(m.content)} for m in request.messages]
    body: dict[str, Any] = {"model": _sendable(model), "messages": messages}
    match dialect.rung:
        case Rung.STRICT_SCHEMA:
            strict = named | {"schema": _without_bounds(schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": strict}
        case Rung.SCHEMA:
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        case Rung.TOOL:
            function = {"name": request.schema_name, "parameters": schema}
            body["tools"] = [{"type": "function", "function": function}]
            body["tool_choice"] = "required"
        case Rung.JSON_OBJECT_SCHEMA:
            body["response_format"] = {"type": "json_object", "schema": schema}
        case Rung.JSON_OBJECT:
            body["response_format"] = {"type": "json_object"}
    # A server may take json_object and ignore the schema beside it; then the prompt alone tells it.
    in_prompt = dialect.rung in {Rung.JSON_OBJECT_SCHEMA, Rung.JSON_OBJECT, Rung.PROMPT}
    if in_prompt or dialect.spell_schema or request.spell_schema:
        body["messages"] = _with_schema(messages, schema)
    body[dialect.token_field] = request.max_tokens
    if dialect.sampling and request.temperature is not None:
        body["temperature"] = request.temperature
    return body


def _without_bounds(schema: Any) -> Any:
    """`schema` in the subset that strict services take: none of them is sure to know bounds."""
    if isinstance(schema, Mapping):
        return {k: _without_bounds(v) for k, v in schema.items() if k not in _BOUNDS}
    return [_without_bounds(v) for v in schema] if isinstance(schema, list) else schema


def _with_schema(messages: list[dict[str, str]], schema: Mapping[str, Any]) -> list[dict[str, str]]:
    """`messages` with the schema at the end of the system part: there it is the same for every answer."""
    rule = (
        "Reply with one JSON object and nothing else: no text around it, no code fence. "
        f"It must be valid under this JSON Schema:\n{json.dumps(schema, separators=(',', ':'))}"
    )
    for at, message in enumerate(messages):
        if message["role"] == "system":
            longer = message | {"content": f"{message['content']}\n\n{rule}"}
            return [*messages[:at], longer, *messages[at + 1 :]]
    return [{"role": "system", "content": rule}, *messages]


def _sendable(text: str) -> str:
    """`text` as UTF-8 can carry it: a lone surrogate becomes a replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


async def gathered(
    chunks: AsyncIterator[object], on_text: Callable[[str], None], *, tool: bool
) -> dict[str, Any]:
    """A stream's chunks put together to what the service would have answered without a stream.

    on_text hears the reply's text: a tool's arguments if `tool`, else the content.
    """
    content: list[str] = []
    arguments: list[str] = []
    refusal: list[str] = []
    whole: dict[str, Any] = {"choices": []}
    finish: object = None
    has_choice = False
    async for chunk in chunks:
        if not isinstance(chunk, Mapping):
            continue
        whole |= {name: chunk[name] for name in ("model", "usage") if chunk.get(name)}
        choice = _first(chunk.get("choices"))
        if not choice:
            continue
        has_choice = True
        finish = choice.get("finish_reason") or finish
        delta = _mapping(choice.get("delta"))
        called = _mapping(_first(delta.get("tool_calls")))
        pieces = (
            (content, _text(delta.get("content")), not tool),
            (arguments, _text(_mapping(called.get("function")).get("arguments")), tool),
            (refusal, _text(delta.get("refusal")), False),
        )
        for kept, piece, is_heard in pieces:
            if piece:
                kept.append(piece)
                if is_heard:
                    on_text(piece)
    if has_choice:
        message = {
            "content": "".join(content),
            "refusal": "".join(refusal),
            "tool_calls": [{"function": {"arguments": "".join(arguments)}}] if arguments else [],
        }
        whole["choices"] = [{"finish_reason": finish, "message": message}]
    return whole


def as_json(answer: object, service: Service) -> object:
    """`answer`, read if it is still text: some servers send JSON under another content type.

    Raises GraderError for text that is no JSON.
    """
    if not isinstance(answer, str):
        return answer
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        fault = not_an_api(service)
    # Raised out here, it has no context: the decoder's error holds the whole text.
    raise fault


def reply_in(answer: object, service: Service) -> ChatReply:
    """The reply in a whole answer of the API, whatever its shape. Raises GraderError."""
    answer = as_json(answer, service)
    if not isinstance(answer, Mapping):
        raise not_an_api(service)
    if answer.get("error") and not answer.get("choices"):
        raise fault_of_event(answer, service)
    if not isinstance(answer.get("choices"), list):
        raise not_an_api(service)
    usage = _usage_in(_mapping(answer.get("usage")))
    try:
        text, finish_reason = _said(_first(answer["choices"]), service)
    except ReplyError as error:
        error.usage = usage
        raise
    model = answer.get("model")
    return ChatReply(
        text=text,
        model=one_line(model, _NAME_CHARACTERS) if isinstance(model, str) and model else service.model,
        finish_reason=finish_reason,
        usage=usage,
    )


def _said(choice: Mapping[str, Any], service: Service) -> tuple[str, str | None]:
    """The text of a choice, and why it ended."""
    message = _mapping(choice.get("message"))
    reason = choice.get("finish_reason")
    finish_reason = reason if isinstance(reason, str) else None
    fault = finish_fault(finish_reason)
    if fault is not None:
        raise fault
    if refusal := _text(message.get("refusal")):
        raise RefusedError(f"the model declined to answer: {service.quote(refusal)}")
    called = _mapping(_first(message.get("tool_calls")).get("function"))
    text = _text(called.get("arguments")) or _text(message.get("content"))
    if finish_reason == "error" and not text:
        raise ServiceDownError(f"{service.name} gave up on its reply")
    if not text:
        raise MalformedReplyError("the model's reply is empty")
    return text, finish_reason


def names_in(answer: object, service: Service) -> tuple[str, ...]:
    """The names in a list of models, made printable. Raises GraderError for what is no such list."""
    answer = as_json(answer, service)
    entries = answer.get("data") if isinstance(answer, Mapping) else answer
    if not isinstance(entries, list):
        raise not_an_api(service)
    names = (_mapping(entry).get("id") for entry in entries)
    return tuple(one_line(name, _NAME_CHARACTERS) for name in names if isinstance(name, str) and name)


def _usage_in(usage: Mapping[str, object]) -> Usage:
    details = _mapping(usage.get("prompt_tokens_details"))
    return Usage(
        requests=1,
        input_tokens=_count(usage.get("prompt_tokens")),
        cached_tokens=_count(details.get("cached_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(value: object) -> Mapping[str, Any]:
    return _mapping(value[0]) if isinstance(value, list) and value else {}


def _text(value: object) -> str:
    """The text of a message's part: a string, an object (arguments that came parsed), or a list of parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return json.dumps(value)
    if isinstance(value, list):
        parts = (_mapping(part).get("text") for part in value)
        return "".join(part for part in parts if isinstance(part, str))
    return ""
