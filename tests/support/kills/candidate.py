"""A candidate who reads what the program prints, answers what it asks, and remembers what it acknowledged."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_HEAD = re.compile(r"Question (\d+) of \d+ · (?:.*)")
_SETTLED = "Disputed, and judged again"
#: What a command may be answered with, by the beginning of the line: whether it is done with.
_OUTCOMES = {_SETTLED: True, "Not now: this verdict was disputed before": True, "Not judged again.": False}
_REFUSALS = ("Not now:", "Not saved:", "Not sent:", "There is no command")

#: Bodies of answers: commands and separators that are none, and characters that get lost easily.
_BODIES = (
    "The cache keeps the keys and values of earlier tokens, so that they need not be computed again.",
    "First, one request at a time:\n\n    latency is what one of them waits for.\nThen all: throughput.",
    "/skip is no command here, nor is\n/quit\nor a line like this one:\n----\nThe answer goes on after it.",
    "Größe × Tempo, 延迟, מהירות, \u202eabc\u202c, 👩\u200d🚀, e\u0301, \ufeff, \u2028, \u0085 stay.",
    "Bytes that a terminal would obey: \x1b[31mred\x1b[0m, \x07, \x08 and\ttabs. The memory is too slow.",
    "'quotes', \"double\" ones; DROP TABLE answers; -- {braces} %s \\n </answer> and `ticks`, one line. " * 9,
)


@dataclass(frozen=True, slots=True)
class Script:
    """How an interview is held, and what the candidate does in it.

    options: of `start`. commands: by number of a question, what is said to the program before it is answered.
    is_exam: results come at the end, question by question. is_silent: no answer is given; limits send none.
    """

    name: str
    options: tuple[str, ...]
    commands: Mapping[int, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    is_exam: bool = False
    is_silent: bool = False


class Candidate:
    """Sits one interview, in one sitting or, after kills, in many.

    said: every answer that was ever sent, by the mark that it begins with. acknowledged: marks of those that
    the program showed again, or something after. problems: what it printed that fits no script. stage: where
    the sitting is.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self.said: dict[str, str] = {}
        self.acknowledged: set[str] = set()
        self.problems: list[str] = []
        self.is_done = False
        self.stage = ""
        self._turn = (1, False)  # number of the question, and whether it is asked once more
        self._obeyed: set[str] = set()
        self._waiting: str | None = None  # a mark or a command that was said last
        self._is_echoed = False
        self._prompt: list[str] | None = None  # of a follow-up, while it is read

    def sits_down(self, stage: str) -> None:
        """A new sitting begins; nothing is on screen."""
        self.is_done, self.stage = False, stage
        self._waiting, self._is_echoed, self._prompt = None, False, None

    def hears(self, text: str) -> str:
        """What is said to whole lines of `text`; perhaps nothing."""
        return "".join(self._heard(line.strip()) for line in text.split("\n")[:-1])

    def _heard(self, line: str) -> str:
        if self._prompt is not None:
            if line or not self._prompt:
                self._prompt.append(line)
                return ""
            prompt, self._prompt = " ".join(self._prompt), None
            self.stage = "follow-up on screen"
            return self._answer(prompt)
        if self._waiting is not None and line.startswith(self._waiting[:60].strip()):
            self._is_echoed = True
            if self._waiting in self.said:
                self._acknowledge("being graded")
            return ""
        if (head := _HEAD.fullmatch(line)) is not None:
            return self._asked(int(head[1]), once_more="once more" in line)
        if line == "Follow-up":
            self._acknowledge("follow-up on screen")
            self._prompt = []
        elif line == "Summary":
            self._acknowledge("at the end")
            self.is_done = True
        elif (outcome := next((o for o in _OUTCOMES if line.startswith(o)), None)) is not None:
            return self._told_of_command(is_done=_OUTCOMES[outcome], is_settled=outcome == _SETTLED)
        elif line.startswith(_REFUSALS):
            self.problems.append(line)
            self.is_done = True  # there is no knowing what to say to it
        return ""

    def _asked(self, number: int, *, once_more: bool) -> str:
        self._acknowledge("question on screen")
        if once_more:
            self._obeyed.add(f"/retry {number}")
        self._turn = (number, once_more)
        is_result = self._script.is_exam and _mark(self._turn, "") in self.acknowledged
        if is_result:
            self.stage = "at the end"
        return "" if is_result or self._script.is_silent else self._next()

    def _next(self) -> str:
        """A command that belongs before this question, or its answer."""
        number, once_more = self._turn
        left = [c for c in self._script.commands.get(number, ()) if c not in self._obeyed]
        if left and not once_more:
            self._waiting, self._is_echoed, self.stage = left[0], False, "command sent"
            return f"{left[0]}\n"
        return self._answer("")

    def _answer(self, prompt: str) -> str:
        mark = _mark(self._turn, prompt)
        text = f"{mark} {_BODIES[int(mark[-7:-1], 16) % len(_BODIES)]}".rstrip()
        self.said[mark] = text
        self._waiting, self._is_echoed, self.stage = mark, False, "answer sent"
        return f"{text}\n---\n"

    def _acknowledge(self, stage: str) -> None:
        """Something came after what was said last."""
        if self._waiting in self.said and self._waiting is not None:
            self.acknowledged.add(self._waiting)
            self._waiting = None
        self.stage = stage

    def _told_of_command(self, *, is_done: bool, is_settled: bool) -> str:
        """It came of what was said just now, or of the same in an earlier sitting, settled only now."""
        disputes = [c for cs in self._script.commands.values() for c in cs if c.startswith("/dispute")]
        if is_done and (is_settled or self._is_echoed):
            self._obeyed.update(disputes)
        if self._waiting in self.said or self._waiting is None or not self._is_echoed:
            return ""
        self._waiting = None
        self.stage = "question on screen"
        return self._next()


def _mark(turn: tuple[int, bool], prompt: str) -> str:
    """What the answer to that question, or to that follow-up, begins with."""
    told = f"{turn} {prompt}"
    return f"[{turn[0]}{'r' if turn[1] else ''}-{hashlib.sha256(told.encode()).hexdigest()[:8]}]"
