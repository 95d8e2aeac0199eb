"""The grader that asks a language model, and believes it only as far as its quotes hold."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from interviewer.bank.models import Question, Rubric
from interviewer.errors import (
    BadRequestError,
    DeadlineError,
    GraderError,
    MalformedReplyError,
    ReplyError,
    TruncatedError,
)
from interviewer.grading.admission import Admitted, admit
from interviewer.grading.check import (
    check_criteria,
    check_delivery,
    check_misconceptions,
    unverified,
)
from interviewer.grading.cross_check import SecondReader, doubted
from interviewer.grading.evidence import EvidenceCheck
from interviewer.grading.grader import Watcher
from interviewer.grading.judging import Judgement
from interviewer.grading.live import Listener
from interviewer.grading.models import (
    CriterionGrade,
    Flag,
    Grade,
    GraderIdentity,
    GraderKind,
    GradingTask,
    Verdict,
)
from interviewer.grading.probe import follow_up_of
from interviewer.grading.prompt import (
    grading_request,
    prompt_version,
    rubric_version,
    warming_request,
)
from interviewer.grading.reply import Reply, read_reply
from interviewer.grading.score import heaviest_first, score_of
from interviewer.grading.second_opinion import disputed, opinions_of, replies_to, sample_request, settled
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatReply, ChatRequest, Completes
from interviewer.text import one_line

_FEEDBACK_CHARACTERS = 800
#: Seconds that a grade waits for the second reader once the model's opinion is there.
_READER_GRACE = 5.0


@dataclass(frozen=True, slots=True)
class _Answered:
    """A reply as read. request: the one that it answers, as it was asked last. usage: of all tries."""

    request: ChatRequest
    reply: Reply
    usage: Usage


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What is held of an answer's criteria, by id. repaired: ids that had to be asked for again.

    request: the one that `reply` answers. has_changed: verdicts are no longer those that `reply` talks about.
    """

    request: ChatRequest
    reply: Reply
    grades: dict[str, CriterionGrade]
    repaired: frozenset[str]
    usage: Usage
    has_changed: bool = False


