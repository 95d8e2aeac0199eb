"""Every command with a key from every place, at services that say it back; and those that ask nobody.

Options: --passes N (default: one for each place) and --without-ray. Exit code 1 if the key turned up
anywhere, or anything went to anybody but the configured service.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path

from tests.support.commands import ANSWER, CALLS, COMPLETED, COMPLETION, Call
from tests.support.listening import (
    OTHER_PLACES,
    PLACES,
    Folders,
    failures,
    folders_in,
    leaks,
    listened,
    on_screen,
    strangers,
)
from tests.support.marked import traces
from tests.support.server import ScriptedServer
from tests.support.telltale import TELLTALES, rotating

_POSSIBLE = [call for call in CALLS if call.needs is None or find_spec(call.needs) is not None]
_SENDING = [call for call in _POSSIBLE if not call.stays]
_STAYING = [call for call in _POSSIBLE if call.stays]
_RAY = Call("grade answers.jsonl -o ray.jsonl --grader local --engine ray --workers 1")
_ALONE = ("unshare", "--map-root-user", "--net")  # no network but for a loopback that is down
_TRACED = ("strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o")
_INTERNET = re.compile(r"AF_INET6?, .*")


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m proofs secrets", description=__doc__)
    parser.add_argument("--passes", type=int, default=len(PLACES))
    parser.add_argument("--without-ray", action="store_true")
    wanted = parser.parse_args(arguments)
    found: list[str] = []
    for told, faults in _proofs(wanted.passes, with_ray=not wanted.without_ray):
        print(f"{told}: {len(faults)} found", flush=True)
        for fault in faults:
            print(f"  {fault}")
        found += faults
    print(f"in all: {len(found)} found")
    return 1 if found else 0


def _proofs(passes: int, *, with_ray: bool) -> Iterator[tuple[str, list[str]]]:
    """What was done, and what was found, one after another."""
    for shift in range(passes):
        yield _replies(shift)
    for shift in range(passes):
        yield _faults(shift)
    yield _other_places()
    yield _screens()
    yield _without_a_network()
    yield _traced()
    if with_ray and find_spec("ray") is not None:
        yield _on_ray()


def _replies(shift: int) -> tuple[str, list[str]]:
    """Every call at a service whose replies say the key. shift: so far are the places moved on."""
    with _folders() as folders, ScriptedServer(behaviour=rotating("replies")) as server:
        places = islice(cycle(PLACES.values()), shift, None)
        calls = [(call, next(places)(server.url)) for call in _POSSIBLE]
        asked = [(COMPLETION, calls[-1][1].with_completion_of(line)) for line in COMPLETED]
        heard = listened([*calls, *asked], folders, is_thorough=True)
        kept = len(folders.contents())
        faults = leaks(heard, folders) + strangers(heard, server.url) + failures(heard)
        told = (
            f"{len(heard)} calls, {len(server.requests)} replies with the key, {kept} files read afterwards"
        )
        return told, faults


def _faults(shift: int) -> tuple[str, list[str]]:
    """Every call that sends something at a service that fails and says the key."""
    names = [name for name in TELLTALES if name != "replies"]
    with _folders() as folders, ScriptedServer(behaviour=rotating(*names)) as server:
        places = islice(cycle(PLACES.values()), shift, None)
        heard = listened([(call, next(places)(server.url)) for call in _SENDING], folders, is_thorough=True)
        told = f"{len(heard)} calls, {len(server.requests)} faults with the key, of {len(names)} kinds"
        return told, leaks(heard, folders) + strangers(heard, server.url)


def _other_places() -> tuple[str, list[str]]:
    calls = [call for call in _SENDING if "batch" not in call.line]
    with _folders() as folders, ScriptedServer(behaviour=rotating("replies", "401")) as server:
        asked = [(call, place(server.url)) for place in OTHER_PLACES.values() for call in calls]
        heard = listened(asked, folders, is_thorough=True)
        told = f"{len(heard)} calls through a proxy with the key as its password, and in Azure's manner"
        return told, leaks(heard, folders) + strangers(heard, server.url)


def _screens() -> tuple[str, list[str]]:
    """Interviews on a terminal, of the common and of the plain manner."""
    found: list[str] = []
    manners = ((), ("--plain",), ("--mode", "exam"))
    for name, place in PLACES.items():
        for more in manners:
            with _folders() as folders, ScriptedServer(behaviour=rotating("replies")) as server:
                settings = place(server.url)
                (folders.home / "config.toml").write_text(settings.config, encoding="utf-8")
                arguments = ("start", "-q", "kv-cache", "--follow-ups", "0", *more, *settings.flags)
                screen = on_screen(arguments, ANSWER, folders, settings)
                found += [f"screen, {name} {more}: {trace}" for trace in traces(screen)]
                found += leaks((), folders)
                if not server.requests:
                    found.append(f"screen, {name} {more}: no service was asked: {screen[-300:]}")
    return f"{len(PLACES) * len(manners)} interviews on a terminal", found


def _without_a_network() -> tuple[str, list[str]]:
    """The calls that ask nobody, with a key and a service set, in a process that has no network."""
    if not _works(*_ALONE, "true"):
        return "no network of its own can be had here (unshare --net)", []
    with _folders() as folders:
        settings = PLACES["OPENAI_API_KEY"]("http://127.0.0.1:9/v1")
        heard = listened([(call, settings) for call in _STAYING], folders, before=_ALONE)
        faults = strangers(heard, "http://127.0.0.1:9/v1") + leaks(heard, folders)
        faults += failures(heard)
        return f"{len(heard)} calls without a network", faults


def _traced() -> tuple[str, list[str]]:
    """The same calls, with every call of the kernel seen: what libraries that are not Python do, too."""
    if not _works(*_TRACED, os.devnull, "true"):
        return "calls of the kernel cannot be seen here (strace)", []
    with _folders() as folders:
        settings = PLACES["OPENAI_API_KEY"]("http://127.0.0.1:9/v1")
        log = folders.temporary.parent / "kernel.txt"
        heard = listened([(call, settings) for call in _STAYING], folders, before=(*_TRACED, str(log)))
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        faults = [line for line in lines if _INTERNET.search(line)] + failures(heard)
        return f"{len(heard)} calls seen by the kernel", faults


def _on_ray() -> tuple[str, list[str]]:
    """A cluster of its own on this machine, with the key in the environment; what Ray wrote is read."""
    with _folders() as folders:
        settings = PLACES["OPENAI_API_KEY"]("http://127.0.0.1:9/v1")
        with _command_lines() as seen:
            heard = listened([(_RAY, settings)], folders)
        written = [path for path in (folders.temporary / "ray").rglob("*") if path.is_file()]
        found = leaks(heard, folders)
        found += [f"command line: {line}" for line in seen if traces(line)]
        found += [f"{path}: an answer" for path in written if ANSWER.encode() in path.read_bytes()]
        found += [f"exit code {one.code}" for one in heard if one.code != 0]
        told = f"a cluster of Ray, {len(written)} files and {len(seen)} command lines of processes read"
        return told, found


@contextlib.contextmanager
def _folders() -> Iterator[Folders]:
    """Fresh folders for the program, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="proof-") as top:
        yield folders_in(Path(top))


@contextlib.contextmanager
def _command_lines() -> Iterator[set[str]]:
    """The command lines of all processes until the block ends, as anyone on this machine may see them."""
    seen: set[str] = set()
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.2):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):  # it has ended
                    seen.add(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def _works(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
