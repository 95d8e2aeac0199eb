"""What an interview comes to: mean scores over what was graded, and how much was not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Annotated

from pydantic import Field

from interviewer.bank.models import Points
from interviewer.grading.models import GraderIdentity
from interviewer.interview.models import BankLabel, Interview, Turn, TurnStatus
from interviewer.interview.state import is_provisional
from interviewer.llm.usage import Usage
from interviewer.models import Count, Frozen
from interviewer.numbers import counted


class CategorySummary(Frozen):
    """One category of the interview. score: mean over its graded turns, 0 to 100; None while there is none.

    asked: turns that came on screen; graded: those of them that have a score.
    """

    id: str
    title: str
    score: Points | None
    graded: Count
    asked: Count


class Summary(Frozen):
    """The interview in numbers. A turn that is not graded is in no score.

    score: mean of the turn scores over graded turns, 0 to 100; None while there is none.
    by_category: the categories that the interview holds, in the bank's order.
    What was tried again is in none of these, only in retries; its time and usage count.
    graded, pending, skipped, planned: number of turns; they add up to all. planned: no answer yet,
    whether it is on screen or still to come.
    seconds: time spent answering, follow-ups included.
    usage: over the grades that count, summed; None where no grader reported any.
    cached: number of grades that were answered from the cache, without a request.
    provisional: graded turns with a grade for the time being.
    retries: turns that asked a question again. disputes: verdicts that were looked at again.
    graders: each that judged, once, in the order of the turns.
    """

    score: Points | None
    by_category: tuple[CategorySummary, ...]
    graded: Count
    pending: Count
    skipped: Count
    planned: Count
    seconds: Annotated[float, Field(ge=0)]
    usage: Usage | None
    graders: tuple[GraderIdentity, ...]
    cached: Count = 0
    provisional: Count = 0
    retries: Count = 0
    disputes: Count = 0

    @property
    def told(self) -> str:
        """How many questions stand how, in words."""
        parts = [
            f"{self.graded} graded",
            f"{self.provisional} of them provisionally" if self.provisional else "",
            f"{self.pending} not graded yet" if self.pending else "",
            f"{self.skipped} skipped" if self.skipped else "",
            f"{self.planned} not answered yet" if self.planned else "",
            f"{self.retries} tried again, in no average" if self.retries else "",
            f"{counted(self.disputes, 'verdict')} disputed" if self.disputes else "",
        ]
        return ", ".join(filter(None, parts))


def summary_of(interview: Interview) -> Summary:
    """The summary of `interview` as it stands."""
    turns = [t for t in interview.turns if t.retry_of is None]
    answers = [a for t in interview.turns for a in t.answers]
    rulings = [d.grade for t in interview.turns for d in t.disputes if d.grade is not None]
    grades = [*(a.grade for a in answers if a.grade is not None), *rulings]
    statuses = [t.status for t in turns]
    return Summary(
        score=_mean(turns),
        by_category=_by_category(interview.bank, turns),
        graded=statuses.count(TurnStatus.GRADED),
        pending=statuses.count(TurnStatus.PENDING),
        skipped=statuses.count(TurnStatus.SKIPPED),
        planned=statuses.count(TurnStatus.PLANNED) + statuses.count(TurnStatus.ASKED),
        seconds=sum(a.seconds for a in answers),
        usage=_total(g.usage for g in grades),
        graders=tuple(dict.fromkeys(g.grader for g in grades)),
        cached=sum(g.cached for g in grades),
        provisional=sum(any(is_provisional(a) for a in t.answers) for t in turns),
        retries=len(interview.turns) - len(turns),
        disputes=len(rulings),
    )


def _by_category(bank: BankLabel, turns: Sequence[Turn]) -> tuple[CategorySummary, ...]:
    titles = dict(bank.categories)
    held = {t.question.category for t in turns}
    # A transcript from elsewhere may name a category that its bank label lacks: it comes last.
    order = [*(id for id in titles if id in held), *sorted(held - titles.keys())]
    return tuple(
        _category(id, titles.get(id, id), [t for t in turns if t.question.category == id]) for id in order
    )


def _category(id: str, title: str, turns: list[Turn]) -> CategorySummary:
    return CategorySummary(
        id=id,
        title=title,
        score=_mean(turns),
        graded=sum(t.status is TurnStatus.GRADED for t in turns),
        asked=sum(t.asked_at is not None for t in turns),
    )


def _mean(turns: Iterable[Turn]) -> float | None:
    scores = [t.score for t in turns if t.status is TurnStatus.GRADED and t.score is not None]
    return fmean(scores) if scores else None


def _total(usages: Iterable[Usage | None]) -> Usage | None:
    known = [u for u in usages if u is not None]
    return sum(known[1:], known[0]) if known else None
