"""What is wrong in a file, in words that a person can act on."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.bank.faults import (
    Fault,
    as_errors,
    expectation,
    field_of,
    one_of,
    shown,
    validated,
)
from interviewer.bank.load import check_bank
from interviewer.bank.models import BankFile, Rubric
from interviewer.bank.yaml_text import parse
from interviewer.text import did_you_mean, printable
from tests.bank import BANK, RUBRIC, bank_file

FILE = Path("bank.yaml")


class TestValidated:
    @pytest.mark.parametrize(("text", "model"), [(BANK, BankFile), (RUBRIC, Rubric)])
    def test_right_data_becomes_the_model(self, text: str, model: type[BankFile | Rubric]) -> None:
        content, faults = validated(parse(text, FILE), model)

        assert isinstance(content, model)
        assert faults == []

    def test_a_list_with_wrong_entries_is_not_called_too_short(self) -> None:
        text = BANK[: BANK.index("questions:")] + "questions: [7]\n"

        _, faults = validated(parse(text, FILE), BankFile)

        assert [fault.way for fault in faults] == [("questions", 0)]

    def test_an_id_that_stands_three_times_is_told_twice(self) -> None:
        band = "  - {id: weak, title: Weak, floor: 0, descriptor: not yet}\n"

        _, faults = validated(parse(RUBRIC.replace(band, band * 3), FILE), Rubric)

        assert [(fault.way, fault.same_as) for fault in faults] == [
            (("bands", 2, "id"), ("bands", 1, "id")),
            (("bands", 3, "id"), ("bands", 1, "id")),
        ]

    def test_ids_that_stand_twice_are_told_beside_other_faults(self) -> None:
        text = BANK.replace("id: many-requests", "id: one-request").replace("weight: 2", "weight: 0")

        _, faults = validated(parse(text, FILE), BankFile)

        assert {fault.way[-1] for fault in faults} == {"id", "weight"}


class TestErrors:
    def test_they_come_by_line(self) -> None:
        faults = [Fault(("b",), "second"), Fault(("a",), "first")]

        assert [(e.line, e.problem) for e in as_errors(faults, "a: 1\nb: 2", FILE)] == [
            (1, "first"),
            (2, "second"),
        ]

    def test_the_line_of_what_holds_it_stands_for_something_that_is_not_there(self) -> None:
        (error,) = as_errors([Fault(("b", 1, "c"), "missing")], "a: 1\nb:\n  - 2\n  - {}", FILE)

        assert error.line == 4

    def test_the_same_place_is_told_by_its_line(self) -> None:
        (error,) = as_errors([Fault(("b",), "it is taken", same_as=("a",))], "a: 1\nb: 1", FILE)

        assert str(error) == "bank.yaml:2: b: it is taken on line 1"

    def test_no_fault_is_no_error(self) -> None:
        assert as_errors([], "a: 1", FILE) == []


class TestWords:
    @pytest.mark.parametrize(
        ("way", "field"),
        [
            ((), ""),
            (("version",), "version"),
            (("questions", 3, "criteria", 0, "weight"), "questions[3].criteria[0].weight"),
            (("a\x1bb",), "a␛b"),
        ],
    )
    def test_a_way_reads_as_people_write_it(self, way: tuple[str | int, ...], field: str) -> None:
        assert field_of(way) == field

    @pytest.mark.parametrize(
        ("schema", "words"),
        [
            ({"const": 1}, "1"),
            ({"type": "string"}, "text"),
            ({"type": "boolean"}, "true or false"),
            ({"type": "array"}, "a list"),
            ({"type": "array", "minItems": 1}, "a list of at least 1 entry"),
            ({"type": "array", "minItems": 2}, "a list of at least 2 entries"),
            ({"type": "array", "maxItems": 9}, "a list of at most 9 entries"),
            ({"type": "array", "minItems": 1, "maxItems": 9}, "a list of 1 to 9 entries"),
            ({"type": "number"}, "a number"),
            ({"type": "number", "exclusiveMinimum": 0}, "a number above 0"),
            ({"type": "integer", "minimum": 1, "maximum": 10}, "a whole number from 1 to 10"),
            ({"type": "object", "required": ["a", "b"]}, "a group with the keys a, b"),
            ({}, None),
        ],
    )
    def test_a_schema_reads_as_what_is_expected(self, schema: dict[str, object], words: str | None) -> None:
        assert expectation(schema) == words

    @pytest.mark.parametrize(
        ("value", "words"),
        [(True, "true"), (2.5, "2.5"), ("a", "'a'"), ((1,), "a list"), ({"a": 1}, "a group of keys")],
    )
    def test_a_wrong_value_is_named(self, value: object, words: str) -> None:
        assert shown(value) == words  # type: ignore[arg-type]

    @given(st.text())
    def test_any_text_is_named_briefly_and_printable(self, text: str) -> None:
        assert len(shown(text)) < 500
        assert shown(text) == printable(shown(text))

    def test_a_long_list_of_names_is_cut(self) -> None:
        assert one_of(f"n{n}" for n in range(13)).endswith("n10, n11, …")

    @given(st.lists(st.text(), max_size=5))
    def test_names_are_listed_printable(self, names: list[str]) -> None:
        assert one_of(names) == printable(one_of(names), keep="")

    def test_the_nearest_name_is_offered(self) -> None:
        assert did_you_mean("kv-cahce", ["kv-cache", "gpu-kernel"]) == "did you mean 'kv-cache'?"

    def test_capitals_do_not_hide_a_near_name(self) -> None:
        assert did_you_mean("KV-Cache", ["kv-cache", "gpu-kernel"]) == "did you mean 'kv-cache'?"

    def test_nothing_is_offered_where_nothing_is_near(self) -> None:
        assert did_you_mean("xyz", ["kv-cache"]) is None


def plain(data: Any) -> Any:
    """Data of `parse` as safe_dump takes it: tuples as lists."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return [plain(value) for value in data] if isinstance(data, tuple) else data


