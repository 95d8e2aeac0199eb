"""Turns the data files into examples: a question, one requirement, an answer, and what a human said of it.

The human-graded sets are not part of the project; their lines are in the format of `calibrate` and their
paths are given as arguments. `docs/local-grader.md` says where they can be had.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from training.reading import Answer, QuestionData, read_file

#: Order of the classes that the model gives.
VERDICTS = ("met", "partial", "missing", "wrong")
CREDIT = {"met": 1.0, "partial": 0.5, "missing": 0.0, "wrong": 0.0}


@dataclass(frozen=True, slots=True)
class Example:
    """One thing to learn.

    group: what must not be split between training and test, such as a question. verdict: a class, or None
    where only `credit` (0 to 1, the human score) or `is_met` is known. evidence: start and end in characters
    of `answer`.
    """

    source: str
    group: str
    question: str
    requirement: str
    answer: str
    verdict: str | None = None
    credit: float | None = None
    is_met: bool | None = None
    evidence: tuple[tuple[int, int], ...] = ()
    kind: str = ""
    id: str = ""


@dataclass(slots=True)
class Criterion:
    """All that is written for one criterion: its requirement in several wordings, statements by verdict."""

    id: str
    wordings: list[str]
    statements: dict[str, list[str]]


@dataclass(slots=True)
class Written:
    """A question of the project's own data."""

    id: str
    text: str
    criteria: dict[str, Criterion]
    answers: list[Answer]


def written_in(folders: Iterable[Path], bank: Path) -> list[Written]:
    """The project's own questions; the wording of those in the bank comes from there."""
    known = {q["id"]: q for q in yaml.safe_load(bank.read_text(encoding="utf-8"))["questions"]}
    found: dict[str, Written] = {}
    for folder in folders:
        for path in sorted(folder.glob("**/*.txt")):
            for data in read_file(path):
                _merge(found, data, known.get(data.id))
    return list(found.values())


def _merge(found: dict[str, Written], data: QuestionData, asked: dict[str, object] | None) -> None:
    one = found.get(data.id)
    if one is None:
        one = found[data.id] = Written(data.id, str(asked["text"]) if asked else data.text, {}, [])
    requirements = {c["id"]: c["requirement"] for c in asked["criteria"]} if asked else data.requirements  # type: ignore[attr-defined]
    for id, requirement in requirements.items():
        one.criteria.setdefault(
            id, Criterion(id, [" ".join(str(requirement).split())], {v: [] for v in VERDICTS})
        )
    for id, wordings in data.wordings.items():
        one.criteria[id].wordings.extend(wordings)
    for id, verdict, text in data.statements:
        one.criteria[id].statements[verdict].append(text)
    one.answers.extend(data.answers)


def graded_by_humans(path: Path, source: str) -> list[Example]:
    """The examples of a human-graded set; each line's first reference stands for the criterion if there are
    many."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        references = row["reference"] if isinstance(row["reference"], list) else [row["reference"]]
        label = row.get("human_verdict")
        told = row.get("label")
        binary = told == "correct" if label is None and told in {"correct", "incorrect"} else None
        found.extend(
            Example(
                source=source,
                group=f"{source}:{row['question']}",
                question=row["question"],
                requirement=reference,
                answer=row["answer"],
                verdict=label,
                credit=row["human_score"] if label is None and binary is None else None,
                is_met=binary,
                id=row["id"],
            )
            for reference in references
        )
    return found


def short_answers(folder: Path) -> list[Example]:
    """The project's own questions with one reference answer each: a statement is an answer."""
    return [
        Example(
            source="short",
            group=question.id,
            question=question.text,
            requirement=requirement,
            answer=text,
            verdict=verdict,
            id=f"{path.stem}/{question.id}/{number}",
        )
        for path in sorted(folder.glob("*.txt"))
        for question in read_file(path)
        for requirement in question.requirements.values()
        for number, (_, verdict, text) in enumerate(question.statements)
    ]


def other_hand(path: Path) -> list[Example]:
    """Whole answers with a verdict for each key point, as in `training/data/other-hand`."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.extend(
            Example(
                source="other-hand",
                group=row["question_id"],
                question=row["question"],
                requirement=criterion["requirement"],
                answer=row["answer"],
                verdict=row["human_verdicts"][criterion["id"]],
                credit=row["human_score"],
                kind=row["kind"],
                id=row["id"],
            )
            for criterion in row["criteria"]
        )
    return found


def by_id(examples: Sequence[Example]) -> dict[str, list[Example]]:
    """The examples of each answer together."""
    found: dict[str, list[Example]] = {}
    for one in examples:
        found.setdefault(one.id, []).append(one)
    return found
