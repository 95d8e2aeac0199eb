"""What a candidate can type instead of an answer."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Word(StrEnum):
    """The commands of the chat, as typed."""

    HELP = "/help"
    SKIP = "/skip"
    GIVE_UP = "/giveup"
    REPEAT = "/repeat"
    NUDGE = "/nudge"
    TIME = "/time"
    EDIT = "/edit"
    WHY = "/why"
    OUTLINE = "/outline"
    RETRY = "/retry"
    DISPUTE = "/dispute"
    QUIT = "/quit"
    END = "/end"


MEANINGS = {
    Word.HELP: "show this list",
    Word.SKIP: "leave this question without an answer; it is in no average",
    Word.GIVE_UP: "say that you don't know; counts as an answer that shows nothing",
    Word.REPEAT: "show the question again",
    Word.NUDGE: "get a push in the right direction",
    Word.TIME: "show the time used and the time left",
    Word.EDIT: "write the answer in $EDITOR",
    Word.WHY: "/why 2: what point 2 of the last question asks for, your words, and the reason",
    Word.OUTLINE: "show what a full answer to the last question holds; an open follow-up is left",
    Word.RETRY: "answer the last question once more; the first try keeps its score",
    Word.DISPUTE: "/dispute 2 REASON: have point 2 judged again, once, with your reason",
    Word.QUIT: "leave; `interviewer resume` goes on from here",
    Word.END: "end the interview here; what is not answered is in no average",
}

#: Commands about a question that has its grade; they take a place, such as 2, or 3.2 for question 3.
LOOKING_BACK = frozenset({Word.WHY, Word.OUTLINE, Word.RETRY, Word.DISPUTE})


class Said(NamedTuple):
    """A command as typed. rest: what follows the word."""

    word: Word
    rest: str


def command_in(text: str) -> Said | None:
    """The command that `text` is, or None if it is an answer.

    Only a known word alone counts, so that an answer about `/etc/hosts` stays an answer; behind those that
    look back, more may stand.
    """
    head, _, rest = text.strip().partition(" ")
    head, rest = head.rstrip("\n"), rest.strip()
    try:
        word = Word(head.lower())
    except ValueError:
        return None
    return Said(word, rest) if not rest or word in LOOKING_BACK else None


def looks_like_command(text: str) -> bool:
    """Whether `text` is a single word after a slash that is no command: most likely a slip."""
    stripped = text.strip()
    return stripped.startswith("/") and stripped[1:].isalpha() and command_in(stripped) is None
