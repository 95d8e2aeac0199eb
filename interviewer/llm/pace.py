"""The seam for those who send many requests: when the next one may go."""

from __future__ import annotations

from typing import Protocol

from interviewer.errors import GraderError
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatRequest


class Turn(Protocol):
    """One request's turn: it ends once, with what came of it."""

    def answered(self, usage: Usage) -> None:
        """The service read the request, whatever it said."""

    def refused(self, error: GraderError | None) -> None:
        """It gave no reply: with `error`, or none within the time allowed."""


class Pace(Protocol):
    """Says when a request may be sent. What is waited for that counts towards no deadline."""

    async def turn(self, request: ChatRequest) -> Turn:
        """Wait until `request` may be sent."""

    def waits_for(self, error: GraderError) -> bool:
        """Whether the next turn comes after the wait that `error` asks for, so that nobody else need wait."""
