"""Files that a person hands over: answers, labels, grades, maps, states of batches, pages, descriptions."""

from __future__ import annotations

import csv
import io
import json

from tests.importing.model import PAGE, good_reply
from tests.support import harmless
from tests.support.hostile.looking import fits, joined
from tests.support.hostile.world import World
from tests.support.payloads import BYTES, is_utf_8
from tests.support.server import Answer, Received, ScriptedServer, completion

_ANSWER = "The cache keeps the keys and values of earlier tokens."
_LONGEST_ID = 900
_BY = {"kind": "local", "model": "judge", "prompt_version": "abc"}


def answers_to_grade(world: World) -> None:
    """Lines of JSON and rows of CSV of which each text is the payload; each line has its line."""
    payload = world.payload
    name = payload[:_LONGEST_ID]
    own = {"question": payload, "reference": payload, "criteria": [{"id": payload, "requirement": payload}]}
    lines: list[object] = [
        {"id": name, "question_id": "kv-cache", "answer": f"{_ANSWER} {payload}"},
        {"id": f"{name}2", "question_id": payload, "answer": payload},
        {"id": f"{name}3", "answer": payload, **own},
        {"id": f"{name}4", "answer": payload, "question": payload, "reference": [payload, payload]},
        {"id": name, "question_id": "kv-cache", "answer": payload, payload: payload},
        [payload],
        payload,
    ]
    world.write("in.jsonl", "".join(f"{json.dumps(one)}\n" for one in lines) + payload + "\n")
    printed = world.call("grade", "in.jsonl", codes={0, 1})
    told = [json.loads(line) for line in printed.out.split("\n")[:-1]]
    assert told[0]["id"] == joined(name) or not name
    for format in ("jsonl", "csv"):
        target = f"graded.{format}"
        for _ in range(2):
            world.call("grade", "in.jsonl", "-o", target, writes=(target,), codes={0, 1})
        data = (world.work / target).read_bytes().decode()
        if format == "csv":
            _refuse_formulas_beside_ids(data)
        else:
            assert [json.loads(line)["id"] for line in data.split("\n")[:-1]] == [one["id"] for one in told]
    fits("csv", world.call("grade", "-", "--format", "csv", stdin=_rows(world), codes={0, 1}).out)
    world.write("graded.csv", payload)
    world.call("grade", "in.jsonl", "-o", "graded.csv", codes={0, 1, 2, 4}, writes=("graded.csv",))
    world.call("grade", "-", "--format", "csv", stdin=f"{payload},answer\n{payload}", codes={0, 1, 4})


def labels_and_grades(world: World) -> None:
    """What people and a grader said, on the terminal, as JSON and as a page."""
    payload = world.payload
    about = {"question": f"Why, {payload}?", "reference": f"Because of {payload}.", "note": payload}
    about |= {"answer": f"{_ANSWER} {payload}", "kind": payload}
    labels = [{"id": f"{payload[:_LONGEST_ID]}{n}", "human_score": n / 4, **about} for n in range(5)]
    proof = {"quote": payload, "start": 0, "end": len(payload)}
    verdict = {"id": "reference", "verdict": "met", "reason": payload, "flags": [], "evidence": [proof]}
    said = {"score": 50, "criteria": [verdict], "flags": [payload], "grader": _BY | {"model": payload}}
    grades: list[object] = [{"id": one["id"], **said} for one in labels[:4]]
    grades.append({"id": labels[4]["id"], "error": {"code": payload, "message": payload}})
    world.write("labels.jsonl", "".join(f"{json.dumps(one)}\n" for one in labels))
    world.write("grades.jsonl", "".join(f"{json.dumps(one)}\n" for one in grades))
    known = ("calibrate", "labels.jsonl", "--grades", "grades.jsonl", "--bootstrap", "20")
    is_valid = is_utf_8(payload) and bool(payload.strip())
    world.call(*known, codes={0} if is_valid else {0, 4})
    json.loads(world.call(*known, "--json").out or "{}")
    page = world.call(*known, "--html", "page.html", "--fit-to", "map.json", writes=("page.html", "map.json"))
    if page.code == 0:
        text = (world.work / "page.html").read_text(encoding="utf-8")
        harmless.refuse_active_page(text, "calibrate --html")
    world.call("calibrate", "labels.jsonl", "--bootstrap", "0", "--quiet", codes={0, 2, 4})
    for line in (
        {"id": "1", "answer": "x", "label": payload, **about},
        {"id": "1", payload: payload},
        payload,
    ):
        world.write("bad.jsonl", f"{json.dumps(line)}\n{payload}")
        world.call("calibrate", "bad.jsonl", "--bootstrap", "0", codes={4})


