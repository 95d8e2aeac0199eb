"""How long a candidate waits in an exam while each grade takes seconds.

The real program speaks to a server on this machine that takes so long for each reply. Answers go in through a
pipe once their question is on screen. Bars: the next question is there within 0.1 s of an answer, and the
summary at most one grade and a second after the last one. Beside it the same answers in practice mode,
where each grade is waited for.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import IO

from benchmarks._command import main
from benchmarks._measure import Bar, Measure, compared
from benchmarks._running import PROGRAM, environment
from benchmarks._service import served

COMMAND = "python -m benchmarks exam_wait"
QUICK = {"seconds": 0.5, "questions": 2}
BAR = Bar(100.0)
BAR_END = Bar(1.0, of="difference")
ANSWER = "It keeps what was computed before, so that the next step has less to do.\n---\n"


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from each answer to the next question, and from the last one to the summary."""

    each: tuple[float, ...]
    end: float


def measured(seconds: float = 3.0, questions: int = 5) -> Iterator[Measure]:
    """The waits in an exam, beside those in practice. questions: two or more."""
    with served(lambda _: seconds) as url:
        sit("practice", url, 2)  # files in the cache of the system
        practice, exam = sit("practice", url, questions), sit("exam", url, questions)
    longest = 1000 * max(exam.each)
    yield compared(
        f"exam, longest wait for the next question, a grade takes {seconds:g} s",
        longest, "ms", "practice, median", 1000 * median(practice.each), command=COMMAND, bar=BAR,
    )  # fmt: skip
    yield compared(
        "exam, from the last answer to the summary",
        exam.end,
        "s",
        "one grade",
        seconds,
        command=COMMAND,
        bar=BAR_END,
    )


def sit(mode: str, url: str, count: int) -> Waits:
    """Answer `count` questions. AssertionError if the program ends before its time."""
    chosen = f"start -n {count} --seed 1 --mode {mode} --follow-ups 0 --samples 1 --warm-up never"
    with tempfile.TemporaryDirectory() as home:
        program = subprocess.Popen(
            [*PROGRAM, *chosen.split(), "--base-url", url, "--model", "slow"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**environment(Path(home)), "INTERVIEWER_CROSS_CHECK": "never"},
        )
        assert program.stdin is not None
        assert program.stdout is not None
        waits = []
        _until(program.stdout, "Question 1 of")
        for number in range(1, count + 1):
            time.sleep(1.0)  # a person reads; the program gets ready meanwhile
            program.stdin.write(ANSWER)
            program.stdin.flush()
            sent = time.perf_counter()
            if number == count:
                program.stdin.close()
            _until(program.stdout, f"Question {number + 1} of" if number < count else "Summary")
            waits.append(time.perf_counter() - sent)
        program.wait()
        program.stdout.close()
    return Waits(tuple(waits[:-1]), waits[-1])


def _until(out: IO[str], wanted: str) -> None:
    """Read up to the line that holds `wanted`."""
    while (line := out.readline()) and wanted not in line:
        pass
    assert line, f"the program ended before {wanted!r}"


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
