"""The report on the terminal: whatever the width and encoding, and whatever the labels hold."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from interviewer.evaluation.bootstrap import Resampling
from interviewer.evaluation.report import agreement_of
from interviewer.terminal.agreement import AgreementScreen
from tests.evaluation.labelling import BANK, grade, grades_of, label, labels_of

HOSTILE = "\x1b[31mred\x1b[0m \u202eback\u2066 \x07 [bold]x[/bold] :smile: 漢字漢字漢字漢字"


def shown(*, columns: int = 80, encoding: str = "utf-8", name: str = HOSTILE) -> str:
    """What a screen of that width shows of a report in which nothing is missing."""
    verdicts = ("met", "partial", "missing", "wrong")
    labels = [
        label(
            f"{i} {name}", question=f"Why {i % 3} {name}?", reference=name, answer=f"{name} " * 40, kind=name,
            category=name, human_scores=[i / 20, i / 25], human_verdict=verdicts[i % 4], note=name,
        )
        for i in range(20)
    ]  # fmt: skip
    runs = [
        [
            grade(
                f"{i} {name}", 100 - 5 * i,
                criteria=[{
                    "id": "reference", "verdict": verdicts[(i + run) % 4], "reason": name * 20,
                    "evidence": [{"quote": name * 20, "start": 0, "end": 1}], "flags": ["not_sure"] * (i % 2),
                }],
                grader={"kind": "llm", "model": name},
            )
            for i in range(19)
        ]
        for run in range(2)
    ]  # fmt: skip
    report = agreement_of(
        labels_of(*labels),
        [grades_of(*lines) for lines in runs],
        BANK,
        file=name,
        how=Resampling(20),
        worst=3,
    )
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace", newline="")
    AgreementScreen(Console(file=file, width=columns, markup=False, emoji=False, highlight=False)).agreement(
        report
    )
    file.flush()
    written = file.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode(encoding)


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_it_fits_and_foreign_text_commands_no_terminal(columns: int) -> None:
    told = shown(columns=columns)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e\u2066]", told)
    assert max(map(cell_len, told.split("\n"))) <= columns
    assert "[bold]x" in told


@pytest.mark.parametrize("columns", [60, 200])
def test_no_number_is_cut(columns: int) -> None:
    told = shown(columns=columns, name="plain")

    for title in ("Pearson r", "Krippendorff alpha", "mean error, points"):
        (first, *_) = [line for line in told.split("\n") if line.strip().startswith(title)]
        assert re.search(r"-?\d+\.\d+", first)
        assert "…" not in first


def test_narrow_tables_leave_out_what_follows_from_the_rest() -> None:
    heads = "answers  people  grader"

    assert heads in shown(columns=100)
    assert heads not in shown(columns=60)


def test_where_the_encoding_lacks_signs_there_are_none() -> None:
    assert "?" not in shown(encoding="ascii", name="plain").replace("so?", "").replace("plain?", "")


def test_all_parts_are_told() -> None:
    told = " ".join(shown(name="plain").split())

    for part in (
        "19 graded", "Scores, 0 to 100", "Bands:", "Criteria, 19 verdicts", "Each verdict", "Correct against",
        "Two people", "Graded 2 times", "By kind", "By category", "By question", "Furthest apart",
        "mean little", "Intervals hold 95 %",
    ):  # fmt: skip
        assert part in told