def states_that_were_changed(world: World) -> None:
    """Maps of scores, states of batches and outputs that hold something else than the program wrote."""
    payload = world.payload
    world.write("in.jsonl", json.dumps({"id": "1", "question_id": "kv-cache", "answer": _ANSWER}) + "\n")
    state = {
        "run": "0" * 16, "source": payload, "service": payload, "model": payload, "prompt_version": payload,
        "created_at": 1.0, "columns": {payload: payload},
        "parts": [{"number": 1, "requests": 1, "size": 1, "batch_id": payload, "file_id": payload}],
    }  # fmt: skip
    asked = ("--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--grader", "llm")
    for text in (json.dumps(state), json.dumps({payload: payload}), payload):
        world.write("map.json", text)
        world.call("grade", "in.jsonl", "--calibration", "map.json", codes={4})
        world.write("out.jsonl.batch.json", text)
        for how in ("--batch-status", "--batch-collect"):
            world.call("grade", how, "-o", "out.jsonl", *asked, writes=("out.jsonl",), codes={2, 3, 4})
        world.write("out.jsonl", text)
        world.call("grade", "in.jsonl", "-o", "out.jsonl", writes=("out.jsonl",), codes={0, 4})
        (world.work / "out.jsonl").unlink()


def pages_and_descriptions(world: World) -> None:
    """A page to import and a description of a job, with the payload in the text and in the name."""

    def answers(received: Received) -> Answer:
        return completion(json.dumps(good_reply(received.body["messages"][-1]["content"])))

    name = world.as_file_name
    with ScriptedServer(behaviour=answers) as service:
        asked = ("--base-url", service.url, "--model", "m", "--grader", "llm")
        for ending, text in (
            ("txt", f"{world.payload}\n\n{PAGE}\n{world.payload}"),
            ("html", f"<html><h1>{world.payload}</h1><li>Explain that {world.payload} is hot.</li></html>"),
            ("md", f"# {world.payload}\n\n- Explain that {world.payload} keeps more acid than others do.\n"),
        ):
            path = f"{name}.{ending}"
            (world.work / path).write_bytes(text.encode("utf-8", "surrogatepass"))
            outcome = world.call(
                "bank",
                "import",
                path,
                "-o",
                f"{ending}.yaml",
                *asked,
                writes=(f"{ending}.yaml", "bank.schema.json"),
            )
            if outcome.code == 0:
                world.call("bank", "check", f"{ending}.yaml", codes={0, 4})
    world.write("job.html", f"<p>{world.payload}</p><p>CUDA kernels {world.payload}</p>")
    for job in ("job.html", name + ".txt"):
        world.call("start", "--jd", job, "-n", "2", stdin="/quit\n", codes={0, 4})


def bytes_that_are_no_text(world: World) -> None:
    """UTF-16, NUL and the like in place of each file."""
    for data in BYTES.values():
        name = world.write("data", data)
        world.call("start", "-n", "1", stdin=data, codes={0, 4})
        world.call("start", "-n", "1", "--answers", name, codes={0, 4})
        world.call("start", "-n", "1", "--jd", name, stdin="/quit\n", codes={0, 4})
        world.call("start", "--bank", name, codes={4})
        world.call("bank", "check", name, codes={4})
        world.call("grade", name, codes={0, 1})
        world.call("grade", "-", "--format", "csv", stdin=data, codes={4})
        world.call("calibrate", name, codes={4})
        world.call("calibrate", "-", stdin=data, codes={4})
        world.call("config", "set", "model", "-", stdin=data, codes={0, 2})
        asked = ("--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--grader", "llm")
        world.call("bank", "import", name, *asked, codes={3, 4}, environment={"INTERVIEWER_DEADLINE": "1"})
        (world.home / "config.toml").write_bytes(data)
        world.call("config", codes={0, 4})
        (world.home / "config.toml").unlink()


def _rows(world: World) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("id", "question_id", "question", "reference", "criteria", "answer"))
    writer.writerow(
        (world.payload[:_LONGEST_ID] or "1", "kv-cache", "", "", "", f"{_ANSWER} {world.payload}")
    )
    writer.writerow(("2", world.payload, world.payload, world.payload, world.payload, world.payload))
    return file.getvalue() + world.payload


def _refuse_formulas_beside_ids(table: str) -> None:
    """Ids are kept as they are, so that a rerun knows them; but for these nothing is obeyed."""
    rows = list(csv.reader(io.StringIO(table, newline="")))
    for row in rows:
        file = io.StringIO()
        csv.writer(file).writerow(row[1:])
        fits("csv", file.getvalue())
        assert not row[0].startswith(tuple("=+-@\t\r\n＝＋－＠"))


SCENES = (answers_to_grade, labels_and_grades, states_that_were_changed, pages_and_descriptions)
#: What does not depend on the payload.
ONCE = (bytes_that_are_no_text,)
