"""How a command gets its grader: put together from settings on first use, and imported late."""

from __future__ import annotations

import contextlib
from functools import cache
from typing import TYPE_CHECKING

from interviewer.cli import wiring
from interviewer.errors import EmbeddedModelError
from interviewer.settings import Settings

if TYPE_CHECKING:
    from interviewer.background import Worker
    from interviewer.embedded.model import LazyModel
    from interviewer.grading.grader import Grader
    from interviewer.grading.llm import LlmGrader
    from interviewer.llm.wire import Completes


def grader_of(settings: Settings, *, is_interview: bool = False) -> Grader:
    """The grader, put together on first use. Raises what `refuse_unfit` raises.

    is_interview: a person is waiting. Where a language model is out of reach the embedded one then grades for
    the time being, and it reads each answer, too.
    """
    from interviewer.cli.deferred import DeferredGrader

    wiring.refuse_unfit(settings)
    match wiring.kind_of(settings):
        case "fake":
            return DeferredGrader(_fake_grader, _import_fake)
        case "local":
            return DeferredGrader(_local_grader, _load_local)
        case "llm":
            _ = settings.model, settings.samples
            reads = cross_checks(settings, is_interview=is_interview)
            return DeferredGrader(
                lambda: _llm_grader(settings, reads=reads, stands_in=is_interview),
                lambda: import_llm(loads=reads),
            )


def judge_of(
    settings: Settings, client: Completes, *, reads: bool, deadline: float | None = None
) -> LlmGrader:
    """The grader that asks `client`. reads: the embedded model reads each answer, too.

    deadline: seconds for a whole grade; None leaves them to the client.
    """
    import time

    from interviewer.grading.cross_check import EmbeddedReader
    from interviewer.grading.llm import LlmGrader

    return LlmGrader(
        client,
        model=settings.model,
        clock=time.monotonic,
        deadline=deadline,
        warms=_warms(settings),
        samples=settings.samples,
        reader=EmbeddedReader(embedded_model(), model_worker()) if reads else None,
    )


def cached(settings: Settings, judge: Grader, *, reads: bool) -> Grader:
    """`judge` behind the cache of grades, unless that is switched off."""
    if settings.get("cache") == "off":
        return judge
    import time

    from interviewer.grading.cached import CachedGrader
    from interviewer.store.grade_cache import GradeCache

    return CachedGrader(
        judge,
        GradeCache(settings.folders.cache),
        service=wiring.address_of(settings).name,
        samples=settings.samples,
        reader=_reader_version() if reads else None,
        clock=time.monotonic,
    )


def cross_checks(settings: Settings, *, is_interview: bool) -> bool:
    """Whether the embedded model reads beside a language model: by default where a person waits anyway."""
    wanted = settings.get("cross_check")
    return wanted == "always" or (wanted == "auto" and is_interview)


@cache
def embedded_model() -> LazyModel:
    """The model that comes with the package: one for all that use it."""
    from interviewer.embedded.model import LazyModel

    return LazyModel()


@cache
def model_worker() -> Worker:
    """Where that model is loaded and at work."""
    from interviewer.background import Worker

    return Worker()


def import_llm(*, loads: bool) -> None:
    """Import what asking a language model takes. loads: load the embedded model, too."""
    wiring.silence_packages()
    from interviewer.grading import cached, llm  # noqa: F401
    from interviewer.llm import client, openai_wire  # noqa: F401

    openai_wire.preload()
    if loads:
        _load_local()


def _llm_grader(settings: Settings, *, reads: bool, stands_in: bool) -> Grader:
    from interviewer.grading.fallback import FallbackGrader

    judge = judge_of(settings, wiring.client_of(settings), reads=reads, deadline=wiring.deadline_of(settings))
    behind_cache = cached(settings, judge, reads=reads)
    return FallbackGrader(behind_cache, _local_grader) if stands_in else behind_cache


def _local_grader() -> Grader:
    import time

    from interviewer.grading.local import LocalGrader

    return LocalGrader(embedded_model(), worker=model_worker(), clock=time.monotonic)


def _fake_grader() -> Grader:
    import time

    from interviewer.grading.fake import default_reply
    from interviewer.grading.llm import LlmGrader
    from interviewer.llm.client import ChatClient, RetryPolicy
    from interviewer.llm.fake_wire import FakeWire

    client = ChatClient(FakeWire(default=default_reply), None, RetryPolicy())
    return LlmGrader(client, model="fake", clock=time.monotonic, kind="fake")


def _reader_version() -> str | None:
    """The version of the embedded model; None where it cannot be had: then it reads nothing, either."""
    try:
        return embedded_model().version
    except EmbeddedModelError:
        return None


def _warms(settings: Settings) -> bool:
    """Whether to send the shared part of a prompt ahead: by default where that is free."""
    wanted = settings.get("warm_up")
    return wanted == "always" or (wanted == "auto" and wiring.address_of(settings).is_local)


def _load_local() -> None:
    from interviewer.grading import local  # noqa: F401

    # A model that cannot be loaded is told of when it has to judge.
    with contextlib.suppress(EmbeddedModelError):
        model_worker().wait(embedded_model().load)


def _import_fake() -> None:
    from interviewer.grading import fake, llm  # noqa: F401
    from interviewer.llm import client, fake_wire  # noqa: F401
