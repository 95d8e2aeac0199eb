"""The boundary to a model: one request goes out as messages, one reply comes back as text.

All above it (ladder, retries, deadline, parsing, checks) runs the same for the real service and
for the fake.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Literal, Protocol

from interviewer.llm.usage import Usage
from interviewer.models import Frozen


class Rung(StrEnum):
    """How a structured reply is asked for, from the firmest way to the last resort."""

    STRICT_SCHEMA = "strict_schema"  # response_format json_schema, strict
    SCHEMA = "schema"  # response_format json_schema without strict
    TOOL = "tool"  # one tool, tool_choice required
    JSON_OBJECT_SCHEMA = "json_object_schema"  # response_format json_object with the schema inside
    JSON_OBJECT = "json_object"  # response_format json_object, schema in the prompt
    PROMPT = "prompt"  # schema in the prompt alone


class Message(Frozen):
    role: Literal["system", "user"]
    content: str


class ChatRequest(Frozen):
    """What is asked of a model.

    schema_name, reply_schema: JSON Schema of the reply, in the strict subset but for maxItems and
    maxLength, which are left out where a service is strict.
    max_tokens: cap on the output. temperature: None leaves it to the service.
    spell_schema: say the schema in the prompt, too: an earlier reply did not keep to it.
    """

    messages: tuple[Message, ...]
    schema_name: str
    reply_schema: dict[str, Any]
    max_tokens: int
    temperature: float | None = 0.0
    spell_schema: bool = False


class Dialect(Frozen):
    """What is known of how one service wants to be asked. Learned from its errors.

    token_field: name of the output cap. sampling: whether it takes a temperature.
    spell_schema: it takes the schema and ignores it, so that the prompt must say it.
    stream_usage: whether it takes the wish to have tokens counted in a stream.
    """

    rung: Rung = Rung.STRICT_SCHEMA
    token_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"  # noqa: S105
    sampling: bool = True
    spell_schema: bool = False
    stream_usage: bool = True


class ChatReply(Frozen):
    """What a model said. text: the JSON as received. model: the name that the service reports."""

    text: str
    model: str
    finish_reason: str | None = None
    usage: Usage = Usage(requests=1)


class Wire(Protocol):
    """One request over the wire, without retries: the caller has the one retry policy."""

    @property
    def name(self) -> str:
        """Where it leads, without secrets: a base URL, or `fake`."""

    async def send(
        self, request: ChatRequest, dialect: Dialect, on_text: Callable[[str], None] | None = None
    ) -> ChatReply:
        """The model's reply; `on_text` is called with each piece of it as it arrives.

        Raises GraderError: TransientServiceError where another try may help, BadRequestError with the
        parameter's name where another form may.
        """

    async def aclose(self) -> None:
        """Close connections."""


class Completes(Protocol):
    """Whoever completes a request: a client with its retries, deadline and dialect, or replies at hand."""

    async def complete(
        self,
        request: ChatRequest,
        on_text: Callable[[str], None] | None = None,
        on_restart: Callable[[], None] | None = None,
        *,
        attempts: int | None = None,
    ) -> ChatReply:
        """The reply, its text cut down to the JSON object. Raises GraderError, which says what was spent.

        on_text: called with each piece as it arrives. on_restart: the reply begins again. attempts: tries in
        all; None leaves them to the client.
        """

    async def aclose(self) -> None:
        """Close connections."""
