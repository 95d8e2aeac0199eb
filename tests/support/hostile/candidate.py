"""What a candidate says: over a pipe, in a file, as argument of a command."""

from __future__ import annotations

from tests.support.hostile.looking import look_at_all, shown_as
from tests.support.hostile.world import World
from tests.support.payloads import is_utf_8

_ASKED = ("start", "-q", "kv-cache", "-q", "memory-wall", "--follow-ups", "0")
_SEPARATORS = frozenset({"---"})


def said_over_a_pipe(world: World) -> None:
    """Two answers, one of the payload alone; they are kept to the letter and shown in every way."""
    answer = f"It is kept {world.payload} here"
    outcome = world.call(*_ASKED, stdin=f"{answer}\n---\n{world.payload}\n---\n")
    if is_utf_8(world.payload):
        assert outcome.code == 0, outcome.err
        if not any(line.strip() in _SEPARATORS for line in answer.split("\n")):
            assert world.answers()[0] == [as_piped(answer)]
    else:
        assert outcome.code == 4
    look_at_all(world)


def said_in_an_exam(world: World) -> None:
    """The same where all is shown at the end, with commands and words for a screen reader."""
    text = world.payload
    said = f"{text}\n---\n/skip\n/retry\n{text}\n---\n/dispute 1 {one_line(world)}\n/why 1\n/outline\n"
    world.call(*_ASKED, "--mode", "exam", "--plain", stdin=said, codes={0, 4})
    shown_as(world)


def said_to_the_local_model(world: World) -> None:
    """The embedded model judges it, or says why it does not; what was missed is drilled and reviewed."""
    nothing = "I would go and buy some bread and a newspaper first."
    said = f"{nothing} {world.payload}\n---\n{world.payload}\n---\n"
    world.call(*_ASKED, "--grader", "local", stdin=said, codes={0, 4})
    world.call("grade", "--pending", "--grader", "local", codes={0, 3})
    for how in (("--due",), ("--mode", "drill")):
        world.call("start", *how, "--grader", "local", stdin="/quit\n", codes={0, 2})
    shown_as(world)


def said_in_a_file(world: World) -> None:
    """Answers from a file, and the rest of them when the interview goes on."""
    name = world.write("answers.txt", f"It is kept {world.payload} here\n---\n")
    outcome = world.call(*_ASKED, "--answers", name, codes={0, 4})
    assert outcome.code == (0 if is_utf_8(world.payload) else 4)
    world.call("resume", stdin=f"{world.payload}\n---\n", codes={0, 2, 4})
    shown_as(world)


def as_piped(answer: str) -> str:
    """`answer` as it comes out of a pipe, of which line breaks are no part."""
    return "\n".join(line.rstrip("\r") for line in answer.split("\n"))


def one_line(world: World) -> str:
    """The payload without line breaks: for arguments of a command."""
    return world.payload.replace("\n", " ")


SCENES = (said_over_a_pipe, said_in_an_exam, said_to_the_local_model, said_in_a_file)
