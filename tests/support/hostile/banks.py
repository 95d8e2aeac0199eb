"""Banks of which every text is hostile, and banks that are broken by it."""

from __future__ import annotations

import json
from typing import Any

from interviewer.text import printable
from tests.support import harmless
from tests.support.hostile.looking import look_at_all
from tests.support.hostile.world import World
from tests.support.payloads import is_utf_8

QUESTION = "asked-first"
_FAKE = ("--grader", "fake", "--bank", "bank.yaml")


def bank_of_words(world: World) -> str:
    """Write a bank, with a rubric, of which every text is the payload; its name."""
    words = world.payload
    (world.work / "rubrics").mkdir(exist_ok=True)
    world.write("rubrics/strict.yaml", as_yaml(_rubric(words)))
    questions = [
        {
            "id": id,
            "category": "one",
            "text": words,
            "hint": words,
            "nudge": words,
            "criteria": [
                {"id": name, "requirement": words, "partial": words, "probe": words, "references": [words]}
                for name in ("first-point", "second-point")
            ],
            "misconceptions": [{"id": "wrong-idea", "claim": words, "correction": words}],
        }
        for id in (QUESTION, "asked-next")
    ]
    bank = {
        "version": 1,
        "id": "hostile",
        "title": words,
        "role": words,
        "categories": [{"id": "one", "title": words, "rubric": "strict"}],
        "questions": questions,
    }
    return world.write("bank.yaml", as_yaml(bank))


def practised_bank(world: World) -> None:
    """The bank is checked, listed, asked, graded by, reviewed and shown."""
    bank_of_words(world)
    is_valid = is_utf_8(world.payload) and bool(world.payload.strip())
    world.call("bank", "check", "bank.yaml", codes={0} if is_valid else {4})
    wanted = {0} if is_valid else {4}
    world.call("questions", "--bank", "bank.yaml", codes=wanted)
    listed = world.call("questions", "--bank", "bank.yaml", "--json", codes=wanted)
    if is_valid:
        assert json.loads(listed.out)[0]["hint"] == world.payload.strip()
    answer = "It is an answer of some length."
    said = f"/nudge\n/repeat\n{answer}\n---\n/why 1\n/outline\n{answer}\n---\n/why 2.1\n"
    world.call("start", *_FAKE, stdin=said, codes=wanted)
    world.call("start", *_FAKE, "--plain", "--mode", "exam", stdin=said, codes=wanted)
    world.call("start", *_FAKE, "--role", world.as_argument or "x", stdin="/quit\n", codes=wanted)
    line = json.dumps({"id": "1", "question_id": QUESTION, "answer": answer})
    world.write("one.jsonl", line + "\n")
    for format in ("jsonl", "csv"):
        graded = world.call(
            "grade", "one.jsonl", *_FAKE, "-o", f"graded.{format}", codes=wanted, writes=("graded",)
        )
        assert graded.code == 0 or not is_valid
    look_at_all(world)
    world.call("progress", "--bank", "bank.yaml", codes=wanted)


def remembered_bank(world: World) -> None:
    """What the local model found missing is looked back on, drilled and reviewed."""
    bank_of_words(world)
    local = ("--bank", "bank.yaml", "--grader", "local")
    said = "I would go and buy some bread and a newspaper first.\n---\n" * 4
    environment = {"INTERVIEWER_BANK": "bank.yaml"}
    world.call("start", *local, stdin=said, codes={0, 4})
    world.call("start", *local, stdin=said, codes={0, 4})
    for how in (("--due",), ("--mode", "drill")):
        world.call("start", *local, *how, stdin="/quit\n", codes={0, 2, 4})
    for more in ((), ("--plain",), ("--json",)):
        world.call("progress", *more, environment=environment)
    page = world.call("progress", "--html", "page.html", writes=("page.html",), environment=environment)
    if page.code == 0:
        text = (world.work / "page.html").read_text(encoding="utf-8")
        harmless.refuse_active_page(text, "progress --html")


def broken_bank(world: World) -> None:
    """The payload as it is in a bank: where a text, a key, an id, or the whole file should be."""
    payload = world.payload
    quoted = as_yaml(payload)
    whole = "version: 1\nid: {}\ntitle: t\nrole: r\ncategories: {}\nquestions: {}\n"
    broken = (
        payload,
        whole.format(payload, "[]", "[]"),
        whole.format("x", payload, f"- {payload}"),
        whole.format(quoted, as_yaml([{"id": payload, payload: 1}]), as_yaml([{"category": payload}])),
        whole.format("x", as_yaml([{"id": "a", "title": "t", "rubric": payload}]), f"[{quoted}, {quoted}]"),
        f"{payload}: 1\n",
    )
    for text in broken:
        world.write("broken.yaml", text)
        world.call("bank", "check", "broken.yaml", codes={4})
    for command in ("questions", "start", "doctor"):
        world.call(command, "--bank", "broken.yaml", codes={4})
    world.call("progress", "--bank", "broken.yaml", codes={4})


def names_of_files(world: World) -> None:
    """The payload as a name of a bank, of a rubric, and of the folder of rubrics."""
    name = world.as_file_name
    bank_of_words(world)
    (world.work / "rubrics" / f"{name}.yaml").write_text("id: other\n", encoding="utf-8")
    world.call("bank", "check", "bank.yaml", codes={4})
    world.call("bank", "new", f"{name}.yaml", writes=(name, "rubrics", "schema", "."), codes={0})
    world.call("bank", "new", f"{name}.yaml", codes={2})
    world.call("bank", "check", f"{name}.yaml", codes={0, 4})
    world.call("bank", "check", f"{name}-that-is-not-there.yaml", codes={4})
    world.call("bank", "schema", codes={0})
    world.call("questions", "--bank", "bank.yaml", "--rubrics", name, codes={4})
    world.call("questions", "-c", world.as_argument, codes={0, 2})
    world.call("start", "-q", world.as_argument, codes={2})


def as_yaml(value: Any) -> str:
    """Plain data on one line of YAML; all that could not stand in a file is escaped."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"? {as_yaml(k)} : {as_yaml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() and printable(c) == c else f"\\U{ord(c):08x}" for c in quoted)


def _rubric(words: str) -> dict[str, Any]:
    credits = {"met": 1.0, "partial": 0.5, "missing": 0.0, "wrong": 0.0}
    return {
        "id": "strict",
        "title": words,
        "verdicts": {name: {"credit": credit, "meaning": words} for name, credit in credits.items()},
        "must_have_cap": 60,
        "misconception_penalty": 10,
        "follow_up_credit": 0.5,
        "bands": [
            {"id": id, "title": words, "floor": floor, "descriptor": words}
            for id, floor in (("good", 50), ("weak", 0))
        ],
        "delivery": [{"id": "clarity", "title": words, "strong": words, "adequate": words, "weak": words}],
        "guidance": [words],
    }


SCENES = (practised_bank, remembered_bank, broken_bank, names_of_files)
