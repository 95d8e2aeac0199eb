"""A scripted OpenAI-compatible service on this machine's loopback: real sockets, real HTTP, no network."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Literal


@dataclass(frozen=True)
class Answer:
    """What the service answers.

    body: sent as JSON, unless it is bytes. chunks: sent one by one instead of the body. manner: `drips`
    sends the body a byte at a time and never ends, `silent` accepts and says nothing, `resets` breaks the
    connection off (after the chunks, if there are any).
    """

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: tuple[bytes, ...] = ()
    manner: Literal["plain", "drips", "silent", "resets"] = "plain"


@dataclass(frozen=True)
class Received:
    """A request as it came in. body: the JSON, or None. raw: the bytes of what is no JSON."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    raw: bytes = b""


Behaviour = Callable[[Received], Answer]


def completion(text: str | None, *, finish_reason: str = "stop", **message: object) -> Answer:
    """A chat completion that says `text`; `message` adds to, or replaces in, its message."""
    return Answer(body=completion_body(text, finish_reason=finish_reason, **message))


def completion_body(text: str | None, *, finish_reason: str = "stop", **message: object) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 0,
        "model": "served-model",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "message": {"role": "assistant", "content": text} | message,
            }
        ],
        "usage": {
            "prompt_tokens": 100,
            "completion_tokens": 20,
            "total_tokens": 120,
            "prompt_tokens_details": {"cached_tokens": 64},
        },
    }


def failure(
    status: int, message: str, *, headers: Mapping[str, str] | None = None, **error: object
) -> Answer:
    """An error in OpenAI's form; `error` adds code, type or param."""
    return Answer(status=status, body={"error": {"message": message} | error}, headers=headers or {})


def stream(*pieces: str, finish_reason: str | None = "stop", usage: bool = True) -> Answer:
    """A streamed completion of these pieces; a stream without a finish reason is reset before its end."""
    events: list[object] = [{"choices": [{"index": 0, "delta": {"content": p}}]} for p in pieces]
    if finish_reason is not None:
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish_reason}]})
    if usage:
        events.append({"choices": [], "usage": completion_body("")["usage"]})
    chunks = tuple(b"data: " + json.dumps(e).encode() + b"\n\n" for e in events)
    return Answer(
        headers={"content-type": "text/event-stream"},
        chunks=(*chunks, b"data: [DONE]\n\n") if finish_reason is not None else chunks,
        manner="plain" if finish_reason is not None else "resets",
    )


def raw_sse(*data: str) -> Answer:
    """A stream of events that hold `data` as it is."""
    chunks = tuple(f"data: {d}\n\n".encode() for d in data)
    return Answer(headers={"content-type": "text/event-stream"}, chunks=chunks)


def models(*names: str) -> Answer:
    """A list of models."""
    return Answer(body={"object": "list", "data": [{"id": n, "object": "model"} for n in names]})


class ScriptedServer:
    """Answers requests with its script, in order, or with what a behaviour says; `requests` are kept.

    Once the script is over it answers 418, which no client takes for a passing failure. certificate: of a
    service that speaks TLS, with its key.
    """

    def __init__(
        self, *script: Answer, behaviour: Behaviour | None = None, certificate: Path | None = None
    ) -> None:
        self.requests: list[Received] = []
        self._script = deque(script)
        self._behaviour = behaviour
        self._closing = threading.Event()
        self._http = _Http(self)
        self._scheme = "http" if certificate is None else "https"
        if certificate is not None:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        """Its base URL, ending in /v1."""
        return f"{self._scheme}://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def bodies(self) -> list[Any]:
        """The JSON of each request."""
        return [r.body for r in self.requests]

    def enqueue(self, *answers: Answer) -> None:
        """Add to the script."""
        self._script.extend(answers)

    def answer_to(self, received: Received) -> Answer:
        """The next answer; the request is kept."""
        self.requests.append(received)
        if self._script:
            return self._script.popleft()
        if self._behaviour is not None:
            return self._behaviour(received)
        return failure(418, "the test's script is over")

    def wait_closing(self, seconds: float | None) -> bool:
        """Wait until the server closes, at most so long; whether it does."""
        return self._closing.wait(seconds)

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, owner: ScriptedServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.owner = owner

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    timeout = 5

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: it would stand in the tests' output."""

    def _respond(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        owner = self.server.owner
        headers = {k.lower(): v for k, v in self.headers.items()}
        is_form = headers.get("content-type", "").startswith("multipart/")
        answer = owner.answer_to(
            Received(
                method=self.command,
                path=self.path,
                headers=headers,
                body=json.loads(raw) if raw and not is_form else None,
                raw=raw if is_form else b"",
            )
        )
        if answer.manner == "silent":
            owner.wait_closing(None)
            return
        if answer.manner == "resets" and not answer.chunks:
            self._reset()
            return
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        sent = {k.lower(): v for k, v in answer.headers.items()}
        sent.setdefault("content-type", "application/json")
        if answer.manner == "resets":
            sent["content-length"] = "1000000"  # so that the break is seen as one
        elif not answer.chunks and answer.manner == "plain":
            sent["content-length"] = str(len(body))
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        for chunk in answer.chunks or (body,) if answer.manner != "drips" else ():
            self.wfile.write(chunk)
            self.wfile.flush()
        if answer.manner == "drips":
            while not owner.wait_closing(0.01):
                self.wfile.write(b" ")
                self.wfile.flush()
        elif answer.manner == "resets":
            self._reset()

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
