"""The training data: its format, and what every criterion of the shipped bank has."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from interviewer.bank.load import load_bank
from training.examples import Written, written_in
from training.reading import VERDICTS, DataError, read_file

DATA = Path(__file__).resolve().parents[2] / "training" / "data"
BANK = Path(__file__).resolve().parents[2] / "questions.yaml"


def read(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "data.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_statement_is_a_line_under_its_verdict(tmp_path: Path) -> None:
    (question,) = read_file(
        read(tmp_path, "@question q\nWhy?\n@met a\nIt waits.\n@wrong a\nIt never waits.\n")
    )

    assert question.text == "Why?"
    assert question.statements == [("a", "met", "It waits."), ("a", "wrong", "It never waits.")]


def test_evidence_is_marked_in_an_answer_and_the_marks_are_no_part_of_it(tmp_path: Path) -> None:
    text = "@question q\n@answer half a=met b=missing\nWell. [[a|It waits\nfor the disk.]] That is all.\n"

    ((answer,),) = (q.answers for q in read_file(read(tmp_path, text)))

    (mark,) = answer.marks
    assert answer.text == "Well. It waits\nfor the disk. That is all."
    assert answer.text[mark.start : mark.end] == "It waits\nfor the disk."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("text\n", "data.txt:1: text before the first section"),
        ("@met a\nIt waits.\n", "before the first @question"),
        ("@question q\n@maybe a\nIt waits.\n", "unknown section @maybe"),
        ("@question q\n@answer odd a=met\n[[a|It waits.]]\n", "unknown kind of answer 'odd'"),
        ("@question q\n@answer half a=good\nIt waits.\n", "'a=good' is not id=verdict"),
        ("@question q\n@answer half a=met\nIt waits.\n", "a is met, and no evidence is marked for it"),
        ("@question q\n@answer half a=met\n[[a|It waits.\n", "a mark that is not closed"),
        (
            "@question q\n@answer half a=missing\n[[a|It waits.]]\n",
            "evidence is marked for 'a', which is missing",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DataError, match=re.escape(told)):
        read_file(read(tmp_path, text))


@pytest.fixture(scope="module")
def shipped() -> dict[str, Written]:
    return {one.id: one for one in written_in([DATA / "shipped"], BANK)}


def test_every_criterion_of_the_bank_has_dozens_of_statements_of_all_kinds(
    shipped: dict[str, Written],
) -> None:
    for question in load_bank().questions:
        for criterion in question.criteria:
            statements = shipped[question.id].criteria[criterion.id].statements
            assert all(len(statements[verdict]) >= 15 for verdict in VERDICTS), (question.id, criterion.id)


def test_every_whole_answer_is_judged_on_every_criterion(shipped: dict[str, Written]) -> None:
    for question in load_bank().questions:
        wanted = {criterion.id for criterion in question.criteria}
        assert all(answer.verdicts.keys() == wanted for answer in shipped[question.id].answers), question.id


def test_nothing_that_is_measured_with_is_trained_on(shipped: dict[str, Written]) -> None:
    trained = {answer.text for question in shipped.values() for answer in question.answers}
    for path in (DATA / "other-hand").glob("*.jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert not trained & {row["answer"] for row in rows}
