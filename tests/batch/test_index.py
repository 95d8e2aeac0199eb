"""Ids with their places, however many and whatever is in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interviewer.batch.index import Ids


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=()), max_size=20)))
def test_an_id_is_new_once_and_keeps_its_first_place(texts: list[str]) -> None:
    ids, known = Ids(), dict[str, int]()
    for place, text in enumerate(texts):
        assert ids.add(text, place) == (text not in known)
        known.setdefault(text, place)

    assert {text: ids.place(text) for text in texts} == known
    assert bool(ids) == bool(texts)


def test_what_was_never_added_has_no_place() -> None:
    ids = Ids()
    ids.add("a")

    assert "b" not in ids
    assert ids.place("b") is None
