"""What the store takes: bytes on disk for an answered turn, and the time of a write to the disk.

The bytes are what a file of many turns has more than one of few, for each turn; beside them those of the
answer's own text. A turn holds question, rubric, grade and reviews besides, so that it can be read when the
bank has changed; the bar is 16 kB. A write is timed in a store of few turns and in one of many, in turn: it
must not grow with what is there, so the bar is a ratio of 2.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from benchmarks._command import main
from benchmarks._interviews import ANSWER, START, fill, interview_of, turns_of
from benchmarks._measure import Bar, Measure, Pair, beside, compared
from interviewer.bank.load import load_bank
from interviewer.bank.models import Bank
from interviewer.interview.events import AnswerGraded, AnswerSubmitted, Event, InterviewStarted
from interviewer.interview.models import Turn
from interviewer.store.store import Store

COMMAND = "python -m benchmarks store"
QUICK = {"few": 10, "many": 50, "writes": 3}
BAR_BYTES, BAR_TIME = Bar(16.0), Bar(2.0, of="ratio")


def measured(few: int = 10, many: int = 10_000, writes: int = 50) -> Iterator[Measure]:
    """Kilobytes a turn, and milliseconds of a write of each kind. writes: of each."""
    bank = load_bank()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        homes = Path(folder, "many"), Path(folder, "few")
        sizes = [fill(home, bank, turns, START) for home, turns in zip(homes, (many, few), strict=True)]
        kilobytes = (sizes[0] - sizes[1]) / (many - few) / 1000
        answer = len(ANSWER.encode()) / 1000
        yield compared(
            "store, an answered turn",
            kilobytes,
            "kB",
            "the answer's text",
            answer,
            command=COMMAND,
            bar=BAR_BYTES,
        )
        stores = [stack.enter_context(Store.open(home)) for home in homes]
        answers, grades = _written(bank, stores[0], stores[1], writes)
    for kind, pairs in (("an answer", answers), ("a grade", grades)):
        yield beside(
            f"store, {kind} written after {many:,} turns", pairs,
            "ms", f"after {few:,}", command=COMMAND, bar=BAR_TIME,
        )  # fmt: skip


def _written(bank: Bank, many: Store, few: Store, writes: int) -> tuple[list[Pair], list[Pair]]:
    """Milliseconds for so many answers and their grades in each store, the next day, in turn."""
    at = START + timedelta(days=1)
    turns = tuple(turns_of(bank, writes, at))
    planned = tuple(Turn(index=t.index, question=t.question, rubric=t.rubric) for t in turns)
    interview = interview_of(bank, "next", planned, at)
    answers: list[Pair] = []
    grades: list[Pair] = []
    for store in (many, few):
        store.record(interview.id, InterviewStarted(interview=interview))
    for turn in turns:
        (answer,) = turn.answers
        assert answer.grade is not None
        assert turn.score is not None
        submitted = AnswerSubmitted(
            turn=turn.index, position=0, answer=answer.model_copy(update={"grade": None})
        )
        graded = AnswerGraded(
            turn=turn.index, position=0, grade=answer.grade, score=turn.score, at=answer.submitted_at
        )
        for pairs, event in ((answers, submitted), (grades, graded)):
            own = _milliseconds(many, interview.id, event)
            pairs.append((own, _milliseconds(few, interview.id, event)))
    return answers, grades


def _milliseconds(store: Store, id: str, event: Event) -> float:
    started = time.perf_counter()
    store.record(id, event)
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