def ways_in(data: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [way, *(found for step, value in inner for found in ways_in(value, (*way, step)))]


def at(data: Any, way: tuple[Any, ...]) -> Any:
    for step in way:
        data = data[step]
    return data


FULL = plain(parse(BANK, "f"))
OPTIONAL = {"difficulty", "nudge", "minutes", "tags", "weight", "must_have", "partial", "probe", "penalty"}
OPTIONAL_OF_QUESTIONS = {"rubric", "misconceptions"}
REQUIRED_WAYS = [
    way
    for way in ways_in(FULL)
    if way
    and isinstance(way[-1], str)
    and way[-1] not in OPTIONAL
    and not (way[0] == "questions" and way[-1] in OPTIONAL_OF_QUESTIONS)
]
GROUP_WAYS = [way for way in ways_in(FULL) if isinstance(at(FULL, way), dict)]


def wrong_instead_of(value: Any) -> st.SearchStrategy[Any]:
    """Values that cannot stand where `value` is right."""
    if isinstance(value, str):
        return st.sampled_from([{"x": 1}, [], [[]], 7, True, "", " \n"])
    if isinstance(value, int | float):
        return st.sampled_from(["text", {"x": 1}, [], -1, 10**30, float("inf")])
    return st.sampled_from(["text", "\u202e", 7, None, False])


def with_value(way: tuple[Any, ...], value: Any) -> Any:
    """The valid bank's data with `value` at `way`."""
    if not way:
        return value
    data = copy.deepcopy(FULL)
    at(data, way[:-1])[way[-1]] = value
    return data


def assert_refused_within_the_file(data: Any) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    with tempfile.TemporaryDirectory() as folder:
        errors = check_bank(bank_file(Path(folder), text))
    assert errors
    lines = text.count("\n")
    assert all(1 <= (error.line or 0) <= lines for error in errors), (text, errors)
    assert all(error.problem.isprintable() for error in errors)


class TestAnyOneFault:
    """A valid bank with one thing wrong, wherever it is."""

    @settings(deadline=None)
    @given(way=st.sampled_from(REQUIRED_WAYS))
    def test_a_required_key_that_is_left_out(self, way: tuple[Any, ...]) -> None:
        group = {key: value for key, value in at(FULL, way[:-1]).items() if key != way[-1]}

        assert_refused_within_the_file(with_value(way[:-1], group))

    @settings(deadline=None)
    @given(
        way=st.sampled_from(GROUP_WAYS),
        key=st.text(st.characters(codec="utf-8"), max_size=10),
        value=st.sampled_from(["text", 7, None, [], {"x": {}}]),
    )
    def test_a_key_that_is_too_much(self, way: tuple[Any, ...], key: str, value: Any) -> None:
        assert_refused_within_the_file(with_value(way, {**at(FULL, way), f"x{key}": value}))

    @settings(deadline=None)
    @given(way=st.sampled_from(ways_in(FULL)), data=st.data())
    def test_a_value_of_the_wrong_kind(self, way: tuple[Any, ...], data: st.DataObject) -> None:
        assert_refused_within_the_file(with_value(way, data.draw(wrong_instead_of(at(FULL, way)))))
