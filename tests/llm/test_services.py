"""Services as they are found: how each refuses what it cannot do, and where the ladder ends with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interviewer.errors import BadRequestError
from interviewer.llm.ladder import DialectStore
from interviewer.llm.wire import Dialect, Rung
from tests.llm.asking import GOOD, Naps, a_client, a_wire, complete
from tests.support.server import Answer, Behaviour, Received, ScriptedServer, completion, failure

Refuses = Callable[[dict[str, Any]], Answer | None]


def served_by(*refusals: Refuses) -> Behaviour:
    """A service that answers with the first refusal that applies, else with GOOD in the form asked for."""

    def behaviour(received: Received) -> Answer:
        for refusal in refusals:
            answer = refusal(received.body)
            if answer is not None:
                return answer
        if "tools" in received.body:
            call = {"id": "t", "type": "function", "function": {"name": "grade", "arguments": GOOD}}
            return completion(None, finish_reason="tool_calls", tool_calls=[call])
        return completion(GOOD)

    return behaviour


def format_of(body: dict[str, Any]) -> str | None:
    kind = body.get("response_format", {}).get("type")
    return str(kind) if kind else None


def openai_reasoning(body: dict[str, Any]) -> Answer | None:
    if "max_tokens" in body:
        said = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead."
        )
        return failure(
            400, said, type="invalid_request_error", param="max_tokens", code="unsupported_parameter"
        )
    if "temperature" in body:
        said = (
            "Unsupported value: 'temperature' does not support 0 with this model. "
            "Only the default (1) value is supported."
        )
        return failure(400, said, type="invalid_request_error", param="temperature", code="unsupported_value")
    return None


def only_old_cap(body: dict[str, Any]) -> Answer | None:
    if "max_completion_tokens" not in body:
        return None
    return failure(400, "Unrecognized request argument supplied: max_completion_tokens")


def llama_cpp_python(body: dict[str, Any]) -> Answer | None:
    if format_of(body) != "json_schema":
        return None
    said = (
        "[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), 'msg': "
        "\"Input should be 'text' or 'json_object'\", 'input': 'json_schema'}]"
    )
    return failure(500, said, type="internal_server_error", param=None, code=None)


def llama_server_without_jinja(body: dict[str, Any]) -> Answer | None:
    if "tools" in body:
        return failure(500, "tools param requires --jinja flag", code=500, type="server_error")
    if format_of(body) == "json_schema":
        return failure(400, "Failed to parse grammar", code=400, type="invalid_request_error")
    return None


def deepseek(body: dict[str, Any]) -> Answer | None:
    if format_of(body) != "json_schema":
        return None
    return failure(400, "This response_format type is unavailable now", type="invalid_request_error")


def deepseek_reasoner(body: dict[str, Any]) -> Answer | None:
    if "tool_choice" in body:
        return failure(400, "deepseek-reasoner does not support this tool_choice")
    return deepseek(body)


def lm_studio(body: dict[str, Any]) -> Answer | None:
    if format_of(body) != "json_object":
        return None
    return Answer(status=400, body={"error": "'response_format.type' must be 'json_schema' or 'text'"})


def no_schemas_no_tools(body: dict[str, Any]) -> Answer | None:
    if "tools" in body:
        return failure(400, "tools are not supported by this model")
    if format_of(body) == "json_schema":
        return failure(400, "json_schema is not supported by this model")
    return None


def vllm_flat_error(body: dict[str, Any]) -> Answer | None:
    if not body.get("response_format", {}).get("json_schema", {}).get("strict"):
        return None
    said = "The provided JSON schema contains features not supported by xgrammar."
    return Answer(
        status=400,
        body={"object": "error", "message": said, "type": "BadRequestError", "param": None, "code": 400},
    )


def azure_before_schemas(body: dict[str, Any]) -> Answer | None:
    if format_of(body) != "json_schema":
        return None
    said = (
        "response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later"
    )
    return failure(400, said, code="BadRequest", param=None, type=None)


def fastapi_validation(body: dict[str, Any]) -> Answer | None:
    if "response_format" not in body:
        return None
    said = [
        {"type": "extra_forbidden", "loc": ["body", "response_format"], "msg": "Extra inputs are forbidden"}
    ]
    return Answer(status=422, body={"detail": said})


@pytest.mark.parametrize(
    ("refusals", "rungs"),
    [
        ((), [Rung.STRICT_SCHEMA]),
        ((lm_studio,), [Rung.STRICT_SCHEMA]),
        ((vllm_flat_error,), [Rung.STRICT_SCHEMA, Rung.SCHEMA]),
        ((deepseek,), [Rung.STRICT_SCHEMA, Rung.SCHEMA, Rung.TOOL]),
        ((azure_before_schemas,), [Rung.STRICT_SCHEMA, Rung.SCHEMA, Rung.TOOL]),
        ((fastapi_validation,), [Rung.STRICT_SCHEMA, Rung.SCHEMA, Rung.TOOL]),
        ((llama_cpp_python,), [Rung.STRICT_SCHEMA, Rung.JSON_OBJECT_SCHEMA]),
        (
            (deepseek_reasoner,),
            [Rung.STRICT_SCHEMA, Rung.SCHEMA, Rung.TOOL, Rung.JSON_OBJECT_SCHEMA],
        ),
        (
            (llama_server_without_jinja,),
            [Rung.STRICT_SCHEMA, Rung.SCHEMA, Rung.TOOL, Rung.JSON_OBJECT_SCHEMA],
        ),
        (
            (lm_studio, no_schemas_no_tools),
            [Rung.STRICT_SCHEMA, Rung.SCHEMA, Rung.TOOL, Rung.JSON_OBJECT_SCHEMA, Rung.PROMPT],
        ),
    ],
    ids=lambda value: "+".join(r.__name__ for r in value if callable(r)) if isinstance(value, tuple) else "",
)
def test_the_ladder_ends_at_the_firmest_way_that_the_service_takes(
    refusals: tuple[Refuses, ...], rungs: list[Rung], tmp_path: Path
) -> None:
    naps = Naps()
    with ScriptedServer(behaviour=served_by(*refusals)) as server:
        reply = complete(a_client(a_wire(server.url), store=tmp_path, naps=naps))

    assert reply.text == GOOD
    assert len(server.requests) == reply.usage.requests == len(rungs)
    assert naps.taken == []
    known = DialectStore(tmp_path).get(server.url, "m1") or Dialect()
    assert known.rung == rungs[-1]


def test_what_a_reasoning_model_wants_is_learned_in_one_call(tmp_path: Path) -> None:
    with ScriptedServer(behaviour=served_by(openai_reasoning)) as server:
        complete(a_client(a_wire(server.url), store=tmp_path))
        complete(a_client(a_wire(server.url), store=tmp_path))

    assert len(server.requests) == 4
    assert DialectStore(tmp_path).get(server.url, "m1") == Dialect(
        token_field="max_completion_tokens", sampling=False
    )


def test_a_learned_cap_that_the_server_no_longer_knows_is_unlearned(tmp_path: Path) -> None:
    with ScriptedServer(behaviour=served_by(only_old_cap)) as server:
        store = DialectStore(tmp_path)
        store.put(server.url, "m1", Dialect(token_field="max_completion_tokens"))
        complete(a_client(a_wire(server.url), store=tmp_path))

        assert store.get(server.url, "m1") == Dialect()


def test_a_service_that_takes_no_form_at_all_is_given_up() -> None:
    with (
        ScriptedServer(behaviour=lambda _: failure(400, "no tools, no schema, nothing")) as server,
        pytest.raises(BadRequestError, match="nothing"),
    ):
        complete(a_client(a_wire(server.url)))

    assert len(server.requests) == len(Rung)


def test_a_bad_request_about_something_else_is_not_sent_in_other_forms() -> None:
    with (
        ScriptedServer(behaviour=lambda _: failure(400, "messages are too long", param="messages")) as server,
        pytest.raises(BadRequestError),
    ):
        complete(a_client(a_wire(server.url)))

    assert len(server.requests) == 1
