"""What the local grader costs: loading, one answer, memory, size.

    python -m benchmarks.local_grader

An answer of 120 words is graded against 6 criteria. Bars on 2 cores: 80 ms in the median, 0.5 s to load,
300 MB resident, 30 MB of files.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from importlib.resources import files
from statistics import median

BAR_MS, BAR_LOAD, BAR_MB, BAR_FILES_MB = 80.0, 0.5, 300.0, 30.0
ROUNDS = 60
ANSWER = (
    "First I look at what moved together with the tail: queue depth, GPU utilization, the mix of prompts. "
    "At peak the queue usually grows while the card looks busy, so I take one slow request right then and "
    "follow it through the server. Mostly its time goes into waiting for a slot and into the prefill of long "
    "prompts, not into decoding. Then I read how the scheduler admits and evicts: if requests are preempted "
    "because the cache has no free blocks, they are computed twice, and that alone explains the spike. "
    "What I would change after that: cache the system prompt that everybody shares, cap the prefill chunk, "
    "and try a draft model for the chat traffic."
)


def main() -> int:
    """Print the figures; the exit code is 1 if one is over its bar."""
    from interviewer.bank.load import load_bank
    from interviewer.grading.models import GradingTask

    bank = load_bank()
    started = time.perf_counter()
    from interviewer.background import Worker
    from interviewer.embedded.model import EmbeddedModel
    from interviewer.grading.local import LocalGrader

    model = EmbeddedModel()
    loaded = time.perf_counter() - started
    whole = bank.question("p99-spike-at-peak")
    alone = whole.model_copy(update={"misconceptions": ()})
    grader = LocalGrader(model, worker=Worker(), clock=time.perf_counter)
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, question in (("alone", alone), ("whole", whole)):
            task = GradingTask(question=question, rubric=bank.rubric_of(question), answer=ANSWER)
            started = time.perf_counter()
            grader.judge(task)
            times.setdefault(name, []).append(1000 * (time.perf_counter() - started))
    size = sum(len(one.read_bytes()) for one in (files("interviewer.embedded") / "files").iterdir()) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    print(f"{len(ANSWER.split())} words against {len(whole.criteria)} criteria, {ROUNDS} times")
    rows = (
        ("one answer, median", median(times["alone"]), "ms", BAR_MS),
        ("imports and loading", loaded, "s", BAR_LOAD),
        ("resident at most", memory, "MB", BAR_MB),
        ("files", size, "MB", BAR_FILES_MB),
    )
    for name, value, unit, bar in rows:
        print(f"{name}: {value:.3g} {unit} (bar {bar:g})")
    print(f"the same with the question's misconceptions, median: {median(times['whole']):.3g} ms")
    return int(any(value > bar for _, value, _, bar in rows))


if __name__ == "__main__":
    sys.exit(main())
