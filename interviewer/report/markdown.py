"""A transcript as Markdown: for people to read, on a site or in an editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from interviewer.grading.models import GraderIdentity
from interviewer.interview.models import Interview, Settings, Status, Turn, TurnStatus
from interviewer.interview.summary import Summary
from interviewer.report.escape import code, inline
from interviewer.report.markdown_turn import turn_lines
from interviewer.report.phrases import count, duration, moment, number
from interviewer.report.transcript import Transcript

_STATUS_TEXTS = {
    Status.RUNNING: "not finished",
    Status.PAUSED: "paused",
    Status.FINISHED: "finished",
}
_CALL_HEAD = (
    "Question",
    "Answer",
    "Grader",
    "Rubric version",
    "Requests",
    "Tokens in",
    "Cached",
    "Tokens out",
    "Seconds",
)


def to_markdown(transcript: Transcript) -> str:
    """The transcript as Markdown, with a line break at the end.

    Questions that were not asked yet are counted and not shown. No text of a candidate, a bank or a
    model becomes markup.
    """
    interview = transcript.interview
    results = {result.turn: result for result in transcript.results}
    titles = dict(interview.bank.categories)
    lines = [*_head(transcript), *_notice(transcript), *_summary(transcript.summary)]
    asked = sum(turn.retry_of is None for turn in interview.turns)
    for turn in interview.turns:
        if turn.status is not TurnStatus.PLANNED:
            category = titles.get(turn.question.category, turn.question.category)
            lines += turn_lines(turn, results.get(turn.index), asked, category)
    planned = sum(turn.status is TurnStatus.PLANNED for turn in interview.turns)
    if planned:
        lines += ["", f"Not asked yet: {count(planned, 'question')}."]
    lines += _technical(transcript)
    return "\n".join(lines) + "\n"


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers_from: int | None = None
) -> list[str]:
    """The lines of a table, a blank one before it. Cells must be escaped.

    numbers_from: columns from this index on are set right; None sets all left.
    """
    right = len(head) if numbers_from is None else numbers_from
    rule = ["---" if column < right else "---:" for column in range(len(head))]
    return ["", *(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))]


def _head(transcript: Transcript) -> Iterator[str]:
    interview, summary = transcript.interview, transcript.summary
    ended = f", finished {moment(interview.finished_at)}" if interview.finished_at else ""
    yield f"# Mock interview: {inline(interview.bank.role)}"
    yield ""
    yield f"- **Date**: {moment(interview.started_at)}{ended}"
    yield f"- **Bank**: {inline(interview.bank.title)}, fingerprint {code(interview.bank.fingerprint)}"
    yield f"- **Grader**: {_graders(interview, summary)}"
    yield f"- **Status**: {_STATUS_TEXTS[interview.status]}; {_counts(summary)}"
    yield f"- **Mode**: {interview.settings.mode}"
    yield f"- **Time answering**: {duration(summary.seconds)}{_limits(interview.settings)}"


def _limits(settings: Settings) -> str:
    told = [
        f"{duration(settings.question_seconds)} for each question" if settings.question_seconds else "",
        f"{duration(settings.total_seconds)} in all" if settings.total_seconds else "",
    ]
    return f"; limits: {', '.join(filter(None, told))}" if any(told) else ""


def _graders(interview: Interview, summary: Summary) -> str:
    told = list(dict.fromkeys(_grader(grader) for grader in summary.graders))
    if told:
        return ", then ".join(told)
    chosen = inline(interview.settings.grader)
    model = f", model {code(interview.settings.model)}" if interview.settings.model else ""
    return f"{chosen}{model}; nothing is graded yet"


def _grader(grader: GraderIdentity) -> str:
    if grader.kind == "fake":
        return "fake, which does not judge"
    about = " (a small model in the program)" if grader.kind == "local" else ""
    return f"{grader.kind}, model {code(grader.model)}{about}"


def _notice(transcript: Transcript) -> Iterator[str]:
    """What a reader must know before any score."""
    graders = transcript.summary.graders
    fakes = sum(grader.kind == "fake" for grader in graders)
    yield ""
    if fakes:
        some = "Some grades here" if fakes < len(graders) else "The grades here"
        yield (
            f"> **Not judged.** {some} come from the fake grader. Nobody judged those answers: verdicts and "
            "scores only show how a grade looks."
        )
    else:
        yield (
            "Scores are computed from the verdicts and the weights of the points. Every quote under a "
            "verdict stands in the answer."
        )


def _counts(summary: Summary) -> str:
    told = [
        f"{summary.graded} graded",
        f"{summary.provisional} of them provisionally" if summary.provisional else "",
        f"{summary.pending} not graded yet" if summary.pending else "",
        f"{summary.skipped} skipped" if summary.skipped else "",
        f"{summary.planned} not answered yet" if summary.planned else "",
        f"{summary.retries} tried again, in no average" if summary.retries else "",
        f"{count(summary.disputes, 'verdict')} disputed" if summary.disputes else "",
    ]
    return ", ".join(filter(None, told))


def _summary(summary: Summary) -> Iterator[str]:
    yield from ("", "## Summary")
    rows = [
        *((inline(c.title), number(c.score), f"{c.graded} of {c.asked}") for c in summary.by_category),
        ("**Overall**", f"**{number(summary.score)}**", f"{summary.graded} of {_asked(summary)}"),
    ]
    yield from table(("Category", "Score of 100", "Graded of asked"), rows, numbers_from=1)
    if summary.pending or summary.skipped:
        yield from ("", "Answers that are not graded yet and skipped questions are in no score.")


def _asked(summary: Summary) -> int:
    return sum(c.asked for c in summary.by_category)


def _technical(transcript: Transcript) -> Iterator[str]:
    interview, summary = transcript.interview, transcript.summary
    settings = interview.settings
    usage = summary.usage
    yield from ("", "## Technical data")
    rows = [
        ("Interview", code(interview.id)),
        ("Program", f"mock-interviewer {code(transcript.program_version)}"),
        ("Bank", f"{code(interview.bank.id)}, fingerprint {code(interview.bank.fingerprint)}"),
        ("Seed", str(settings.seed)),
        ("Follow-ups per question", f"at most {settings.follow_ups}"),
        ("Grader chosen at the start", _chosen(interview)),
        *(("Grader", told) for told in dict.fromkeys(map(_identity, summary.graders))),
    ]
    if usage is not None:
        tokens = f"{_tokens(usage.input_tokens)} in, of these {_tokens(usage.cached_tokens)} from a cache; "
        rows += [
            ("Requests to the grader", str(usage.requests)),
            ("Tokens", f"{tokens}{_tokens(usage.output_tokens)} out"),
        ]
    if summary.cached:
        rows.append(("Grades from this program's cache", f"{summary.cached:,}; nothing was asked for them"))
    yield from table(("What", "Value"), rows)
    calls = [row for turn in interview.turns for row in _calls(turn)]
    if calls:
        yield from table(_CALL_HEAD, calls, numbers_from=4)


def _chosen(interview: Interview) -> str:
    model = interview.settings.model
    return inline(interview.settings.grader) + (f", model {code(model)}" if model else "")


def _identity(grader: GraderIdentity) -> str:
    prompt = code(grader.prompt_version) if grader.prompt_version else "none"
    return f"{grader.kind}, model {code(grader.model)}, prompt version {prompt}"


def _calls(turn: Turn) -> Iterator[tuple[str, ...]]:
    """A row for each graded answer: what its grade took."""
    for position, answer in enumerate(turn.answers):
        grade = answer.grade
        if grade is None:
            continue
        usage = grade.usage
        seconds = "–" if grade.latency_ms is None else f"{grade.latency_ms / 1000:.1f}"
        spent = (
            (
                "from cache" if grade.cached else str(usage.requests),
                *map(_tokens, (usage.input_tokens, usage.cached_tokens, usage.output_tokens)),
            )
            if usage is not None
            else ("–", "–", "–", "–")
        )
        which = f"follow-up {position}" if position else "first"
        version = code(grade.grader.rubric_version) if grade.grader.rubric_version else "–"
        yield (
            f"{turn.index + 1}, {code(turn.question.id)}",
            which,
            grade.grader.kind,
            version,
            *spent,
            seconds,
        )


def _tokens(many: int | None) -> str:
    return "–" if many is None else f"{many:,}"
