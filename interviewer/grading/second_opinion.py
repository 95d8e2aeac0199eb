"""The second opinion: disputed criteria are judged again by further samples, and the majority decides.

Disputed is what the model could not prove at first, what it credited in an answer that also speaks to the
grader, and what decides between two bands. All but `replies_to` is plain computation.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from interviewer.bank.models import Criterion
from interviewer.errors import GraderError
from interviewer.grading.check import check_criteria, unverified
from interviewer.grading.evidence import EvidenceCheck
from interviewer.grading.models import CriterionGrade, Flag, GradingTask, Verdict
from interviewer.grading.prompt import grading_request
from interviewer.grading.reply import Reply, read_reply
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatReply, ChatRequest
from interviewer.text import Span

#: A score this near to a band's floor, in points, could as well stand on its other side.
NEAR_POINTS = 3.0
#: At 0 a model mostly says the same again, and its opinions would be one.
TEMPERATURE = 0.7


class Asks(Protocol):
    """A request's reply; at most so many `attempts` are made. Raises GraderError."""

    async def __call__(self, request: ChatRequest, /, *, attempts: int | None = None) -> ChatReply: ...


_LOWEST_FIRST = (Verdict.WRONG, Verdict.MISSING, Verdict.PARTIAL, Verdict.MET)
_CREDITED = frozenset({Verdict.PARTIAL, Verdict.MET})


def disputed(
    task: GradingTask,
    grades: Mapping[str, CriterionGrade],
    *,
    repaired: Collection[str],
    suspect: bool,
    score: float,
) -> tuple[str, ...]:
    """Ids of the criteria that need a second opinion, in the question's order; mostly none.

    grades: by id, one for each of the task's criteria. repaired: ids that had to be asked for again, whether
    or not a quote was found then. suspect: passages of the answer speak to the grader. score: that of
    `grades`, 0 to 100; near a band's floor the partial verdicts decide.
    """
    edges = (band.floor for band in task.rubric.bands if band.floor > 0)
    # Scores have one decimal: without rounding, 82.9 would be a little more than 3 from 79.9.
    near = any(round(abs(score - edge), 1) <= NEAR_POINTS for edge in edges)

    def is_disputed(grade: CriterionGrade) -> bool:
        return (
            grade.id in repaired
            or (suspect and grade.verdict in _CREDITED)
            or (near and grade.verdict is Verdict.PARTIAL)
        )

    return tuple(c.id for c in task.criteria if is_disputed(grades[c.id]))


def sample_request(
    task: GradingTask, ids: tuple[str, ...], sentences: tuple[Span, ...], first: ChatRequest
) -> ChatRequest:
    """The request for one more opinion on the criteria `ids` alone.

    first: the request that got the first opinion; what it took to get that (room, the schema spelled out) is
    granted again.
    """
    alone = grading_request(task.model_copy(update={"only": ids}), sentences)
    return first.model_copy(update={"messages": alone.messages, "temperature": TEMPERATURE})


async def replies_to(
    request: ChatRequest,
    count: int,
    ask: Asks,
    ends: float | None,
) -> tuple[tuple[Reply, ...], Usage]:
    """Up to `count` replies to `request`, asked for at once and each only once, and what all of them took.

    A service that is short of capacity is not pressed: no sample is repeated.

    ends: time of the event loop, in seconds, by which they must be there; None sets no bound. A sample that
    fails, is late or cannot be read is left out: there is a grade already, and it must not be lost to this.
    """
    samples = await asyncio.gather(*(_sample(request, ask, ends) for _ in range(count)))
    replies = tuple(reply for reply, _ in samples if reply is not None)
    return replies, sum((usage for _, usage in samples), Usage())


def opinions_of(
    reply: Reply, asked: Sequence[Criterion], evidence: EvidenceCheck
) -> dict[str, CriterionGrade]:
    """What one sample says of the criteria `asked`, by id, under the same check of quotes as any reply.

    A verdict whose quotes do not hold is an opinion all the same: missing. A criterion without a verdict, or
    with more than one, has no opinion here.
    """
    checked = check_criteria(reply, asked, evidence)
    said = Counter(id for id, _ in {(c.criterion_id, c.verdict) for c in reply.criteria})
    return checked.good | {id: unverified(id) for id in checked.rejected if said[id] == 1}


def majority(votes: Sequence[Verdict]) -> Verdict:
    """The verdict with the most of `votes`, of which there is at least one; in a tie the lower verdict."""
    counts = Counter(votes)
    return max(counts, key=lambda verdict: (counts[verdict], -_LOWEST_FIRST.index(verdict)))


def settled(first: CriterionGrade, further: Sequence[CriterionGrade]) -> CriterionGrade:
    """The opinion that stands, with all votes in it: one with the majority's verdict, and its own quotes.

    Without `further` opinions it is the first, as it was.
    """
    if not further:
        return first
    opinions = (first, *further)
    votes = tuple(one.verdict for one in opinions)
    agreeing = [one for one in opinions if one.verdict is majority(votes)]
    # One who says what is missing is of more use than one whose quote did not hold.
    chosen = next((one for one in agreeing if Flag.UNVERIFIED not in one.flags), agreeing[0])
    return chosen.model_copy(update={"votes": votes})


async def _sample(request: ChatRequest, ask: Asks, ends: float | None) -> tuple[Reply | None, Usage]:
    usage = Usage(requests=1)
    try:
        async with asyncio.timeout_at(ends):
            said = await ask(request, attempts=1)
            usage = said.usage
            return read_reply(said.text), usage
    except GraderError as error:
        return None, error.spent or usage
    except TimeoutError:
        return None, usage
