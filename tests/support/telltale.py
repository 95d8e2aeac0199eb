"""A service that says the key that it was given, wherever a service can say something."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from typing import Any

from tests.support.commands import said_well, service
from tests.support.marked import KEY, WAYS, Way
from tests.support.server import (
    Answer,
    Behaviour,
    Received,
    completion_body,
    failure,
    models,
    stream,
)

#: A service that says the key in the ways that it is handed, one after another.
Telltale = Callable[[Iterator[Way]], Behaviour]
_HERE = "\x01"  # where the key goes, which may be written in JSON's own escapes
_NO_TEXT = {"criterion_id", "verdict", "quote", "s", "aspect_id", "level", "id", "kind", "misconception_id"}


def _in_replies(ways: Iterator[Way]) -> Behaviour:
    def model(received: Received) -> Answer:
        said = next(ways)(KEY)
        text = json.dumps(_marked(json.loads(said_well(received)))).replace(json.dumps(_HERE)[1:-1], said)
        headers = {"x-request-id": f"r-{KEY}", "openai-organization": KEY}
        if received.body.get("stream"):
            pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
            told = stream(*pieces)
            return Answer(headers={**told.headers, **headers}, chunks=told.chunks)
        body = completion_body(text) | {"model": f"m-{said}", "id": said, "system_fingerprint": said}
        return Answer(body=body, headers=headers)

    asked = service(model)

    def behaviour(received: Received) -> Answer:
        if received.method == "GET" and "/models" in received.path:
            return models(KEY, "m", f"m-{next(ways)(KEY)}")
        return asked(received)

    return behaviour


def _marked(value: Any, name: str = "") -> Any:
    """`value` with the mark behind each text of it that is shown to people."""
    if isinstance(value, dict):
        return {key: _marked(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_marked(one, name) for one in value]
    return f"{value} {_HERE}" if isinstance(value, str) and name not in _NO_TEXT else value


def _fails(make: Callable[[str], Answer]) -> Telltale:
    return lambda ways: lambda received: make(next(ways)(KEY))


TELLTALES: Mapping[str, Telltale] = {
    "replies": _in_replies,
    "401": _fails(lambda key: failure(401, f"Incorrect API key provided: {key}.", code=key, type=key)),
    "400": _fails(lambda key: failure(400, f"bad header {key}", param=key, code=key)),
    "404": _fails(lambda key: failure(404, f"The model {key} does not exist", code="model_not_found")),
    "quota": _fails(lambda key: failure(429, f"{key} has no credit", code="insufficient_quota")),
    "page": _fails(
        lambda key: Answer(body=f"<p>{key}</p>".encode(), headers={"content-type": "text/html"})
    ),
    "refusal": _fails(lambda key: Answer(body=completion_body(None, refusal=f"not for {key}"))),
    "event": _fails(lambda key: Answer(body={"error": {"message": key, "code": 400}})),
    "redirect": _fails(
        lambda key: Answer(status=307, headers={"location": f"http://{KEY[:20]}.test/{KEY}"})
    ),
    "header": _fails(
        lambda key: Answer(status=400, body={"error": key}, headers={"retry-after": KEY, "x-request-id": KEY})
    ),
}  # fmt: skip


def rotating(*names: str) -> Behaviour:
    """Those services by turns, which write the key in all ways by turns."""
    ways = cycle(WAYS.values())
    served = cycle([TELLTALES[name](ways) for name in names])
    return lambda received: next(served)(received)
