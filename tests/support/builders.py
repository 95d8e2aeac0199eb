"""Small valid models for tests. Each takes what the test is about and fills in the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from interviewer.bank.models import (
    Band,
    Bank,
    Category,
    Criterion,
    DeliveryAspect,
    Misconception,
    Question,
    Rubric,
    VerdictRule,
    VerdictScale,
)
from interviewer.grading.models import (
    CriterionGrade,
    Evidence,
    Grade,
    GraderIdentity,
    GradingTask,
    Verdict,
)
from interviewer.interview.models import BankLabel, Interview, Mode, Settings, Turn

START = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
ANSWER = "Latency is the time that one request takes. Throughput is how many requests finish per second."


def at(seconds: float) -> datetime:
    """The moment `seconds` after the tests' start of time."""
    return START + timedelta(seconds=seconds)


def criterion(
    id: str = "one-request",
    *,
    weight: float = 1.0,
    must_have: bool = False,
    probe: str | None = "And for one request?",
) -> Criterion:
    return Criterion(
        id=id, requirement=f"says what {id} is and why", weight=weight, must_have=must_have, probe=probe
    )


def misconception(id: str = "same-thing", *, penalty: float | None = None) -> Misconception:
    return Misconception(
        id=id,
        claim="Latency and throughput always improve together.",
        correction="They can move against each other.",
        penalty=penalty,
    )


def question(
    id: str = "latency",
    *,
    category: str = "beginner",
    criteria: tuple[Criterion, ...] = (),
    misconceptions: tuple[Misconception, ...] = (),
    nudge: str | None = "Think of one request, then of many.",
) -> Question:
    return Question(
        id=id,
        category=category,
        text="How do latency and throughput differ?",
        hint="One is the time of a single request, the other the number of requests in a unit of time.",
        nudge=nudge,
        criteria=criteria or (criterion("one-request"), criterion("many-requests")),
        misconceptions=misconceptions,
    )


def rubric(
    id: str = "technical",
    *,
    must_have_cap: float = 60,
    misconception_penalty: float = 10,
    follow_up_credit: float = 0.5,
) -> Rubric:
    return Rubric(
        id=id,
        title=id.capitalize(),
        verdicts=VerdictScale(
            met=VerdictRule(credit=1, meaning="shown"),
            partial=VerdictRule(credit=0.5, meaning="half shown"),
            missing=VerdictRule(credit=0, meaning="not shown"),
            wrong=VerdictRule(credit=0, meaning="the opposite is said"),
        ),
        must_have_cap=must_have_cap,
        misconception_penalty=misconception_penalty,
        follow_up_credit=follow_up_credit,
        bands=(
            Band(id="strong", title="Strong", floor=80, descriptor="would pass"),
            Band(id="developing", title="Developing", floor=40, descriptor="on the way"),
            Band(id="weak", title="Weak", floor=0, descriptor="not yet"),
        ),
        delivery=(
            DeliveryAspect(id="clarity", title="Clarity", strong="clear", adequate="fair", weak="unclear"),
            DeliveryAspect(
                id="structure", title="Structure", strong="ordered", adequate="fair", weak="loose"
            ),
        ),
        guidance=("Judge the relation, not the word.",),
    )


def bank(*questions: Question, rubrics: tuple[Rubric, ...] = ()) -> Bank:
    """A bank with categories beginner (difficulty 1) and advanced (3)."""
    return Bank(
        id="tests",
        title="Bank of the tests",
        role="tester",
        categories=(
            Category(id="beginner", title="Beginner", difficulty=1, rubric="technical"),
            Category(id="advanced", title="Advanced", difficulty=3, rubric="technical"),
        ),
        questions=questions or (question(),),
        rubrics=rubrics or (rubric(),),
        fingerprint="0" * 12,
    )


def task(answer: str = ANSWER, *, of: Question | None = None, by: Rubric | None = None) -> GradingTask:
    return GradingTask(question=of or question(), rubric=by or rubric(), answer=answer)


def evidence(quote: str, answer: str = ANSWER) -> Evidence:
    """The evidence that `quote` is in `answer`; ValueError if it does not stand there."""
    start = answer.index(quote)
    return Evidence(quote=quote, start=start, end=start + len(quote))


def criterion_grade(id: str, verdict: Verdict = Verdict.MET, *, answer: str = ANSWER) -> CriterionGrade:
    proof = () if verdict is Verdict.MISSING else (Evidence(quote=answer[:20], start=0, end=20),)
    return CriterionGrade(id=id, verdict=verdict, evidence=proof, reason=f"{id} is {verdict}")


def grade(
    score: float = 75.0,
    *,
    criteria: tuple[CriterionGrade, ...] = (),
    follow_up: str | None = None,
    feedback: str = "Good on one request.",
) -> Grade:
    return Grade(
        score=score,
        band="developing",
        criteria=criteria
        or (criterion_grade("one-request"), criterion_grade("many-requests", Verdict.PARTIAL)),
        feedback=feedback,
        follow_up=follow_up,
        grader=GraderIdentity(kind="llm", model="test-model", prompt_version="p1", rubric_version="r1"),
    )


def interview(
    *questions: Question,
    id: str = "20260105-190000-aaaa",
    follow_ups: int = 1,
    mode: Mode = Mode.PRACTICE,
    question_seconds: float | None = None,
    total_seconds: float | None = None,
) -> Interview:
    """A new interview with nothing asked yet."""
    chosen = questions or (question("latency"), question("kernels"))
    return Interview(
        id=id,
        started_at=START,
        bank=BankLabel(
            id="tests",
            title="Bank of the tests",
            role="tester",
            fingerprint="0" * 12,
            categories=(("beginner", "Beginner"), ("advanced", "Advanced")),
        ),
        settings=Settings(
            seed=1,
            follow_ups=follow_ups,
            grader="llm",
            model="test-model",
            mode=mode,
            question_seconds=question_seconds,
            total_seconds=total_seconds,
        ),
        turns=tuple(Turn(index=i, question=q, rubric=rubric()) for i, q in enumerate(chosen)),
    )
