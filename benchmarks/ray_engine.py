"""The local grader in one process against the same on Ray with two workers, on one machine.

    python -m benchmarks.ray_engine [ANSWERS] [WORKERS]

ANSWERS (1,500 unless told) of some 120 words to all questions of the bank are graded by `grade` in processes
of their own. Starting is told apart from grading: a run of a few answers is taken off. All lines must be
equal, but for the time that each took. Then empty answers, which cost next to nothing to judge: how many the
program itself gets through, and what it holds in memory for 1,000 and for 20,000 of them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._machine import this_machine
from benchmarks._recorded import ANSWER
from benchmarks._running import PROGRAM, must, run
from interviewer.bank.load import load_bank

ANSWERS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_500
WORKERS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
FEW = 32
EMPTY = (1_000, 20_000)
ONE = ("--grader", "local")
RAY = ("--engine", "ray", "--workers", str(WORKERS))


@dataclass(frozen=True)
class Outcome:
    """What a run came to. memory_mb: the most that the program itself held, without Ray's processes."""

    seconds: float
    memory_mb: float
    lines: list[dict[str, Any]]


def main() -> int:
    """Print the figures; the exit code is 1 if a line differs."""
    print(f"machine: {this_machine()}")
    with tempfile.TemporaryDirectory() as folder:
        few, many = (written(Path(folder, f"{count}.jsonl"), count, ANSWER) for count in (FEW, ANSWERS))
        rates, found = {}, {}
        for name, how in (("one process", ONE), (f"ray, {WORKERS} workers", RAY)):
            start, found[name] = graded(few, how), graded(many, how)
            rates[name] = (ANSWERS - FEW) / (found[name].seconds - start.seconds)
            print(
                f"{name}: {rates[name]:.1f} answers a second, {found[name].seconds:.1f} s for {ANSWERS:,}, "
                f"{start.seconds:.1f} s for {FEW}, {found[name].memory_mb:.0f} MB"
            )
        one, ray = found.values()
        alone, shared = rates.values()
        print(f"ratio: {shared / alone:.2f}")
        print(
            f"equal lines: {sum(a == b for a, b in zip(one.lines, ray.lines, strict=True)):,} of {ANSWERS:,}"
        )
        little, much = (
            graded(written(Path(folder, f"{count}-empty.jsonl"), count, ""), RAY) for count in EMPTY
        )
        rate = (EMPTY[1] - EMPTY[0]) / (much.seconds - little.seconds)
        print(f"empty answers, ray: {rate:,.0f} a second")
        held = ", ".join(
            f"{one.memory_mb:.0f} MB for {n:,}" for n, one in zip(EMPTY, (little, much), strict=True)
        )
        print(f"the program's memory: {held}")
    return int(one.lines != ray.lines)


def written(file: Path, count: int, answer: str) -> Path:
    """`file` with so many lines, each of another answer unless it is empty."""
    questions = [question.id for question in load_bank().questions]
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            said = f"This is how I see it in case {number}. {answer}" if answer else ""
            line = {"id": f"{number}", "question_id": questions[number % len(questions)], "answer": said}
            out.write(json.dumps(line) + "\n")
    return file


def graded(source: Path, how: tuple[str, ...]) -> Outcome:
    """What `grade` makes of `source`; the program ends if it cannot."""
    out = source.with_suffix(".out")
    ran = must(run((*PROGRAM, "grade", str(source), "-o", str(out), *how), source.parent / "home"))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    out.unlink()
    for line in lines:
        del line["latency_ms"]
    return Outcome(ran.seconds, ran.memory_mb, lines)


if __name__ == "__main__":
    sys.exit(main())
