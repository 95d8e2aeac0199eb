"""Verdicts while the reply is still coming: each criterion is read as soon as its object is closed."""

from __future__ import annotations

import json
import re

from pydantic import ValidationError

from interviewer.grading.check import check_early
from interviewer.grading.evidence import EvidenceCheck
from interviewer.grading.grader import Watcher
from interviewer.grading.models import GradingTask
from interviewer.grading.reply import SaidCriterion

_LIST = re.compile(r'"criteria"\s{0,20}:\s{0,20}\[')
_LONGEST_SIGN = 52
_LONGEST_OBJECT = 20_000


class CriteriaStream:
    """Collects pieces of a JSON reply and gives the criteria in it, each once, as they become complete.

    Nothing is believed here: the caller checks the quotes. A reply that begins again (a retry) needs a
    new stream.
    """

    def __init__(self) -> None:
        self._text = ""
        self._at = -1  # where reading goes on; -1 until the list has begun
        self._start = -1  # where the item being read began
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self._ended = False

    def feed(self, piece: str) -> list[SaidCriterion]:
        """The criteria that `piece` completes."""
        if self._ended:
            return []
        self._text += piece
        if self._at < 0:
            begun = _LIST.search(self._text)
            if begun is None:
                self._text = self._text[-_LONGEST_SIGN:]
                return []
            self._at = begun.end()
        found: list[SaidCriterion] = []
        while self._at < len(self._text) and not self._ended:
            closed = self._step(self._text[self._at])
            self._at += 1
            if closed and self._at - self._start > _LONGEST_OBJECT:
                self._ended = True  # as where it comes in pieces
            elif closed and self._text[self._start] == "{":
                found.extend(_read(self._text[self._start : self._at]))
        self._forget()
        return found

    def _forget(self) -> None:
        """Let go of what was read, so that each further piece costs what it holds and no more."""
        done = self._at if self._depth == 0 else self._start
        self._text = self._text[done:]
        self._at -= done
        self._start = 0
        if len(self._text) > _LONGEST_OBJECT:
            self._ended = True  # no criterion: the whole reply's check will say so

    def _step(self, c: str) -> bool:
        """Take in one character; whether it closes an item of the list."""
        if self._in_string:
            if self._escaped:
                self._escaped = False
            elif c == "\\":
                self._escaped = True
            elif c == '"':
                self._in_string = False
        elif c == '"':
            self._in_string = True
        elif c in "{[":
            if self._depth == 0:
                self._start = self._at
            self._depth += 1
        elif c in "}]" and self._depth == 0:
            self._ended = True
        elif c in "}]":
            self._depth -= 1
            return self._depth == 0
        return False


def _read(text: str) -> list[SaidCriterion]:
    try:
        return [SaidCriterion.model_validate(json.loads(text))]
    except (ValueError, ValidationError, RecursionError):
        return []  # the whole reply is read again at its end, and says what is wrong with it


class Listener:
    """Reads a reply as it comes in, and tells the watcher each verdict whose quotes hold."""

    def __init__(self, watcher: Watcher, task: GradingTask, evidence: EvidenceCheck) -> None:
        self._watcher = watcher
        self._evidence = evidence
        self._asked = {c.id for c in task.criteria}
        self._stream = CriteriaStream()

    def hear(self, piece: str) -> None:
        """Take in the next piece of the reply."""
        for said in self._stream.feed(piece):
            early = check_early(said, self._evidence) if said.criterion_id in self._asked else None
            if early is not None:
                self._watcher.verdict(early)

    def restart(self) -> None:
        """The reply begins again."""
        self._stream = CriteriaStream()
        self._watcher.restart()
