"""Folding, finding and showing of foreign text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interviewer.text import find, fold, guarded, one_line, printable, sentences, unguarded, words


@given(st.text(max_size=120), st.data())
def test_every_part_of_a_text_is_found_in_it_through_all_foldings(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    quote = text[start : data.draw(st.integers(start, len(text)))]

    span = find(quote, fold(text), text)

    if fold(quote).text:
        assert span is not None
        assert fold(text[span.start : span.end]).text == fold(quote).text


@pytest.mark.parametrize(
    ("original", "quote"),
    [
        ("It’s the “KV cache” — always", 'it\'s the "kv cache" - always'),
        ("Ｌａｔｅｎｃｙ of one request", "latency of one request"),
        ("late\u200bncy \u202eof one", "latency of one"),
        ("a café in Zürich", "a cafe in zurich"),
        ("two\n  lines\tof text", "two lines of text"),
        ("straße and ﬁne", "STRASSE and fine"),
    ],
)
def test_differences_that_do_not_matter_are_folded(original: str, quote: str) -> None:
    span = find(quote, fold(original), original)

    assert span is not None
    assert original[span.start : span.end] == original


def test_a_span_keeps_the_accents_of_its_last_letter() -> None:
    text = "voila\u0300 done"

    span = find("voila", fold(text), text)

    assert span is not None
    assert text[span.start : span.end] == "voila\u0300"


def test_a_character_that_stands_for_a_whole_sentence_stays_one() -> None:
    assert len(fold("\ufdfa" * 100).text) == 100


def test_other_words_are_not_found() -> None:
    text = "Batching raises throughput."

    assert find("raises latency", fold(text), text) is None


@pytest.mark.parametrize("empty", ["", "   ", "\u200b\u202e", "\u0301"])
def test_nothing_is_found_nowhere(empty: str) -> None:
    assert find(empty, fold("some text"), "some text") is None


@given(st.text(max_size=200))
def test_sentences_lie_in_order_and_lose_no_word(text: str) -> None:
    spans = sentences(text)

    assert all(a.end <= b.start for a, b in pairwise(spans))
    kept = "".join(text[s.start : s.end] for s in spans)
    assert "".join(kept.split()) == "".join(text.split())


def test_sentences_end_at_marks_and_line_breaks_and_not_inside_numbers() -> None:
    text = 'It took 3.5 ms. Why? "Because."\n- first point\n- second'

    assert [text[s.start : s.end] for s in sentences(text)] == [
        "It took 3.5 ms.",
        "Why?",
        '"Because."',
        "- first point",
        "- second",
    ]


def test_words_of_a_script_without_spaces_are_counted_by_character() -> None:
    assert len(words("it's 好的 3x")) == 4


@given(st.text())
def test_printable_text_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = printable(text)

    forbidden = {
        *map(chr, range(32)),
        *map(chr, range(127, 160)),
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    }
    assert not (forbidden - {"\n", "\t"}) & set(shown)
    shown.encode("utf-8")


def test_an_escape_sequence_is_shown_as_itself() -> None:
    assert printable("\x1b[31mred\x07") == "␛[31mred␇"


def test_what_changes_the_shape_of_digits_is_shown() -> None:
    assert printable("\u206e12\u206f") == "⟨U+206E⟩12⟨U+206F⟩"


def test_emoji_and_other_scripts_stay_as_they_are() -> None:
    assert printable("👩‍👩‍👧 שלום नमस्ते") == "👩‍👩‍👧 שלום नमस्ते"


def test_one_line_is_cut_with_an_ellipsis() -> None:
    assert one_line("a\nb   c", 3) == "a…"
    assert one_line("a\nb", 10) == "a b"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'"])
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(first: str) -> None:
    assert guarded(f"{first}1") == f"'{first}1"


@pytest.mark.parametrize("text", ["", "1", "a=b", " =1", "é"])
def test_other_cells_stay(text: str) -> None:
    assert guarded(text) == text


@given(st.text())
@example("'=1")
@example("''")
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_text_is_folded_as_it_is_beside_any_other_character(text: str) -> None:
    folded, beside = fold(text), fold(text + "é")

    assert beside.text.removesuffix("e").rstrip(" ") == folded.text
    assert beside.origins[: len(folded.origins)] == folded.origins
