"""One turn as its page shows it: what the template needs, worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from interviewer.grading.models import Evidence, Flag, Grade, Verdict, feedback_of
from interviewer.interview.models import Turn, TurnStatus
from interviewer.report import wording
from interviewer.report.marks import Mark, Piece, pieces_of
from interviewer.report.phrases import FLAG_TEXTS, moment, number
from interviewer.report.points import Point, flags_of, graded_answers, points_of
from interviewer.report.transcript import TurnResult

MISTAKE_SIGN, WITHHELD_SIGN = "✗", "⊘"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote under a verdict. anchor: where it is marked in its answer; empty where it is not."""

    text: str
    anchor: str
    where: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer. prompt: the follow-up question; None for the first. told: stands in place of its words.

    ungraded: why it has no grade; empty for one that has.
    """

    title: str
    prompt: str | None
    time: str
    gave_up: bool
    told: str
    pieces: Sequence[Piece]
    ungraded: str


@dataclass(frozen=True, slots=True)
class PointView:
    """A point with its verdict. argument, ruling: of a dispute; ruling is empty where there was none."""

    number: int
    sign: str
    verdict: str
    changed: str
    requirement: str
    traits: str
    credit: str
    quotes: Sequence[Quote]
    reason_label: str
    reason: str
    agreement: str
    argument: str
    ruling: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A misconception that the answer asserts."""

    label: str
    quotes: Sequence[Quote]
    told: str
    penalty: str


@dataclass(frozen=True, slots=True)
class TurnView:
    """A turn that was reached. score: 0 to 100; None without a grade. The rest is text, as it is shown."""

    anchor: str
    label: str
    heading: str
    id: str
    category: str
    text: str
    helped: str
    waiting: str
    skipped: bool
    answers: Sequence[AnswerView]
    open_follow_up: str | None
    score: float | None
    band: str
    judged: bool
    notes: Sequence[str]
    flags: Sequence[str]
    withheld: Sequence[Quote]
    points: Sequence[PointView]
    mistakes: Sequence[Mistake]
    delivery: Sequence[tuple[str, str]]
    feedback: Sequence[str]
    outline: str | None


def turn_view(
    turn: Turn, result: TurnResult | None, turns: int, category: str, *, redacted: bool
) -> TurnView:
    """The view of `turn`. result: what it came to; None while it has no score. turns: as for a heading."""
    graded = graded_answers(turn)
    grades = [grade for _, grade in graded]
    by_position = dict(graded)
    points = () if result is None else points_of(turn, result)
    band = next((b.title for b in turn.rubric.bands if result is not None and b.id == result.band), "")
    follow_up = turn.open_follow_up
    return TurnView(
        anchor=f"q{turn.index + 1}",
        label=wording.label(turn),
        heading=wording.heading(turn, turns),
        id=turn.question.id,
        category=category,
        text=turn.question.text,
        helped=wording.helped(turn),
        waiting=wording.unanswered(turn),
        skipped=turn.status is TurnStatus.SKIPPED,
        answers=[
            _answer(turn, position, by_position, redacted=redacted) for position in range(len(turn.answers))
        ],
        open_follow_up=None if follow_up is None else _follow_up(follow_up.text, redacted=redacted),
        score=None if result is None else result.score,
        band=band or ("" if result is None else result.band),
        judged=not any(Flag.NOT_JUDGED in grade.flags for grade in grades),
        notes=[] if result is None else list(wording.about_the_score(turn, result)),
        flags=[FLAG_TEXTS[flag] for flag in flags_of(turn)],
        withheld=[
            _quote(turn, position, proof, f"w{nth}")
            for position, grade in graded
            for nth, proof in enumerate(grade.withheld)
        ],
        points=[_point(turn, point) for point in points],
        mistakes=list(_mistakes(turn, grades)),
        delivery=_delivery(turn, grades),
        feedback=feedback_of(grades) if grades else (),
        outline=None if turn.status is TurnStatus.ASKED else turn.question.hint,
    )


def _answer(turn: Turn, position: int, grades: Mapping[int, Grade], *, redacted: bool) -> AnswerView:
    answer = turn.answers[position]
    grade = grades.get(position)
    marks = () if grade is None else _marks(turn, position, grade)
    is_follow_up = position > 0 or answer.prompt is not None
    return AnswerView(
        title=f"Follow-up {position or 1}" if is_follow_up else "Answer",
        prompt=_follow_up(answer.prompt or "", redacted=redacted) if is_follow_up else None,
        time=wording.time_taken(turn, position),
        gave_up=answer.gave_up,
        told=wording.no_words(answer, redacted=redacted),
        pieces=pieces_of(answer.text, marks),
        ungraded=_ungraded(turn, position),
    )


