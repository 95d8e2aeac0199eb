"""A hint is cut into facts, and nothing of it is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.importing.facts import fact_spans


def facts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in fact_spans(text)]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("It is fast. It is cheap.", ["It is fast.", "It is cheap."]),
        ("It is fast, while others wait.", ["It is fast,", "while others wait."]),
        ("TP needs links; PP has bubbles.", ["TP needs links;", "PP has bubbles."]),
        ("Less memory (CPU, GPU; more) in use.", ["Less memory (CPU, GPU; more) in use."]),
        ("Batching, e.g. of requests vs. tokens.", ["Batching, e.g. of requests vs. tokens."]),
        ("Take 1,000 rows at 3.5 ms each.", ["Take 1,000 rows at 3.5 ms each."]),
        ("A plan: 1. Look at it. 2. Fix it.", ["A plan: 1. Look at it.", "2. Fix it."]),
        ("Since 2. there is more.", ["Since 2.", "there is more."]),
        ("However, it costs more.", ["However, it costs more."]),
        ("It is (never closed, as here.", ["It is (never closed,", "as here."]),
        ("缓存占用显存。管理很难。", ["缓存占用显存。", "管理很难。"]),
        ("Batching", ["Batching"]),
        ("...", ["..."]),
        ("  ", []),
    ],
)
def test_a_hint_is_cut_where_something_new_is_said(text: str, cut: list[str]) -> None:
    assert facts(text) == cut


@given(st.text(alphabet=st.sampled_from("ab 12.,;:()[]!?。、\n\"'"), max_size=80))
def test_all_but_white_space_is_in_exactly_one_fact(text: str) -> None:
    spans = fact_spans(text)

    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(facts(text)).split()) == "".join(text.split())
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in spans)
