"""Reading what a model replied: nothing in it is believed, and one bad entry spoils no other."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import MalformedReplyError
from interviewer.grading.models import Verdict
from interviewer.grading.reply import SaidEvidence, read_reply, reply_schema
from tests.support.builders import misconception, question, rubric

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def said(id: str = "a", verdict: str = "met") -> dict[str, Any]:
    return {"criterion_id": id, "evidence": [{"quote": "q", "s": "s1"}], "gap": "", "verdict": verdict}


def test_a_whole_reply_is_read() -> None:
    reply = read_reply(
        json.dumps(
            {
                "criteria": [said()],
                "delivery": [{"aspect_id": "clarity", "level": "strong"}],
                "feedback": "fine",
                "follow_up": "why?",
                "misconceptions": [],
            }
        )
    )

    assert reply.criteria[0].verdict is Verdict.MET
    assert reply.delivery[0].level == "strong"
    assert (reply.feedback, reply.follow_up) == ("fine", "why?")


@pytest.mark.parametrize(
    "text", ["", "no", "[]", "{}", '{"criteria": {}}', '{"criteria": [{"x": 1}]}', "[" * 9999]
)
def test_what_holds_no_criteria_is_malformed(text: str) -> None:
    with pytest.raises(MalformedReplyError):
        read_reply(text)


def test_a_bad_entry_is_left_out_and_the_others_stay() -> None:
    reply = read_reply(json.dumps({"criteria": [said("a"), said("b", "excellent"), "c", said("d")]}))

    assert [c.criterion_id for c in reply.criteria] == ["a", "d"]


def test_missing_parts_are_empty() -> None:
    reply = read_reply(json.dumps({"criteria": [said()], "feedback": 7}))

    assert (reply.delivery, reply.feedback, reply.follow_up, reply.misconceptions) == ((), "", "", ())


@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    with contextlib.suppress(MalformedReplyError):
        read_reply(json.dumps({"criteria": value, "delivery": value, "misconceptions": value}))


@pytest.mark.parametrize(
    ("name", "index"), [("s1", 0), ("S12", 11), ("3", 2), ("", None), ("two", None), ("s²", None)]
)
def test_a_sentence_is_known_by_its_number(name: str, index: int | None) -> None:
    assert SaidEvidence(quote="q", s=name).sentence == index


def test_every_object_of_the_schema_is_strict_and_its_keys_are_in_alphabetical_order() -> None:
    def objects(schema: Any) -> list[Any]:
        if isinstance(schema, list):
            return [o for part in schema for o in objects(part)]
        if not isinstance(schema, dict):
            return []
        own = [schema] if schema.get("type") == "object" else []
        return own + [o for part in schema.values() for o in objects(part)]

    found = objects(reply_schema(question(misconceptions=(misconception(),)), rubric()))

    assert len(found) == 6
    for one in found:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"]) == sorted(one["properties"])


def test_evidence_comes_before_gap_and_gap_before_verdict() -> None:
    properties = list(reply_schema(question(), rubric())["properties"]["criteria"]["items"]["properties"])

    assert properties.index("evidence") < properties.index("gap") < properties.index("verdict")


def test_a_question_without_misconceptions_does_not_ask_for_any() -> None:
    assert "misconceptions" not in reply_schema(question(), rubric())["properties"]


def test_every_list_and_text_of_a_reply_is_bounded() -> None:
    def unbounded(schema: object) -> list[object]:
        if not isinstance(schema, dict):
            return []
        inner = [found for value in schema.values() for found in unbounded(value)]
        wanted = {"array": "maxItems", "string": "maxLength"}.get(str(schema.get("type")))
        return [*inner, schema] if wanted and wanted not in schema and "enum" not in schema else inner

    assert unbounded(reply_schema(question(misconceptions=(misconception(),)), rubric())) == []
