"""The benchmarks' command: what it lists, what a part gives, and that the docs say what was measured.

Whether a number is good is for a quiet machine to say: nothing here looks at how long something took.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import benchmarks
from benchmarks import _command
from benchmarks.__main__ import ELSEWHERE, PARTS, README, RESULTS, main
from benchmarks._machine import Machine
from benchmarks._measure import Bar, Measure, bar_text, beside, told
from benchmarks._results import BEGIN, END, Results, read_results, table, with_table, write_results

TODAY = date(2026, 1, 5)
DOCS = (README, *(README.parent / "docs").glob("*.md"))
ROW = Measure("a thing", 30.0, "MB", "python -m benchmarks thing", "nothing", 10.0, 3.0)
FOUND = Results(
    machine=Machine(processor="Abacus", cpus=2, system="Linux 6", python="3.11.7"),
    version="1.2.3",
    day=TODAY,
    quick=False,
    rows=(replace(ROW, bar=Bar(20, of="difference")), replace(ROW, name="other", bar=Bar(9)), ROW),
    revision="abc",
)


def test_the_readme_shows_exactly_what_the_results_hold() -> None:
    text = README.read_text(encoding="utf-8")

    assert with_table(text, read_results(RESULTS)) == text


def test_the_results_are_of_a_full_run_of_every_part() -> None:
    found = read_results(RESULTS)

    assert not found.quick
    assert {row.command.split()[-1] for row in found.rows} == set(PARTS)


def test_every_benchmark_is_a_part_or_said_to_be_none() -> None:
    files = {one.name for one in pkgutil.iter_modules(benchmarks.__path__) if not one.name.startswith("_")}

    assert files == {*PARTS, *ELSEWHERE}


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_the_docs_name_benchmarks_that_there_are(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert "python benchmarks/" not in text
    assert set(re.findall(r"python -m benchmarks\.([a-z]\w*)", text)) <= {*PARTS, *ELSEWHERE}
    assert set(re.findall(r"python -m benchmarks ([a-z]\w*)", text)) <= {*PARTS}


def test_help_lists_parts_and_what_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"], TODAY)

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(re.search(rf"^  {name} +\S", said, re.MULTILINE) for name in (*PARTS, *ELSEWHERE))


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["startup", "teleport"], TODAY)

    assert ended.value.code == 2
    assert "teleport" in capsys.readouterr().err


def test_a_part_gives_rows_with_all_that_they_need(tmp_path: Path) -> None:
    file = tmp_path / "results.json"

    main(["own_work", "--quick", "--json", str(file)], TODAY)

    found = read_results(file)
    (row,) = found.rows
    assert (found.day, found.quick) == (TODAY, True)
    assert found.machine.cpus >= 1
    assert row.command == "python -m benchmarks own_work"
    assert (row.unit, row.bar) == ("ms", Bar(5.0))
    assert row.value > 0
    assert row.against
    assert row.against_value
    assert row.ratio


@pytest.mark.parametrize(
    ("bar", "is_held"),
    [
        (None, True),
        (Bar(30), True),
        (Bar(29), False),
        (Bar(30, at_least=True), True),
        (Bar(31, at_least=True), False),
        (Bar(3, of="ratio"), True),
        (Bar(2.9, of="ratio"), False),
        (Bar(20, of="difference"), True),
        (Bar(19, of="difference"), False),
    ],
)
def test_a_bar_holds_value_ratio_or_difference(bar: Bar | None, is_held: bool) -> None:
    assert replace(ROW, bar=bar).is_held is is_held


def test_a_bar_for_what_was_not_measured_is_an_error() -> None:
    with pytest.raises(ValueError, match="a thing"):
        _ = Measure("a thing", 1.0, "s", "c", bar=Bar(3, of="ratio")).is_held


def test_pairs_come_to_the_medians_of_both_sides() -> None:
    row = beside("a thing", [(2, 1), (30, 10), (8, 2)], "s", "nothing", command="c")

    assert (row.value, row.against_value, row.ratio) == (8, 2, 4)


@pytest.mark.parametrize(("limit", "code"), [(30, 0), (29, 1)])
def test_a_missed_bar_is_said_and_is_the_exit_code(
    limit: float, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(size: int = 5) -> Iterator[Measure]:
        yield replace(ROW, name=f"{size} things", bar=Bar(limit))

    assert _command.main(measured, {"size": 1}, ["--quick"]) == code
    said = capsys.readouterr().out
    assert "1 things: 30.0 MB; nothing: 10.0 MB; ratio 3.00" in said
    assert ("MISSED" in said) is bool(code)


def test_sizes_of_a_benchmark_are_arguments_and_win_over_quick_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def measured(*parts: str, size: int = 5, runs: int = 9) -> Iterator[Measure]:
        yield replace(ROW, name=f"{'+'.join(parts)} {size} {runs}")

    _command.main(measured, {"size": 1, "runs": 2}, ["a", "b", "--quick", "--size", "7"])

    assert "a+b 7 2: " in capsys.readouterr().out


def test_a_table_has_the_rows_with_a_bar_and_names_the_machine() -> None:
    lines = table(FOUND).splitlines()

    assert lines[2:4] == [
        "| a thing | 30.0 MB | nothing: 10.0 MB | 3.00 | ≤ +20 MB | `python -m benchmarks thing` |",
        "| other | 30.0 MB | nothing: 10.0 MB | 3.00 | ≤ 9 MB, **missed** | `python -m benchmarks thing` |",
    ]
    assert lines[4] == ""
    assert lines[5:] == ["Version 1.2.3 (abc) on 2026-01-05: Abacus, 2 CPUs, Linux 6, Python 3.11.7."]


def test_a_table_is_put_between_its_markers_and_nowhere_else() -> None:
    text = f"a\n{BEGIN}\nold\n{END}\nz"

    assert with_table(text, FOUND) == f"a\n{BEGIN}\n{table(FOUND)}\n{END}\nz"
    with pytest.raises(ValueError, match="there must be one line"):
        with_table("no markers", FOUND)


def test_results_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    unknown = replace(FOUND, revision=None)

    for found in (FOUND, unknown):
        write_results(file, found)
        assert read_results(file) == found


def test_numbers_of_a_quick_run_make_no_table() -> None:
    with pytest.raises(ValueError, match="--quick"):
        table(replace(FOUND, quick=True))


@pytest.mark.parametrize(
    ("value", "text"), [(0.0312, "0.03 s"), (2.345, "2.35 s"), (23.45, "23.4 s"), (1234.5, "1,234 s")]
)
def test_numbers_are_told_in_the_digits_that_say_something(value: float, text: str) -> None:
    assert told(value, "s") == text


def test_a_bar_is_told_with_its_unit() -> None:
    assert bar_text(Bar(0.9, of="ratio", at_least=True), "ms") == "≥ 0.9 ×"
    assert bar_text(Bar(300, of="difference"), "ms") == "≤ +300 ms"
    assert bar_text(Bar(64), "") == "≤ 64"
