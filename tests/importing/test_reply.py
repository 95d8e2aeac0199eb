"""A reply is read leniently: what can be understood is, and one bad entry does not spoil the others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from interviewer.errors import MalformedReplyError
from interviewer.importing.reply import Reply, read_reply, reply_schema
from tests.importing.model import criterion, reply


def read(value: Any) -> Reply:
    return read_reply(json.dumps(value))


def test_a_whole_reply_is_read() -> None:
    said = read(reply(criterion(1, 2, must_show="Says it."), question=" What\n is it? "))

    assert (said.criteria[0].facts, said.criteria[0].must_show) == ((1, 2), "Says it.")
    assert (said.question, said.minutes) == ("What is it?", 3.0)


@pytest.mark.parametrize(
    ("facts", "understood"),
    [
        ([2, 1], (2, 1)),
        (["f1", "2", 2], (1, 2)),
        ("1, 3", (1, 3)),
        (4, (4,)),
        (None, ()),
        ([True, 1.5, {}, [2], None], ()),
        ("10" * 40, ()),
    ],
)
def test_numbers_of_facts_are_understood_in_many_forms(facts: object, understood: tuple[int, ...]) -> None:
    assert read({"criteria": [{"facts": facts, "must_show": "x"}]}).criteria[0].facts == understood


def test_what_cannot_be_read_is_left_out() -> None:
    said = read(
        {
            "criteria": ["nonsense", {"facts": [1]}, {"requirement": "Says it.", "weight": "heavy", "x": 1}],
            "misconceptions": [{"claim": "It is."}, 5],
            "minutes": "1e999",
            "kind": ["technical"],
            "nudge": 3,
        }
    )

    assert [c.must_show for c in said.criteria] == ["Says it."]
    assert (said.criteria[0].weight, said.misconceptions, said.minutes) == (None, (), None)
    assert (said.kind, said.nudge) == ("", "")


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"criteria": {}}', "[" * 100_000])
def test_a_reply_without_criteria_cannot_be_read(text: str) -> None:
    with pytest.raises(MalformedReplyError):
        read_reply(text)


def test_the_schema_requires_all_keys_in_alphabetical_order() -> None:
    def check(schema: Any) -> None:
        if schema.get("type") == "object":
            keys = list(schema["properties"])
            assert keys == sorted(keys) == schema["required"]
            assert schema["additionalProperties"] is False
            for part in schema["properties"].values():
                check(part)
        elif schema.get("type") == "array":
            check(schema["items"])

    check(reply_schema(3))


@pytest.mark.parametrize(("facts", "most"), [(1, 4), (3, 4), (4, 8), (8, 20), (40, 20)])
def test_the_schema_bounds_the_criteria_by_the_facts(facts: int, most: int) -> None:
    assert reply_schema(facts)["properties"]["criteria"]["maxItems"] == most
