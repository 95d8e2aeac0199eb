"""What the local grader costs: loading, one answer, memory, size.

An answer of some 120 words is graded against 6 criteria. Beside it an onnxruntime session alone is given the
same batches of tokens, so that the ratio says what everything else adds. Loading and memory are those of
processes of their own, which grade ten answers. Bars on 2 cores: 80 ms in the median, 0.5 s to load, 300 MB
resident, 30 MB of files.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from benchmarks._command import main
from benchmarks._measure import Bar, Measure, Pair, beside, in_turn
from benchmarks._recorded import ANSWER, QUESTION, Recorded, task_of
from benchmarks._running import must, run
from interviewer.bank.load import load_bank
from interviewer.bank.models import Question

COMMAND = "python -m benchmarks local_grader"
QUICK = {"rounds": 2, "loads": 1}
BAR_MS, BAR_LOAD, BAR_MB, BAR_FILES = Bar(80.0), Bar(0.5), Bar(300.0), Bar(30.0)
_BARE = "onnxruntime alone"


def measured(rounds: int = 60, loads: int = 5) -> Iterator[Measure]:
    """The rows. rounds: answers graded with and without misconceptions. loads: processes of each kind."""
    # First the processes: none shows less memory than this one has by now.
    seconds, memory = _processes(loads)
    whole = load_bank().question(QUESTION)
    what = f"local grader, {len(ANSWER.split())} words against {len(whole.criteria)} criteria"
    recorded = Recorded()
    alone = whole.model_copy(update={"misconceptions": ()})
    pairs = _judged(recorded, alone, rounds)
    yield beside(what, pairs, "ms", f"{_BARE}, same tokens", command=COMMAND, bar=BAR_MS)
    pairs = _judged(recorded, whole, rounds)
    yield beside(f"{what} and its misconceptions", pairs, "ms", f"{_BARE}, same tokens", command=COMMAND)
    yield beside("local grader, imports and loading", seconds, "s", _BARE, command=COMMAND, bar=BAR_LOAD)
    yield beside("local grader, memory of the process", memory, "MB", _BARE, command=COMMAND, bar=BAR_MB)
    size = sum(len(one.read_bytes()) for one in (files("interviewer.embedded") / "files").iterdir()) / 1e6
    yield Measure("local grader, files in the package", size, "MB", COMMAND, bar=BAR_FILES)


def _judged(recorded: Recorded, question: Question, rounds: int) -> list[Pair]:
    task = task_of(question)
    recorded.judge(task)  # the first one makes room
    return in_turn(rounds, lambda: recorded.judge(task), recorded.run_bare)


def _processes(loads: int) -> tuple[list[Pair], list[Pair]]:
    """Seconds to load, and the most memory in MB, of grader and session alone."""
    seconds, memory = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(-1, loads):
            found = [_process(kind, Path(folder)) for kind in ("own", "bare")]
            if number >= 0:  # the one before warms the disk cache
                seconds.append((found[0][0], found[1][0]))
                memory.append((found[0][1], found[1][1]))
    return seconds, memory


def _process(kind: str, folder: Path) -> tuple[float, float]:
    told = folder / "seconds"
    command = (sys.executable, "-m", "benchmarks._recorded", kind, str(folder / "feeds"), str(told))
    outcome = must(run(command, folder))
    return float(told.read_text(encoding="utf-8")), outcome.memory_mb


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
