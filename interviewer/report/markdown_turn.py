"""One turn of a transcript in Markdown: question, answers, and what they were worth and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interviewer.bank.models import Question, Rubric
from interviewer.grading.models import Evidence, Flag, Grade, Verdict, feedback_of
from interviewer.interview.models import Dispute, Turn, TurnStatus
from interviewer.report.escape import code, inline, paragraphs, quoted
from interviewer.report.phrases import FLAG_TEXTS, moment, number
from interviewer.report.points import Point, flags_of, graded_answers, points_of
from interviewer.report.transcript import TurnResult
from interviewer.report.wording import (
    about_the_score,
    after_follow_up,
    heading,
    helped,
    no_words,
    ruling,
    time_taken,
    traits,
    unanswered,
)


def turn_lines(
    turn: Turn, result: TurnResult | None, turns: int, category: str, *, redacted: bool
) -> Iterator[str]:
    """The lines of a turn that was asked, a blank one first.

    result: what it came to; None while it has no score. turns: how many the interview has, without those that
    ask a question once more. redacted: the candidate's words are left out.
    """
    yield from ("", f"## {heading(turn, turns)}: {inline(category)}")
    yield from ("", paragraphs(turn.question.text))
    help_asked = helped(turn)
    if help_asked:
        yield from ("", f"*{help_asked}*")
    waiting = unanswered(turn)
    if turn.status is TurnStatus.SKIPPED:
        yield from ("", f"**{waiting}.** There is no answer and no score.")
    for position in range(len(turn.answers)):
        yield from _answer(turn, position, redacted=redacted)
    if turn.open_follow_up is not None:
        yield from ("", "### Follow-up", "", _follow_up(turn.open_follow_up.text, redacted=redacted))
    if waiting and turn.status is not TurnStatus.SKIPPED:
        yield from ("", f"**{waiting}.**")
    if result is not None:
        yield from _grade(turn, result, redacted=redacted)
    if turn.status is not TurnStatus.ASKED:
        yield from ("", "### What a full answer holds", "", paragraphs(turn.question.hint))


def _answer(turn: Turn, position: int, *, redacted: bool) -> Iterator[str]:
    answer = turn.answers[position]
    if position or answer.prompt is not None:
        yield from ("", "### Follow-up", "", _follow_up(answer.prompt or "", redacted=redacted))
    yield from ("", "### Answer" if not position else "#### Answer")
    yield from ("", f"*{time_taken(turn, position)}*", "")
    if answer.gave_up:
        yield "**Gave up:** the candidate said that they don't know."
        if answer.text or redacted:
            yield ""
    if answer.text.strip():
        yield quoted(answer.text)
    told = no_words(answer, redacted=redacted)
    if told:
        yield f"**{told}**"
    if answer.grade is None:
        why = "the grade had not come when this was written."
        if answer.failure is not None:
            failure = answer.failure
            about = f"{code(failure.code)}, {moment(failure.at)}"
            why = about if redacted else f"{inline(failure.message)} ({about})"
        yield from ("", f"**Not graded yet:** {why}")


def _follow_up(text: str, *, redacted: bool) -> str:
    return "*The follow-up question is left out.*" if redacted else paragraphs(text)


def _grade(turn: Turn, result: TurnResult, *, redacted: bool) -> Iterator[str]:
    """Score, verdicts and the rest of what the grades of a turn say."""
    graded = graded_answers(turn)
    grades = [grade for _, grade in graded]
    band = next((b.title for b in turn.rubric.bands if b.id == result.band), result.band)
    judged = "" if not any(Flag.NOT_JUDGED in g.flags for g in grades) else " (not judged)"
    yield from ("", f"### Score: {number(result.score)} of 100, {inline(band)}{judged}")
    for told in about_the_score(turn, result):
        yield from ("", told)
    for flag in flags_of(turn):
        yield from ("", f"**Note:** {FLAG_TEXTS[flag]}")
    yield from _withheld(graded)
    yield ""
    for point in points_of(turn, result):
        yield from _point(point)
        if point.dispute is not None:
            yield from _dispute(point.dispute, redacted=redacted)
    if not grades:
        return
    yield from _misconceptions(grades[0], turn.question)
    if grades[0].delivery:
        yield from ("", f"**Delivery**, in no score: {_delivery(grades[0], turn.rubric)}.")
    for feedback in feedback_of(grades):
        yield from ("", f"**Feedback:** {inline(feedback)}")


def _withheld(graded: Sequence[tuple[int, Grade]]) -> Iterator[str]:
    """The passages that the grader did not see, so that the candidate can tell whether that was right."""
    passages = [(position, proof) for position, grade in graded for proof in grade.withheld]
    if passages:
        yield from ("", "**Withheld from the grader**", "")
        yield from (f"- {_quote(proof)}{_where(position)}" for position, proof in passages)
        yield from ("", "**Verdicts**")


def _point(point: Point) -> Iterator[str]:
    """A list item: verdict and requirement, and under it quotes and what is missing."""
    verdict = point.earned.verdict
    changed = after_follow_up(point)
    told = traits(point.criterion)
    requirement = inline(point.criterion.requirement) + (f" ({told})" if told else "")
    yield f"- {verdict.sign} **{verdict}**{f' {changed}' if changed else ''}: {requirement}"
    judged = point.judged
    if judged is None:
        return
    yield from (f"  - {_quote(proof)}{_where(point.position)}" for proof in judged.evidence)
    if judged.reason:
        yield f"  - {'Gap' if verdict is not Verdict.MET else 'Why'}: {inline(judged.reason)}"
    if judged.votes:
        yield f"  - {judged.agreement}"


def _dispute(dispute: Dispute, *, redacted: bool) -> Iterator[str]:
    """What the candidate said against a verdict, and what a second look came to."""
    yield "  - Disputed." if redacted else f"  - Disputed: “{inline(dispute.argument)}”"
    yield f"  - {ruling(dispute)}"


def _misconceptions(grade: Grade, question: Question) -> Iterator[str]:
    if grade.misconceptions:
        yield from ("", "**Misconceptions**", "")
    known = {m.id: m for m in question.misconceptions}
    for asserted in grade.misconceptions:
        quotes = "".join(f"{_quote(proof)} " for proof in asserted.evidence)
        told = inline(known[asserted.id].correction) if asserted.id in known else code(asserted.id)
        yield f"- ✗ {quotes}{told} (−{number(asserted.penalty)} points)"


def _delivery(grade: Grade, rubric: Rubric) -> str:
    titles = {d.id: d.title for d in rubric.delivery}
    return ", ".join(f"{inline(titles.get(d.id, d.id))} {d.level}" for d in grade.delivery)


def _quote(proof: Evidence) -> str:
    return f"“{inline(proof.quote)}”"


def _where(position: int | None) -> str:
    return " (in the follow-up)" if position else ""
