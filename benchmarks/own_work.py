"""What a grade costs beside the model: find instructions, build the prompt, parse, check quotes, score.

    python -m benchmarks.own_work

A full answer to each shipped question is graded by a model that replies at once. The bar is a median of 5 ms.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import time
from statistics import median

from interviewer.bank.load import load_bank
from interviewer.grading.llm import LlmGrader
from interviewer.grading.models import GradingTask
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.fake_wire import FakeWire
from interviewer.llm.wire import ChatRequest

BAR_MS = 5.0
ROUNDS = 20


def everything_met(request: ChatRequest) -> str:
    """Met for all, each with the first words of a sentence."""
    question, answer = (
        json.loads(line) for line in request.messages[-1].content.split("\n") if line.startswith("{")
    )
    name, text = next(iter(answer["sentences"].items()))
    quote = {"quote": " ".join(text.split()[:8]), "s": name}
    criteria = [
        {"criterion_id": c["id"], "evidence": [quote], "gap": "", "verdict": "met"}
        for c in question["criteria"]
    ]
    return json.dumps({"criteria": criteria, "delivery": [], "feedback": "Good.", "follow_up": ""})


async def main() -> int:
    """Print the median and the slowest twentieth; the exit code is 1 above the bar."""
    bank = load_bank()
    tasks = [GradingTask(question=q, rubric=bank.rubric_of(q), answer=q.hint) for q in bank.questions]
    client = ChatClient(FakeWire(default=everything_met), None, RetryPolicy())
    grader = LlmGrader(client, model="instant", clock=time.perf_counter)
    times = []
    for _ in range(ROUNDS):
        for task in tasks:
            started = time.perf_counter()
            await grader.grade(task)
            times.append(1000 * (time.perf_counter() - started))
    times.sort()
    size = median(len(task.answer) for task in tasks)
    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    late = times[int(0.95 * len(times))]
    print(f"own work per grade: median {median(times):.1f} ms, 95th {late:.1f} ms (bar {BAR_MS:g})")
    print(f"{len(times)} grades; answers of {size:.0f} characters in the median")
    return int(median(times) > BAR_MS)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
