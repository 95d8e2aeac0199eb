"""Whether a probe, a nudge or a follow-up gives away what it asks for."""

from __future__ import annotations

from interviewer.bank.models import Criterion, Question
from interviewer.text import fold, words

#: A proposed question may hold at most this share of a requirement's content words that are not in
#: the question itself.
LEAK_SHARE = 0.5

_SMALL = frozenset(
    "a an and are as at be but by can do does for from has have how if in into is it its of on or "
    "say says so such than that the their them then there they this to was what when where which "
    "while who why will with would you your".split()
)


def gives_away(text: str, question: Question, criteria: tuple[Criterion, ...]) -> bool:
    """Whether `text` holds so much of a requirement that it is the answer."""
    known = _content(question.text)
    said = _content(text) - known
    for criterion in criteria:
        secret = _content(criterion.requirement) - known
        shared = len(said & secret)
        if shared > 1 and shared / len(secret) >= LEAK_SHARE:
            return True
    return False


def _content(text: str) -> set[str]:
    return {word for word in words(fold(text).text) if word not in _SMALL}
