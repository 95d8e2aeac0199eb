"""On a terminal: what is typed, pasted and shown sends no sequence but the program's own."""

from __future__ import annotations

import re

from interviewer.interview.events import InterviewStarted
from interviewer.store.store import Store
from interviewer.text import printable
from tests.report.samples import FAILED, FOLLOW_UP_OPEN, with_turns
from tests.support.hostile.kept import of_words
from tests.support.hostile.world import World
from tests.support.kills.drafts import answers_in, terminal

#: What rich and prompt_toolkit send: styles of the palette, moves, erasing, and modes that they set and take
#: back: cursor keys, marks around pasted text, the cursor's sight and blinking, wrapping.
_OWN = re.compile(
    r"\x1b\[(?:0|[1-47]|2[2-9]|3[0-79]|4[0-79]|9[0-7]|10[0-7])?(?:;(?:\d|2[2-9]|3[0-79]|4[0-79]|9[0-7]|10[0-7]))*m"
    r"|\x1b\[\d*[ABCDGJK]|\x1b\[\?(?:1|7|12|25|2004)[hl]|\x1b\[\d*;?\d*H|\x1b\[6n|\x1b\[0? q"
)
_READY = b"\x1b[?2004h"  # from now on pasted text is marked as such: the prompt is there
_SEND, _PASTE, _PASTED = b"\x04", b"\x1b[200~", b"\x1b[201~"
_TAKES_WORDS = b"/dispute "
_FAKE = ("--grader", "fake", "--follow-ups", "0")


def pasted(world: World) -> None:
    """The payload is pasted into an answer, sent, and comes back when the interview goes on."""
    said = world.payload.replace("\x1b[201~\x03", "").encode("utf-8", "replace")
    with terminal(world.home, "start", "-q", "kv-cache", "-q", "memory-wall", *_FAKE) as screen:
        screen.until(lambda: _READY in screen.out)
        # A command that takes words is the candidate's own to give, pasted or not.
        said = b"I say: " + said if said.startswith(_TAKES_WORDS) else said
        screen.types(_PASTE + said + _PASTED + b" and more" + _SEND)
        screen.until(lambda: bool(answers_in(world.home)))
        screen.until(lambda: screen.out.count(_READY) > 1)
        # Not sent: it is kept as a draft.
        screen.types(_PASTE + said + _PASTED + b"\x03p")
        screen.until(lambda: b"interviewer resume" in screen.out)
    refuse_sequences(screen.out, "start, pasted")
    kept = answers_in(world.home)[0]
    assert kept == f"{_as_pasted(said.decode())} and more"
    with terminal(world.home, "resume", "--grader", "fake") as screen:
        screen.until(lambda: screen.out.count(_READY) > 0)
        screen.types(b"\x03p")
        screen.until(lambda: b"interviewer resume" in screen.out)
    refuse_sequences(screen.out, "resume")
    world.driven |= {"start", "resume"}


def shown(world: World) -> None:
    """An interview of which every text is the payload, in colours."""
    words = world.payload.encode("utf-8", "replace").decode().replace("\0", "") or " "
    one = of_words(words, words.strip() or "x")
    with Store.open(world.home / "data") as store:
        store.record(one.id, InterviewStarted(interview=one))
        store.record("zz", InterviewStarted(interview=with_turns(FAILED, FOLLOW_UP_OPEN, id="zz")))
    for command in (("show", "--", one.id), ("sessions",), ("progress",), ("export", "--", one.id)):
        with terminal(world.home, *command) as screen:
            screen.until(lambda: screen.process.poll() is not None)
            screen.look()
        refuse_sequences(screen.out, command[0])
        world.driven.add(command[0])


def refuse_sequences(out: bytes, where: str) -> None:
    """Nothing in `out` that a terminal obeys, but what the program itself sends. Raises AssertionError."""
    text = _OWN.sub("", out.decode("utf-8", "replace"))
    text = re.sub("[\r\b]", "", text)  # the prompt moves the cursor back by these
    found = sorted(c for c in set(text) if printable(c) != c)
    at = min((text.index(c) for c in found), default=0)
    assert not found, f"{where}: {found} in {text[max(0, at - 80) : at + 60]!r}"


def _as_pasted(text: str) -> str:
    """What a prompt has of pasted text: its line breaks are those of a text."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


SCENES = (pasted, shown)
