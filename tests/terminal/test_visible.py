"""What is typed is shown without being obeyed, and the cursor stands where it should."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.layout.controls import BufferControl
from prompt_toolkit.layout.processors import Transformation, TransformationInput

from interviewer.terminal.visible import Visible


def shown(line: str) -> Transformation:
    control, document = BufferControl(Buffer()), Document(line)
    fragments: list[Any] = [("class:x", line)]
    return Visible().apply_transformation(
        TransformationInput(control, document, 0, lambda at: at, fragments, 80, 24)
    )


def text_of(told: Transformation) -> str:
    return "".join(text for _, text, *_ in told.fragments)


def test_a_control_of_direction_is_a_sign() -> None:
    assert text_of(shown("a\u202eb")) == "a⟨U+202E⟩b"


def test_the_cursor_stands_before_the_character_that_it_is_on() -> None:
    told = shown("a\u202eb")

    assert [told.source_to_display(at) for at in range(4)] == [0, 1, 9, 10]
    assert [told.display_to_source(at) for at in (0, 1, 5, 8, 9, 10)] == [0, 1, 1, 1, 2, 3]


@pytest.mark.parametrize("line", ["plain", "größer 延迟 👩\u200d🚀", "\x1b[2J\x07\x9b"])
def test_what_the_prompt_shows_itself_stays(line: str) -> None:
    assert text_of(shown(line)) == line


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_there_and_back_is_the_same_place(line: str) -> None:
    told = shown(line)

    assert [told.display_to_source(told.source_to_display(at)) for at in range(len(line) + 3)] == list(
        range(len(line) + 3)
    )
