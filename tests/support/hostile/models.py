"""A service of which every reply, error, list, header and batch is hostile."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.importing.model import PAGE, good_reply
from tests.support.batches import BatchService
from tests.support.hostile.looking import fits, look_at_all
from tests.support.hostile.world import World
from tests.support.server import Answer, Behaviour, Received, ScriptedServer, completion, failure, models
from tests.support.service import judged

_ANSWER = "The cache keeps the keys and values of earlier tokens, so that nothing is computed twice."
_ASKED = ("start", "-q", "kv-cache", "--follow-ups", "1")
_DIRECT = ("--samples", "1", "--no-cache", "--quiet")
_DRAFT = ("page.yaml", "bank.schema.json")
#: Faults after which the program waits and asks again.
_PASSING = frozenset({"no JSON", "headers"})


def replies_of(payload: str) -> Behaviour:
    """Replies that are well-formed, and of which every text is `payload`."""

    def reply(received: Received) -> Answer:
        if received.method == "GET":
            return models(payload, "m")
        if "facts" in received.body["messages"][-1]["content"]:
            return completion(json.dumps(_draft(received, payload)))
        answer = judged(received)
        body: dict[str, Any] = json.loads(json.dumps(answer.body))
        said = json.loads(body["choices"][0]["message"]["content"])
        for one in said["criteria"]:
            one["gap"] = payload
            one["evidence"] += [{"quote": payload, "s": "s1"}, {"quote": _ANSWER, "s": payload}]
        said |= {"feedback": payload, "follow_up": payload, payload: payload}
        said["delivery"] += [{"aspect_id": payload, "level": "strong"}]
        said["misconceptions"] = [{"misconception_id": payload, "evidence": [{"quote": payload, "s": "s1"}]}]
        said["criteria"] += [{"criterion_id": payload, "verdict": "met", "evidence": [], "gap": payload}]
        body["choices"][0]["message"]["content"] = json.dumps(said)
        return Answer(body=body | {"model": payload, "id": payload, "system_fingerprint": payload})

    return reply


def faults_of(payload: str) -> dict[str, Behaviour]:
    """Ways in which a service that says `payload` everywhere gives no grade, by name."""
    latin = "".join(c for c in payload[:500] if c.isascii() and c not in "\r\n\0")
    headers = {"retry-after": "0", "x-request-id": latin}
    page = f"<html>{payload}</html>".encode("utf-8", "replace")

    def always(answer: Answer) -> Behaviour:
        return lambda received: answer

    def marked(received: Received) -> Answer:
        return replace(judged(received) if received.method == "POST" else models("m"), headers=headers)

    return {
        "refused": always(failure(400, payload, code=payload, type=payload, param=payload)),
        "key": always(failure(401, payload)),
        "no such model": always(failure(404, f"model not found: {payload}")),
        "nested": always(Answer(status=422, body={"detail": [{payload: payload, "msg": payload}]})),
        "garbage": always(completion(payload)),
        "refusal": always(completion(None, refusal=payload)),
        "odd end": always(completion(payload, finish_reason=payload)),
        "no JSON": always(Answer(body=payload.encode("utf-8", "surrogatepass"))),
        "page": always(Answer(body=page, headers={"content-type": "text/html"})),
        "headers": marked,
    }


def judged_by_a_service(world: World) -> None:
    """An interview, a dispute, answers in both formats, labels and a page, by replies full of the payload."""
    with ScriptedServer(behaviour=replies_of(world.payload)) as server:
        asked = _settings(server)
        said = f"{_ANSWER}\n---\nAnd so on, with every token.\n---\n/why 1\n/dispute 2 I did say it\n"
        world.call(*_ASKED, *asked, stdin=said, codes={0})
        _grade_lines(world, asked)
        world.call("doctor", *asked, codes={0})
        world.call("doctor", *asked, "--json", codes={0})
        world.write("page.txt", PAGE)
        world.call("bank", "import", "page.txt", *asked, writes=_DRAFT, codes={0})
        world.call("bank", "check", "page.yaml", codes={0, 4})
    look_at_all(world)


def refused_by_a_service(world: World) -> None:
    """The same where nothing is graded: what failed is told, kept, and tried again."""
    for name, behaviour in faults_of(world.payload).items():
        with ScriptedServer(behaviour=behaviour) as server:
            asked = _settings(server)
            if name in _PASSING:
                world.call("doctor", *asked, environment={"INTERVIEWER_DEADLINE": "1"})
                continue
            world.call(*_ASKED, *asked, stdin=f"{_ANSWER}\n---\n", codes={0, 3})
            world.write("one.csv", _csv())
            fits("csv", world.call("grade", "one.csv", *asked, *_DIRECT, codes={0, 1, 3}).out)
            if name == "refused":
                world.call("resume", *asked, codes={0, 2, 3})
                world.call("doctor", *asked)
                world.write("page.txt", PAGE)
                world.call("bank", "import", "page.txt", *asked, writes=_DRAFT)
    world.call("grade", "--pending", codes={0, 3})
    look_at_all(world)


def judged_in_batches(world: World) -> None:
    """Batches whose replies, errors, states and names are the payload."""
    for alters in (_hostile_replies, _hostile_errors, _hostile_states):
        service = BatchService(replies_of(world.payload))
        with ScriptedServer(behaviour=alters(service, world.payload)) as server:
            asked = ("-o", "out.jsonl", *_settings(server), *_DIRECT[:-1])
            writes = ("out.jsonl",)
            world.write("in.jsonl", _lines(3, id=world.payload[:900]))
            world.call("grade", "in.jsonl", "--batch", *asked, codes={0}, writes=writes)
            world.call("grade", "--batch-status", *asked, codes={0}, writes=writes)
            collected = ("grade", "--batch-collect", "--repair", "none", *asked)
            world.call(*collected, codes={0, 1}, writes=writes)
            fits("jsonl", (world.work / "out.jsonl").read_text(encoding="utf-8"))
            for left in world.work.glob("out.jsonl*"):
                left.unlink()


def _settings(server: ScriptedServer) -> tuple[str, ...]:
    return ("--grader", "llm", "--base-url", server.url, "--model", "m")


def _grade_lines(world: World, asked: tuple[str, ...]) -> None:
    world.write("in.jsonl", _lines(2))
    for format in ("jsonl", "csv"):
        target = f"graded.{format}"
        world.call("grade", "in.jsonl", *asked, *_DIRECT, "-o", target, writes=(target,))
        if (world.work / target).exists():
            fits(format, (world.work / target).read_text(encoding="utf-8"))
            (world.work / target).unlink()
    fits("csv", world.call("grade", "-", "--format", "csv", *asked, *_DIRECT, stdin=_csv()).out)


def _lines(count: int, *, id: str = "") -> str:
    lines = [{"id": f"{id}{n}", "question_id": "kv-cache", "answer": f"{_ANSWER} {n}"} for n in range(count)]
    return "".join(f"{json.dumps(one)}\n" for one in lines)


def _csv() -> str:
    return f'id,question_id,answer\n1,kv-cache,"{_ANSWER}"\n'


def _draft(received: Received, payload: str) -> dict[str, Any]:
    said = good_reply(received.body["messages"][-1]["content"])
    for one in said["criteria"]:
        one |= {
            "partial": payload,
            "probe": payload,
            "must_show": f"{one['must_show']} {payload}",
            "id": payload,
        }
    return said | {"id": payload, "nudge": payload, "question": f"What is it, {payload}?", "kind": payload}


def _hostile_replies(service: BatchService, payload: str) -> Behaviour:
    return service


def _hostile_errors(service: BatchService, payload: str) -> Behaviour:
    service.failing = {
        0: {"error": {"code": payload, "message": payload}},
        1: {"response": {"status_code": 500, "request_id": payload, "body": {"error": {"message": payload}}}},
    }
    return service


def _hostile_states(service: BatchService, payload: str) -> Behaviour:
    def told(received: Received) -> Answer:
        answer = service(received)
        if (
            isinstance(answer.body, dict)
            and answer.body.get("object") == "batch"
            and received.method == "GET"
        ):
            errors = {"data": [{"code": payload, "message": payload, "param": payload}]}
            return replace(
                answer, body=answer.body | {"status": "failed", "errors": errors, "object": payload}
            )
        return answer

    return told


SCENES = (judged_by_a_service, refused_by_a_service, judged_in_batches)
