"""Labelled answers and grades for tests, each of what the test is about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from interviewer.evaluation.grades import GradeLine, grades_in
from interviewer.evaluation.labels import Labelled, labelled
from tests.support.builders import bank, question, rubric

BANK = bank(question("kv-cache"), rubrics=(rubric("technical"),))
ANSWER = "Keys and values are kept in memory, and so nothing is computed twice."
BY = {"kind": "local", "model": "judge 1", "prompt_version": "abc"}


def label(id: str, **said: Any) -> str:
    """A label line about question `kv-cache`, unless `said` says otherwise."""
    line: dict[str, Any] = {"id": id, "answer": ANSWER, **said}
    if "question" not in said and "question_id" not in said:
        line["question_id"] = "kv-cache"
    return json.dumps(line)


def about(question: str) -> dict[str, Any]:
    """A question of its own, with a reference answer."""
    return {"question": question, "reference": "Because of heat."}


def grade(
    id: str,
    score: float | None,
    verdicts: dict[str, str] | None = None,
    *,
    unsure: Sequence[str] = (),
    **more: Any,
) -> str:
    """A line of `grade`; with None for a score that of an answer that could not be graded."""
    if score is None:
        return json.dumps({"id": id, "error": {"code": "too_little_text", "message": "too little"}})
    criteria = [
        {
            "id": name,
            "verdict": verdict,
            "evidence": [{"quote": "kept in memory", "start": 20, "end": 34}] if verdict != "missing" else [],
            "reason": f"{name} is {verdict}",
            "flags": ["not_sure"] if name in unsure else [],
        }
        for name, verdict in (verdicts or {}).items()
    ]
    flags = ["not_sure"] if unsure else []
    line = {"id": id, "score": score, "criteria": criteria, "flags": flags, "grader": BY}
    return json.dumps({**line, **more})


def labels_of(*lines: str) -> tuple[Labelled, ...]:
    return labelled(lines, BANK, file="labels.jsonl")


def grades_of(*lines: str) -> dict[str, GradeLine]:
    return grades_in(lines, file="graded.jsonl")


def scored(pairs: Sequence[tuple[float, float]], *, questions: int = 1) -> tuple[list[str], list[str]]:
    """Label and grade lines for (people's, machine's) scores, 0 to 100, dealt out over so many questions."""
    labels = [
        label(str(i), **about(f"Why {i % questions}?"), human_score=human / 100)
        for i, (human, _) in enumerate(pairs)
    ]
    return labels, [grade(str(i), machine) for i, (_, machine) in enumerate(pairs)]
