"""`grade --batch`: the lines of the direct path, by way of the service's batches."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.batches import BatchService
from tests.support.program import Outcome, Program
from tests.support.server import Answer, Received, ScriptedServer, completion, failure
from tests.support.service import judged

ANSWERS = {
    "a": "The cache keeps the keys and values of earlier tokens.",
    "b": "It takes memory, and that grows with every token.",
    "c": "",
    "d": "Pages of memory are handed out as they are needed.",
}
EXPIRED = {"error": {"code": "batch_expired", "message": "This request was not executed in time."}}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    lines = (
        json.dumps({"id": id, "question_id": "kv-cache", "answer": answer}) for id, answer in ANSWERS.items()
    )
    path.write_text("\n".join([*lines, "nope", ""]), encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


@pytest.fixture
def service() -> BatchService:
    return BatchService(judged)


@pytest.fixture
def server(service: BatchService) -> Iterator[ScriptedServer]:
    with ScriptedServer(behaviour=service) as running:
        yield running


@pytest.fixture
def grade(program: Program, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Program:
    """`grade` with the service; one opinion is enough, and nothing is remembered."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-0123456789")

    def call(*arguments: str, samples: str = "1") -> Outcome:
        settings = ("--base-url", server.url, "--model", "m", "--samples", samples, "--no-cache")
        return program("grade", *arguments, *settings)

    return call  # type: ignore[return-value]


def batched(grade: Program, source: Path, out: Path, *more: str) -> Outcome:
    """Submit and collect at once; what collecting came to."""
    assert grade(str(source), "--batch", "-o", str(out)).code == 0
    return grade("--batch-collect", "-o", str(out), *more)


def lines_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def without_time(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in line.items() if name != "latency_ms"} for line in lines]


def test_the_lines_are_those_of_the_direct_path(grade: Program, source: Path, out: Path) -> None:
    direct = out.with_name("direct.jsonl")
    grade(str(source), "-o", str(direct))
    outcome = batched(grade, source, out)

    assert outcome.code == 1  # one line is no JSON
    assert without_time(lines_in(out)) == without_time(lines_in(direct))


def test_only_answers_that_need_a_model_are_asked_about_and_each_once(
    grade: Program, service: BatchService, source: Path, out: Path
) -> None:
    batched(grade, source, out)

    # The first one was asked directly: it was not known how this service wants to be asked.
    asked = [json.dumps(one["body"]) for one in service.requests]
    assert len(service.direct) == 1
    assert [any(text in body for body in asked) for text in ANSWERS.values() if text] == [False, True, True]


def test_equal_answers_share_a_request(
    grade: Program, service: BatchService, tmp_path: Path, out: Path
) -> None:
    source = tmp_path / "same.jsonl"
    answers = ("It keeps keys and values.", "It keeps what it knows.", "It keeps what it knows.")
    lines = (
        json.dumps({"id": str(n), "question_id": "kv-cache", "answer": answer})
        for n, answer in enumerate(answers)
    )
    source.write_text("\n".join(lines))

    assert batched(grade, source, out).code == 0
    assert len(service.requests) == 1
    assert [line["id"] for line in lines_in(out)] == ["0", "1", "2"]


def test_nothing_is_left_beside_the_output(grade: Program, source: Path, out: Path) -> None:
    batched(grade, source, out)

    assert sorted(p.name for p in out.parent.iterdir() if p.name.startswith("out")) == ["out.jsonl"]


def test_the_state_is_private_and_holds_no_key(grade: Program, source: Path, out: Path) -> None:
    grade(str(source), "--batch", "-o", str(out))
    beside = [p for p in out.parent.iterdir() if p.name.startswith("out")]

    assert {p.name for p in beside} >= {"out.jsonl.batch.json"}
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in beside)
    assert not any("secret" in p.read_text() for p in beside)


def test_requests_do_not_stay_on_disk(grade: Program, source: Path, out: Path) -> None:
    grade(str(source), "--batch", "-o", str(out))

    assert not out.with_name("out.jsonl.batch-1.jsonl").exists()


