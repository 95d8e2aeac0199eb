"""Loading a bank, beside `yaml.load` of the same file with PyYAML's C loader, in one run.

    python benchmarks/bank_load.py [QUESTIONS] [RUNS]

A bank of QUESTIONS questions (10,000 unless told) and one of 23, the size of the shipped one, are written
to a temporary folder. Both ways to read them are timed in turn, so that a busy machine slows both; the
medians and their ratio are printed. `yaml.load` only gives lists and dictionaries: it checks nothing.
"""

from __future__ import annotations

import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from interviewer.bank.load import load_bank

SHIPPED_SIZE = 23
QUESTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
SMALL_RUNS = 30

HEAD = """\
version: 1
id: large
title: A large bank
role: Tester
categories:
  - {id: easy, title: Easy, difficulty: 2, rubric: technical}
  - {id: hard, title: Hard, difficulty: 8, rubric: technical}
questions:
"""
QUESTION = """\
  - id: question-NUMBER
    category: CATEGORY
    text: >-
      A service answers more slowly with every hour of the day, number NUMBER says. Where do you look first,
      and what would tell you that you were wrong?
    hint: >-
      Measure before changing anything: the queue's length against the time that one request takes. A queue
      that grows while requests stay fast means too little capacity; slow requests point to the work itself.
    nudge: Draw the way of one request, and write a time on each piece of it.
    minutes: 3
    tags: [latency, triage]
    criteria:
"""
CRITERION = """\
      - id: criterion-NUMBER
        requirement: >-
          Explains why a growing queue with fast requests is a matter of capacity and not of the work.
        weight: 2
        must_have: false
        partial: Names the queue without telling it from the time of one request.
        probe: Which of the two numbers would you look at, and why?
"""
MISCONCEPTION = """\
    misconceptions:
      - id: more-is-faster
        claim: More machines make each request faster.
        correction: They take more requests at a time; one request takes as long as before.
"""
RUBRIC = """\
id: technical
title: Technical
verdicts:
  met: {credit: 1, meaning: shown}
  partial: {credit: 0.5, meaning: half shown}
  missing: {credit: 0, meaning: not shown}
  wrong: {credit: 0, meaning: the opposite is said}
must_have_cap: 60
misconception_penalty: 10
follow_up_credit: 0.5
bands:
  - {id: strong, title: Strong, floor: 80, descriptor: would pass}
  - {id: weak, title: Weak, floor: 0, descriptor: not yet}
delivery:
  - {id: clarity, title: Clarity, strong: clear, adequate: fair, weak: unclear}
guidance:
  - Judge the relation, not the word.
"""


def main() -> int:
    print(f"machine: {platform.platform()}, Python {platform.python_version()}, PyYAML {yaml.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        rubrics = Path(folder, "rubrics")
        rubrics.mkdir()
        (rubrics / "technical.yaml").write_text(RUBRIC, "utf-8")
        for questions, runs in ((SHIPPED_SIZE, SMALL_RUNS), (QUESTIONS, RUNS)):
            file = Path(folder, f"{questions}.yaml")
            file.write_text(bank_text(questions), "utf-8")
            compare(file, questions, runs)
    return 0


def bank_text(questions: int) -> str:
    """A valid bank: each question with four criteria and a misconception."""
    criteria = "".join(CRITERION.replace("NUMBER", str(number)) for number in range(4))
    return HEAD + "".join(
        QUESTION.replace("NUMBER", str(number)).replace("CATEGORY", ("easy", "hard")[number % 2])
        + criteria
        + MISCONCEPTION
        for number in range(questions)
    )


def compare(file: Path, questions: int, runs: int) -> None:
    """Print the medians of both ways to read `file`, and their ratio."""
    pairs = [(seconds(plain_load, file), seconds(load_bank, file)) for _ in range(runs)]
    plain, bank = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(
        f"{questions:>6,} questions, {file.stat().st_size / 1e6:.2f} MB: load_bank {1000 * bank:,.1f} ms, "
        f"yaml.load {1000 * plain:,.1f} ms, ratio {bank / plain:.2f} (medians of {runs})"
    )


def plain_load(file: Path) -> object:
    return yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)


def seconds(load: Callable[[Path], object], file: Path) -> float:
    started = time.perf_counter()
    load(file)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
