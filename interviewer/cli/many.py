"""The language model for many answers: how many at once, at what pace, and how patiently."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interviewer.batch.budget import requests_per_minute, tokens_per_minute
from interviewer.batch.pacing import Pacer
from interviewer.batch.window import Window
from interviewer.cli import graders, wiring
from interviewer.cli.deferred import DeferredGrader
from interviewer.grading.grader import Grader
from interviewer.llm.pace import Pace
from interviewer.settings import Settings

if TYPE_CHECKING:
    from interviewer.llm.client import ChatClient

#: Answers at once at a service, and at a model on someone's own machine, which mostly has a few slots.
_MANY, _MANY_AT_HOME = 32, 8
#: Tries of a request where nobody waits for a single answer: a limit on requests must fail none.
_ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Budgets:
    """The most requests and tokens in a minute, of all answers together; None sets no bound."""

    requests: int | None = None
    tokens: int | None = None


def concurrency_of(settings: Settings) -> int:
    """How many answers are graded at once, at most, if nobody says."""
    match wiring.kind_of(settings):
        case "llm":
            return _MANY_AT_HOME if wiring.address_of(settings).is_local else _MANY
        case "local":
            return 2  # one at the model, and one that is ready for it
        case "fake":
            return 4


def pacer_of(budgets: Budgets, concurrency: int) -> Pacer:
    """The pace of a run. concurrency: the most answers at once."""
    now = time.monotonic()
    return Pacer(
        Window(concurrency),
        clock=time.monotonic,
        requests=requests_per_minute(budgets.requests, now) if budgets.requests else None,
        tokens=tokens_per_minute(budgets.tokens, now) if budgets.tokens else None,
    )


def many_client_of(settings: Settings, pace: Pace) -> ChatClient:
    """The client for the configured service, at `pace`."""
    from interviewer.llm.client import ChatClient, RetryPolicy

    policy = RetryPolicy(deadline=wiring.deadline_of(settings), attempts=_ATTEMPTS)
    return ChatClient(wiring.wire_of(settings), wiring.dialects_of(settings), policy, pace=pace)


def many_grader_of(settings: Settings, pace: Pace) -> Grader:
    """The configured language model at `pace`. A grade has no deadline, only each request of it."""
    reads = graders.cross_checks(settings, is_interview=False)

    def built() -> Grader:
        judge = graders.judge_of(settings, many_client_of(settings, pace), reads=reads)
        return graders.cached(settings, judge, reads=reads)

    return DeferredGrader(built, lambda: graders.import_llm(loads=reads))
