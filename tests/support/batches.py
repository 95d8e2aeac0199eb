"""The Batch API of a service, as its documents tell it: files, batches, and what comes of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.server import Answer, Received, failure

#: What a model says to a request of a batch: the answer of a chat completion.
Model = Callable[[Received], Answer]


@dataclass
class BatchService:
    """A behaviour for `ScriptedServer`. model: answers requests, directly and in batches.

    finish: what becomes of a batch when it is next looked at; None leaves it in progress. interrupt: what is
    answered in place of the n-th call of a kind, such as ("POST", "/batches"), 1 being the first; the call
    has its effect all the same, as that of a connection that breaks off has.
    """

    model: Model
    finish: str | None = "completed"
    interrupt: dict[tuple[str, str, int], Answer] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    batches: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    direct: list[Received] = field(default_factory=list)
    failing: dict[int, dict[str, Any]] = field(default_factory=dict)
    calls: dict[tuple[str, str], int] = field(default_factory=dict)
    page: int = 100

    def __call__(self, received: Received) -> Answer:
        parts = urlsplit(received.path)
        path = parts.path.removeprefix("/v1")
        kind = re.sub(r"(?<=/)(file|batch)-\d+", "ID", path)
        call = (received.method, kind)
        self.calls[call] = self.calls.get(call, 0) + 1
        answer = self._answer(received, path, kind, parse_qs(parts.query))
        return self.interrupt.get((*call, self.calls[call]), answer)

    def _answer(self, received: Received, path: str, kind: str, query: dict[str, list[str]]) -> Answer:
        match received.method, kind:
            case "POST", "/chat/completions":
                self.direct.append(received)
                return self.model(received)
            case "POST", "/files":
                return self._upload(received)
            case "GET", "/files":
                return self._listed(self.files, query)
            case "GET", "/files/ID/content":
                return Answer(body=self.contents[path.split("/")[2]])
            case "POST", "/batches":
                return self._create(received.body)
            case "GET", "/batches":
                return self._listed(self.batches, query)
            case "GET", "/batches/ID":
                return Answer(body=self._looked_at(path.split("/")[2]))
        return failure(404, f"no such path: {path}")

    @property
    def requests(self) -> list[dict[str, Any]]:
        """All requests of all batches."""
        return [one for batch in self.batches for one in self._requests(batch)]

    def _upload(self, received: Received) -> Answer:
        purpose, name, content = _form(received)
        assert purpose == "batch"
        file = {
            "id": f"file-{len(self.contents)}",
            "object": "file",
            "bytes": len(content),
            "created_at": 2e9,
        }
        self.files.append(file | {"filename": name, "purpose": purpose})
        self.contents[file["id"]] = content  # type: ignore[index]
        return Answer(body=self.files[-1])

    def _create(self, body: dict[str, Any]) -> Answer:
        assert body["endpoint"] == "/v1/chat/completions"
        assert body["completion_window"] == "24h"
        batch = {
            "id": f"batch-{len(self.batches)}",
            "object": "batch",
            "status": "validating",
            "created_at": 2e9,
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
            "errors": None,
            "output_file_id": None,
            "error_file_id": None,
        }
        self.batches.append(body | batch)
        return Answer(body=self.batches[-1])

    def _looked_at(self, id: str) -> dict[str, Any]:
        batch = next(one for one in self.batches if one["id"] == id)
        if batch["status"] == "validating" and self.finish is not None:
            batch["status"] = self.finish
            if self.finish == "failed":
                batch["errors"] = {"data": [{"code": "token_limit_exceeded", "message": "too many tokens"}]}
            else:
                self._run(batch)
        return batch

    def _run(self, batch: dict[str, Any]) -> None:
        """Answer the batch's requests, the last one first: the order of the output is not the input's."""
        output, errors = [], []
        for number, request in reversed(list(enumerate(self._requests(batch)))):
            line: dict[str, Any] = {"id": f"batch_req_{number}", "custom_id": request["custom_id"]}
            if number in self.failing:
                errors.append(line | {"response": None, "error": None} | self.failing[number])
                continue
            answer = self.model(Received("POST", request["url"], {}, request["body"]))
            response = {"status_code": answer.status, "request_id": "r", "body": answer.body}
            (output if answer.status == 200 else errors).append(line | {"response": response, "error": None})
        for key, lines in (("output_file_id", output), ("error_file_id", errors)):
            if lines:
                batch[key] = f"file-{len(self.contents)}"
                self.contents[batch[key]] = "\n".join(json.dumps(one) for one in lines).encode()
        batch["request_counts"] = {
            "total": len(output) + len(errors), "completed": len(output), "failed": len(errors),
        }  # fmt: skip

    def _requests(self, batch: dict[str, Any]) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.contents[batch["input_file_id"]].splitlines()]

    def _listed(self, entries: list[dict[str, Any]], query: dict[str, list[str]]) -> Answer:
        latest = list(reversed(entries))
        after = query.get("after", [""])[0]
        at = next((n + 1 for n, one in enumerate(latest) if one["id"] == after), 0)
        found = latest[at : at + self.page]
        return Answer(body={"object": "list", "data": found, "has_more": at + self.page < len(latest)})


def _form(received: Received) -> tuple[str, str, bytes]:
    """The purpose, the name and the content of an uploaded file."""
    boundary = received.headers["content-type"].partition("boundary=")[2].encode()
    purpose, name, content = "", "", b""
    for part in received.raw.split(b"--" + boundary):
        head, _, value = part.partition(b"\r\n\r\n")
        if b'name="purpose"' in head:
            purpose = value.strip().decode()
        elif b'name="file"' in head:
            found = re.search(rb'filename="([^"]*)"', head)
            name, content = found.group(1).decode() if found else "", value.removesuffix(b"\r\n")
    return purpose, name, content
