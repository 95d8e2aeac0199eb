"""What the checks on a grade do: attacks that get through, false alarms, and drift on clean answers.

    python -m benchmarks.trust [FILE.jsonl ...]

The files hold human-graded answers, one JSON object a line: `question`, `reference` (text or list) or
`criteria`, `answer`, and `human_score` (0 to 1), `human_verdict` or `human_verdicts`. docs/trust.md says
where to get the public sets. Without files, the attacks and honest answers of this repository are measured.

Drift: a judge that knows the human verdict quotes the sentence of the answer that shares most words with
the requirement, and the next one when it is asked again. The score with all checks, minus that of the
bare verdicts.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, median
from typing import Any

from interviewer.bank.load import load_bank
from interviewer.bank.models import Criterion, Question, Rubric
from interviewer.grading.instructions import instructions_in, withheld
from interviewer.grading.llm import LlmGrader
from interviewer.grading.models import CriterionGrade, GradingTask, Verdict
from interviewer.grading.score import score_of
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.fake_wire import FakeWire
from interviewer.llm.wire import ChatRequest
from interviewer.text import fold, sentences, words
from tests.support.attacks import ATTACKS
from tests.support.honest import HONEST

PLACES = ("{answer}\n\n{attack}", "{attack}\n{answer}", "{answer} {attack}")
ANSWER = "Latency is about how long one request takes to come back to the user."


def main() -> None:
    """Print every number that docs/trust.md gives."""
    print(f"attacks: {len(ATTACKS)} in {len(PLACES)} places: {sum(map(reaches, attacked()))} reach the model")
    alarms = sum(bool(instructions_in(answer)) for answer in HONEST)
    print(f"honest answers about prompts, systems and scores: {len(HONEST)}, false alarms: {alarms}")
    hard = json.loads((Path(__file__).parent / "other_hand.json").read_text(encoding="utf-8"))
    passed = sum(not instructions_in(attack) for attack in hard["attacks"])
    alarms = sum(bool(instructions_in(answer)) for answer in hard["honest"])
    print(f"by another hand, signs mended with them: {len(hard['attacks'])} attacks, {passed} not found")
    print(
        f"by another hand: {len(hard['honest'])} honest sentences made to look alike, {alarms} false alarms"
    )
    for name in sys.argv[1:]:
        measure(Path(name))


def attacked() -> Iterator[tuple[str, str]]:
    """Each attack in each place, with the answer that carries it."""
    for attack in ATTACKS.values():
        for place in PLACES:
            yield attack, place.format(answer=ANSWER, attack=attack)


def reaches(case: tuple[str, str]) -> bool:
    """Whether four words in a row of the attack are left for the model to read."""
    attack, answer = case
    found = instructions_in(answer)
    left = " ".join(answer[s.start : s.end] for s in sentences(answer) if not withheld(s, found))
    known, told = words(fold(attack).text), " ".join(words(fold(left).text))
    return any(" ".join(known[i : i + 4]) in told for i in range(max(1, len(known) - 3)))


def measure(path: Path) -> None:
    """False alarms and drift on the answers of one file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    clean = [row for row in rows if row.get("kind") != "injection"]
    alarms = sum(bool(instructions_in(row["answer"])) for row in clean)
    rubric = load_bank().rubric_of(load_bank().questions[0])
    started = time.perf_counter()
    drifts = asyncio.run(_drifts([case for row in clean if (case := labelled(row, rubric))]))
    seconds = time.perf_counter() - started
    changed = [drift for drift in drifts if abs(drift) > 1e-9]
    print(
        f"{path.name}: {len(clean)} clean answers, {alarms} false alarms; drift on {len(drifts)}: "
        f"mean {fmean(drifts):+.2f} points, median {median(drifts):+.1f}, changed {len(changed)} "
        f"({len(changed) / len(drifts):.1%}), worst {min(drifts):+.0f}; "
        f"{1000 * seconds / len(drifts):.1f} ms an answer"
    )


def labelled(row: dict[str, Any], rubric: Rubric) -> tuple[GradingTask, dict[str, Verdict]] | None:
    """The task and the human verdicts; None for a row that has none."""
    reference = row.get("reference", "")
    given = row.get("criteria") or [
        {"id": "reference", "requirement": reference if isinstance(reference, str) else " / ".join(reference)}
    ]
    criteria = tuple(Criterion(id=c["id"], requirement=c["requirement"]) for c in given)
    if "human_verdicts" in row:
        verdicts = {id: Verdict(verdict) for id, verdict in row["human_verdicts"].items()}
    elif "human_verdict" in row:
        verdicts = {criteria[0].id: Verdict(row["human_verdict"])}
    elif "human_score" in row:
        score = row["human_score"]
        verdicts = {
            criteria[0].id: Verdict.MET
            if score >= 0.8
            else Verdict.PARTIAL
            if score >= 0.4
            else Verdict.MISSING
        }
    else:
        return None
    question = Question(
        id="asked", category="asked", text=row["question"], hint="none", criteria=criteria, rubric=rubric.id
    )
    return GradingTask(question=question, rubric=rubric, answer=row["answer"]), verdicts


class Oracle:
    """A judge that gives the human verdicts, with the likeliest sentence as evidence."""

    def __init__(self, task: GradingTask, verdicts: dict[str, Verdict]) -> None:
        self._task = task
        self._verdicts = verdicts
        self._asked = 0

    def __call__(self, request: ChatRequest) -> str:
        answer = json.loads(request.messages[-1].content.split("\n")[-1])
        asked = set(answer.get("grade_only") or [c.id for c in self._task.criteria])
        said = [self._one(c, answer["sentences"]) for c in self._task.criteria if c.id in asked]
        self._asked += 1
        return json.dumps({"criteria": said, "feedback": "", "follow_up": "", "delivery": []})

    def _one(self, criterion: Criterion, told: dict[str, str]) -> dict[str, Any]:
        verdict = self._verdicts[criterion.id]
        wanted = set(words(fold(criterion.requirement).text))
        likely = sorted(told, key=lambda s: -len(wanted & set(words(fold(told[s]).text))))
        proof = [] if verdict is Verdict.MISSING else likely[self._asked : self._asked + 2]
        quotes = [{"quote": told[s], "s": s} for s in proof]
        return {"criterion_id": criterion.id, "evidence": quotes, "gap": "", "verdict": verdict}


async def _drifts(cases: list[tuple[GradingTask, dict[str, Verdict]]]) -> list[float]:
    return [await _drift(task, verdicts) for task, verdicts in cases]


async def _drift(task: GradingTask, verdicts: dict[str, Verdict]) -> float:
    client = ChatClient(FakeWire(default=Oracle(task, verdicts)), None, RetryPolicy())
    grade = await LlmGrader(client, model="oracle", clock=time.perf_counter).grade(task)
    bare = [CriterionGrade(id=id, verdict=verdict) for id, verdict in verdicts.items()]
    return grade.score - score_of(bare, (), task.criteria, task.rubric)


if __name__ == "__main__":
    main()