def test_batches_that_run_are_waited_for(
    grade: Program, service: BatchService, source: Path, out: Path
) -> None:
    service.finish = None
    collected = batched(grade, source, out)
    status = grade("--batch-status", "-o", str(out))

    assert (collected.code, status.code) == (1, 1)
    assert "validating" in status.out
    assert not out.exists()

    service.finish = "completed"
    status = grade("--batch-status", "-o", str(out))
    assert (status.code, "2 of 2 done" in status.out) == (0, True)


def test_what_expired_or_was_refused_is_an_error_line_that_a_rerun_takes_up(
    grade: Program, service: BatchService, source: Path, out: Path
) -> None:
    refused = {"response": {"status_code": 400, "body": {"error": {"message": "too long", "code": "no"}}}}
    service.failing = {0: EXPIRED, 1: refused}
    service.finish = "expired"

    assert batched(grade, source, out).code == 1
    errors = {line["id"]: line["error"] for line in lines_in(out) if "error" in line}
    assert "batch_expired" in errors["b"]["message"]
    assert "too long" in errors["d"]["message"]
    assert errors["b"]["code"] == errors["d"]["code"] == "batch_failed"

    service.failing, service.finish = {}, "completed"
    before = len(service.direct)
    batched(grade, source, out)
    assert [line["id"] for line in lines_in(out) if "score" in line] == list(ANSWERS)
    assert len(service.direct) - before + len(service.batches[-1:]) == 2


def test_a_batch_that_failed_as_a_whole_says_why(
    grade: Program, service: BatchService, source: Path, out: Path
) -> None:
    service.finish = "failed"
    outcome = batched(grade, source, out)

    assert outcome.code == 1
    assert "too many tokens" in outcome.err
    assert [line["error"]["code"] for line in lines_in(out) if "error" in line][:2] == ["not_in_batch"] * 2


def test_an_answer_that_came_later_is_told_and_not_asked_for(
    grade: Program, service: BatchService, source: Path, out: Path
) -> None:
    grade(str(source), "--batch", "-o", str(out))
    with source.open("a") as file:
        file.write(
            json.dumps({"id": "late", "question_id": "kv-cache", "answer": "It came too late."}) + "\n"
        )
    before = len(service.direct)
    grade("--batch-collect", "-o", str(out))

    assert lines_in(out)[-1] == {
        "id": "late",
        "error": {"code": "not_in_batch", "message": "no batch holds a reply to this answer"},
    }
    assert len(service.direct) == before


def test_a_second_start_is_refused_while_batches_are_under_way(
    grade: Program, service: BatchService, source: Path, out: Path
) -> None:
    grade(str(source), "--batch", "-o", str(out))

    assert grade(str(source), "--batch", "-o", str(out)).code == 2
    assert len(service.batches) == 1


@pytest.fixture
def doubtful(service: BatchService) -> BatchService:
    """A service whose model quotes what nobody said, unless it is asked again."""

    def model(received: Received) -> Answer:
        said = judged(received)
        if "rejected" in received.body["messages"][-1]["content"]:
            return said
        body = json.loads(json.dumps(said.body))
        message = body["choices"][0]["message"]
        reply = json.loads(message["content"])
        for one in reply["criteria"]:
            if one["verdict"] == "met":
                one["evidence"] = [{"quote": "words that are nowhere in it", "s": "s1"}]
        return completion(json.dumps(reply))

    service.model = model
    return service


def test_a_repair_is_asked_for_directly(
    grade: Program, doubtful: BatchService, source: Path, out: Path
) -> None:
    direct = out.with_name("direct.jsonl")
    grade(str(source), "-o", str(direct))
    doubtful.direct.clear()
    batched(grade, source, out)

    assert without_time(lines_in(out)) == without_time(lines_in(direct))
    assert len(doubtful.direct) == 1 + 3
    assert len(doubtful.batches) == 1