def _ungraded(turn: Turn, position: int) -> str:
    answer = turn.answers[position]
    if answer.grade is not None:
        return ""
    failure = answer.failure
    if failure is None:
        return "The grade had not come when this was written."
    return f"{failure.message} ({failure.code}, {moment(failure.at)})".lstrip()


def _follow_up(text: str, *, redacted: bool) -> str:
    return "The follow-up question is left out." if redacted else text


def _marks(turn: Turn, position: int, grade: Grade) -> Iterator[Mark]:
    """What is marked in the answer at `position`: evidence, asserted misconceptions, withheld passages."""
    numbers = {criterion.id: n for n, criterion in enumerate(turn.question.criteria, 1)}
    for one in grade.criteria:
        if one.id in numbers and one.verdict is not Verdict.MISSING:
            n = numbers[one.id]
            label = f"{one.verdict.sign}{n}"
            yield from _marked(turn, position, one.evidence, one.verdict, label, f"c{n}")
    for n, asserted in enumerate(grade.misconceptions, 1):
        yield from _marked(turn, position, asserted.evidence, "wrong", f"{MISTAKE_SIGN}M{n}", f"m{n}")
    yield from _marked(turn, position, grade.withheld, "withheld", WITHHELD_SIGN, "w")


def _marked(
    turn: Turn, position: int, evidence: Sequence[Evidence], kind: str, label: str, prefix: str
) -> Iterator[Mark]:
    for nth, proof in enumerate(evidence):
        anchor = _anchor(turn, position, proof, f"{prefix}{nth}" if prefix == "w" else f"{prefix}-{nth}")
        if anchor:
            yield Mark(proof.start, proof.end, kind, label, anchor)


def _anchor(turn: Turn, position: int, proof: Evidence, name: str) -> str:
    """The id of the quote's mark; empty where the quote does not stand at its offsets."""
    text = turn.answers[position].text
    stands = proof.start < proof.end and text[proof.start : proof.end] == proof.quote
    return f"q{turn.index + 1}-a{position}-{name}" if stands else ""


def _quote(turn: Turn, position: int, proof: Evidence, name: str) -> Quote:
    where = "in the follow-up" if position else ""
    return Quote(text=proof.quote, anchor=_anchor(turn, position, proof, name), where=where)


def _point(turn: Turn, point: Point) -> PointView:
    judged, dispute, verdict = point.judged, point.dispute, point.earned.verdict
    at = point.position
    quotes = (
        [_quote(turn, at, proof, f"c{point.number}-{nth}") for nth, proof in enumerate(judged.evidence)]
        if judged is not None and at is not None
        else []
    )
    if verdict is Verdict.MISSING:  # nothing of it is marked in the answer
        quotes = [Quote(quote.text, "", quote.where) for quote in quotes]
    return PointView(
        number=point.number,
        sign=verdict.sign,
        verdict=verdict,
        changed=wording.after_follow_up(point),
        requirement=point.criterion.requirement,
        traits=wording.traits(point.criterion),
        credit=f"{number(100 * point.earned.credit)}\u00a0%",
        quotes=quotes,
        reason_label="Why" if verdict is Verdict.MET else "Gap",
        reason="" if judged is None else judged.reason,
        agreement="" if judged is None else judged.agreement,
        argument="" if dispute is None else dispute.argument,
        ruling="" if dispute is None else wording.ruling(dispute),
    )


def _mistakes(turn: Turn, grades: Sequence[Grade]) -> Iterator[Mistake]:
    known = {m.id: m.correction for m in turn.question.misconceptions}
    for n, asserted in enumerate(grades[0].misconceptions if grades else (), 1):
        yield Mistake(
            label=f"{MISTAKE_SIGN}M{n}",
            quotes=[_quote(turn, 0, proof, f"m{n}-{k}") for k, proof in enumerate(asserted.evidence)],
            told=known.get(asserted.id, asserted.id),
            penalty=f"{_points(asserted.penalty)} off",
        )


def _points(penalty: float) -> str:
    """`10 points`."""
    return f"{number(penalty)} point{'' if penalty == 1 else 's'}"


def _delivery(turn: Turn, grades: Sequence[Grade]) -> list[tuple[str, str]]:
    titles = {aspect.id: aspect.title for aspect in turn.rubric.delivery}
    return [(titles.get(one.id, one.id), one.level) for one in (grades[0].delivery if grades else ())]
