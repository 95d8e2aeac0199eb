"""A service that says the key back: nothing that it sends gets past the wire with the key in it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from interviewer.errors import GraderError
from interviewer.llm.batches import OpenAIBatches
from interviewer.llm.client import RetryPolicy
from tests.llm.asking import a_wire, send
from tests.support.marked import KEY, WAYS, Way, traces
from tests.support.server import (
    Answer,
    ScriptedServer,
    completion,
    completion_body,
    failure,
    models,
    stream,
)

ways = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@ways
def test_no_reply_holds_the_key(way: Way) -> None:
    text = '{"feedback": "' + way(KEY).replace('"', "") + '"}'
    with ScriptedServer(Answer(body=completion_body(text) | {"model": way(KEY)})) as server:
        reply = send(a_wire(server.url, key=KEY))

    assert traces(reply.text) == traces(reply.model) == []
    assert traces(json.loads(reply.text)["feedback"]) == []


@ways
def test_nothing_that_is_heard_holds_the_key(way: Way) -> None:
    text = '{"feedback": "' + way(KEY) + '"}'
    heard: list[str] = []
    with ScriptedServer(stream(*(text[at : at + 3] for at in range(0, len(text), 3)))) as server:
        reply = send(a_wire(server.url, key=KEY), on_text=heard.append)

    assert traces("".join(heard)) == traces(reply.text) == []


@ways
def test_no_error_holds_the_key(way: Way) -> None:
    with (
        ScriptedServer(failure(401, f"no such key: {way(KEY)}")) as server,
        pytest.raises(GraderError) as caught,
    ):
        send(a_wire(server.url, key=KEY))

    assert traces(caught.value.message) == []


def test_no_name_of_a_model_holds_the_key() -> None:
    with ScriptedServer(models("m1", f"m-{KEY}")) as server:
        names = asyncio.run(a_wire(server.url, key=KEY).models())

    assert names == ("m1", "m-[key]")


def test_a_url_that_names_the_model_leaves_its_name_readable() -> None:
    with ScriptedServer(Answer(body=completion_body("{}") | {"model": "gpt-4o"})) as server:
        reply = send(a_wire(f"{server.url}?deployment=gpt-4o", model="gpt-4o"))

    assert reply.model == "gpt-4o"


@ways
def test_no_file_of_a_batch_holds_the_key(way: Way, tmp_path: Path) -> None:
    line = json.dumps({"custom_id": "1", "response": {"body": completion_body(way(KEY))}}).encode()
    content = b"\n".join([line, b"\xff not text " + KEY.encode(), line])
    with ScriptedServer(Answer(body=content)) as server:
        api = OpenAIBatches(a_wire(server.url, key=KEY), RetryPolicy())
        asyncio.run(api.download("file-1", tmp_path / "replies"))

    written = (tmp_path / "replies").read_bytes()
    assert traces(written) == []
    assert written.count(b"\n") == 3
    assert b"\xff not text [key]" in written
    assert json.loads(written.splitlines()[0])["custom_id"] == "1"


@pytest.mark.parametrize("field", ["status", "errors"])
def test_nothing_that_is_told_of_a_batch_holds_the_key(field: str) -> None:
    told = {"status": f"sorry, {KEY}", "errors": {"data": [{"message": KEY}]}}
    with ScriptedServer(Answer(body={"id": "b", "status": "failed"} | {field: told[field]})) as server:
        api = OpenAIBatches(a_wire(server.url, key=KEY), RetryPolicy())
        batch = asyncio.run(api.batch("b"))

    assert traces(batch.model_dump_json()) == []


def test_no_id_of_a_file_holds_the_key(tmp_path: Path) -> None:
    (tmp_path / "requests").write_text("{}", encoding="utf-8")
    with ScriptedServer(Answer(body={"id": KEY, "object": "file"})) as server:
        api = OpenAIBatches(a_wire(server.url, key=KEY), RetryPolicy())
        assert asyncio.run(api.upload(tmp_path / "requests", "r.jsonl")) == "[key]"


def test_user_password_and_query_of_the_base_url_are_hidden_as_a_key_is() -> None:
    with ScriptedServer(completion("password p4ss/word, token t0ken-of-a-gateway")) as server:
        url = server.url.replace("//", "//me:p4ss%2Fword@") + "?token=t0ken-of-a-gateway"
        reply = send(a_wire(url, key=None))

    assert reply.text == "password [key], token [key]"
