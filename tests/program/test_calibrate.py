"""`calibrate` as a process of its own: what reaches a shell, and what a second run goes on with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LABELS = [
    {
        "id": "right", "question": "Why is the sky blue?", "human_score": 1,
        "reference": "Short waves of light are scattered more strongly by the air than long ones.",
        "answer": "Because the air scatters short waves of light more strongly than long ones.",
    },
    {
        "id": "off", "question": "Why is it dark at night?", "human_score": 0,
        "reference": "The earth turns this side away from the sun.",
        "answer": "I had a long holiday by the sea last year and liked it very much.",
    },
]  # fmt: skip


def interviewer(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "interviewer", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "80"},
    )


@pytest.mark.parametrize("grader", ["fake", "local"])
def test_tables_go_to_standard_output_and_messages_do_not(tmp_path: Path, grader: str) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text("\n".join(map(json.dumps, LABELS)), encoding="utf-8")
    out, page = tmp_path / "graded.jsonl", tmp_path / "page.html"

    done = interviewer(
        "calibrate", str(labels), "--grader", grader, "-o", str(out), "--html", str(page), "--bootstrap", "50"
    )

    assert done.returncode == 0, done.stderr
    assert "2 labelled answers to 2 questions, 2 graded." in done.stdout
    assert "\x1b" not in done.stdout
    assert "grading by" not in done.stdout
    assert "2 graded, 0 could not be graded" in done.stderr
    assert page.read_text(encoding="utf-8").count("<svg") >= 3
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


def test_grades_of_a_pipe_are_compared_later(tmp_path: Path) -> None:
    lines = "\n".join(map(json.dumps, LABELS))
    graded = tmp_path / "graded.jsonl"
    graded.write_text(interviewer("grade", "-", "--grader", "local", stdin=lines).stdout, encoding="utf-8")

    done = interviewer("calibrate", "-", "--grades", str(graded), "--json", stdin=lines)

    assert done.stderr == ""
    scores = json.loads(done.stdout)["scores"]
    assert scores["answers"] == 2
    assert scores["pearson"]["value"] == 1.0
