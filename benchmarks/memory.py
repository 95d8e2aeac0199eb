"""Looking back on a year of daily practice, beside an empty store: whole commands, side by side.

    python benchmarks/memory.py [TURNS] [RUNS]

A store of TURNS graded turns (10,000 unless told) over the shipped bank, ten a sitting, is written to a
temporary folder. `interviewer progress --json`, `interviewer progress` and `interviewer start --due`, left at
once, are run with it and with an empty one, in turn, so that a busy machine slows both; the medians and their
difference are printed. The bar is 300 ms. What is paid once is told apart: the first look
back after an update from a version that kept no reviews.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from interviewer.bank.load import load_bank
from interviewer.bank.models import Bank, Question
from interviewer.grading.models import CriterionGrade, Grade, GraderIdentity, Verdict
from interviewer.grading.score import turn_score
from interviewer.interview.events import InterviewStarted
from interviewer.interview.models import Answer, BankLabel, Interview, Settings, Status, Turn, TurnStatus
from interviewer.store.database import Database
from interviewer.store.writing import write_event

TURNS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 9
A_SITTING = 10
BAR = 0.3
NOW = datetime.now(UTC)
# As the installed command runs it.
PROGRAM = "from interviewer.cli import main; main()"
COMMANDS = {
    "progress": ("-c", PROGRAM, "progress"),
    "progress --json": ("-c", PROGRAM, "progress", "--json"),
    "start --due": ("-c", PROGRAM, "start", "--due", "--grader", "local"),
}


def main() -> int:
    """Print the medians; the exit code is 1 above the bar."""
    bank = load_bank(None, None)
    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    is_over = False
    with tempfile.TemporaryDirectory() as folder:
        full, empty = Path(folder, "full"), Path(folder, "empty")
        started = time.perf_counter()
        size = build(full / "data", bank)
        built = time.perf_counter() - started
        print(f"{TURNS:,} turns, {size / 1e6:.0f} MB, written in {built:.1f} s")
        for name, command in COMMANDS.items():
            for home in (full, empty):
                seconds(command, home)  # warm the disk cache, keep the bank, make the empty store
            pairs = [(seconds(command, empty), seconds(command, full)) for _ in range(RUNS)]
            nothing, much = (statistics.median(column) for column in zip(*pairs, strict=True))
            is_over = is_over or much - nothing > BAR
            print(
                f"{name:<16} empty {1000 * nothing:,.0f} ms, full {1000 * much:,.0f} ms: "
                f"{1000 * (much - nothing):+,.0f} ms (medians of {RUNS}; bar {1000 * BAR:.0f} ms)"
            )
        forget(full / "data")
        print(f"first look back after an update: {1000 * seconds(COMMANDS['progress'], full):,.0f} ms, once")
    return int(is_over)


def build(folder: Path, bank: Bank) -> int:
    """Write the store, the last turn yesterday; its size in bytes."""
    chance = Random(1)
    database = Database.open(folder, wait=10)
    sittings = -(-TURNS // A_SITTING)
    with database.writing() as connection:
        for number in range(sittings):
            at = NOW - timedelta(days=1) - (sittings - 1 - number) * timedelta(days=365) / sittings
            count = min(A_SITTING, TURNS - number * A_SITTING)
            interview = interview_of(bank, number, at, chance.sample(bank.questions, count), chance)
            write_event(connection, interview.id, InterviewStarted(interview=interview))
    database.close()
    return (folder / "interviews.sqlite3").stat().st_size


def interview_of(
    bank: Bank, number: int, at: datetime, questions: list[Question], chance: Random
) -> Interview:
    """A finished interview in which the candidate gets better over the year."""
    skill = 0.3 + 0.5 * number * A_SITTING / TURNS
    return Interview(
        id=f"{at:%Y%m%d-%H%M%S}-{number:06}",
        status=Status.FINISHED,
        started_at=at,
        finished_at=at,
        bank=BankLabel(
            id=bank.id,
            title=bank.title,
            role=bank.role,
            fingerprint=bank.fingerprint,
            categories=tuple((c.id, c.title) for c in bank.categories),
        ),
        settings=Settings(seed=number, grader="local"),
        turns=tuple(
            turn_of(bank, index, question, at + timedelta(minutes=index), skill, chance)
            for index, question in enumerate(questions)
        ),
    )


def turn_of(bank: Bank, index: int, question: Question, at: datetime, skill: float, chance: Random) -> Turn:
    verdicts = [
        Verdict.MET if chance.random() < skill else chance.choice((Verdict.PARTIAL, Verdict.MISSING))
        for _ in question.criteria
    ]
    rubric = bank.rubric_of(question)
    grade = Grade(
        score=0,
        band=rubric.bands[-1].id,
        criteria=tuple(
            CriterionGrade(id=c.id, verdict=v) for c, v in zip(question.criteria, verdicts, strict=True)
        ),
        grader=GraderIdentity(kind="local", model="benchmark"),
    )
    answer = Answer(text="So what happens is this. " * 30, submitted_at=at, seconds=120, grade=grade)
    return Turn(
        index=index,
        question=question,
        rubric=rubric,
        status=TurnStatus.GRADED,
        asked_at=at,
        answers=(answer,),
        score=turn_score([grade], question, rubric),
    )


def forget(folder: Path) -> None:
    """Leave the store as an update finds it: graded, and nothing reviewed."""
    connection = sqlite3.connect(folder / "interviews.sqlite3")
    with connection:
        for table in ("reviews", "reviewed_turns", "cards"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("INSERT INTO unreviewed SELECT DISTINCT interview_id, turn FROM grades")
    connection.close()


def seconds(command: tuple[str, ...], home: Path) -> float:
    environment = {**os.environ, "INTERVIEWER_HOME": str(home), "COLUMNS": "100"}
    started = time.perf_counter()
    subprocess.run(
        (sys.executable, *command),
        check=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
