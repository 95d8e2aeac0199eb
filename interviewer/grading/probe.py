"""The follow-up question: aimed at the heaviest gap, and never giving the answer away."""

from __future__ import annotations

from interviewer.bank.leak import gives_away
from interviewer.bank.models import Criterion, Question
from interviewer.text import one_line, words

MAX_CHARACTERS = 300


def follow_up_of(proposed: str, question: Question, unmet: tuple[Criterion, ...]) -> str | None:
    """The follow-up to ask: the grader's if it gives nothing away, else the heaviest gap's probe.

    unmet: the criteria not met, heaviest first. None if nothing is unmet or there is no probe.
    """
    if not unmet:
        return None
    text = one_line(proposed, MAX_CHARACTERS)
    if text.endswith("?") and len(words(text)) >= 3 and not gives_away(text, question, unmet):
        return text
    return next((c.probe for c in unmet if c.probe), None)
