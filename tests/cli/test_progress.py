"""`progress`: what it shows, in which width and encoding, and the JSON that programs read."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from interviewer.bank.load import load_bank
from interviewer.grading.models import Grade, Verdict
from interviewer.interview.events import Begin, Submit, TakeGrade
from interviewer.interview.models import BankLabel, Interview
from interviewer.interview.session import Session
from interviewer.memory.models import Outcome
from interviewer.memory.names import Names
from interviewer.memory.progress import progress_of
from interviewer.store.store import Store
from interviewer.terminal.progress import ProgressScreen
from tests.support.builders import ANSWER, criterion_grade, grade, interview, question
from tests.support.doubles import ScriptedGrader
from tests.support.memories import NOW, asked, memory, point
from tests.support.program import Program

DOCS = Path(__file__).parents[2] / "docs" / "memory.md"
HOSTILE = "\x1b[31mred\x1b[0m \u202eback\u2066 \x07 \ud800 [bold]x[/bold] :smile: 漢字漢字漢字漢字"


def keep(home: Path, planned: Interview, verdict: Verdict, *, days_ago: float = 0) -> None:
    """Hold `planned` with the same verdict on each criterion of each question."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    planned = planned.model_copy(
        update={
            "settings": planned.settings.model_copy(update={"follow_ups": 0}),
            "started_at": at,
        }
    )
    with Store.open(home / "data") as store:
        session = Session.start(planned, records=store, grader=ScriptedGrader(), now=lambda: at)
        session.do(Begin())
        for turn in planned.turns:
            session.do(Submit(text=ANSWER))
            session.do(TakeGrade(turn=turn.index, position=0, grade=grade_of(turn.question, verdict)))


def grade_of(asked: Any, verdict: Verdict) -> Grade:
    return grade(criteria=tuple(criterion_grade(c.id, verdict) for c in asked.criteria))


@pytest.fixture
def practised(home: Path) -> Path:
    """A home with three interviews over the shipped bank, the last two missed, and one that went well."""
    bank = load_bank(None, None)
    label = BankLabel(
        id=bank.id,
        title=bank.title,
        role=bank.role,
        fingerprint=bank.fingerprint,
        categories=tuple((c.id, c.title) for c in bank.categories),
    )
    verdicts = (Verdict.MET, Verdict.MISSING, Verdict.PARTIAL)
    for number, (verdict, days_ago) in enumerate(zip(verdicts, (40, 12, 10), strict=True)):
        planned = interview(*bank.questions[:4], id=f"i-{number}").model_copy(update={"bank": label})
        keep(home, planned, verdict, days_ago=days_ago)
    well = interview(bank.questions[4], id="i-3").model_copy(update={"bank": label})
    keep(home, well, Verdict.MET)
    return home


def test_without_a_past_it_says_how_to_begin(program: Program) -> None:
    assert "interviewer start" in program("progress").out
    assert json.loads(program("progress", "--json").out)["banks"] == []


def test_the_fake_graders_grades_are_no_progress(program: Program) -> None:
    program("start", "--grader", "fake", "--seed", "7", "-n", "1", "--follow-ups", "0", stdin="Latency.\n")

    assert "Nothing to look back on yet" in program("progress").out


def test_it_tells_what_keeps_being_missed_and_what_is_due(program: Program, practised: Path) -> None:
    shown = program("progress").words
    first = load_bank(None, None).questions[0]

    assert f"{first.id}, twice {' '.join(first.criteria[0].requirement.split())[:60]}" in shown
    assert "Due" in shown
    assert "interviewer start --due" in shown
    assert "13 graded answers" in shown


