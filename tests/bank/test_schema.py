"""The JSON Schemas in docs/ are current, accept what loads and refuse what does not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from interviewer.bank.schema import bank_schema, rubric_schema, schema_text
from interviewer.bank.starter import starter_text
from interviewer.bank.yaml_text import parse
from tests.bank import BANK, RUBRIC

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("name", "schema", "command"),
    [
        ("bank.schema.json", bank_schema, "interviewer bank schema"),
        ("rubric.schema.json", rubric_schema, "interviewer bank schema --rubric"),
    ],
)
def test_the_schema_in_docs_is_current(name: str, schema: Any, command: str) -> None:
    written = (DOCS / name).read_text("utf-8")

    assert written == schema_text(schema()), f"write it anew: {command} > docs/{name}"


@pytest.mark.parametrize("schema", [bank_schema(), rubric_schema()])
def test_it_names_its_dialect(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_its_text_is_json_that_ends_with_a_line_break() -> None:
    assert json.loads(schema_text(bank_schema())) == bank_schema()
    assert schema_text(bank_schema()).endswith("}\n")


@pytest.mark.parametrize("bank", [BANK, starter_text()], ids=["bank of the tests", "starter"])
def test_it_accepts_a_bank_that_loads(bank: str) -> None:
    assert list(refusals(bank_schema(), parse(bank, "f"))) == []


def test_it_accepts_a_rubric_that_loads() -> None:
    assert list(refusals(rubric_schema(), parse(RUBRIC, "f"))) == []


@pytest.mark.parametrize(
    ("new", "instead_of", "refused"),
    [
        ("wieght: 2", "weight: 2", "/questions/0/criteria/0: wieght is unknown"),
        ("weight: 0", "weight: 2", "/questions/0/criteria/0/weight: exclusiveMinimum"),
        ("minutes: 500", "minutes: 2.5", "/questions/0/minutes: maximum"),
        ("role: ''", "role: Tester", "/role: minLength"),
        ("role: 7", "role: Tester", "/role: type"),
        ("id: No Slug", "id: memory-wall", "/questions/1/id: pattern"),
        ("version: 2", "version: 1", "/version: const"),
        ("tags: {}", "tags: [basics, latency]", "/questions/0/tags: type"),
        ("", "    hint: The arithmetic waits for the memory.\n", "/questions/1: hint is missing"),
    ],
)
def test_it_refuses_what_does_not_load(new: str, instead_of: str, refused: str) -> None:
    assert list(refusals(bank_schema(), parse(BANK.replace(instead_of, new), "f"))) == [refused]


TYPES = {"string": str, "boolean": bool, "array": tuple, "object": dict, "null": type(None)}


def refusals(schema: dict[str, Any], data: Any) -> list[str]:
    """What the schema refuses in `data`, by the keywords that the bank's schemas use; others are an error."""
    found: list[str] = []

    def check(part: dict[str, Any], value: Any, way: str) -> None:
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].removeprefix("#/$defs/")]
        if "anyOf" in part:
            options = [
                option for option in part["anyOf"] if (option.get("type") == "null") is (value is None)
            ]
            check(options[0], value, way)
            return
        unknown = set(part) - KEYWORDS
        assert not unknown, f"the test does not know {unknown}"
        broken = (word for word, holds in RULES.items() if word in part and not holds(part[word], value))
        if word := next(broken, None):
            found.append(f"{way}: {word}")
            return
        if isinstance(value, dict):
            properties = part.get("properties", {})
            found.extend(f"{way}: {key} is missing" for key in part.get("required", []) if key not in value)
            found.extend(f"{way}: {key} is unknown" for key in value if key not in properties)
            for key in value.keys() & properties.keys():
                check(properties[key], value[key], f"{way}/{key}")
        for index, entry in enumerate(value if isinstance(value, tuple) else ()):
            check(part.get("items", {}), entry, f"{way}/{index}")

    check(schema, data, "")
    return found


def has_type(name: str, value: Any) -> bool:
    if name in {"number", "integer"}:
        return isinstance(value, int | float if name == "number" else int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


RULES: dict[str, Any] = {
    "type": has_type,
    "const": lambda wanted, value: value == wanted,
    "pattern": lambda pattern, value: re.search(pattern, value) is not None,
    "minLength": lambda least, value: len(value) >= least,
    "maxLength": lambda most, value: len(value) <= most,
    "minItems": lambda least, value: len(value) >= least,
    "maxItems": lambda most, value: len(value) <= most,
    "minimum": lambda least, value: value >= least,
    "maximum": lambda most, value: value <= most,
    "exclusiveMinimum": lambda bound, value: value > bound,
}
ABOUT = {"$schema", "$defs", "title", "description", "default"}
KEYWORDS = {*RULES, *ABOUT, "properties", "required", "additionalProperties", "items"}
