"""What it takes to export an interview of a thousand turns: whole commands, in each format.

    python benchmarks/export.py [TURNS] [RUNS]

An interview of TURNS graded turns (1,000 unless told) over the shipped bank, each with evidence, reasons and
feedback, is written to a store in a temporary folder, and `interviewer export` writes it to a file; the
medians of RUNS (5 unless told) are printed. The bar is 2 s for md, html, json, jsonl and csv. Told apart,
without a bar: the command's start, by `interviewer sessions`; what an export of all interviews takes; and a
PDF of 50 turns, where WeasyPrint is installed. JSON is read back and written again, and must be the same
bytes.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from interviewer.bank.load import load_bank
from interviewer.bank.models import Bank
from interviewer.grading.models import CriterionGrade, Evidence, Grade, GraderIdentity, Verdict
from interviewer.grading.score import turn_score
from interviewer.interview.events import InterviewStarted
from interviewer.interview.models import Answer, BankLabel, Interview, Settings, Status, Turn, TurnStatus
from interviewer.report.json_format import from_json, to_json
from interviewer.store.store import Store

TURNS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
BAR = 2.0
FEW = 50  # turns of the interview that becomes a PDF
SEVERAL = 100  # interviews of ten turns each
START = datetime(2026, 1, 5, 19, tzinfo=UTC)
# As the installed command runs it.
PROGRAM = ("-c", "from interviewer.cli import main; main()")
SENTENCE = "So what happens is this, and that is why it takes the time that it takes. "


def main() -> int:
    """Print the medians; the exit code is 1 above the bar, or if JSON does not come back."""
    bank = load_bank(None, None)
    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with Store.open(home / "data") as store:
            for name, turns in (("large", TURNS), ("few", FEW)):
                store.record(name, InterviewStarted(interview=interview_of(bank, name, turns)))
        print(f"start:  {seconds(home, 'sessions'):5.2f} s")
        over = [format for format in ("md", "html", "json", "jsonl", "csv") if not is_quick(home, format)]
        text = (home / "x.json").read_text(encoding="ascii")
        comes_back = to_json(from_json(text)) == text
        print(f"JSON read and written again is {'the same' if comes_back else 'NOT THE SAME'}")
        if find_spec("weasyprint"):
            taken = seconds(home, "export", "few", "-f", "pdf", "-o", str(home / "x.pdf"))
            print(f"pdf of {FEW} turns: {taken:.2f} s")
        all_of_them(home, bank)
    return int(bool(over) or not comes_back)


def is_quick(home: Path, format: str) -> bool:
    """Whether the median of RUNS is within the bar; it is printed."""
    target = home / f"x.{format}"
    arguments = ("export", "large", "-f", format, "-o", str(target), "--force")
    taken = statistics.median(seconds(home, *arguments) for _ in range(RUNS))
    size = target.stat().st_size / 1e6
    print(f"{format:<6} {taken:6.2f} s (median of {RUNS}; bar {BAR:g}), {TURNS:,} turns, {size:.1f} MB")
    return taken <= BAR


def all_of_them(home: Path, bank: Bank) -> None:
    """Print what an export of many interviews takes."""
    with Store.open(home / "data") as store:
        for number in range(SEVERAL):
            id = f"one-{number:03}"
            store.record(id, InterviewStarted(interview=interview_of(bank, id, 10)))
    for format, target in (("csv", "all.csv"), ("jsonl", "all.jsonl"), ("md", "md"), ("html", "html")):
        taken = seconds(home, "export", "--all", "-f", format, "-o", str(home / target))
        print(f"--all as {format:<5}: {taken:.2f} s for {SEVERAL + 2} interviews")


def interview_of(bank: Bank, id: str, turns: int) -> Interview:
    """A finished interview of `turns` graded turns."""
    return Interview(
        id=id,
        status=Status.FINISHED,
        started_at=START,
        finished_at=START + timedelta(hours=1),
        bank=BankLabel(
            id=bank.id,
            title=bank.title,
            role=bank.role,
            fingerprint=bank.fingerprint,
            categories=tuple((c.id, c.title) for c in bank.categories),
        ),
        settings=Settings(seed=1, grader="llm", model="benchmark", question_seconds=240),
        turns=tuple(turn_of(bank, index) for index in range(turns)),
    )


def turn_of(bank: Bank, index: int) -> Turn:
    """A turn whose answer has evidence for each criterion but those that are missing."""
    question = bank.questions[index % len(bank.questions)]
    rubric = bank.rubric_of(question)
    text = SENTENCE * 12
    verdicts = [
        list(Verdict)[(index + position) % len(Verdict)] for position in range(len(question.criteria))
    ]
    grade = Grade(
        score=0,
        band=rubric.bands[-1].id,
        criteria=tuple(
            CriterionGrade(
                id=criterion.id,
                verdict=verdict,
                evidence=() if verdict is Verdict.MISSING else (quote(text, position),),
                reason="The relation between the two is not said.",
            )
            for position, (criterion, verdict) in enumerate(zip(question.criteria, verdicts, strict=True))
        ),
        feedback="You name what matters; say next why it does.",
        grader=GraderIdentity(kind="llm", model="benchmark", prompt_version="p", rubric_version="r"),
    )
    return Turn(
        index=index,
        question=question,
        rubric=rubric,
        status=TurnStatus.GRADED,
        asked_at=START,
        answers=(Answer(text=text, submitted_at=START, seconds=60 + index % 200, grade=grade),),
        score=turn_score([grade], question, rubric),
    )


def quote(text: str, position: int) -> Evidence:
    """A quote of a sentence or so that overlaps with those beside it."""
    start = 50 * position
    return Evidence(quote=text[start : start + 80], start=start, end=start + 80)


def seconds(home: Path, *arguments: str) -> float:
    environment = {**os.environ, "INTERVIEWER_HOME": str(home)}
    command = (sys.executable, *PROGRAM, *arguments)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = time.perf_counter()
    subprocess.run(command, check=True, env=environment, **quiet)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
