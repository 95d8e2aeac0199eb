"""Banks of the tests: written with their rubrics to a folder of the test's own, never the shipped ones."""

from __future__ import annotations

from pathlib import Path

BANK = """\
version: 1
id: tests
title: Bank of the tests
role: Tester
categories:
  - id: easy
    title: Easy
    difficulty: 2
    rubric: technical
  - id: hard
    title: Hard
    rubric: technical
questions:
  - id: latency
    category: easy
    text: How do latency and throughput differ?
    hint: One is the time of a single request, the other the number of requests in a second.
    nudge: Think of one request, then of many.
    minutes: 2.5
    tags: [basics, latency]
    rubric: technical
    criteria:
      - id: one-request
        requirement: Says that latency is the time of one request.
        weight: 2
        must_have: true
        partial: Names the time.
        probe: And for one request?
      - id: many-requests
        requirement: Says that throughput counts requests in a unit of time.
    misconceptions:
      - id: same-thing
        claim: They always improve together.
        correction: They can move against each other.
        penalty: 15
  - id: memory-wall
    category: hard
    text: What is the memory wall?
    hint: The arithmetic waits for the memory.
    criteria:
      - id: waiting
        requirement: Says what waits for what.
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


def bank_file(folder: Path, bank: str | bytes = BANK, **rubrics: str | bytes) -> Path:
    """The path of a new bank file with that content.

    rubrics: contents of the rubric files beside it, by name without ending; RUBRIC alone if none is given.
    """
    beside = folder / "rubrics"
    beside.mkdir(parents=True, exist_ok=True)
    for name, content in (rubrics or {"technical": RUBRIC}).items():
        write(beside / f"{name}.yaml", content)
    return write(folder / "questions.yaml", bank)


def write(file: Path, content: str | bytes) -> Path:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def line_with(piece: str, text: str = BANK, *, nth: int = 1) -> int:
    """The 1-based line of the `nth` line of `text` that holds `piece`."""
    return [number for number, line in enumerate(text.split("\n"), 1) if piece in line][nth - 1]
