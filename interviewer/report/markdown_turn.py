"""One turn of a transcript in Markdown: question, answers, and what they were worth and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interviewer.bank.models import Criterion, Question, Rubric
from interviewer.grading.models import CriterionGrade, Evidence, Flag, Grade, Verdict, feedback_of
from interviewer.grading.score import Credited, is_lost
from interviewer.interview.models import Answer, Dispute, Turn, TurnStatus
from interviewer.interview.state import grades_of
from interviewer.report.escape import code, inline, paragraphs, quoted
from interviewer.report.phrases import FLAG_TEXTS, VERDICT_SIGNS, count, duration, moment, number
from interviewer.report.transcript import TurnResult


def turn_lines(turn: Turn, result: TurnResult | None, turns: int, category: str) -> Iterator[str]:
    """The lines of a turn that was asked, a blank one first.

    result: what it came to; None while it has no score. turns: how many the interview has, without those that
    ask a question once more.
    """
    first = turn.index if turn.retry_of is None else turn.retry_of
    again = ", once more" if turn.retry_of is not None else ""
    yield from ("", f"## Question {first + 1} of {turns}{again}: {inline(category)}")
    yield from ("", paragraphs(turn.question.text))
    helped = _helped(turn)
    if helped:
        yield from ("", f"*{helped}*")
    if turn.status is TurnStatus.SKIPPED:
        told = "Skipped" if turn.asked_at is not None else "Not reached"
        yield from ("", f"**{told}.** There is no answer and no score.")
    for position, answer in enumerate(turn.answers):
        yield from _answer(answer, position, turn.question)
    if turn.open_follow_up is not None:
        yield from ("", "### Follow-up", "", paragraphs(turn.open_follow_up.text))
    if turn.status is TurnStatus.ASKED or turn.open_follow_up is not None:
        yield from ("", "**Not answered yet.**")
    if result is not None:
        yield from _grade(turn, result)
    if turn.status is not TurnStatus.ASKED:
        yield from ("", "### What a full answer holds", "", paragraphs(turn.question.hint))


def _helped(turn: Turn) -> str:
    """The help that was asked for; empty if none was."""
    told = [
        count(turn.nudges, "nudge") if turn.nudges else "",
        f"question repeated {count(turn.repeats, 'time')}" if turn.repeats else "",
    ]
    return ", ".join(filter(None, told))


def _answer(answer: Answer, position: int, question: Question) -> Iterator[str]:
    if position or answer.prompt is not None:
        yield from ("", "### Follow-up", "", paragraphs(answer.prompt or ""))
    yield from ("", "### Answer" if not position else "#### Answer")
    guide = "" if position else f"; the guide is {duration(60 * question.minutes)}"
    over = "; sent by the time limit" if answer.timed_out else ""
    yield from ("", f"*{duration(answer.seconds)}{guide}{over}*", "")
    if answer.gave_up:
        yield "**Gave up:** the candidate said that they don't know."
        if answer.text:
            yield ""
    if answer.text.strip():
        yield quoted(answer.text)
    elif not answer.gave_up:
        yield "**No words:** the answer is empty."
    if answer.grade is None:
        why = "the grade had not come when this was written."
        if answer.failure is not None:
            failure = answer.failure
            why = f"{inline(failure.message)} ({code(failure.code)}, {moment(failure.at)})"
        yield from ("", f"**Not graded yet:** {why}")


def _grade(turn: Turn, result: TurnResult) -> Iterator[str]:
    """Score, verdicts and the rest of what the grades of a turn say."""
    grades = grades_of(turn)
    band = next((b.title for b in turn.rubric.bands if b.id == result.band), result.band)
    judged = "" if not any(Flag.NOT_JUDGED in g.flags for g in grades) else " (not judged)"
    yield from ("", f"### Score: {number(result.score)} of 100, {inline(band)}{judged}")
    for told in _about_the_score(turn, result, grades):
        yield from ("", told)
    yield from _withheld(grades)
    yield ""
    earned = {c.id: c for c in result.criteria}
    for criterion in turn.question.criteria:
        if criterion.id in earned:
            yield from _criterion(criterion, earned[criterion.id], grades)
            yield from (line for d in turn.disputes if d.criterion == criterion.id for line in _dispute(d))
    if not grades:
        return
    yield from _misconceptions(grades[0], turn.question)
    if grades[0].delivery:
        yield from ("", f"**Delivery**, in no score: {_delivery(grades[0], turn.rubric)}.")
    for feedback in feedback_of(grades):
        yield from ("", f"**Feedback:** {inline(feedback)}")


def _about_the_score(turn: Turn, result: TurnResult, grades: Sequence[Grade]) -> Iterator[str]:
    if len(grades) > 1:
        yield (
            f"The first answer alone: {number(grades[0].score)}. A follow-up wins back "
            f"{number(100 * turn.rubric.follow_up_credit)} % of what was lost on a point."
        )
    if len(grades) < len(turn.answers):
        yield "An answer to a follow-up is not graded yet; it is not in this score."
    lost = {c.id for c in result.criteria if is_lost(c.verdict)}
    if any(c.must_have and c.id in lost for c in turn.question.criteria):
        cap = number(turn.rubric.must_have_cap)
        yield f"A point that must be there is not: the score cannot be over {cap}."
    for flag in _flags(grades):
        yield f"**Note:** {FLAG_TEXTS[flag]}"


def _withheld(grades: Sequence[Grade]) -> Iterator[str]:
    """The passages that the grader did not see, so that the candidate can tell whether that was right."""
    passages = [(nth, proof) for nth, grade in enumerate(grades) for proof in grade.withheld]
    if passages:
        yield from ("", "**Withheld from the grader**", "")
        yield from (f"- {_quote(proof)}{_where(nth)}" for nth, proof in passages)
        yield from ("", "**Verdicts**")


def _flags(grades: Sequence[Grade]) -> list[Flag]:
    """The flags of all grades and of the criteria in them, each once."""
    found = [f for g in grades for f in (*g.flags, *(f for c in g.criteria for f in c.flags))]
    return list(dict.fromkeys(found))


def _criterion(criterion: Criterion, earned: Credited, grades: Sequence[Grade]) -> Iterator[str]:
    """A list item: verdict and requirement, and under it quotes and what is missing."""
    history = [(nth, c) for nth, g in enumerate(grades) for c in g.criteria if c.id == criterion.id]
    after = _after_follow_up(earned, [c for _, c in history])
    traits = [
        f"weight {criterion.weight:g}" if criterion.weight != 1 else "",
        "must be there" if criterion.must_have else "",
    ]
    told = ", ".join(filter(None, traits))
    requirement = inline(criterion.requirement) + (f" ({told})" if told else "")
    yield f"- {VERDICT_SIGNS[earned.verdict]} **{earned.verdict}**{after}: {requirement}"
    # The grade that the credit rests on: the last with that verdict.
    fitting = [(nth, c) for nth, c in history if c.verdict is earned.verdict]
    for nth, grade in fitting[-1:]:
        yield from (f"  - {_quote(proof)}{_where(nth)}" for proof in grade.evidence)
        if grade.reason:
            yield f"  - {'Gap' if earned.verdict is not Verdict.MET else 'Why'}: {inline(grade.reason)}"
        if grade.votes:
            yield f"  - {grade.agreement}"


def _dispute(dispute: Dispute) -> Iterator[str]:
    """What the candidate said against a verdict, and what a second look came to."""
    yield f"  - Disputed: “{inline(dispute.argument)}”"
    if dispute.grade is None:
        yield "  - It was not judged again; the verdict stands."
        return
    after = dispute.grade.criteria[0].verdict
    came = f"it stays {after}" if after is dispute.before else f"{dispute.before} → {after}"
    yield f"  - Judged again: {came}"


def _after_follow_up(earned: Credited, history: Sequence[CriterionGrade]) -> str:
    if not (earned.after_follow_up and history):
        return ""
    return f" after follow-up ({history[0].verdict} before; {number(100 * earned.credit)} % of the credit)"


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


def _where(position: int) -> str:
    return " (in the follow-up)" if position else ""
