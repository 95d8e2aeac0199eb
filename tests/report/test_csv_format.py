"""CSV: a row a criterion, which no spreadsheet computes, and from which every quote comes back."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given

from interviewer.grading.models import CriterionGrade, Evidence, GraderIdentity, Verdict
from interviewer.interview.models import Dispute
from interviewer.report.csv_format import COLUMNS, csv_head, csv_rows, to_csv
from interviewer.report.transcript import transcript_of
from interviewer.text import printable, unguarded
from tests.report.hostile import HOSTILE, HOSTILE_BANK
from tests.report.samples import (
    FAILED,
    FOLLOWED_UP,
    GRADED,
    PLANNED,
    SKIPPED,
    WHOLE,
    answer,
    judged,
    turn,
    with_turns,
)
from tests.support.builders import at, criterion, grade, question
from tests.support.strings import STRINGS


@pytest.fixture(autouse=True)
def long_cells() -> Iterator[None]:
    """Python's reader takes cells of up to 131,072 characters unless told otherwise."""
    before = csv.field_size_limit(1 << 20)
    yield
    csv.field_size_limit(before)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def rows_of(*turns: object) -> list[dict[str, str]]:
    return rows(to_csv(transcript_of(with_turns(*turns), "1")))  # type: ignore[arg-type]


def quoting(quote: str) -> dict[str, str]:
    """The first row of a turn whose answer and evidence are `quote`."""
    proof = (Evidence(quote=quote, start=0, end=len(quote)),)
    graded = grade(criteria=(CriterionGrade(id="one-request", verdict=Verdict.MET, evidence=proof),))
    return rows_of(turn(answer(quote, grade=graded)))[0]


def test_a_turn_has_a_row_for_each_criterion() -> None:
    told = rows_of(GRADED)

    assert list(told[0]) == list(COLUMNS)
    assert [row["criterion_id"] for row in told] == ["one-request", "many-requests"]


def test_a_row_tells_what_was_asked_and_what_it_earned() -> None:
    first = rows_of(GRADED)[0]

    assert first == {
        "interview_id": "20260105-190000-aaaa",
        "date": "2026-01-05T19:00:00+00:00",
        "mode": "practice",
        "question_id": "latency",
        "category": "beginner",
        "try": "1",
        "status": "graded",
        "criterion_id": "one-request",
        "requirement": "says what one-request is and why",
        "weight": "1.0",
        "must_have": "no",
        "verdict": "met",
        "credit": "1.0",
        "after_follow_up": "no",
        "disputed_from": "",
        "evidence": '["Latency is the time that one request takes."]',
        "turn_score": "50.0",
        "band": "developing",
        "seconds": "130.0",
        "grader_kind": "llm",
        "model": "test-model",
    }


def test_what_a_follow_up_won_is_told() -> None:
    second = rows_of(FOLLOWED_UP)[1]

    assert (second["verdict"], second["credit"], second["after_follow_up"]) == ("met", "0.5", "yes")
    assert second["seconds"] == "260.0"


def test_a_dispute_is_told_with_the_verdict_before_and_who_ruled() -> None:
    ruling = judged(Verdict.MET, grader=GraderIdentity(kind="llm", model="second-look"))
    dispute = Dispute(
        criterion="one-request", position=0, argument="x", at=at(9), before=Verdict.MISSING, grade=ruling
    )
    first, second = rows_of(
        turn(answer(grade=judged(Verdict.MISSING, Verdict.MET)), disputes=(dispute,), score=100.0)
    )

    assert (first["verdict"], first["disputed_from"], first["model"]) == ("met", "missing", "second-look")
    assert (second["disputed_from"], second["model"]) == ("", "test-model")


def test_a_must_have_and_its_weight_are_told() -> None:
    asked = question(criteria=(criterion("one-request", must_have=True, weight=2.5),))
    (row,) = rows_of(turn(answer(grade=judged(Verdict.MET)), of=asked))

    assert (row["must_have"], row["weight"]) == ("yes", "2.5")


def test_the_same_question_again_is_the_next_try() -> None:
    again = GRADED.model_copy(update={"retry_of": 0})

    assert [row["try"] for row in rows_of(GRADED, again, again)] == ["1", "1", "2", "2", "3", "3"]


@pytest.mark.parametrize(("one", "status"), [(FAILED, "pending"), (SKIPPED, "skipped")])
def test_what_has_no_grade_has_rows_without_a_verdict(one: object, status: str) -> None:
    row = rows_of(one)[0]

    assert row["status"] == status
    assert {row[name] for name in ("verdict", "credit", "evidence", "turn_score", "band", "model")} == {""}


def test_what_was_not_asked_has_no_row() -> None:
    assert rows_of(GRADED, PLANNED) == rows_of(GRADED)


def test_rows_of_several_interviews_stand_under_one_head() -> None:
    told = transcript_of(WHOLE, "1")

    assert to_csv(told) == csv_head() + csv_rows(told)
    assert len(rows(csv_head() + csv_rows(told) * 2)) == 2 * len(rows(to_csv(told)))


@given(HOSTILE_BANK, HOSTILE)
@example("=1+1", '"],=1')
def test_no_cell_begins_a_formula(requirement: str, quote: str) -> None:
    asked = question(criteria=(criterion().model_copy(update={"requirement": requirement}),))
    proof = (Evidence(quote=quote, start=0, end=len(quote)),)
    graded = grade(criteria=(CriterionGrade(id="one-request", verdict=Verdict.MET, evidence=proof),))

    for row in rows_of(turn(answer(quote, grade=graded), of=asked)):
        assert not any(cell.startswith(tuple("=+-@\t\r\n")) for cell in row.values())


def test_all_text_is_in_quotation_marks_whatever_the_separator() -> None:
    (row,) = to_csv(transcript_of(with_turns(turn(answer(grade=judged(Verdict.MET)))), "1")).split("\r\n")[
        1:2
    ]

    assert row.startswith('"20260105-190000-aaaa","2026-01-05T19:00:00+00:00","practice"')


@given(HOSTILE)
def test_every_quote_comes_back(quote: str) -> None:
    assert json.loads(unguarded(quoting(quote)["evidence"])) == [quote]


@pytest.mark.parametrize("name", STRINGS)
def test_hostile_quotes_come_back_and_obey_nothing(name: str) -> None:
    quote = STRINGS[name]
    row = quoting(quote)

    # Two halves of a character are one character in a transcript.
    whole = quote.replace("\ud83d\ude00", "😀")
    assert json.loads(unguarded(row["evidence"])) == [whole]
    assert all(printable(cell) == cell for cell in row.values())


def test_the_docs_explain_every_column_in_order() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
    table = docs[docs.index("| column |") :]

    told = [name for line in table.split("\n\n")[0].splitlines()[2:] for name in re.findall("`(\\w+)`", line)]
    assert told == list(COLUMNS)
