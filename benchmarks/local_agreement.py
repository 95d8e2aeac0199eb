"""How the local grader agrees with human labels, through the whole path that a user takes.

    python -m benchmarks.local_agreement FILE.jsonl ...

One JSON object a line, as `interviewer grade` takes it, with `human_score` (0 to 1) and perhaps
`human_verdicts`, `human_verdict` or `label`. An answer that is not scored counts as 0, and is counted.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import correlation, fmean
from typing import Any

from interviewer.background import Worker
from interviewer.bank.load import load_bank
from interviewer.batch.lines import job_of
from interviewer.embedded.model import EmbeddedModel
from interviewer.errors import GraderError
from interviewer.grading.local import LocalGrader
from interviewer.grading.models import Flag, Grade, Verdict

SHOWN = {Verdict.MET, Verdict.PARTIAL}


def main() -> None:
    """Print a paragraph for each file."""
    bank = load_bank()
    grader = LocalGrader(EmbeddedModel(), worker=Worker(), clock=time.perf_counter)
    for name in sys.argv[1:]:
        rows = [json.loads(line) for line in Path(name).read_text(encoding="utf-8").splitlines()]
        grades = [_graded(grader, json.dumps(row), bank) for row in rows]
        print(f"{Path(name).name}: {len(rows)} answers, {grades.count(None)} not scored")
        _tell(rows, grades)


def _graded(grader: LocalGrader, line: str, bank: Any) -> Grade | None:
    job = job_of(line, bank)
    if job.task is None:
        raise SystemExit(f"{job.id}: {job.error}")
    try:
        return grader.judge(job.task)
    except GraderError:
        return None


def _tell(rows: Sequence[dict[str, Any]], grades: Sequence[Grade | None]) -> None:
    scores = [grade.score if grade else 0.0 for grade in grades]
    human = [float(row["human_score"]) for row in rows]
    error = fmean(abs(a - 100 * b) for a, b in zip(scores, human, strict=True))
    print(f"  Pearson r of the score: {correlation(scores, human):.3f}, mean error {error:.1f} points")
    _by_kind(rows, scores)
    _by_criterion(rows, grades)
    if "label" in rows[0] or "human_verdict" in rows[0]:
        truth = [row.get("label") == "correct" or row.get("human_verdict") == "met" for row in rows]
        met = [grade is not None and grade.criteria[0].verdict is Verdict.MET for grade in grades]
        print(
            f"  correct against not, macro-F1: {macro_f1([s > 50 for s in scores], truth):.3f} (score > 50)"
        )
        print(f"                                 {macro_f1(met, truth):.3f} (verdict met)")


def _by_kind(rows: Sequence[dict[str, Any]], scores: Sequence[float]) -> None:
    kinds: dict[str, list[float]] = defaultdict(list)
    for row, score in zip(rows, scores, strict=True):
        if "kind" in row:
            kinds[row["kind"]].append(score)
    if kinds:
        print("  mean score: " + ", ".join(f"{kind} {fmean(many):.1f}" for kind, many in kinds.items()))


def _by_criterion(rows: Sequence[dict[str, Any]], grades: Sequence[Grade | None]) -> None:
    """How often met or partial against missing or wrong is as the human says; and the four verdicts."""
    shown, exact, unsure = [], [], []
    for row, grade in zip(rows, grades, strict=True):
        for one in grade.criteria if grade else ():
            said = row.get("human_verdicts", {}).get(one.id)
            if said is not None:
                shown.append((one.verdict in SHOWN) == (Verdict(said) in SHOWN))
                exact.append(one.verdict is Verdict(said))
                unsure.append(Flag.NOT_SURE in one.flags)
    if shown:
        print(f"  criteria right: {fmean(shown):.1%} of {len(shown)} (all four verdicts: {fmean(exact):.1%})")
        sure = [right for right, u in zip(shown, unsure, strict=True) if not u]
        print(f"  not sure of {fmean(unsure):.1%}; of the others {fmean(sure):.1%} are right")


def macro_f1(said: Sequence[bool], truth: Sequence[bool]) -> float:
    """Mean of the F1 of both classes, 0 to 1."""
    found = []
    for value in (True, False):
        hit = sum(s == value and t == value for s, t in zip(said, truth, strict=True))
        both = sum(s == value for s in said) + sum(t == value for t in truth)
        found.append(2 * hit / both if both else 0.0)
    return fmean(found)


if __name__ == "__main__":
    main()
