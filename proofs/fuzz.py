"""Arbitrary input by every way into the program comes to an answer, and never to a fault of its own.

    python -m proofs fuzz                                  # every target, 10,000 inputs each: some hours
    python -m proofs fuzz --inputs 500 --seed 7 banks keys

tests/fuzz tries a few inputs of the same targets. A fault is told once for each place where it comes up, with
the smallest input that leads there.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

httpx2.alias_httpx()  # as tests/conftest.py does

from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from hypothesis.errors import UnsatisfiedAssumption  # noqa: E402

from tests.support.fuzz.every import TARGETS  # noqa: E402
from tests.support.fuzz.target import Place, Target, keys_away  # noqa: E402

_SHOWN = 2_000
#: Seconds that no input takes, however busy the machine.
_STUCK = 300


@dataclass
class Outcome:
    """What a target came to. faults: by place, how often, with the smallest input and its traceback.

    seconds: of all inputs; slowest: of the one that took longest.
    """

    inputs: int = 0
    faults: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    seconds: float = 0.0
    slowest: float = 0.0

    def note(self, value: object, error: BaseException) -> None:
        """One more fault."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if "/interviewer/" in f.filename] or frames
        place = f"{type(error).__name__} at {Path(own[-1].filename).name}:{own[-1].lineno}"
        times, smallest, told = self.faults.get(place, (0, "", ""))
        shown = repr(value)
        if not times or len(shown) < len(smallest):
            smallest, told = shown, "".join(traceback.format_exception(error))
        self.faults[place] = (times + 1, smallest, told)


def main(arguments: list[str]) -> int:
    """Print a row for each target; 1 if any has faults, which are told below."""
    asked = _asked(arguments)
    outcomes: dict[str, Outcome] = {}
    print(f"{'target':<22} {'inputs':>8} {'faults':>7} {'seconds':>8} {'slowest':>8}", flush=True)
    with keys_away():
        for name in asked.targets or TARGETS:
            outcome = outcomes[name] = _tried(TARGETS[name], asked.inputs, asked.seed)
            print(
                f"{name:<22} {outcome.inputs:>8,} {len(outcome.faults):>7} {outcome.seconds:>8.0f}",
                flush=True,
            )
    for name, outcome in outcomes.items():
        for place, (times, smallest, told) in outcome.faults.items():
            print(f"\n{name}: {times} times {place}\n  with {smallest[:_SHOWN]}\n{told[-_SHOWN:]}")
    return 1 if any(outcome.faults for outcome in outcomes.values()) else 0


def _tried(target: Target, inputs: int, number: int) -> Outcome:
    """What comes of so many inputs. number: equal ones give equal inputs."""
    outcome = Outcome()
    began = time.monotonic()
    in_threads: list[BaseException] = []
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=_quick_folder()) as folder, _watched(in_threads):
        check = target.prepared(Place(Path(folder)))

        @settings(
            max_examples=-(-inputs // target.each),
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @seed(number)
        @given(target.inputs)
        def one(value: Any) -> None:
            in_threads.clear()
            given_at = time.monotonic()
            # One that comes to no end shows where it is stuck, and ends all.
            faulthandler.dump_traceback_later(_STUCK, exit=True, file=sys.__stderr__ or 2)
            try:
                check(value)
                if in_threads:
                    raise in_threads[0]
            except UnsatisfiedAssumption:
                raise
            except Exception as error:  # noqa: BLE001 - a fault of any kind is what is looked for
                outcome.note(value, error)
            finally:
                faulthandler.cancel_dump_traceback_later()
                outcome.slowest = max(outcome.slowest, time.monotonic() - given_at)
            outcome.inputs += target.each

        one()
    outcome.seconds = time.monotonic() - began
    return outcome


@contextlib.contextmanager
def _watched(errors: list[BaseException]) -> Iterator[None]:
    """Collect what is raised in threads."""
    before = threading.excepthook
    threading.excepthook = lambda about: errors.append(about.exc_value or about.exc_type())
    try:
        yield
    finally:
        threading.excepthook = before


def _quick_folder() -> str | None:
    """A folder in memory, where there is one: each interview is written to disk answer by answer."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m proofs fuzz", description="Try arbitrary input.")
    parser.add_argument("--inputs", type=int, default=10_000, help="of each target")
    parser.add_argument("--seed", type=int, default=1, help="equal ones give equal inputs")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"any of: {', '.join(TARGETS)}")
    asked = parser.parse_args(arguments)
    for name in asked.targets:
        if name not in TARGETS:
            parser.error(f"there is no target {name!r}: choose from {', '.join(TARGETS)}")
    return asked
