"""The keyboard, over a pipe that stands for a terminal: keys go in, answers and leave-taking come out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from interviewer.interview.timing import TimeLeft
from interviewer.terminal import prompt
from interviewer.terminal.prompt import PromptReader
from interviewer.terminal.reader import EndError, LeaveError, Moment, TimeUpError

CTRL_C, CTRL_D, ENTER, UNDO, UP = "\x03", "\x04", "\r", "\x1f", "\x1b[A"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


def read(
    keys: PipeInput, typed: str, moment: Moment | None = None, *, reader: PromptReader | None = None
) -> str:
    keys.send_text(typed)
    return asyncio.run((reader or PromptReader()).read(moment or Moment()))


def test_an_answer_of_several_lines_is_sent_with_ctrl_d(keys: PipeInput) -> None:
    assert read(keys, f"one{ENTER}two{CTRL_D}") == "one\ntwo"


def test_a_command_is_sent_with_enter(keys: PipeInput) -> None:
    assert read(keys, f"/why 2{ENTER}") == "/why 2"


def test_ten_thousand_pasted_characters_are_one_answer(keys: PipeInput) -> None:
    text = "a line of it\n" * 770

    assert read(keys, f"\x1b[200~{text}\x1b[201~{CTRL_D}") == text


def test_ctrl_c_asks_and_p_pauses(keys: PipeInput) -> None:
    with pytest.raises(LeaveError):
        read(keys, f"half{CTRL_C}p")


def test_ctrl_c_asks_and_q_ends_the_interview(keys: PipeInput) -> None:
    with pytest.raises(EndError):
        read(keys, f"half{CTRL_C}q")


def test_ctrl_c_twice_pauses(keys: PipeInput) -> None:
    with pytest.raises(LeaveError):
        read(keys, f"{CTRL_C}{CTRL_C}")


def test_after_ctrl_c_other_keys_go_on_and_are_not_lost(keys: PipeInput) -> None:
    assert read(keys, f"half{CTRL_C} a sentence, quite{CTRL_D}") == "half a sentence, quite"


def test_p_and_q_are_letters_where_nobody_asked(keys: PipeInput) -> None:
    assert read(keys, f"pq{CTRL_D}") == "pq"


def test_ctrl_d_with_nothing_typed_leaves(keys: PipeInput) -> None:
    with pytest.raises(LeaveError):
        read(keys, CTRL_D)


def test_leaving_keeps_what_was_typed(keys: PipeInput) -> None:
    kept: list[str] = []

    with pytest.raises(LeaveError):
        read(keys, f"half a sentence{CTRL_C}p", Moment(keep=kept.append))

    assert kept == ["half a sentence"]


def test_what_is_typed_is_kept_meanwhile(keys: PipeInput, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt, "_TICK", 0.001)
    monkeypatch.setattr(prompt, "DRAFT_EVERY", 0.001)
    kept: list[str] = []

    def keep(text: str) -> None:
        kept.append(text)
        keys.send_text(CTRL_D)

    assert read(keys, "half a sentence", Moment(keep=keep)) == "half a sentence"
    assert kept[0] == "half a sentence"


def test_a_draft_is_there_to_go_on_with(keys: PipeInput) -> None:
    assert read(keys, f" a sentence{CTRL_D}", Moment(draft="half")) == "half a sentence"


def test_when_the_time_is_over_what_was_typed_comes_out(
    keys: PipeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt, "_TICK", 0.001)
    moment = Moment(draft="half a sen", left=lambda: TimeLeft(question=-0.1, total=None))

    with pytest.raises(TimeUpError, match=r"^half a sen$"):
        read(keys, "", moment)


def test_undo_takes_back(keys: PipeInput) -> None:
    assert read(keys, f"one{3 * UNDO}two{CTRL_D}") == "two"


def test_earlier_answers_are_in_the_history_and_commands_are_not(keys: PipeInput) -> None:
    reader = PromptReader(["an earlier answer"])
    assert read(keys, f"/nudge{ENTER}", reader=reader) == "/nudge"

    assert read(keys, f"{UP}{CTRL_D}", reader=reader) == "an earlier answer"


@pytest.mark.parametrize("typed", [ENTER, CTRL_C, CTRL_D])
def test_at_the_end_an_empty_line_is_enough(keys: PipeInput, typed: str) -> None:
    keys.send_text(typed)

    assert asyncio.run(PromptReader().aside()) is None


def test_at_the_end_a_command_can_be_given(keys: PipeInput) -> None:
    keys.send_text(f"/why 2{ENTER}")

    assert asyncio.run(PromptReader().aside()) == "/why 2"


def test_a_fault_in_handling_a_key_ends_the_prompt_and_keeps_what_was_typed(
    keys: PipeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(PromptReader, "_send", fail)

    with pytest.raises(ZeroDivisionError):
        read(keys, f"half a sentence{CTRL_D}", Moment(keep=kept.append))

    assert kept == ["half a sentence"]


@pytest.mark.parametrize("opens", ["\x18\x05", f"/edit{ENTER}"], ids=["keys", "command"])
def test_what_comes_back_from_the_editor_is_there_to_be_read_and_sent(
    keys: PipeInput, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opens: str
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "from the editor" > "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    reader = PromptReader()

    def send_on_return(text: str) -> None:
        if text == "from the editor":
            keys.send_text(CTRL_D)

    monkeypatch.setattr(prompt, "_TICK", 0.001)
    monkeypatch.setattr(prompt, "DRAFT_EVERY", 0.001)

    assert read(keys, opens, Moment(keep=send_on_return), reader=reader) == "from the editor"


def test_bytes_that_are_no_utf_8_go_to_the_editor_as_question_marks(
    keys: PipeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    keys.send_bytes(b"half \xff\x18\x05")

    monkeypatch.setattr(prompt, "_TICK", 0.001)
    monkeypatch.setattr(prompt, "DRAFT_EVERY", 0.001)

    assert read(keys, "", Moment(keep=lambda _: keys.send_text(CTRL_D))) == "half ?"