class LlmGrader:
    """Grades with one call for all criteria, and one repair for those whose quotes do not hold; a reply that
    cannot be read or was cut off is asked for once more. On what is disputed then, further opinions are
    taken, one request each, which is not repeated when it fails. So a grade takes at most
    4 + (samples - 1) requests, and those that the client repeats of the first 4.

    clock: seconds, monotonic; for `latency_ms` alone. deadline: seconds for a whole grade, all
    requests included; None sets no bound beyond the client's. warms: whether `warm` sends the shared prefix.
    samples: opinions on a disputed criterion, the first included; 1 takes no further one.
    reader: reads each answer beside the model; what it is sure to see otherwise is flagged, and disputed.
    """

    def __init__(
        self,
        client: Completes,
        *,
        model: str,
        clock: Callable[[], float],
        kind: GraderKind = "llm",
        deadline: float | None = None,
        warms: bool = False,
        samples: int = 1,
        reader: SecondReader | None = None,
    ) -> None:
        self._reader = reader
        self._deadline = deadline
        self._samples = samples
        self._client = client
        self._warms = warms
        self._model = model
        self._clock = clock
        self._kind = kind

    def identity(self, task: GradingTask) -> GraderIdentity:
        """Model, hash of the prompt and hash of question and rubric."""
        return GraderIdentity(
            kind=self._kind,
            model=self._model,
            prompt_version=prompt_version(),
            rubric_version=rubric_version(task.question, task.rubric),
        )

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """The checked grade of `task`. Raises GraderError if the service gives none."""
        try:
            async with asyncio.timeout(self._deadline) as limit:
                return await self._grade(task, watcher, limit)
        except TimeoutError:
            if not limit.expired():
                raise
        raise DeadlineError(
            f"{self._model} gave no grade within {self._deadline:g} seconds",
            hint="Allow more time with INTERVIEWER_DEADLINE, or take a faster model.",
        )

    async def _grade(self, task: GradingTask, watcher: Watcher | None, limit: asyncio.Timeout) -> Grade:
        started = self._clock()
        identity = self.identity(task)
        admitted = admit(task, identity)
        if isinstance(admitted, Grade):
            return admitted
        evidence, flags = admitted.evidence, list(admitted.flags)
        opinion, read = await self._read_twice(task, admitted, watcher)
        doubts = doubted(opinion.grades, read)
        misconceptions = check_misconceptions(opinion.reply, task.question, task.rubric, evidence)
        is_disputed = False
        if self._kind == "fake":
            flags.append(Flag.NOT_JUDGED)
        elif self._samples > 1:
            ids = disputed(
                task,
                opinion.grades,
                repaired=opinion.repaired | doubts,
                suspect=bool(admitted.withheld),
                score=score_of(tuple(opinion.grades.values()), misconceptions, task.criteria, task.rubric),
            )
            is_disputed = bool(ids)
            if is_disputed:
                ends = limit.when()
                limit.reschedule(None)  # there is a grade now: samples that are late are no error
                opinion = await self._second_opinion(task, evidence, opinion, ids, ends)

        still = doubted(opinion.grades, read)
        criteria = tuple(_marked(opinion.grades[c.id], doubted=c.id in still) for c in task.criteria)
        if still:
            flags.append(Flag.DOUBTED)
        if opinion.repaired:
            flags.append(Flag.REPAIRED)
        if any(Flag.UNVERIFIED in one.flags for one in criteria):
            flags.append(Flag.UNVERIFIED)
        if any(one.votes for one in criteria):
            flags.append(Flag.SECOND_OPINION)
        elif is_disputed:
            flags.append(Flag.DISPUTED)
        score = score_of(criteria, misconceptions, task.criteria, task.rubric)
        unmet = [c for c in task.criteria if opinion.grades[c.id].verdict is not Verdict.MET]
        # What the model wrote about verdicts that were outvoted would contradict what stands beside it: the
        # reasons of the criteria tell it then, and the follow-up is the bank's.
        said = Reply() if opinion.has_changed else opinion.reply
        return Grade(
            score=score,
            band=task.rubric.band_of(score).id,
            criteria=criteria,
            misconceptions=misconceptions,
            delivery=check_delivery(opinion.reply, task.rubric),
            feedback=one_line(said.feedback, _FEEDBACK_CHARACTERS),
            follow_up=follow_up_of(said.follow_up, task.question, tuple(heaviest_first(unmet))),
            flags=tuple(flags),
            withheld=admitted.withheld,
            grader=identity,
            usage=opinion.usage,
            latency_ms=1000 * max(0.0, self._clock() - started),
        )

    async def _read_twice(
        self, task: GradingTask, admitted: Admitted, watcher: Watcher | None
    ) -> tuple[_Opinion, Mapping[str, Judgement]]:
        """The model's opinion, and beside it what the second reader makes of the answer."""
        if self._reader is None:
            return await self._first_opinion(task, admitted.evidence, watcher), {}
        reading = asyncio.create_task(self._reader.read(task, admitted))
        try:
            opinion = await self._first_opinion(task, admitted.evidence, watcher)
            done, _ = await asyncio.wait({reading}, timeout=_READER_GRACE)
            return opinion, reading.result() if done else {}
        finally:
            reading.cancel()

    async def _first_opinion(
        self, task: GradingTask, evidence: EvidenceCheck, watcher: Watcher | None
    ) -> _Opinion:
        """One reply for all criteria, and a repair for those whose quotes do not hold."""
        listener = Listener(watcher, task, evidence) if watcher is not None else None
        first = await self._ask(grading_request(task, evidence.sentences), listener)
        checked = check_criteria(first.reply, task.criteria, evidence)
        grades, usage = dict(checked.good), first.usage
        if checked.rejected:
            asked = [c for c in task.criteria if c.id in checked.rejected]
            repair = grading_request(task, evidence.sentences, rejected=checked.rejected)
            try:
                again = await self._ask(repair)
            except (ReplyError, BadRequestError) as error:
                # The service is there and will not say more: what held at first is not lost to that.
                again = _Answered(repair, Reply(), error.spent or Usage(requests=1))
            usage += again.usage
            repaired = check_criteria(again.reply, asked, evidence)
            grades |= repaired.good | {id: unverified(id) for id in repaired.rejected}
        return _Opinion(first.request, first.reply, grades, frozenset(checked.rejected), usage)

    async def _second_opinion(
        self,
        task: GradingTask,
        evidence: EvidenceCheck,
        first: _Opinion,
        ids: tuple[str, ...],
        ends: float | None,
    ) -> _Opinion:
        """`first`, with the criteria `ids` decided by the majority. Never fails: at worst nothing changes."""
        request = sample_request(task, ids, evidence.sentences, first.request)
        replies, usage = await replies_to(request, self._samples - 1, self._client.complete, ends)
        asked = [c for c in task.criteria if c.id in ids]
        opinions = [opinions_of(reply, asked, evidence) for reply in replies]
        decided = {id: settled(first.grades[id], [o[id] for o in opinions if id in o]) for id in ids}
        # A verdict that lacked proof and got it now is what the first reply said, and talks about.
        said = {(c.criterion_id, c.verdict) for c in first.reply.criteria}
        return replace(
            first,
            grades=first.grades | decided,
            usage=first.usage + usage,
            has_changed=any(
                one.verdict is not first.grades[id].verdict and (id, one.verdict) not in said
                for id, one in decided.items()
            ),
        )

    async def warm(self, question: Question, rubric: Rubric) -> None:
        """Have the service read what all answers to `question` share, so that its prefix cache holds it."""
        if self._warms:
            # One token is no reply, and a service that fails now will be told of when it matters.
            with contextlib.suppress(GraderError):
                await self._client.complete(warming_request(question, rubric))

    async def aclose(self) -> None:
        """Close the client's connections."""
        await self._client.aclose()

    async def _ask(self, request: ChatRequest, listener: Listener | None = None) -> _Answered:
        """The reply as read; a reply that was cut off or cannot be read is asked for once more."""
        try:
            first = await self._complete(request, listener)
        except (TruncatedError, MalformedReplyError) as error:
            again = _with_more_room(request) if isinstance(error, TruncatedError) else request
            return await self._ask_again(again, error.spent or Usage(requests=1), listener)
        try:
            return _Answered(request, read_reply(first.text), first.usage)
        except MalformedReplyError:
            return await self._ask_again(request, first.usage, listener)

    async def _ask_again(self, request: ChatRequest, spent: Usage, listener: Listener | None) -> _Answered:
        if listener is not None:
            listener.restart()
        # Some services take a schema and ignore it: this time the prompt says it.
        again = request.model_copy(update={"spell_schema": True})
        taken = Usage()
        try:
            second = await self._complete(again, listener)
            taken = second.usage
            return _Answered(again, read_reply(second.text), spent + taken)
        except GraderError as error:
            error.spent = spent + (error.spent or taken)
            raise

    async def _complete(self, request: ChatRequest, listener: Listener | None) -> ChatReply:
        if listener is None:
            return await self._client.complete(request)
        return await self._client.complete(request, listener.hear, listener.restart)


def _marked(grade: CriterionGrade, *, doubted: bool) -> CriterionGrade:
    return grade.model_copy(update={"flags": (*grade.flags, Flag.DOUBTED)}) if doubted else grade


def _with_more_room(request: ChatRequest) -> ChatRequest:
    """`request` with room for models that think before they answer, or ramble."""
    return request.model_copy(update={"max_tokens": 2 * request.max_tokens + 2048})
