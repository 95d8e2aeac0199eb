"""The local grader on a session that is listened to, so that the same batches of tokens can be run bare.

    python -m benchmarks._recorded own|bare FEEDS SECONDS

loads the grader, or session and tokenizer alone, and has ten answers judged. What it took to import and load
goes into the file SECONDS; `own` writes its batches into FEEDS, and `bare` reads them there.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Sequence
from importlib.resources import as_file
from pathlib import Path
from typing import Any
from unittest.mock import patch

from interviewer.bank.load import load_bank
from interviewer.bank.models import Question
from interviewer.grading.models import GradingTask

QUESTION = "p99-spike-at-peak"
ANSWER = (
    "First I look at what moved together with the tail: queue depth, GPU utilization, the mix of prompts. "
    "At peak the queue usually grows while the card looks busy, so I take one slow request right then and "
    "follow it through the server. Mostly its time goes into waiting for a slot and into the prefill of long "
    "prompts, not into decoding. Then I read how the scheduler admits and evicts: if requests are preempted "
    "because the cache has no free blocks, they are computed twice, and that alone explains the spike. "
    "What I would change after that: cache the system prompt that everybody shares, cap the prefill chunk, "
    "and try a draft model for the chat traffic."
)
_TIMES = 10

#: Names of outputs, and the inputs.
Feed = tuple[tuple[str, ...], dict[str, Any]]


class Recorded:
    """The grader as the program builds it, its model loaded. feeds: the batches of the latest answer."""

    def __init__(self) -> None:
        from interviewer.embedded.runtime import runtime

        onnxruntime = runtime()
        self.feeds: list[Feed] = []
        self._session_of = onnxruntime.InferenceSession
        with patch.object(onnxruntime, "InferenceSession", self._listening):
            from interviewer.background import Worker
            from interviewer.embedded.model import EmbeddedModel
            from interviewer.grading.local import LocalGrader

            self._grader = LocalGrader(EmbeddedModel(), worker=Worker(), clock=time.perf_counter)

    def _listening(self, *arguments: Any, **options: Any) -> Recorded:
        self._session = self._session_of(*arguments, **options)
        return self

    def run(self, names: Sequence[str], feed: dict[str, Any]) -> Any:
        """As the session does."""
        self.feeds.append((tuple(names), feed))
        return self._session.run(names, feed)

    def judge(self, task: GradingTask) -> float:
        """Milliseconds that the grader takes for `task`."""
        self.feeds.clear()
        started = time.perf_counter()
        self._grader.judge(task)
        return 1000 * (time.perf_counter() - started)

    def run_bare(self) -> float:
        """Milliseconds that the session alone takes for the batches of the latest answer."""
        started = time.perf_counter()
        for names, feed in self.feeds:
            self._session.run(names, feed)
        return 1000 * (time.perf_counter() - started)


def task_of(question: Question) -> GradingTask:
    """The answer to `question`."""
    return GradingTask(question=question, rubric=load_bank().rubric_of(question), answer=ANSWER)


def _own(feeds: Path) -> float:
    task = task_of(load_bank().question(QUESTION))
    started = time.perf_counter()
    recorded = Recorded()
    taken = time.perf_counter() - started
    for _ in range(_TIMES):
        recorded.judge(task)
    feeds.write_bytes(pickle.dumps(recorded.feeds))
    return taken


def _bare(feeds: Path) -> float:
    from interviewer.embedded.about import MODEL, TOKENIZER, shipped
    from interviewer.embedded.model import THREADS
    from interviewer.embedded.runtime import runtime

    started = time.perf_counter()
    onnxruntime = runtime()
    from tokenizers import Tokenizer

    Tokenizer.from_str((shipped() / TOKENIZER).read_text(encoding="utf-8"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.enable_mem_pattern = False
    with as_file(shipped() / MODEL) as path:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    taken = time.perf_counter() - started
    for names, feed in pickle.loads(feeds.read_bytes()) * _TIMES:
        session.run(names, feed)
    return taken


if __name__ == "__main__":
    kind, feeds, seconds = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    seconds.write_text(str(_own(feeds) if kind == "own" else _bare(feeds)), encoding="utf-8")
