"""Reads the project's own training data; the format stands in `training/data/README.md`.

`python -m training.reading FILE...` checks files and counts what is in them.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

VERDICTS = ("met", "partial", "missing", "wrong")
KINDS = ("full", "good", "half", "thin", "wrong", "keywords", "offtopic", "injection", "mixed")

_MARK = re.compile(r"\[\[([a-z0-9,-]+)\|(.*?)\]\]", re.DOTALL)
_LEFT_OVER = re.compile(r"\[\[|\]\]")


class DataError(Exception):
    """A data file is wrong; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of an answer, start to end in characters, that is the evidence for a criterion's verdict."""

    criterion: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. verdicts: by criterion id."""

    kind: str
    text: str
    verdicts: dict[str, str]
    marks: tuple[Mark, ...]


@dataclass(slots=True)
class QuestionData:
    """What is written for one question. requirements, wordings: by criterion id. statements: (id, verdict,
    text)."""

    id: str
    text: str = ""
    requirements: dict[str, str] = field(default_factory=dict)
    wordings: dict[str, list[str]] = field(default_factory=dict)
    statements: list[tuple[str, str, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def read_file(path: Path) -> list[QuestionData]:
    """The questions of one file, in its order. Raises DataError."""
    found: list[QuestionData] = []
    head: list[str] = []
    body: list[str] = []
    begun = 0

    def close() -> None:
        if head:
            try:
                _take(found, head, body)
            except ValueError as error:
                raise DataError(f"{path}:{begun}: {error}") from None

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") and not (head and head[0] == "answer"):
            continue
        if line.startswith("@"):
            close()
            head, body, begun = line[1:].split(), [], number
        elif head:
            body.append(line)
        elif line.strip():
            raise DataError(f"{path}:{number}: text before the first section")
    close()
    return found


def _take(found: list[QuestionData], head: list[str], body: list[str]) -> None:
    section = head[0]
    text = "\n".join(body).strip()
    if section == "question" and len(head) == 2:
        found.append(QuestionData(head[1], text))
        return
    if not found:
        raise ValueError(f"@{section} before the first @question")
    question = found[-1]
    if section == "answer" and len(head) >= 2:
        question.answers.append(_answer(head[1], head[2:], text))
        return
    if len(head) != 2:
        raise ValueError(f"@{section} takes one id")
    lines = [line.strip() for line in body if line.strip()]
    if section == "criterion":
        question.requirements[head[1]] = " ".join(lines)
    elif section == "wording":
        question.wordings.setdefault(head[1], []).extend(lines)
    elif section in VERDICTS:
        question.statements.extend((head[1], section, line) for line in lines)
    else:
        raise ValueError(f"unknown section @{section}")


def _answer(kind: str, said: list[str], text: str) -> Answer:
    if kind not in KINDS:
        raise ValueError(f"unknown kind of answer {kind!r}")
    verdicts: dict[str, str] = {}
    for pair in said:
        id, _, verdict = pair.partition("=")
        if verdict not in VERDICTS:
            raise ValueError(f"{pair!r} is not id=verdict")
        verdicts[id] = verdict
    plain, marks, at = "", [], 0
    for match in _MARK.finditer(text):
        plain += text[at : match.start()]
        for id in match.group(1).split(","):
            if verdicts.get(id) in {None, "missing"}:
                raise ValueError(f"evidence is marked for {id!r}, which is {verdicts.get(id, 'not judged')}")
            marks.append(Mark(id, len(plain), len(plain) + len(match.group(2))))
        plain += match.group(2)
        at = match.end()
    plain += text[at:]
    if _LEFT_OVER.search(plain):
        raise ValueError("a mark that is not closed, nested or has no id")
    marked = {mark.criterion for mark in marks}
    for id, verdict in verdicts.items():
        if verdict != "missing" and id not in marked:
            raise ValueError(f"{id} is {verdict}, and no evidence is marked for it")
    return Answer(kind, plain, verdicts, tuple(marks))


def main(paths: list[str]) -> int:
    """Check files and print what is in them; 1 if one is wrong."""
    failed = 0
    for name in paths:
        try:
            for question in read_file(Path(name)):
                said = Counter(verdict for _, verdict, _ in question.statements)
                kinds = Counter(answer.kind for answer in question.answers)
                thin = [
                    id for id, many in Counter(id for id, _, _ in question.statements).items() if many < 12
                ]
                print(f"{name} {question.id}: statements {dict(said)} answers {dict(kinds)} few: {thin}")
        except DataError as error:
            failed = 1
            print(error)
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
