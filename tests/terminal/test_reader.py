"""Answers over a pipe."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.terminal.commands import command_in, looks_like_command
from interviewer.terminal.reader import LeaveError, Moment, PipedReader, split_answers


def split(text: str) -> list[str]:
    return list(split_answers(text.splitlines(keepends=True)))


def test_a_line_of_dashes_ends_an_answer() -> None:
    assert split("one\ntwo\n---\nthree\n") == ["one\ntwo", "three"]


def test_a_command_stands_on_a_line_of_its_own() -> None:
    assert split("/skip\n/nudge\nan answer\n---\n") == ["/skip", "/nudge", "an answer"]


def test_a_command_s_word_within_an_answer_is_part_of_it() -> None:
    assert split("first line\n/skip\n---\n") == ["first line\n/skip"]


def test_blank_answers_are_left_out() -> None:
    assert split("\n---\n  \n---\none\n---\n") == ["one"]


class Line(str):
    """A line that counts how often it is looked at."""

    looks = 0

    def strip(self, *characters: str | None) -> str:
        Line.looks += 1
        return super().strip(*characters)

    def rstrip(self, *characters: str | None) -> Line:
        return Line(super().rstrip(*characters))


def test_many_blank_lines_before_an_answer_are_each_looked_at_a_few_times() -> None:
    lines = [Line("\n")] * 1_000

    assert list(split_answers([*lines, "an answer\n"])) == ["\n" * 1_000 + "an answer"]
    assert Line.looks < 10 * len(lines)


def is_command(text: str) -> bool:
    return command_in(text) is not None or looks_like_command(text)


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)))
def test_every_answer_comes_out_as_it_went_in(answers: list[str]) -> None:
    said = [a for a in answers if a.strip() not in {"", "---"} and not is_command(a) and a[0] != "\ufeff"]

    lines = [line for answer in said for line in (f"{answer}\n", "---\n")]
    assert list(split_answers(lines)) == said


def test_the_end_of_the_input_is_leaving() -> None:
    async def talk() -> None:
        reader = PipedReader(["only one"])
        assert await reader.read(Moment()) == "only one"
        with pytest.raises(LeaveError):
            await reader.read(Moment())

    asyncio.run(talk())


@pytest.mark.parametrize("typed", ["/skip", " /SKIP ", "/skip\n"])
def test_a_command_is_known_in_any_case(typed: str) -> None:
    assert command_in(typed) == ("/skip", "")


@pytest.mark.parametrize("typed", ["/etc/hosts", "/skip this", "skip", "/", ""])
def test_an_answer_is_no_command(typed: str) -> None:
    assert command_in(typed) is None


def test_a_mistyped_command_is_noticed() -> None:
    assert looks_like_command("/skpi")
    assert not looks_like_command("/etc/hosts is read first")


def test_what_looks_like_a_command_stands_alone() -> None:
    assert list(split_answers(["/nosuch", "/help", "An answer about /etc/hosts"])) == [
        "/nosuch",
        "/help",
        "An answer about /etc/hosts",
    ]


def test_a_byte_order_mark_hides_no_command() -> None:
    assert list(split_answers(["\ufeff/skip"])) == ["/skip"]
