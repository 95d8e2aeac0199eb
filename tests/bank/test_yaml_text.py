"""YAML as people write it: plain data by the core schema, and everything else refused with its line."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from interviewer.bank.yaml_text import MAX_DEPTH, MAX_DIGITS, Data, decode, line_of, lines_of, parse
from interviewer.errors import InvalidFileError
from interviewer.text import printable


def refused(text: str) -> InvalidFileError:
    with pytest.raises(InvalidFileError) as caught:
        parse(text, "bank.yaml")
    return caught.value


class TestMeaning:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("12", 12),
            ("-3", -3),
            ("0777", 777),
            ("0o17", 15),
            ("0xff", 255),
            ("2.5", 2.5),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("true", True),
            ("False", False),
            ("~", None),
            ("null", None),
            ("", None),
            (".inf", math.inf),
            ("-.INF", -math.inf),
        ],
    )
    def test_a_plain_scalar_means_what_the_core_schema_says(self, written: str, meant: object) -> None:
        assert parse(f"a: {written}", "f") == {"a": meant}

    def test_not_a_number_can_be_written(self) -> None:
        assert parse(".nan", "f") != parse(".nan", "f")

    @pytest.mark.parametrize(
        "written", ["no", "yes", "on", "Off", "y", "2026-01-05", "1_000", "12:30:00", "1.2.3", "+", "-", "."]
    )
    def test_what_is_no_number_and_no_truth_is_text(self, written: str) -> None:
        text = written if written != "-" else "-a"

        assert parse(f"a: {text}", "f") == {"a": text}

    @pytest.mark.parametrize("written", ["'12'", '"12"', "|-\n  12", ">-\n  12"])
    def test_quoted_and_block_scalars_are_text(self, written: str) -> None:
        assert parse(f"a: {written}", "f") == {"a": "12"}

    def test_lists_are_tuples_and_groups_are_dictionaries(self) -> None:
        assert parse("a: [1, {b: []}]", "f") == {"a": (1, {"b": ()})}

    def test_a_merge_key_is_a_key_like_any_other(self) -> None:
        assert parse("<<: {a: 1}", "f") == {"<<": {"a": 1}}


class TestRefusal:
    @pytest.mark.parametrize(
        ("text", "line", "problem"),
        [
            ("a: 1\nb: 2\na: 3", 3, "the key 'a' stands here and on line 1"),
            ("x:\n  - b: 1\n    c: 2\n    b: 3", 4, "the key 'b' stands here and on line 2"),
            ("a: 1\n---\nb: 2", 2, "a second document"),
            ("a: &x 1", 1, "anchor"),
            ("a: 1\nb: [&x 1]", 2, "anchor"),
            ("a: 1\nb: *x", 2, "anchor"),
            ("a: !!python/object:os.system x", 1, "tag"),
            ("a:\n  - !x {b: 1}", 2, "tag"),
            ("1: a", 1, "a key is 1"),
            ("true: a", 1, "a key is true, which is not text"),
            ("~: a", 1, "a key is empty"),
            ("a: 1\n? [b]\n: c", 2, "a key is a list"),
            ("a: 1\nb: c: d", 2, "mapping values"),
            ("a: 'never closed\n\n\n", 1, "end of stream"),
            ("ok: 1\na: [1, 2\n\n", 2, "expected ',' or ']'"),
            ("a:\n\t- b", 2, "cannot start any token"),
            ("a: 1\nb: \x1b[31m", 2, "the character U+001B is not allowed"),
            ("a: 1\nb: \ud800", 2, "the character U+D800 is not allowed"),
            ("a: 1\r\nb: 1\rc: \x00", 3, "the character U+0000 is not allowed"),
            (f"a: {'9' * (MAX_DIGITS + 1)}", 1, "a number longer than"),
            (f"a: 0x{'f' * MAX_DIGITS}", 1, "a number longer than"),
            (f"\n{'[' * 5000}", 2, "nested deeper than"),
            ("{a: " * 5000, 1, "nested deeper than"),
            ("- " * 5000, 1, "nested deeper than"),
        ],
    )
    def test_it_names_line_and_problem(self, text: str, line: int, problem: str) -> None:
        error = refused(text)

        assert (error.line, problem in error.problem) == (line, True), str(error)

    @pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
    def test_an_empty_file_is_refused_as_a_whole(self, text: str) -> None:
        assert "holds nothing" in refused(text).problem

    def test_a_billion_laughs_end_at_the_first(self) -> None:
        laughs = "a: &a [ha, ha]\n" + "".join(
            f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcd", "bcde", strict=True)
        )

        assert refused(laughs).line == 1

    def test_the_deepest_nesting_that_is_allowed_is_read(self) -> None:
        assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f") is not None

    def test_the_longest_number_that_is_allowed_is_read(self) -> None:
        assert parse("9" * MAX_DIGITS, "f") == int("9" * MAX_DIGITS)

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ("a: b: c", "quotes or after >-"),
            ("a:\n\t- b", "spaces, not tabs"),
            ("a: 'b", "never closed"),
            ("a: [b", "close the bracket"),
            ('a: "\\q"', "backslash"),
            ("- a\nb: c", "dashes of its list"),
        ],
    )
    def test_it_says_what_to_do(self, text: str, advice: str) -> None:
        assert advice in (refused(text).hint or "")

    def test_a_key_that_stands_twice_is_named_in_printable_characters(self) -> None:
        error = refused('"\\e[31m\\u202e": 1\n"\\e[31m\\u202e": 2')

        assert str(error).isprintable()

    def test_lines_are_counted_as_editors_do(self) -> None:
        assert refused('a: "one\u2028two\x85three"\nb: *x').line == 2


class TestWithoutTheCLibrary:
    @pytest.fixture(autouse=True)
    def python_parser(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(yaml, "__with_libyaml__", False)

    def test_the_same_is_read(self) -> None:
        assert parse("a: [1, 'b', {c: ~}]\nd: >-\n  e", "f") == {"a": (1, "b", {"c": None}), "d": "e"}

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("a: 1\na: 2", 2),
            ("a: 'b", 1),
            ("a: b\nc: \x00", 2),
            ("a: [b\n\n", 1),
            ("[" * 5000, 1),
            ('"\\UFFFFFFFF"', None),
        ],
    )
    def test_the_same_is_refused(self, text: str, line: int | None) -> None:
        assert refused(text).line == line


class TestLines:
    TEXT = "a: 1\nb:\n  - c\n  - d: 2\n    e:\n\n      - 3\nf: >-\n  text\n"

    @pytest.mark.parametrize(
        ("way", "line"),
        [
            ((), 1),
            (("a",), 1),
            (("b",), 2),
            (("b", 0), 3),
            (("b", 1), 4),
            (("b", 1, "d"), 4),
            (("b", 1, "e"), 5),
            (("b", 1, "e", 0), 7),
            (("f",), 8),
        ],
    )
    def test_a_value_s_line_is_where_it_or_its_key_begins(
        self, way: tuple[str | int, ...], line: int
    ) -> None:
        assert line_of(self.TEXT, way) == line

    @pytest.mark.parametrize("way", [("x",), ("a", 0), ("b", 7), ("b", "c"), ("f", "text")])
    def test_a_way_to_nothing_has_no_line(self, way: tuple[str | int, ...]) -> None:
        assert line_of(self.TEXT, way) is None

    def test_many_ways_are_found_at_once(self) -> None:
        assert lines_of(self.TEXT, [("b", 0), ("nowhere",), ("f",)]) == {("b", 0): 3, ("f",): 8}


class TestDecode:
    def test_a_byte_order_mark_is_dropped(self) -> None:
        assert decode("\ufeffé".encode(), "f") == "é"

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "latin-1"])
    def test_other_encodings_are_refused_with_what_to_do(self, encoding: str) -> None:
        with pytest.raises(InvalidFileError) as caught:
            decode("title: Café\n".encode(encoding), "f")

        assert (caught.value.line, caught.value.hint) == (1, "save it as UTF-8")

    @pytest.mark.parametrize("fault", [b"\0", b"\xff", b"\xed\xa0\x80"])
    def test_the_line_of_the_first_wrong_byte_is_told(self, fault: bytes) -> None:
        with pytest.raises(InvalidFileError) as caught:
            decode(b"a: 1\nb: 2\nc: " + fault, "f")

        assert caught.value.line == 3

    @given(st.binary(max_size=200))
    def test_any_bytes_are_text_or_refused_with_their_line(self, raw: bytes) -> None:
        error = refusal_of(lambda: decode(raw, "f"))

        assert error is None or 1 <= (error.line or 0) <= raw.count(b"\n") + 1


def refusal_of(reading: Callable[[], object]) -> InvalidFileError | None:
    """The InvalidFileError that `reading` raises; None if it raises nothing. Other errors come through."""
    try:
        reading()
    except InvalidFileError as error:
        return error
    return None


_PIECES = [*"abk0123: -\n\t#&*!|>%@`'\"[]{},?~.\\\r\x85\u2028\ufeff\ud800\x00\x1b\ufffe😀", *"\n- "]
_PIECES += [
    "\n  ",
    "- ",
    ": ",
    "---",
    "...",
    "<<",
    "0x",
    "1e9",
    "&a ",
    "*a ",
    "!!int ",
    "%YAML 1.2\n",
    ">-\n",
]
texts = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join) | st.text(max_size=60)


@given(texts)
@example('"\\UFFFFFFFF"')
@example("%TAG ! %ff\n--- a")
@example("!<%c3%28> a")
def test_any_text_is_read_or_refused_with_a_line_of_the_file(text: str) -> None:
    error = refusal_of(lambda: parse(text, "f"))

    lines = len(re.findall("\r\n|[\r\n]", text)) + 1
    assert error is None or error.problem == "the file holds nothing" or 1 <= (error.line or 0) <= lines


@given(texts)
def test_a_refusal_can_be_shown_as_it_is(text: str) -> None:
    error = refusal_of(lambda: parse(text, "f"))

    assert error is None or error.message == printable(error.message, keep="")


def _older_dumper_leaves_plain(text: str) -> bool:
    """Whether `text` is a number here, but not in YAML 1.1, so that safe_dump writes it without quotes."""
    return bool(re.fullmatch(r"0o[0-7]+|[-+]?(\d+|\d+\.?\d*[eE][-+]?\d+|\.\d+([eE][-+]?\d+)?)", text))


characters = st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" :#-'\"\n")
printables = st.text(characters, max_size=20).filter(lambda text: not _older_dumper_leaves_plain(text))
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | printables
)
data = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(printables, inner, max_size=4),
    max_leaves=15,
)


def as_read(value: Any) -> Data:
    """`value` as `parse` gives it: lists as tuples."""
    if isinstance(value, list):
        return tuple(map(as_read, value))
    return {key: as_read(one) for key, one in value.items()} if isinstance(value, dict) else value


@given(data)
def test_what_safe_dump_writes_reads_back_equal(value: Any) -> None:
    assert parse(yaml.safe_dump(value, allow_unicode=True), "f") == as_read(value)


@given(data)
def test_json_reads_back_equal(value: Any) -> None:
    assert parse(json.dumps(value, ensure_ascii=False), "f") == as_read(value)


@given(data)
def test_every_value_that_was_read_has_a_line(value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)

    assert set(lines_of(text, ways_in(parse(text, "f")))) == set(ways_in(parse(text, "f")))


def ways_in(value: Data, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, Data]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, tuple):
        inner = list(enumerate(value))
    return [way, *(found for step, one in inner for found in ways_in(one, (*way, step)))]
