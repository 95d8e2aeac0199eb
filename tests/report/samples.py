"""Interviews as a transcript finds them: one for each way a turn can stand."""

from __future__ import annotations

from interviewer.bank.models import Question
from interviewer.grading.models import (
    CriterionGrade,
    DeliveryGrade,
    Evidence,
    Flag,
    Grade,
    GraderIdentity,
    MisconceptionGrade,
    Verdict,
)
from interviewer.grading.score import turn_score
from interviewer.interview.models import Answer, Failure, FollowUp, Interview, Status, Turn, TurnStatus
from interviewer.llm.usage import Usage
from interviewer.report.markdown import to_markdown
from interviewer.report.transcript import transcript_of
from tests.support.builders import (
    ANSWER,
    at,
    criterion,
    criterion_grade,
    evidence,
    grade,
    interview,
    misconception,
    question,
    rubric,
)

QUOTE = "Latency is the time that one request takes."
FOLLOW_UP = "Throughput counts all requests that finish in a second."


def answer(text: str = ANSWER, **more: object) -> Answer:
    return Answer.model_validate({"text": text, "submitted_at": at(130), "seconds": 130.0, **more})


def turn(*answers: Answer, of: Question | None = None, **more: object) -> Turn:
    """A turn with these answers, graded as far as they carry grades."""
    asked = of or question()
    grades = [a.grade for a in answers if a.grade is not None]
    first_is_graded = bool(answers) and answers[0].grade is not None
    standing = {
        "status": TurnStatus.GRADED if first_is_graded else TurnStatus.PENDING,
        "score": turn_score(grades, asked, rubric()) if first_is_graded else None,
    }
    return Turn.model_validate(
        {"index": 0, "question": asked, "rubric": rubric(), "asked_at": at(0), "answers": answers}
        | standing
        | more
    )


def with_turns(*turns: Turn, **more: object) -> Interview:
    """An interview that holds these turns, numbered anew."""
    numbered = tuple(t.model_copy(update={"index": i}) for i, t in enumerate(turns))
    return interview().model_copy(update={"turns": numbered, **more})


def markdown_of(*turns: Turn, **more: object) -> str:
    return to_markdown(transcript_of(with_turns(*turns, **more), "1.2.3"))


def judged(*verdicts: Verdict, text: str = ANSWER, **more: object) -> Grade:
    """A grade with these verdicts on one-request and many-requests."""
    ids = ("one-request", "many-requests")
    parts = tuple(criterion_grade(i, v, answer=text) for i, v in zip(ids, verdicts, strict=False))
    return grade(criteria=parts).model_copy(update=more)


FAKE = GraderIdentity(kind="fake", model="fake", prompt_version="p1", rubric_version="r1")

GRADED = turn(
    answer(
        grade=grade(
            criteria=(
                CriterionGrade(
                    id="one-request", verdict=Verdict.MET, evidence=(evidence(QUOTE),), reason="It says why."
                ),
                CriterionGrade(id="many-requests", verdict=Verdict.WRONG, reason="It has it upside down."),
            )
        ).model_copy(
            update={
                "delivery": (DeliveryGrade(id="clarity", level="strong"),),
                "usage": Usage(requests=2, input_tokens=1234, cached_tokens=1000, output_tokens=56),
                "latency_ms": 2345.6,
            }
        )
    ),
    nudges=1,
    repeats=2,
)
FOLLOWED_UP = turn(
    answer(grade=judged(Verdict.MET, Verdict.MISSING)),
    answer(
        FOLLOW_UP,
        prompt="And when many come at once?",
        criteria=("many-requests",),
        grade=Grade(
            score=100,
            band="strong",
            criteria=(
                CriterionGrade(
                    id="many-requests",
                    verdict=Verdict.MET,
                    evidence=(Evidence(quote=FOLLOW_UP, start=0, end=len(FOLLOW_UP)),),
                ),
            ),
            feedback="Now it is whole.",
            grader=GraderIdentity(kind="llm", model="test-model"),
        ),
    ),
)
MISTAKEN = turn(
    answer(
        grade=judged(
            Verdict.MET,
            Verdict.MET,
            misconceptions=(
                MisconceptionGrade(id="same-thing", evidence=(evidence("requests finish"),), penalty=15),
            ),
        )
    ),
    of=question(misconceptions=(misconception(),)),
)
CAPPED = turn(
    answer(grade=judged(Verdict.MISSING, Verdict.MET)),
    of=question(criteria=(criterion("one-request", must_have=True), criterion("many-requests", weight=9))),
)
FAILED = turn(answer(failure=Failure(code="service_down", message="The service did not answer.", at=at(140))))
WAITING = turn(answer())
GAVE_UP = turn(answer("", gave_up=True, grade=judged(Verdict.MISSING, Verdict.MISSING, flags=(Flag.EMPTY,))))
SKIPPED = turn(status=TurnStatus.SKIPPED)
ASKED = turn(status=TurnStatus.ASKED)
PLANNED = turn(status=TurnStatus.PLANNED, asked_at=None)
FOLLOW_UP_OPEN = turn(
    answer(grade=judged(Verdict.MET, Verdict.MISSING)),
    open_follow_up=FollowUp(text="And for many?", asked_at=at(200), criteria=("many-requests",)),
)
FAKED = turn(answer(grade=judged(Verdict.MET, Verdict.PARTIAL, grader=FAKE, flags=(Flag.NOT_JUDGED,))))

#: One of each, finished.
WHOLE = with_turns(
    GRADED,
    FOLLOWED_UP,
    MISTAKEN,
    CAPPED,
    FAILED,
    WAITING,
    GAVE_UP,
    SKIPPED,
    FAKED,
    FOLLOW_UP_OPEN,
    ASKED,
    PLANNED,
    status=Status.FINISHED,
    finished_at=at(1900),
)
