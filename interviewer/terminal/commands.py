"""What a candidate can type instead of an answer."""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """The commands of the chat, as typed."""

    HELP = "/help"
    SKIP = "/skip"
    GIVE_UP = "/giveup"
    REPEAT = "/repeat"
    NUDGE = "/nudge"
    EDIT = "/edit"
    QUIT = "/quit"


MEANINGS = {
    Word.HELP: "show this list",
    Word.SKIP: "leave this question without an answer; it is in no average",
    Word.GIVE_UP: "say that you don't know; counts as an answer that shows nothing",
    Word.REPEAT: "show the question again",
    Word.NUDGE: "get a push in the right direction",
    Word.EDIT: "write the answer in $EDITOR",
    Word.QUIT: "leave; `interviewer resume` goes on from here",
}


def word_in(text: str) -> Word | None:
    """The command that `text` is, or None if it is an answer.

    Only a known word alone counts, so that an answer about `/etc/hosts` stays an answer.
    """
    try:
        return Word(text.strip().lower())
    except ValueError:
        return None


def looks_like_command(text: str) -> bool:
    """Whether `text` is a single word after a slash that is no command: most likely a slip."""
    stripped = text.strip()
    return stripped.startswith("/") and stripped[1:].isalpha() and word_in(stripped) is None
