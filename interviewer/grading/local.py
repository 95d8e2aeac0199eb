"""The grader that needs no service: the embedded model judges each criterion, and code does the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from interviewer.background import Worker
from interviewer.bank.models import Criterion, Question, Rubric
from interviewer.embedded.model import Asked
from interviewer.grading.admission import admit
from interviewer.grading.check import unverified
from interviewer.grading.evidence import EvidenceCheck
from interviewer.grading.grader import Watcher, tell
from interviewer.grading.judging import Judgement, Judges, asked_in, judged, pointed_at, readable
from interviewer.grading.models import (
    CriterionGrade,
    Evidence,
    Flag,
    Grade,
    GraderIdentity,
    GradingTask,
    MisconceptionGrade,
    Verdict,
)
from interviewer.grading.probe import follow_up_of
from interviewer.grading.prompt import rubric_version
from interviewer.grading.score import heaviest_first, score_of
from interviewer.text import Span, one_line

#: A misconception is only held against a candidate if the model is as sure as this.
SURE_OF_MISCONCEPTION = 0.9
#: From this chance on an answer is as good as the reference beside which it is judged.
PLAINLY_MET = 0.9
#: Further pieces are quoted, too, if the model looked at them nearly as much as at the first.
_ALSO_LOOKED_AT = 0.6
_MOST_QUOTES = 2
#: Pieces that are tried as quotes: what the model hardly looked at is no evidence.
_MOST_TRIED = 8
_REQUIREMENT_CHARACTERS = 160
_REASON_CHARACTERS = 240


class LocalGrader:
    """Grades with the embedded model: no key, no network, no invented prose.

    worker: where the model is at work, so that the event loop goes on. clock: seconds, monotonic; for
    `latency_ms` alone.
    """

    def __init__(self, model: Judges, *, worker: Worker, clock: Callable[[], float]) -> None:
        self._model = model
        self._worker = worker
        self._clock = clock

    def identity(self, task: GradingTask) -> GraderIdentity:
        """The model with the hash of its files, and the hash of question and rubric."""
        return GraderIdentity(
            kind="local",
            model=self._model.name,
            prompt_version=self._model.version,
            rubric_version=rubric_version(task.question, task.rubric),
        )

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """The grade of `task`. Raises GraderError: NotScoredError for what the model cannot judge."""
        grade = await self._worker.do(lambda: self.judge(task))
        tell(watcher, grade)
        return grade

    async def warm(self, question: Question, rubric: Rubric) -> None:
        """Nothing to do: whoever builds this grader has the model loaded beforehand."""

    async def aclose(self) -> None:
        """Nothing to close."""

    def judge(self, task: GradingTask) -> Grade:
        """The grade of `task`, at once. Raises GraderError."""
        started = self._clock()
        admitted = admit(task, self.identity(task))
        if isinstance(admitted, Grade):
            return admitted
        pieces = readable(task, admitted)
        if task.argument is not None:
            pieces = pointed_at(task.argument, task.answer, pieces)
        judgements = judged(self._model, task, task.criteria, pieces)
        criteria = tuple(
            _criterion_grade(criterion, judgement, _proof(looked, pieces, admitted.evidence))
            for criterion, (judgement, looked) in zip(task.criteria, judgements, strict=True)
        )
        misconceptions = self._misconceptions(task, criteria, pieces, admitted.evidence)
        score = score_of(criteria, misconceptions, task.criteria, task.rubric)
        unmet = heaviest_first(
            [c for c, g in zip(task.criteria, criteria, strict=True) if g.verdict is not Verdict.MET]
        )
        marks = (Flag.NOT_SURE, Flag.UNVERIFIED)
        return Grade(
            score=score,
            band=task.rubric.band_of(score).id,
            criteria=criteria,
            misconceptions=misconceptions,
            # After a follow-up the verdicts tell it: its few points are no measure of the question's.
            feedback="" if task.follow_up else _feedback(criteria, unmet),
            follow_up=follow_up_of("", task.question, tuple(unmet)),
            flags=(*admitted.flags, *(m for m in marks if any(m in one.flags for one in criteria))),
            withheld=admitted.withheld,
            grader=self.identity(task),
            latency_ms=1000 * max(0.0, self._clock() - started),
        )

    def _misconceptions(
        self,
        task: GradingTask,
        criteria: Sequence[CriterionGrade],
        pieces: Sequence[Span],
        check: EvidenceCheck,
    ) -> tuple[MisconceptionGrade, ...]:
        """The misconceptions that the answer asserts; one that has everything right asserts none."""
        known = task.question.misconceptions
        if not known or all(one.verdict is Verdict.MET for one in criteria):
            return ()
        opinions = self._model.opinions(asked_in(task), [Asked(m.claim) for m in known], task.answer, pieces)
        found = []
        for misconception, opinion in zip(known, opinions, strict=True):
            if opinion.chances.met < SURE_OF_MISCONCEPTION:
                continue
            proof = _proof(opinion.evidence, pieces, check)
            if proof:
                own = misconception.penalty
                penalty = task.rubric.misconception_penalty if own is None else own
                found.append(MisconceptionGrade(id=misconception.id, evidence=proof, penalty=penalty))
        return tuple(found)


def _criterion_grade(
    criterion: Criterion, judgement: Judgement, proof: tuple[Evidence, ...]
) -> CriterionGrade:
    verdict = judgement.verdict
    if judgement.is_sure and verdict is Verdict.MISSING:
        return CriterionGrade(id=criterion.id, verdict=verdict)
    if not proof:
        return unverified(criterion.id)
    if judgement.is_sure:
        reason, credit = _reason(criterion, verdict), None
        if _is_by_degrees(criterion, judgement):
            reason, credit = f"{reason} {_earned(judgement)}".lstrip(), judgement.expected
        return CriterionGrade(id=criterion.id, verdict=verdict, evidence=proof, reason=reason, credit=credit)
    return CriterionGrade(
        id=criterion.id,
        verdict=verdict,
        evidence=proof,
        reason=_unsure(judgement),
        flags=(Flag.NOT_SURE,),
        credit=judgement.expected,
    )


def _is_by_degrees(criterion: Criterion, judgement: Judgement) -> bool:
    """Whether a verdict that is sure earns what is expected, and not what the rubric gives for it.

    Half of a point is seldom just a half; and people grade likeness to a reference answer by degrees.
    """
    if judgement.verdict is Verdict.MET:
        return bool(criterion.references) and judgement.chances[Verdict.MET] < PLAINLY_MET
    return judgement.verdict is Verdict.PARTIAL


def _reason(criterion: Criterion, verdict: Verdict) -> str:
    """What the bank says of such an answer; nothing is invented."""
    if verdict is Verdict.PARTIAL:
        return one_line(criterion.partial or "Half of it is there.", _REASON_CHARACTERS)
    return "These words say something else." if verdict is Verdict.WRONG else ""


def _unsure(judgement: Judgement) -> str:
    likely = sorted(judgement.chances.items(), key=lambda one: -one[1])
    listed = ", ".join(f"{verdict} {100 * share:.0f} %" for verdict, share in likely if share >= 0.05)
    return f"Not sure ({listed}): {_earned(judgement)}"


def _earned(judgement: Judgement) -> str:
    return f"{100 * judgement.expected:.0f} % of the credit."


def _proof(looked: Sequence[float], pieces: Sequence[Span], check: EvidenceCheck) -> tuple[Evidence, ...]:
    """The pieces that the model looked at most, as far as they pass the check of quotes, in their order."""
    found: list[Evidence] = []
    least = 0.0
    for index in sorted(range(len(pieces)), key=lambda i: -looked[i])[:_MOST_TRIED]:
        if found and (looked[index] < least or len(found) == _MOST_QUOTES):
            break
        outcome = check.verify_span(pieces[index])
        if isinstance(outcome, Evidence):
            if not found:
                least = _ALSO_LOOKED_AT * looked[index]
            found.append(outcome)
    return tuple(sorted(found, key=lambda one: one.start))


def _feedback(grades: Sequence[CriterionGrade], unmet: Sequence[Criterion]) -> str:
    """How much was shown, and the heaviest gap, in the bank's words."""
    met = sum(one.verdict is Verdict.MET for one in grades)
    half = sum(one.verdict is Verdict.PARTIAL for one in grades)
    told = f"Shown: {met} of {len(grades)} points" + (f", and {half} in part" if half else "") + "."
    if unmet:
        told += f" The heaviest gap: {one_line(unmet[0].requirement, _REQUIREMENT_CHARACTERS)}"
    return told