def test_a_repair_is_put_into_another_batch(
    grade: Program, doubtful: BatchService, source: Path, out: Path
) -> None:
    direct = out.with_name("direct.jsonl")
    grade(str(source), "-o", str(direct))
    doubtful.direct.clear()
    first = batched(grade, source, out, "--repair", "batch")
    waiting = [line["error"]["code"] for line in lines_in(out) if "error" in line]
    assert (first.code, waiting) == (1, ["waits_for_batch"] * 3 + ["invalid_line"])

    grade("--batch-collect", "-o", str(out), "--repair", "batch")
    assert without_time(lines_in(out)) == without_time(lines_in(direct))
    assert (len(doubtful.batches), len(doubtful.direct)) == (2, 1)


def test_without_a_repair_what_has_no_proof_is_missing_and_flagged(
    grade: Program, doubtful: BatchService, source: Path, out: Path
) -> None:
    batched(grade, source, out, "--repair", "none")
    line = lines_in(out)[0]

    assert {"repaired", "unverified"} <= set(line["flags"])
    assert "met" not in {one["verdict"] for one in line["criteria"]}
    assert (len(doubtful.batches), len(doubtful.direct)) == (1, 1)


def test_second_opinions_have_requests_of_their_own_in_another_batch(
    grade: Program, doubtful: BatchService, source: Path, out: Path
) -> None:
    assert grade(str(source), "--batch", "-o", str(out), samples="3").code == 0
    for _ in range(3):
        grade("--batch-collect", "-o", str(out), "--repair", "batch", samples="3")

    assert all("second_opinion" in line["flags"] for line in lines_in(out) if line.get("score"))
    ids = [one["custom_id"] for one in doubtful.requests]
    assert len(ids) == len(set(ids))


def test_how_the_service_wants_to_be_asked_is_learned_before_the_batch(
    grade: Program, service: BatchService, source: Path, out: Path
) -> None:
    def model(received: Received) -> Answer:
        if "temperature" in received.body:
            return failure(400, "temperature is not supported", param="temperature")
        return judged(received)

    service.model = model
    batched(grade, source, out)

    assert [line["id"] for line in lines_in(out) if "score" in line] == list(ANSWERS)
    assert service.requests
    assert not any("temperature" in one["body"] for one in service.requests)


def test_a_key_that_is_refused_is_told_before_anything_is_sent(
    grade: Program, service: BatchService, source: Path, out: Path
) -> None:
    service.model = lambda received: failure(401, "no such key")

    assert grade(str(source), "--batch", "-o", str(out)).code == 3
    assert service.files == []


def test_batches_of_another_model_are_not_collected(
    grade: Program, program: Program, server: ScriptedServer, source: Path, out: Path
) -> None:
    grade(str(source), "--batch", "-o", str(out))
    outcome = program(
        "grade", "--batch-collect", "-o", str(out), "--base-url", server.url, "--model", "other"
    )

    assert outcome.code == 2
    assert "--model" in outcome.err


def test_a_csv_file_goes_through_batches_too(grade: Program, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("who,text,question_id\nann,It keeps keys and values.,kv-cache\n")
    columns = ("--columns", "id=who,answer=text")

    assert grade(str(source), "--batch", "-o", str(out), *columns).code == 0
    assert grade("--batch-collect", "-o", str(out)).code == 0
    assert '"ann","kv-cache"' in out.read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--batch",),
        ("in.jsonl", "--batch"),
        ("-", "--batch", "-o", "out"),
        ("in.jsonl", "--batch-status", "-o", "out"),
        ("--batch-status",),
        ("--batch-status", "--batch-collect", "-o", "out"),
        ("--batch-status", "-o", "out"),
        ("--batch-collect", "-o", "out"),
        ("in.jsonl", "--batch", "--pending", "-o", "out"),
        ("in.jsonl", "--batch", "-o", "out", "--concurrency", "4"),
        ("in.jsonl", "--batch", "-o", "out", "--repair", "none"),
        ("in.jsonl", "-o", "out", "--repair", "none"),
        ("--batch-collect", "-o", "out", "--format", "csv"),
        ("in.jsonl", "--batch", "-o", "out", "--grader", "fake"),
    ],
)
def test_what_does_not_go_together_is_refused(
    grade: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert grade(*arguments).code == 2
