"""JSON: complete, and read back exactly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given

from interviewer.errors import InvalidFileError
from interviewer.grading.models import Verdict
from interviewer.interview.models import Failure
from interviewer.report.json_format import from_json, to_json
from interviewer.report.transcript import transcript_of
from tests.report.hostile import HOSTILE
from tests.report.samples import FOLLOWED_UP, GRADED, WHOLE, answer, judged, turn, with_turns
from tests.support.builders import at

TEXT = to_json(transcript_of(WHOLE, "1.2.3"))


def changed(way: list[str | int], value: Any) -> str:
    """The JSON with one value put in."""
    data = json.loads(TEXT)
    at = data
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = value
    return json.dumps(data, indent=2)


def line_of(text: str, nth: int, part: str) -> int:
    """The line of the nth `part` in `text`, from 0."""
    return [n for n, line in enumerate(text.split("\n"), 1) if part in line][nth]


def test_it_comes_back_exactly() -> None:
    assert from_json(TEXT) == transcript_of(WHOLE, "1.2.3")


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_hostile_text_comes_back_exactly(said: str, feedback: str, message: str, model: str) -> None:
    grade = judged(Verdict.MET, feedback=feedback)
    grade = grade.model_copy(update={"grader": grade.grader.model_copy(update={"model": model})})
    failure = Failure(code="reply", message=message, at=at(1))
    told = transcript_of(
        with_turns(turn(answer(said, grade=grade)), turn(answer(said, failure=failure))), "1.2.3"
    )

    assert from_json(to_json(told)) == told


@given(HOSTILE)
@example("\x7f")
def test_it_is_printable_ascii(said: str) -> None:
    text = to_json(transcript_of(with_turns(turn(answer(said))), "1.2.3"))

    assert text.replace("\n", "").isprintable()
    assert text.isascii()


def test_it_ends_with_a_line_break() -> None:
    assert TEXT.endswith("}\n")


def test_it_names_its_format_first() -> None:
    assert list(json.loads(TEXT))[:3] == ["schema", "schema_version", "program_version"]


def test_an_answer_is_there_to_the_letter() -> None:
    said = "  p99\r\n<b>\x00\u202e "
    data = json.loads(to_json(transcript_of(with_turns(turn(answer(said))), "1.2.3")))

    assert data["interview"]["turns"][0]["answers"][0]["text"] == said


def test_a_verdict_is_there_with_quote_and_offsets() -> None:
    data = json.loads(to_json(transcript_of(with_turns(GRADED), "1.2.3")))
    first = data["interview"]["turns"][0]["answers"][0]

    proof = first["grade"]["criteria"][0]["evidence"][0]
    assert first["text"][proof["start"] : proof["end"]] == proof["quote"]


def test_what_a_follow_up_won_is_there() -> None:
    data = json.loads(to_json(transcript_of(with_turns(FOLLOWED_UP), "1.2.3")))

    assert data["results"][0]["criteria"][1] == {
        "id": "many-requests",
        "verdict": "met",
        "credit": 0.5,
        "after_follow_up": True,
    }


def test_the_grader_is_there() -> None:
    data = json.loads(TEXT)

    assert data["summary"]["graders"][0] == {
        "kind": "llm",
        "model": "test-model",
        "prompt_version": "p1",
        "rubric_version": "r1",
    }


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(InvalidFileError, match="version 2 of the transcript format is not known") as refused:
        from_json(changed(["schema_version"], 2), "t.json")

    assert (refused.value.line, refused.value.field, refused.value.expected) == (3, "schema_version", "1")


@pytest.mark.parametrize("version", [True, 1.0, "1", None, [1]])
def test_a_version_must_be_the_number(version: object) -> None:
    with pytest.raises(InvalidFileError, match="is not known"):
        from_json(changed(["schema_version"], version))


@pytest.mark.parametrize("text", ["[]", "1", "null", '"x"', "{}", '{"schema": "other"}'])
def test_other_json_is_no_transcript(text: str) -> None:
    with pytest.raises(InvalidFileError, match="this is not a transcript"):
        from_json(text)


def test_a_break_in_the_json_is_named_by_line() -> None:
    with pytest.raises(InvalidFileError, match=r"^t\.json:2: this is not JSON") as refused:
        from_json('{\n"schema" 1}', "t.json")

    assert refused.value.line == 2


def test_a_wrong_value_is_named_by_line_and_field() -> None:
    text = changed(["interview", "turns", 1, "answers", 0, "seconds"], -1)

    with pytest.raises(InvalidFileError) as refused:
        from_json(text)

    assert refused.value.field == "interview.turns[1].answers[0].seconds"
    assert refused.value.line == line_of(text, 0, '"seconds": -1')


def test_a_missing_key_is_named_by_the_line_of_what_should_hold_it() -> None:
    data = json.loads(TEXT)
    del data["summary"]["graded"]
    text = json.dumps(data, indent=2)

    with pytest.raises(InvalidFileError) as refused:
        from_json(text)

    assert (refused.value.field, refused.value.line) == ("summary.graded", line_of(text, 0, '"summary"'))


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(InvalidFileError, match="extra: "):
        from_json(changed(["extra"], 1))


def test_it_says_how_many_more_faults_there_are() -> None:
    data = json.loads(TEXT)
    data["summary"] |= {"graded": -1, "pending": -1, "skipped": -1}

    with pytest.raises(InvalidFileError, match="and 2 more"):
        from_json(json.dumps(data))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "9" * 5000])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(InvalidFileError, match="out of range"):
        from_json(f'{{"schema": {number}}}')


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(InvalidFileError):
        from_json("[" * 1_000_000)


@given(HOSTILE)
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(InvalidFileError):
        from_json(text)
