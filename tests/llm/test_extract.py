"""Finding the JSON object in a reply, whatever a model writes around it."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interviewer.errors import MalformedReplyError
from interviewer.llm.extract import json_object_in

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(), VALUES, min_size=1)
PROSE = st.text().filter(lambda s: not set(s) & set("{}<>"))


@given(OBJECTS, PROSE, PROSE, st.booleans())
@example({"a": "</think>"}, "", "", False)
@example({"a": '<think> "{'}, "so", "", True)
def test_any_object_wrapped_in_prose_comes_back_equal(
    value: dict[str, Any], before: str, after: str, ascii_only: bool
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)

    assert json.loads(json_object_in(before + text + after)) == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        ' \n{"a": 1}\n',
        '\ufeff{"a": 1}',
        '```json\n{"a": 1}\n```',
        'Sure! Here it is:\n```\n{"a": 1}\n```\nAnything else?',
        '<think>Perhaps {"a": 2}? Or {x}</think>\n{"a": 1}',
        'Perhaps {"a": 2}?\n</think>\n\n{"a": 1}',
        '<THINK>{"a": 2}</Think>{"a": 1}',
        'I use {braces} and {} here: {"a": 1}. {}',
        '{"draft": true}\nNo, better:\n{"a": 1}',
        '[{"a": 1}]',
    ],
)
def test_fences_thinking_and_prose_are_left_out(text: str) -> None:
    assert json_object_in(text) == '{"a": 1}'


def test_the_object_is_given_as_it_was_written() -> None:
    assert json_object_in('x {"b":1,   "a":"é"} y') == '{"b":1,   "a":"é"}'


def test_line_breaks_within_a_string_are_mended() -> None:
    assert json.loads(json_object_in('{"a": "one\ntwo\tthree"}')) == {"a": "one\ntwo\tthree"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "[]",
        "null",
        '"{"',
        "{",
        "{]",
        "I'd rather not.",
        "<think>{}</think>",
        '{"criteria": [{"a": 1}, {"b": 2}',
        '{"criteria": [{"a": 1}, {"b": "cut he',
        '{"a": ' + "9" * 5000 + "}",
    ],
)
def test_a_reply_without_a_whole_object_is_malformed(text: str) -> None:
    with pytest.raises(MalformedReplyError):
        json_object_in(text)


@pytest.mark.parametrize(
    "unit",
    ["{", '{"', '{"a":', '{"a":[', "[", "<think>", "</think>", "{}", '{"a":[1,', "{{}", '{"a" 1', "\\"],
)
def test_hostile_repetition_is_settled(unit: str) -> None:
    with contextlib.suppress(MalformedReplyError):
        json_object_in(unit * 50_000)


@given(st.text(alphabet='{}[]",:\\a1<think>/ \n'))
def test_whatever_comes_back_is_an_object(text: str) -> None:
    try:
        found = json_object_in(text)
    except MalformedReplyError:
        return
    assert isinstance(json.loads(found), dict)
