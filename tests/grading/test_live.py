"""Live verdicts: a criterion is known as soon as its object is closed, however the text is cut."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.live import CriteriaStream

IDS = st.lists(st.text(max_size=8), max_size=5)
QUOTES = st.text(st.sampled_from('ab"\\{}[],: \n'), max_size=12)


def reply(ids: list[str], quote: str = "q") -> str:
    criteria = [
        {"criterion_id": i, "evidence": [{"quote": quote, "s": "s1"}], "gap": "", "verdict": "met"}
        for i in ids
    ]
    return json.dumps({"criteria": criteria, "feedback": '"criteria": [{"criterion_id": "fake"}]'})


@given(IDS, QUOTES, st.data())
def test_every_criterion_comes_once_and_in_order_however_the_text_is_cut(
    ids: list[str], quote: str, data: st.DataObject
) -> None:
    text = reply(ids, quote)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    stream = CriteriaStream()

    found = [c for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) for c in stream.feed(text[a:b])]

    assert [c.criterion_id for c in found] == ids
    assert all(c.evidence[0].quote == quote for c in found)


@given(
    st.text(st.sampled_from('[]{}a,:"\\'), max_size=30),
    st.text(st.sampled_from("[]{}"), max_size=4),
    st.data(),
)
def test_whatever_else_the_list_holds_the_cuts_change_nothing(
    before: str, after: str, data: st.DataObject
) -> None:
    one = json.dumps({"criterion_id": "a", "evidence": [], "gap": "", "verdict": "met"})
    text = f'{{"criteria": [{before}{one}{after}{one}]}}'
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    stream = CriteriaStream()

    found = [c for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) for c in stream.feed(text[a:b])]

    assert found == CriteriaStream().feed(text)


def test_an_object_that_is_too_long_ends_the_reading_however_it_comes() -> None:
    item = json.dumps({"criterion_id": "a", "evidence": [], "gap": "x" * 30_000, "verdict": "met"})

    assert CriteriaStream().feed(f'{{"criteria": [{item}, {item}]}}') == []


def test_a_criterion_is_known_before_the_reply_ends() -> None:
    text = reply(["a", "b"])
    stream = CriteriaStream()

    early = stream.feed(text[: text.index('"b"')])

    assert [c.criterion_id for c in early] == ["a"]


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    CriteriaStream().feed('{"criteria": [' + text)


def test_a_preamble_is_let_go_of_as_it_comes() -> None:
    stream = CriteriaStream()
    for _ in range(1000):
        stream.feed("thinking, thinking, thinking. ")

    assert len(stream._text) < 100
    assert [c.criterion_id for c in stream.feed(reply(["a"]))] == ["a"]


def test_an_object_that_never_ends_is_not_kept_for_ever() -> None:
    stream = CriteriaStream()
    stream.feed('{"criteria": [{"criterion_id": "')
    for _ in range(1000):
        stream.feed("x" * 100)

    assert len(stream._text) < 30_000