@pytest.mark.parametrize("columns", [60, 80, 100, 200])
@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_no_line_is_wider_than_the_screen(
    program: Program,
    practised: Path,
    monkeypatch: pytest.MonkeyPatch,
    columns: int,
    options: tuple[str, ...],
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    lines = program("progress", *options).out.split("\n")

    assert max(map(cell_len, lines)) <= columns


def test_all_twelve_weeks_and_all_numbers_fit_in_60_columns(
    program: Program, practised: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    lines = program("progress").out.split("\n")

    (months,) = (i for i, line in enumerate(lines) if re.fullmatch(r" +([A-Z][a-z]{2} *)+", line))
    assert len(lines[months + 1].split()) == 12
    first = load_bank(None, None).questions[0]
    assert any(re.match(rf" {first.id[:15]}\S* +3 +50 +50 +-75 █▁▅", line) for line in lines)


def test_only_the_wanted_category_is_shown(program: Program, practised: Path) -> None:
    (bank,) = json.loads(program("progress", "--json", "-c", "beginner").out)["banks"]

    assert {one["category"] for one in bank["questions"]} == {"beginner"}


def test_an_unknown_category_is_told_with_one_that_is_near(program: Program, practised: Path) -> None:
    outcome = program("progress", "-c", "begginer")

    assert outcome.code == 2
    assert "'beginner'" in outcome.err


def test_a_bank_of_ones_own_is_looked_at_alone(program: Program, practised: Path, tmp_path: Path) -> None:
    bank = tmp_path / "mine.yaml"
    program("bank", "new", str(bank))

    assert "Nothing to look back on yet" in program("progress", "--bank", str(bank)).out


def test_a_bank_that_is_not_at_hand_is_told_by_its_ids(program: Program, home: Path) -> None:
    keep(home, interview(question("latency")), Verdict.MISSING)

    (bank,) = json.loads(program("progress", "--json").out)["banks"]

    assert bank["title"] == "Bank of the tests"
    assert bank["categories"][0]["title"] == "Beginner"
    assert bank["questions"][0]["criteria"][0]["requirement"] is None


def test_the_json_has_exactly_the_documented_shape(program: Program, practised: Path) -> None:
    (documented,) = re.findall(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)

    assert shape(json.loads(program("progress", "--json").out)) == shape(json.loads(documented))


def test_every_key_of_the_json_is_explained(program: Program, practised: Path) -> None:
    explained = DOCS.read_text(encoding="utf-8")

    (bank,) = json.loads(program("progress", "--json").out)["banks"]

    names = {*bank, *bank["categories"][0], *bank["questions"][0], *bank["questions"][0]["criteria"][0]}
    plain = {"id", "title", "categories", "questions", "criteria", "category", "last_at"}
    assert {name for name in names - plain if f"`{name}`" not in explained} == set()


def shape(value: Any) -> Any:
    """The keys of JSON, without its values; of a list that of all its items together."""
    if isinstance(value, dict):
        return {key: shape(held) for key, held in value.items()}
    if isinstance(value, list):
        shapes = [shape(held) for held in value]
        return [shapes[0]] if shapes and all(one == shapes[0] for one in shapes) else shapes
    return None


def shown(names: Names, *, encoding: str = "utf-8", plain: bool = False, columns: int = 60) -> str:
    """What a screen of that encoding shows of two categories with hostile names."""
    held = memory(
        asked("latency", point(last=Outcome.WRONG, in_a_row=3, due=-2), results=(0, 45, 100)),
        asked("kernels", point(question="kernels", due=4), category="advanced", results=()),
    )
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace", newline="")
    console = Console(file=file, width=columns, markup=False, emoji=False, highlight=False)
    ProgressScreen(console, plain=plain).progress(progress_of(held, NOW), names, NOW)
    file.flush()
    written = file.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode(encoding)


FOREIGN = Names(
    bank=HOSTILE,
    categories={"beginner": HOSTILE, "advanced": HOSTILE * 9},
    requirements={("latency", "one-request"): HOSTILE * 30},
)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("columns", [60, 200])
def test_foreign_text_commands_no_terminal(plain: bool, columns: int) -> None:
    told = shown(FOREIGN, plain=plain, columns=columns)

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e\u2066]", told)
    assert "[bold]x" in told
    assert max(map(cell_len, told.split("\n"))) <= columns


def test_where_the_encoding_lacks_signs_digits_stand_for_them() -> None:
    told = shown(Names(bank="Bank", categories={"beginner": "Beginner"}), encoding="ascii")

    assert "049" in told
    assert "?" not in told


def test_a_screen_reader_hears_numbers() -> None:
    told = shown(Names(bank="Bank", categories={"beginner": "Beginner"}), plain=True)

    assert "0, 45, 100" in told
    assert not re.search("[█░▁▅─]", told)


def test_a_page_is_written_and_not_over_another(program: Program, practised: Path, tmp_path: Path) -> None:
    page = tmp_path / "progress.html"

    outcome = program("progress", "--html", str(page))

    assert outcome.err == f"wrote {page}\n"
    assert "13 graded answers" in page.read_text(encoding="utf-8")
    assert program("progress", "--html", str(page)).code == 2
    assert program("progress", "--html", str(page), "--force").code == 0


def test_a_page_goes_to_standard_output(program: Program, practised: Path) -> None:
    assert program("progress", "--html", "-", "-c", "beginner").out.startswith("<!doctype html>")
