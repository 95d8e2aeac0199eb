"""Loading a bank, beside `yaml.load` of the same file with PyYAML's C loader.

A bank of many questions and one of 23, the size of the shipped one, are written to a temporary folder.
`yaml.load` only gives lists and dictionaries: it checks nothing. The bar is a ratio of 1.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import yaml

from benchmarks._command import main
from benchmarks._measure import Bar, Measure, beside, in_turn
from interviewer.bank.load import load_bank

COMMAND = "python -m benchmarks bank_load"
QUICK = {"questions": 50, "runs": 1, "small_runs": 1}
BAR = Bar(1.0, of="ratio")
SHIPPED_SIZE = 23

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


def measured(questions: int = 10_000, runs: int = 3, small_runs: int = 30) -> Iterator[Measure]:
    """Milliseconds for a bank of the shipped one's size, and for one of so many questions."""
    with tempfile.TemporaryDirectory() as folder:
        rubrics = Path(folder, "rubrics")
        rubrics.mkdir()
        (rubrics / "technical.yaml").write_text(RUBRIC, "utf-8")
        for count, times in ((SHIPPED_SIZE, small_runs), (questions, runs)):
            file = Path(folder, f"{count}.yaml")
            file.write_text(bank_text(count), "utf-8")
            pairs = in_turn(
                times, partial(milliseconds, load_bank, file), partial(milliseconds, plain_load, file)
            )
            name = f"bank of {count:,} questions read and checked"
            yield beside(name, pairs, "ms", "`yaml.load` with libyaml", command=COMMAND, bar=BAR)


def bank_text(questions: int) -> str:
    """A valid bank: each question with four criteria and a misconception."""
    criteria = "".join(CRITERION.replace("NUMBER", str(number)) for number in range(4))
    return HEAD + "".join(
        QUESTION.replace("NUMBER", str(number)).replace("CATEGORY", ("easy", "hard")[number % 2])
        + criteria
        + MISCONCEPTION
        for number in range(questions)
    )


def plain_load(file: Path) -> object:
    """Lists and dictionaries; nothing is checked."""
    return yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)


def milliseconds(load: Callable[[Path], object], file: Path) -> float:
    """What `load` takes for `file`."""
    started = time.perf_counter()
    load(file)
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
