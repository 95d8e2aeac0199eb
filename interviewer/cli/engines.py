"""Where answers are graded: in this process, or by many on a Ray cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from interviewer.cli import graders, wiring
from interviewer.errors import UsageError
from interviewer.grading.grader import Grader
from interviewer.settings import Settings


class EngineName(StrEnum):
    """Who does the work of the local grader."""

    LOCAL = "local"
    RAY = "ray"


@dataclass(frozen=True, slots=True)
class Engine:
    """What the command line asks for. workers, address: of Ray; None leaves them to it."""

    name: EngineName = EngineName.LOCAL
    workers: int | None = None
    address: str | None = None

    def refuse_unfit(self, settings: Settings) -> None:
        """Raise UsageError for what no engine can do. Nothing is imported or started."""
        if self.name is EngineName.LOCAL:
            if self.workers is not None or self.address is not None:
                raise UsageError(
                    "--workers and --ray-address belong to --engine ray",
                    hint="Add --engine ray, or leave them away.",
                )
        elif wiring.kind_of(settings) != "local":
            raise UsageError(
                "--engine ray spreads the local grader; a language model is spread by its server",
                hint="Add --grader local, or leave --engine away and raise --concurrency.",
            )


@dataclass(frozen=True, slots=True)
class AtWork:
    """An engine that is running. concurrency: answers to be in flight. description: for people."""

    grader: Grader
    concurrency: int
    description: str


@contextlib.contextmanager
def at_work(engine: Engine, settings: Settings, concurrency: int) -> Iterator[AtWork]:
    """The engine, running until the block ends. concurrency: for this process; Ray has one of its own.

    Raises what `refuse_unfit` raises, UsageError if Ray is not installed, and ClusterError if there is no
    cluster.
    """
    engine.refuse_unfit(settings)
    if engine.name is EngineName.LOCAL:
        yield AtWork(graders.grader_of(settings), concurrency, wiring.describe(settings))
        return
    from interviewer.batch.ray_engine import ray_engine

    with ray_engine(engine.workers, engine.address or os.environ.get("RAY_ADDRESS")) as ray:
        told = f"{wiring.describe(settings)} on Ray, {ray.shares}"
        yield AtWork(ray.grader, ray.shares.in_flight, told)
