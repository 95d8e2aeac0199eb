"""An interview that is killed again and again, gone on with each time, and compared at its end."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.kills.candidate import Candidate, Script
from tests.support.kills.finding import Findings, Left, compare, left_in
from tests.support.kills.process import Ended, Length, Moment, StuckError, run
from tests.support.server import ScriptedServer
from tests.support.service import Fault, Faulty

_MOST_SITTINGS = 40
#: Of an interview's length, what a sitting takes before anything is on screen, about.
_START = 0.4
_LOOKING_BACK = {2: ("/dispute 1.2 I said why it matters, in the second half.", "/retry 1")}
_NO_FAULTS: tuple[Fault, ...] = ()
_PASSING: tuple[Fault, ...] = ("429", "500", "reset", "malformed")
#: So that a service that says nothing holds up no interview for long; what is missing is graded at the end.
_IMPATIENT = {"INTERVIEWER_DEADLINE": "2"}


@dataclass(frozen=True, slots=True)
class Setting:
    """An interview as it is killed. faults: of its service, which is asked if there are any or `is_served`.

    prepares: sits this interview first, for one that needs something to look back on.
    """

    script: Script
    faults: tuple[Fault, ...] = _NO_FAULTS
    is_served: bool = False
    settings: Mapping[str, str] | None = None
    prepares: Script | None = None

    @property
    def name(self) -> str:
        """Of its script."""
        return self.script.name


def _asking(*ids: str) -> tuple[str, ...]:
    return tuple(part for id in ids for part in ("--question", id))


_THREE = _asking("kv-cache", "memory-wall", "latency-vs-throughput")
_TWO = _asking("kv-cache", "memory-wall")
_WIDE = ("--time-limit", "60", "--total-time", "120")

SETTINGS: tuple[Setting, ...] = (
    Setting(Script("practice", (*_THREE, *_WIDE), _LOOKING_BACK)),
    Setting(Script("exam", (*_THREE, "--mode", "exam"), is_exam=True)),
    Setting(Script("practice, faulty service", (*_TWO, "--follow-ups", "2"), _LOOKING_BACK), _PASSING),
    Setting(
        Script("exam, faulty and silent service", (*_THREE, *_WIDE, "--mode", "exam"), is_exam=True),
        (*_PASSING, "silent"),
        settings=_IMPATIENT,
    ),
    Setting(
        Script("drill", ("--mode", "drill", "--count", "2")),
        is_served=True,
        prepares=Script("what is drilled", (*_TWO, "--follow-ups", "0")),
    ),
)
#: Limits run out in it, which takes six seconds a question.
LIMITED = Setting(Script("limit runs out", (*_asking("kv-cache"), "--time-limit", "0.1"), is_silent=True))


@dataclass(frozen=True, slots=True)
class Reference:
    """A setting's interview without kills: what it left, how long it was, and the home before it."""

    left: Left
    length: Length
    home: Path


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one interview. stages: where it was killed, each time."""

    stages: Counter[str]
    findings: Findings


def reference_of(setting: Setting, folder: Path) -> Reference:
    """Sit the interview of `setting` once in `folder`, without a kill or a fault, and with all the time."""
    folder.mkdir(parents=True)
    home, before = folder / "home", folder / "before"
    with _service(setting, 0) as (faulty, options):
        faulty.is_well = True
        before.mkdir()
        if setting.prepares is not None:
            _sit(before, Candidate(setting.prepares), _start(setting.prepares, options))
        shutil.copytree(before, home)
        candidate = Candidate(setting.script)
        ended = _sit(home, candidate, _start(setting.script, options))
    return Reference(left_in(home), ended.length, before)


def killed(setting: Setting, reference: Reference, folder: Path, seed: int, most: int) -> Trial:
    """Sit the interview with 1 to `most` kills, then to its end, and compare it with `reference`."""
    chance = random.Random(seed)
    wanted = chance.randint(1, most)
    candidate = Candidate(setting.script)
    stages: Counter[str] = Counter()
    found = Findings()
    shutil.copytree(reference.home, folder / "home")
    home = folder / "home"
    with _service(setting, seed) as (faulty, options):
        arguments, is_start = _start(setting.script, options), True
        for _ in range(_MOST_SITTINGS):
            has_kills_left = stages.total() < wanted
            moment = _drawn(chance, reference.length, is_start=is_start) if has_kills_left else None
            faulty.is_well = not has_kills_left
            candidate.sits_down("starting" if is_start else "resuming")
            try:
                ended = run(home, *arguments, moment=moment, talker=candidate, settings=setting.settings)
            except StuckError as error:
                found.differing.append(f"stuck: {error}")
                break
            if "Traceback" in ended.err:
                found.differing.append(f"a traceback: {ended.err[-300:]}")
            if ended.was_killed:
                stages[_stage(candidate, ended, moment)] += 1
            elif ended.code == 0:
                break
            elif not is_start and "no interview is waiting" in ended.err:
                if len(left_in(home).interviews) == len(reference.left.interviews):
                    break
                is_start, arguments = True, _start(setting.script, options)
                continue
            else:
                found.differing.append(f"ended with {ended.code}: {ended.err[-300:]}")
                break
            is_start, arguments = False, ("resume", "--plain", *options)
        else:
            found.differing.append("it never came to its end")
        faulty.is_well = True
        last = run(home, "grade", "--pending", *options)
        if last.code != 0:
            found.differing.append(f"grade --pending ended with {last.code}: {last.err[-300:]}")
    found.add(compare(left_in(home), reference.left, candidate))
    return Trial(stages, found)


def _drawn(chance: random.Random, length: Length, *, is_start: bool) -> Moment:
    """A moment of a sitting: any of the interview; of one that goes on, any up to a length drawn first."""
    share = 1.0 if is_start else chance.uniform(_START, 1.0)
    match chance.choice(("second", "byte", "step")):
        case "second":
            return Moment("second", chance.uniform(0.02, length.seconds * share))
        case "byte":
            return Moment("byte", chance.randint(1, max(1, int(length.size * share))))
        case _:
            return Moment("step", chance.randint(1, max(1, int(length.steps * share))))


def _stage(candidate: Candidate, ended: Ended, moment: Moment | None) -> str:
    """Where the interview was when it was killed."""
    if moment is not None and moment.kind == "step" and ended.step:
        is_sql = not ended.step.startswith(("open", "os.", "tempfile"))
        if is_sql and not ended.step.startswith(("SELECT", "PRAGMA", "BEGIN")):
            return "within a transaction"
    return candidate.stage


def _start(script: Script, options: tuple[str, ...]) -> tuple[str, ...]:
    return ("start", "--plain", "--seed", "1", *script.options, *options)


def _sit(home: Path, candidate: Candidate, arguments: tuple[str, ...]) -> Ended:
    candidate.sits_down("starting")
    ended = run(home, *arguments, talker=candidate, counts=True)
    assert ended.code == 0, ended.err
    assert not candidate.problems, candidate.problems
    return ended


@contextmanager
def _service(setting: Setting, seed: int) -> Iterator[tuple[Faulty, tuple[str, ...]]]:
    """The setting's service, and the options that lead to it; of the fake grader, if it has none."""
    faulty = Faulty(seed, setting.faults)
    if not setting.faults and not setting.is_served:
        yield faulty, ("--grader", "fake")
        return
    faulty.is_well = not setting.faults
    with ScriptedServer(behaviour=faulty) as server:
        yield faulty, ("--grader", "llm", "--base-url", server.url, "--model", "m", "--no-cache")
