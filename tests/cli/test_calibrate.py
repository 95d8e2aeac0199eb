"""`calibrate`: labelled answers in, a report out, as a person or a program asks for it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from interviewer.evaluation.models import Agreement
from tests.evaluation.labelling import about, grade, label, scored
from tests.support.program import Program, called

DOCS = Path(__file__).parents[2] / "docs" / "agreement.md"


def lines_in(path: Path, lines: list[str]) -> str:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Labels and grades of a grader that is too strict, to six questions."""
    labels, grades = scored([(100 * i / 40, 60 * i / 40) for i in range(40)], questions=6)
    return lines_in(tmp_path / "labels.jsonl", labels), lines_in(tmp_path / "graded.jsonl", grades)


LOCAL = [
    label(
        "right", question="Why is the sky blue?", human_score=1,
        reference="Short waves of light are scattered more strongly by the air than long ones.",
        answer="Because the air scatters short waves of light more strongly than long ones.",
    ),
    label(
        "off", question="Why is the sky blue?", human_score=0,
        reference="Short waves of light are scattered more strongly by the air than long ones.",
        answer="I had a long holiday by the sea last year and liked it very much.",
    ),
    label("short", **about("Why?"), human_score=0.5) .replace("Keys and values", "Heat moves the values"),
]  # fmt: skip


def test_answers_are_graded_and_compared(program: Program, tmp_path: Path) -> None:
    outcome = program("calibrate", lines_in(tmp_path / "x", LOCAL), "--grader", "local")

    assert outcome.code == 0
    assert "3 labelled answers to 2 questions, 3 graded" in outcome.words
    assert "Pearson r" in outcome.out
    assert "2 questions mean little" in outcome.words
    assert "3 graded, 0 could not be graded" in outcome.err


def test_labels_come_through_a_pipe_and_json_goes_out(program: Program) -> None:
    outcome = program("calibrate", "-", "--grader", "local", "--json", stdin="\n".join(LOCAL))

    report = json.loads(outcome.out)
    assert (report["version"], report["grader"]["kind"], report["scores"]["answers"]) == (1, "local", 3)


def test_grades_are_not_kept_on_standard_output(program: Program) -> None:
    outcome = program("calibrate", "-", "-o", "-", "--grader", "fake", stdin="\n".join(LOCAL))

    assert (outcome.code, outcome.out) == (2, "")
    assert "standard output has the report" in outcome.err


def test_a_pipe_that_is_not_utf_8_is_told() -> None:
    outcome = called("calibrate", "-", stdin=b'{"id": "1"}\n\xff')

    assert outcome.code == 4
    assert "standard input:2: the text is not UTF-8" in outcome.err


def test_an_answer_may_hold_other_characters_that_break_lines(program: Program, tmp_path: Path) -> None:
    broken = [line.replace("the air", "the\u2028 air\x85") for line in LOCAL]

    outcome = program("calibrate", lines_in(tmp_path / "x", broken), "--grader", "local")

    assert "3 labelled answers" in outcome.words


def test_the_fake_grader_is_called_one_that_judges_nothing(program: Program, tmp_path: Path) -> None:
    outcome = program("calibrate", lines_in(tmp_path / "x", LOCAL), "--grader", "fake")

    assert outcome.code == 0
    assert "judges nothing" in outcome.words


