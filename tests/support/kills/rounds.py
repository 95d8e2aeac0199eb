"""Trials until so many kills have come: the plan of the long run, and of the short one among the tests."""

from __future__ import annotations

import itertools
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.support.kills import commands, interviews
from tests.support.kills.commands import Preparing
from tests.support.kills.finding import Findings
from tests.support.kills.interviews import Reference, Setting, Trial
from tests.support.server import ScriptedServer
from tests.support.service import judged

#: A trial by its folder, which is there and empty, and its seed.
Play = Callable[[Path, int], Trial]


@dataclass(slots=True)
class Tally:
    """What came of all trials. stages: where they were killed. seconds: it took."""

    trials: int = 0
    seconds: float = 0.0
    stages: Counter[str] = field(default_factory=Counter)
    findings: Findings = field(default_factory=Findings)

    @property
    def kills(self) -> int:
        """SIGKILLs that came before the process had ended."""
        return self.stages.total()

    def add(self, trial: Trial) -> None:
        """Take in one more."""
        self.trials += 1
        self.stages += trial.stages
        self.findings.add(trial.findings)


@contextmanager
def plays(
    folder: Path,
    settings: Sequence[Setting],
    preparing: Sequence[Preparing] = commands.ALL,
    *,
    at_once: int,
    most: int,
) -> Iterator[list[Play]]:
    """What can be played, in the order of a round: interviews of `settings`, among them other commands.

    at_once: processes. most: kills of one interview.
    """
    with ThreadPoolExecutor(at_once) as pool, ScriptedServer(behaviour=judged) as server:
        options = ("--grader", "llm", "--base-url", server.url, "--model", "m", "--no-cache")
        referred = [
            pool.submit(interviews.reference_of, setting, folder / f"reference-{number}")
            for number, setting in enumerate(settings)
        ]
        prepared = [
            pool.submit(prepare, folder / f"command-{number}", options)
            for number, prepare in enumerate(preparing)
        ]
        interviewing: list[Play] = [
            partial(_interview, setting, reference.result(), most)
            for setting, reference in zip(settings, referred, strict=True)
        ]
        commanding: list[Play] = [partial(commands.killed, one.result()) for one in prepared]
        yield list(_mixed(interviewing, commanding))


def played(plays: Sequence[Play], folder: Path, *, kills: int, seed: int, at_once: int) -> Tally:
    """Play round after round, `at_once` at a time, until there were so many `kills`."""
    tally, began, number = Tally(), time.monotonic(), 0
    folder.mkdir(parents=True, exist_ok=True)

    def one(number: int) -> Trial:
        place = folder / str(number)
        place.mkdir()
        try:
            return plays[number % len(plays)](place, seed * 1_000_003 + number)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    with ThreadPoolExecutor(at_once) as pool:
        while tally.kills < kills:
            for trial in pool.map(one, range(number, number + at_once)):
                tally.add(trial)
            number += at_once
    tally.seconds = time.monotonic() - began
    return tally


def _interview(setting: Setting, reference: Reference, most: int, place: Path, seed: int) -> Trial:
    return interviews.killed(setting, reference, place, seed, most)


def _mixed(interviewing: Sequence[Play], commanding: Sequence[Play]) -> Iterator[Play]:
    """Every command once, and between them the interviews, each as often as the others."""
    rounds = -(-max(len(interviewing), len(commanding)) // len(interviewing))
    for pair in itertools.zip_longest(commanding, list(interviewing) * rounds):
        yield from (play for play in pair if play is not None)
