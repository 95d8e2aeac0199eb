"""Other commands that write, killed at random moments: afterwards all is as before them, or as after them."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.support.kills.candidate import Candidate, Script
from tests.support.kills.finding import Findings, compare, left_in
from tests.support.kills.interviews import Trial
from tests.support.kills.process import Length, Moment, run
from tests.support.older import VERSIONS, columns_in, older_database, rows_of
from tests.support.server import Answer, Received, ScriptedServer, completion

_ASKED = (
    "--question",
    "kv-cache",
    "--question",
    "memory-wall",
    "--question",
    "gpu-kernel",
    "--follow-ups",
    "0",
)
#: Share of the kills that come at a step.
_STEPS = 0.8
_CONFIG = "# what I like\nmodel = 'm1'  # the small one\nfollow_ups = 1\n"
_EXPORTS = (
    ("--format", "md", "-o", "out.md"),
    ("--format", "html", "-o", "out.html"),
    ("--format", "json", "-o", "out.json", "--force"),
    ("--format", "csv", "--all", "-o", "out.csv", "--force"),
    ("--format", "jsonl", "--all", "-o", "out.jsonl"),
    ("--format", "md", "--all", "-o", "out"),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a command is called on, and what comes of it without a kill.

    home: copied for each trial, with its folder `work`. check: tells what is wrong in a home, once the
    command was killed (is_whole false), or was run to its end (true).
    """

    name: str
    arguments: tuple[str, ...]
    home: Path
    length: Length
    check: Callable[[Path, bool], Findings]


def killed(prepared: Prepared, folder: Path, seed: int) -> Trial:
    """Run the command with a kill, look at what is left, run it to its end, and look again."""
    chance = random.Random(seed)
    home = folder / "home"
    shutil.copytree(prepared.home, home)
    moment = _drawn(chance, prepared.length)
    ended = run(home, *prepared.arguments, moment=moment, folder=home / "work")
    found = prepared.check(home, not ended.was_killed)
    again = ended
    if ended.was_killed:
        again = run(home, *prepared.arguments, *_forced(prepared), folder=home / "work")
        found.add(prepared.check(home, True))
    if again.code != 0 or "Traceback" in again.err + ended.err:
        found.differing.append(f"{prepared.name} ended with {again.code}: {again.err[-300:]}")
    return Trial(Counter({prepared.name: int(ended.was_killed)}), found)


def _forced(prepared: Prepared) -> tuple[str, ...]:
    """A file may be there already, whole."""
    return ("--force",) if prepared.name == "export" and "--force" not in prepared.arguments else ()


def _drawn(chance: random.Random, length: Length) -> Moment:
    """By step, or by time: these commands print their lines at the end."""
    if chance.random() < _STEPS:
        return Moment("step", chance.randint(1, length.steps))
    return Moment("second", chance.uniform(0, length.seconds))


#: Prepares a command in a folder that is not there yet; the options lead to a service.
Preparing = Callable[[Path, tuple[str, ...]], Prepared]


def _whole(home: Path, *arguments: str) -> Length:
    """How long the command is, run to its end in a copy of `home`, which stays beside it as `whole`."""
    whole = home.parent / "whole"
    shutil.copytree(home, whole)
    ended = run(whole, *arguments, counts=True, folder=whole / "work")
    assert ended.code == 0, ended.err
    return ended.length


def pending(folder: Path, options: tuple[str, ...]) -> Prepared:
    """Three answers that a service gave no grade to, and that are graded now."""
    home = _new(folder)

    def speechless(received: Received) -> Answer:
        return completion("I would hire you.")

    candidate = Candidate(Script("pending", _ASKED))
    candidate.sits_down("starting")
    with ScriptedServer(behaviour=speechless) as server:
        there = ("--grader", "llm", "--base-url", server.url, "--model", "m", "--no-cache")
        ended = run(home, "start", "--plain", "--seed", "1", *_ASKED, *there, talker=candidate)
    assert ended.code == 0, ended.err
    arguments = ("grade", "--pending", *options)
    length = _whole(home, *arguments)
    reference = left_in(folder / "whole")

    def check(home: Path, is_whole: bool) -> Findings:
        found = compare(left_in(home), reference, candidate)
        return found if is_whole else Findings(lost=found.lost, double=found.double)

    return Prepared("grade --pending", arguments, home, length, check)


def migration(version: int, folder: Path, options: tuple[str, ...]) -> Prepared:
    """A database of an earlier version, which the first command brings up to date."""
    home = _new(folder)
    path = older_database(version, home / "data")
    before = rows_of(path)
    tables = columns_in(path)
    arguments = ("progress", "--json")
    length = _whole(home, *arguments)
    reference = left_in(folder / "whole")

    def check(home: Path, is_whole: bool) -> Findings:
        rows = rows_of(home / "data" / path.name, tables)
        found = Findings(
            lost=[f"rows of version {version}: {name}" for name in before if rows[name] != before[name]]
        )
        if is_whole and left_in(home) != reference:
            found.differing.append(f"interviews of version {version}, or what is remembered of them")
        return found

    return Prepared("migration", arguments, home, length, check)


def export(arguments: tuple[str, ...], folder: Path, options: tuple[str, ...]) -> Prepared:
    """A transcript to a file, or to many, some of which are there already."""
    home = _new(folder)
    older_database(VERSIONS[-1], home / "data")
    target = arguments[arguments.index("-o") + 1]
    before = b"what was there before\n"
    if "--force" in arguments:
        (home / "work" / target).write_bytes(before)
    command = ("export", *arguments)
    length = _whole(home, *command)
    wanted = _files(folder / "whole" / "work")

    def check(home: Path, is_whole: bool) -> Findings:
        found = Findings()
        files = _files(home / "work")
        for name, content in files.items():
            if content not in ({wanted.get(name)} if is_whole else {wanted.get(name), before}):
                found.differing.append(f"half a file: {name}")
        if is_whole and files.keys() != wanted.keys():
            found.lost.append(f"files of {' '.join(arguments)}: {sorted(wanted.keys() - files.keys())}")
        return found

    return Prepared("export", command, home, length, check)


def config(folder: Path, options: tuple[str, ...]) -> Prepared:
    """A setting that is changed in a file with comments."""
    home = _new(folder)
    arguments = ("config", "set", "model", "m2")
    (home / "config.toml").write_text(_CONFIG)
    length = _whole(home, *arguments)
    after = (folder / "whole" / "config.toml").read_text()
    assert after != _CONFIG

    def check(home: Path, is_whole: bool) -> Findings:
        text = (home / "config.toml").read_text()
        is_right = text == after if is_whole else text in {_CONFIG, after}
        return Findings() if is_right else Findings(differing=[f"config.toml holds {text!r}"])

    return Prepared("config set", arguments, home, length, check)


ALL: tuple[Preparing, ...] = (
    pending,
    *(partial(migration, version) for version in VERSIONS[:-1]),
    *(partial(export, arguments) for arguments in _EXPORTS),
    config,
)


def _new(folder: Path) -> Path:
    home = folder / "home"
    (home / "work").mkdir(parents=True)
    return home


def _files(folder: Path) -> dict[str, bytes]:
    """What is in the folder but for scratch files, which a kill may leave."""
    paths = (
        path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".interviewer-")
    )
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}