def test_a_rerun_with_the_same_output_grades_only_what_is_missing(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "graded.jsonl"
    program("calibrate", lines_in(tmp_path / "x", LOCAL[:2]), "--grader", "local", "-o", str(out))

    outcome = program("calibrate", lines_in(tmp_path / "x", LOCAL), "--grader", "local", "-o", str(out))

    assert "1 graded, 0 could not be graded, 2 were graded before" in outcome.err
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3


def test_repeats_are_kept_beside_the_first_run(program: Program, tmp_path: Path) -> None:
    labels, out = lines_in(tmp_path / "x", LOCAL), tmp_path / "graded.jsonl"

    outcome = program("calibrate", labels, "--grader", "local", "--repeat", "3", "-o", str(out))

    assert "Graded 3 times, 3 answers" in outcome.words
    assert "Verdicts that changed: 0.000" in outcome.words
    assert {file.name for file in tmp_path.glob("graded*")} == {
        "graded.jsonl", "graded.run-2.jsonl", "graded.run-3.jsonl",
    }  # fmt: skip


def test_grades_of_earlier_runs_need_no_grader(
    program: Program, files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_GRADER", "llm")  # for which no key is set

    outcome = program("calibrate", files[0], "--grades", files[1], "--grades", files[1])

    assert outcome.code == 0
    assert outcome.err == ""
    assert "Graded 2 times, 40 answers" in outcome.words


def test_an_answer_that_cannot_be_graded_is_part_of_the_report(program: Program, tmp_path: Path) -> None:
    two_words = label(
        "two", question="Why?", reference="Because of heat.", human_score=0, answer="Dunno mate"
    )

    outcome = program("calibrate", lines_in(tmp_path / "x", [*LOCAL, two_words]), "--grader", "local")

    assert outcome.code == 0
    assert "too_little_text 1" in outcome.words


def test_a_faulty_label_is_told_before_anything_is_graded(program: Program, tmp_path: Path) -> None:
    labels, out = lines_in(tmp_path / "labels.jsonl", [*LOCAL, label("x")]), tmp_path / "out"

    outcome = program("calibrate", labels, "--grader", "local", "-o", str(out))

    assert outcome.code == 4
    assert "labels.jsonl:4: no person's score" in outcome.err
    assert not out.exists()


@pytest.mark.parametrize("more", [["-o", "x"], ["--repeat", "2"]])
def test_there_is_nothing_to_grade_where_grades_are_given(
    program: Program, files: tuple[str, str], more: list[str]
) -> None:
    assert program("calibrate", files[0], "--grades", files[1], *more).code == 2


def test_a_page_is_written_and_not_over_another(
    program: Program, files: tuple[str, str], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    call = ("calibrate", files[0], "--grades", files[1], "--bootstrap", "10", "--html", str(page))

    first, second = program(*call), program(*call)

    assert (first.code, second.code) == (0, 2)
    assert "wrote" in first.err
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert program(*call, "--force").code == 0


def test_a_map_is_learned_beside_the_bank_and_used_when_asked(
    program: Program, files: tuple[str, str], tmp_path: Path
) -> None:
    bank = tmp_path / "mine.yaml"
    program("bank", "new", str(bank))
    labels = [
        label(str(i), question=f"Why is {i % 5} so?", reference="Because of heat.", human_score=s / 100)
        for i, s in enumerate(range(0, 100, 4))
    ]
    grades = [grade(str(i), 60 * s / 100) for i, s in enumerate(range(0, 100, 4))]
    fake = {"kind": "fake", "model": "fake", "prompt_version": version_of_fake(program)}
    grades = [json.dumps({**json.loads(line), "grader": fake}) for line in grades]
    found = program(
        "calibrate", lines_in(tmp_path / "l", labels), "--grades", lines_in(tmp_path / "g", grades),
        "--bank", str(bank), "--bootstrap", "0", "--fit",
    )  # fmt: skip

    file = tmp_path / "mine.calibration.json"
    assert "Map of scores (logistic)" in found.words
    assert json.loads(file.read_text(encoding="utf-8"))["labels"] == 25

    line = json.dumps(
        {"id": "1", "question": "Why?", "reference": "Because of heat.", "answer": "It is hot."}
    )
    graded = program("grade", "-", "--grader", "fake", "--calibration", str(file), stdin=line)
    assert graded.code == 0, graded.err
    assert {"score", "calibrated_score"} <= set(json.loads(graded.out))


def version_of_fake(program: Program) -> str:
    line = json.dumps({"id": "1", "question": "Why?", "reference": "Heat.", "answer": "It is hot there."})
    return str(
        json.loads(program("grade", "-", "--grader", "fake", stdin=line).out)["grader"]["prompt_version"]
    )


def test_a_map_of_another_grader_is_refused(program: Program, files: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    program("calibrate", files[0], "--grades", files[1], "--bootstrap", "0", "--fit-to", str(file))

    outcome = program("grade", "-", "--grader", "fake", "--calibration", str(file), stdin="{}")

    assert outcome.code == 2
    assert "belongs to local judge 1 (abc)" in outcome.err
    assert outcome.out == ""


def test_where_no_map_helps_none_is_written(program: Program, tmp_path: Path) -> None:
    labels, grades = scored([(i, i) for i in range(0, 100, 5)], questions=4)
    file = tmp_path / "map.json"

    outcome = program(
        "calibrate", lines_in(tmp_path / "l", labels), "--grades", lines_in(tmp_path / "g", grades),
        "--fit-to", str(file), "--bootstrap", "0",
    )  # fmt: skip

    assert outcome.code == 0
    assert "no map helps on held-out answers" in outcome.err
    assert not file.exists()


def test_without_the_extra_it_is_told_how_to_install_it(
    program: Program, files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)

    outcome = program("calibrate", files[0], "--grades", files[1])

    assert outcome.code == 2
    assert "scikit-learn" in outcome.err
    assert "pip install 'mock-interviewer[calibrate]'" in outcome.err


def test_grading_with_a_map_needs_no_extra(
    program: Program, files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "map.json"
    program("calibrate", files[0], "--grades", files[1], "--bootstrap", "0", "--fit-to", str(file))
    for name in ("sklearn", "scipy"):
        monkeypatch.setitem(sys.modules, name, None)

    assert "belongs to" in program("grade", "-", "--grader", "fake", "--calibration", str(file)).err


def test_the_json_has_exactly_the_documented_shape(program: Program, tmp_path: Path) -> None:
    report = json.loads(everything(program, tmp_path))
    (documented,) = re.findall(
        r"```json\n(\{\n  \"version.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL
    )

    assert shape(report) == shape(json.loads(documented))


def test_equal_seeds_give_the_same_json(program: Program, tmp_path: Path) -> None:
    assert everything(program, tmp_path) == everything(program, tmp_path)


def everything(program: Program, tmp_path: Path) -> str:
    """The JSON of a report in which nothing is missing."""
    labels = [
        label(
            str(i), question=f"Why is {i % 4} so?", reference="Because of heat.", kind="full", note="clear",
            human_scores=[i / 20, i / 20], human_verdict="met" if i > 9 else "missing", category="physics",
        )
        for i in range(20)
    ]  # fmt: skip
    first = [
        grade(str(i), 3 * i, {"reference": "partial" if i > 11 else "wrong"}, unsure=["reference"])
        for i in range(20)
    ]
    again = [grade(str(i), 3 * i, {"reference": "met" if i > 5 else "wrong"}) for i in range(19)]
    outcome = program(
        "calibrate", lines_in(tmp_path / "l", labels),
        "--grades", lines_in(tmp_path / "g", [*first[:-1], grade("19", None)]),
        "--grades", lines_in(tmp_path / "h", again),
        "--bootstrap", "20", "--json", "--force", "--fit-to", str(tmp_path / "map.json"),
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    return outcome.out


def shape(value: Any) -> Any:
    """The keys of JSON without its values; of a list those of its first item; counts by name are one key."""
    if isinstance(value, dict):
        return {key: shape(held) for key, held in value.items() if key not in {"errors", "flags"}}
    return [shape(value[0])] if isinstance(value, list) and value else None


def test_every_part_of_the_json_is_explained() -> None:
    told = DOCS.read_text(encoding="utf-8")

    assert {name for name in Agreement.model_fields if f"`{name}`" not in told} == set()
