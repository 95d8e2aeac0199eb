"""Wheel and sdist are complete, small and the same each time, and what they install runs by itself.

    python -m proofs package                 # needs hatchling, and the network for dependencies
    python -m proofs package --keep dist     # for a release: what was proven stays

The archives are built from what git has; both are installed, without the tools of development, into empty
environments, and run from an empty folder with a home of its own. The table says what was seen.
"""

from __future__ import annotations

import argparse
import contextlib
import filecmp
import json
import os
import shutil
import socket
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from proofs._running import ROOT, Ran, programs, run
from tests.support.archives import sdist_names, wheel_faults

#: Extras that have to be installable beside the program.
EXTRAS = ("pdf", "calibrate", "ray")
#: What git has and no sdist needs.
_NO_SOURCE = (".ci/", ".gitignore")
_ANSWER = (
    "The keys and values of earlier tokens are kept, so that they need not be computed for each new token.\n"
    "The cache grows with every token of every user, until the memory of the card is full.\n"
)
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
#: Variables that would lead the program elsewhere.
_ELSEWHERE = ("INTERVIEWER_", "OPENAI_", "PYTHON", "XDG_")
#: Variables by which packages take themselves to be tested, and are more modest than elsewhere; and proxies'.
_TESTED = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "NO_PROXY", "no_proxy")
_WHERE = "import interviewer; print(interviewer.__file__)"
_LINE = json.dumps({"id": "a", "question_id": "kv-cache", "answer": _ANSWER}) + "\n"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the program, what its output has to hold, and the file that it has to make ("": none)."""

    arguments: str
    says: str
    makes: str = ""
    stdin: str = ""


#: A person's way through the README.
CALLS = (
    Call("--version", "interviewer "),
    Call("questions", "kv-cache"),
    Call("doctor --grader local", "the verdicts are right"),
    Call("start -q kv-cache --follow-ups 0 --grader local", "1 of 1 graded", stdin=_ANSWER),
    Call("start -q kv-cache --follow-ups 0 --grader fake", "does not judge", stdin=_ANSWER),
    Call("sessions", "finished"),
    Call("show", "KV cache"),
    Call("progress", "kv-cache"),
    Call("progress --html progress.html", "", "progress.html"),
    Call("export -o transcript.md", "", "transcript.md"),
    Call("export -f json -o transcript.json", "", "transcript.json"),
    Call("export -f html -o report.html", "", "report.html"),
    Call("export --all -f csv -o all.csv", "", "all.csv"),
    Call("bank new mine.yaml", "", "mine.yaml"),
    Call("bank check mine.yaml", "valid"),
    Call("grade - -o graded.jsonl --grader local", "", "graded.jsonl", stdin=_LINE),
    Call("config path", "config.toml"),
)


def main(arguments: list[str]) -> int:
    """Print a line for each thing seen; 1 if any of them is not as it has to be."""
    parser = argparse.ArgumentParser(prog="python -m proofs package", description="Prove wheel and sdist.")
    parser.add_argument("--keep", help="a folder for the archives; without, nothing stays")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        built = _build(_copy(folder / "checkout"), folder / "dist")
        passed = [
            _show(what, faults)
            for what, faults in (*_archives(built, folder), *_installations(built, folder))
        ]
        if all(passed) and asked.keep:
            for archive in built:
                shutil.copy(archive, Path(asked.keep).resolve())
    return 0 if all(passed) else 1


def _show(what: str, faults: list[str]) -> bool:
    print(f"{'FAILED' if faults else 'ok':<7} {what}", *faults, sep="\n          ", flush=True)
    return not faults


def _copy(target: Path) -> Path:
    """What git has of the checkout, as it lies on disk, at a place and with times of its own."""
    for name in _tracked():
        to = target / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, to)
        to.chmod((ROOT / name).stat().st_mode)
    return target


def _tracked() -> list[str]:
    listed = run("git", "ls-files", "-z")
    if listed.code:
        sys.exit(f"This needs a checkout, to know what belongs to it: {listed.told}")
    return [name for name in listed.told.split("\0") if name and (ROOT / name).is_file()]


def _build(checkout: Path, target: Path, *kinds: str) -> tuple[Path, ...]:
    """The archives of `checkout`, wheel before sdist unless `kinds` says which."""
    chosen = kinds or ("wheel", "sdist")
    options = [option for kind in chosen for option in ("-t", kind)]
    done = run(sys.executable, "-m", "hatchling", "build", *options, "-d", target, folder=checkout)
    if done.code:
        sys.exit(done.told)
    ends = {"wheel": "*.whl", "sdist": "*.tar.gz"}
    return tuple(next(target.glob(ends[kind])) for kind in chosen)


Seen = Iterator[tuple[str, list[str]]]


def _archives(built: tuple[Path, ...], folder: Path) -> Seen:
    """What can be said of the archives themselves."""
    wheel, sdist = built
    tracked = set(_tracked())
    wanted = {name for name in tracked if name.startswith("interviewer/")}
    held = f"{wheel.name}, {wheel.stat().st_size:,} bytes: contents, RECORD, metadata"
    yield held, wheel_faults(wheel, wanted=wanted)
    source = {name for name in tracked if not name.startswith(_NO_SOURCE)}
    missing = [f"{name} is missing" for name in sorted(source - sdist_names(sdist))]
    yield f"{sdist.name}, {sdist.stat().st_size:,} bytes: all that git has", missing
    again = _build(_copy(folder / "elsewhere"), folder / "again")
    yield "built at another place and time: the same bytes", _differences(built, again)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    from_sdist = _build(unpacked, folder / "from-sdist", "wheel")
    yield "a wheel built from the sdist: the same bytes", _differences((wheel,), from_sdist)
    tools = _environment(folder / "tools", "twine")
    checked = run(tools / "twine", "check", "--strict", *built)
    yield "twine check --strict", [checked.told] if checked.code else []


def _differences(one: tuple[Path, ...], other: tuple[Path, ...]) -> list[str]:
    pairs = zip(one, other, strict=True)
    return [f"{a.name} differs" for a, b in pairs if not filecmp.cmp(a, b, shallow=False)]


def _environment(home: Path, *requirements: str | Path) -> Path:
    """The programs of a new environment that holds `requirements`."""
    done = run(sys.executable, "-m", "venv", home)
    if done.code == 0:
        done = run(programs(home) / "python", "-m", "pip", "install", "--quiet", *requirements)
    if done.code:
        sys.exit(done.told)
    return programs(home)


def _installations(built: tuple[Path, ...], folder: Path) -> Seen:
    """What the archives install, used, and taken away again."""
    for archive in built:
        kind = "wheel" if archive.suffix == ".whl" else "sdist"
        place = folder / kind
        bin_ = _environment(place / "environment", archive)
        checked = run(bin_ / "python", "-m", "pip", "check")
        yield f"{kind}: installed with what it needs", [checked.told] if checked.code else []
        yield from _use(kind, bin_, place)
        yield from _uninstall(kind, bin_, place)
    python = folder / "wheel" / "environment"
    for extra in EXTRAS:
        wanted = f"mock-interviewer[{extra}] @ {built[0].as_uri()}"
        done = run(programs(python) / "python", "-m", "pip", "install", "--dry-run", "--quiet", wanted)
        yield f"extra {extra}: can be installed", [done.told] if done.code else []


def _use(kind: str, bin_: Path, place: Path) -> Seen:
    """Every call in an empty folder, then where files came to lie."""
    home, work, temporary = (place / name for name in ("home", "work", "temporary"))
    for one in (home, work, temporary):
        one.mkdir()
    kept = {n: v for n, v in os.environ.items() if not n.startswith(_ELSEWHERE) and n not in _TESTED}
    environment = {
        **kept,
        **dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA"), str(home)),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)),
        "PYTHONUTF8": "1",
    }
    told = run(bin_ / "python", "-c", _WHERE, folder=work, environment=environment).told
    yield f"{kind}: runs from its own environment", [] if str(place) in told else [told]
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        url = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        environment |= dict.fromkeys(_PROXIES, url) | dict.fromkeys(map(str.lower, _PROXIES), url)
        for call in CALLS:
            program: list[str | Path] = [bin_ / "interviewer", *call.arguments.split()]
            done = run(*program, folder=work, environment=environment, stdin=call.stdin)
            yield f"{kind}: interviewer {call.arguments}", list(_call_faults(call, done, work))
        proxy.setblocking(False)
        yield f"{kind}: no connection", list(_connections(proxy))
    expected = {call.makes for call in CALLS if call.makes} | {"bank.schema.json"}
    astray = [
        *(path for path in _files(work) if path.name not in expected),
        *_files(temporary),
        *(path for path in _files(home) if not _is_ours(path.relative_to(home))),
    ]
    yield f"{kind}: no files but those asked for, and the person's own", [str(path) for path in astray]


def _connections(proxy: socket.socket) -> Iterator[str]:
    """Who came to `proxy`, where the way out would have been; native code goes there, too."""
    with contextlib.suppress(BlockingIOError):
        yield f"one from {proxy.accept()[1]}"


def _call_faults(call: Call, done: Ran, work: Path) -> Iterator[str]:
    if done.code or "Traceback" in done.told or call.says not in done.told:
        yield f"exit code {done.code}: {done.told}"
    if call.makes and not (work / call.makes).is_file():
        yield f"{call.makes} was not made"


def _uninstall(kind: str, bin_: Path, place: Path) -> Seen:
    """Take the program away: of it nothing stays, of the person's data everything."""
    before = _files(place / "home")
    done = run(bin_ / "python", "-m", "pip", "uninstall", "--yes", "--quiet", "mock-interviewer")
    left = [path for path in _files(place / "environment") if _is_ours(path.relative_to(place))]
    yield (
        f"{kind}: uninstalled, and the person's {len(before)} files are still there",
        [
            *([done.told] if done.code else []),
            *(f"{path} is left" for path in left),
            *([] if _files(place / "home") == before else ["the person's files are not as they were"]),
        ],
    )


def _is_ours(path: Path) -> bool:
    names = ("interviewer", "mock_interviewer", "mock-interviewer")
    return any(part.startswith(names) for part in path.parts)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
