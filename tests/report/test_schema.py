"""The JSON Schema of a transcript in docs/ is current, and describes what is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from interviewer.bank.schema import schema_text
from interviewer.report.json_format import to_json, transcript_schema
from interviewer.report.transcript import transcript_of
from tests.report.samples import WHOLE

FILE = Path(__file__).parents[2] / "docs" / "transcript.schema.json"


def test_the_schema_in_docs_is_current() -> None:
    written = FILE.read_text("utf-8")

    told = "write it anew: interviewer export --schema > docs/transcript.schema.json"
    assert written == schema_text(transcript_schema()), told


def test_it_names_the_format_and_its_version() -> None:
    properties = transcript_schema()["properties"]

    assert properties["schema"]["const"] == "mock-interviewer/transcript"
    assert properties["schema_version"]["const"] == 1


@pytest.mark.parametrize("redact", [False, True])
def test_a_transcript_has_no_key_that_it_does_not_know_and_all_that_it_wants(redact: bool) -> None:
    schema = transcript_schema()
    seen: set[str] = set()

    def check(part: dict[str, Any], value: Any) -> None:
        if "$ref" in part:
            name = part["$ref"].removeprefix("#/$defs/")
            seen.add(name)
            part = schema["$defs"][name]
        if "anyOf" in part:
            wanted = [option for option in part["anyOf"] if (option.get("type") == "null") is (value is None)]
            check(wanted[0], value)
        elif isinstance(value, dict):
            assert part["additionalProperties"] is False
            assert set(value) <= set(part["properties"])
            assert set(part.get("required", ())) <= set(value)
            for key, held in value.items():
                check(part["properties"][key], held)
        elif isinstance(value, list) and "items" in part:
            for held in value:
                check(part["items"], held)

    check(schema, json.loads(to_json(transcript_of(WHOLE, "1", redact=redact))))

    assert {"Interview", "Turn", "Answer", "Grade", "CriterionGrade", "TurnResult", "Summary"} <= seen
