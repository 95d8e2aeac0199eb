"""Calls of the program in a process that is listened to, with a key from wherever one may come."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from tests.support.commands import Call, lay_out
from tests.support.driver import SENDING
from tests.support.marked import KEY, traces

_TOP = Path(__file__).parents[2]
#: What makes Python and the packages as talkative as they can be.
_TALKATIVE = {"OPENAI_LOG": "debug", "PYTHONASYNCIODEBUG": "1"}
_MORE_TALKATIVE = {"PYTHONDEVMODE": "1", "PYTHONFAULTHANDLER": "1"}
#: Keys that lie about in an environment and are nobody's business.
IDLE_KEY = "sk-Idle7Xw3Qz9Rt5Vb1Nm8Lk4Jh6Gf2Ds0Pa"
_IDLE = dict.fromkeys(
    ("OPENAI_ADMIN_KEY", "OPENAI_WEBHOOK_SECRET", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"), IDLE_KEY
)
_WHERE_IS_THE_CURSOR = b"\x1b[6n"
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|.)")
_IN_URL = quote(KEY, safe="")


class Settings(NamedTuple):
    """Settings of a call. environment: variables. config: what stands in the config file. flags: for calls
    that send something, all of which take them."""

    environment: Mapping[str, str]
    config: str = ""
    flags: Sequence[str] = ()

    def with_completion_of(self, line: str) -> Settings:
        """These, for a call by a shell that completes `line` of a command line."""
        words = f"interviewer {line}"
        asked = {"_INTERVIEWER_COMPLETE": "complete_bash", "COMP_WORDS": words}
        more = {**asked, "COMP_CWORD": str(words.count(" "))}
        return self._replace(environment={**self.environment, **more})


#: Audit events, each with its arguments.
Events = tuple[tuple[str, ...], ...]
#: Where the key may come from: settings for the base URL of a service.
Place = Callable[[str], Settings]


def _set(**environment: str) -> Place:
    return lambda url: Settings({"INTERVIEWER_BASE_URL": url, **environment})


PLACES: Mapping[str, Place] = {
    "INTERVIEWER_API_KEY": _set(INTERVIEWER_API_KEY=KEY),
    "OPENAI_API_KEY": lambda url: Settings({"OPENAI_BASE_URL": url, "OPENAI_API_KEY": KEY}),
    "config file": lambda url: Settings({}, f'api_key = "{KEY}"\nbase_url = "{url}"\n'),
    "user of the base URL": lambda url: Settings({"OPENAI_BASE_URL": url.replace("//", f"//{_IN_URL}:x@")}),
    "password of the base URL": lambda url: Settings(
        {"INTERVIEWER_BASE_URL": url.replace("//", f"//me:{_IN_URL}@")}
    ),
    "query of the base URL": lambda url: Settings({"INTERVIEWER_BASE_URL": f"{url}?token={_IN_URL}"}),
    "base URL in the config file": lambda url: Settings({}, f'base_url = "{url}?token={_IN_URL}"\n'),
    "base URL on the command line": lambda url: Settings(
        {"INTERVIEWER_BASE_URL": "http://127.0.0.1:9/v1"}, flags=("--base-url", f"{url}?token={_IN_URL}")
    ),
    "headers of one's own": _set(OPENAI_CUSTOM_HEADERS=f"x-gateway: {KEY}\nx-key: a"),
}

#: Places that go with a few commands only: the service has another name there, or another form.
OTHER_PLACES: Mapping[str, Place] = {
    "proxy": lambda url: Settings(
        {
            "INTERVIEWER_BASE_URL": "http://service.test/v1",
            "HTTP_PROXY": url.replace("//", f"//me:{_IN_URL}@").removesuffix("/v1"),
        }
    ),
    "Azure": _set(INTERVIEWER_API_VERSION="2024-10-21", INTERVIEWER_API_KEY=KEY),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a call. sent: connections and look-ups, started: processes; as audit events tell them."""

    call: Call
    code: int
    out: str
    err: str
    sent: Events
    started: Events

    @property
    def told(self) -> str:
        """All that it printed and started, and the same without what a terminal's width puts in between."""
        told = f"{self.out}{self.err}{self.started}"
        return f"{told}\n{''.join(told.split())}"


class Folders(NamedTuple):
    """Where the program works. home: its own. place: the current folder. temporary: for its scratch files."""

    home: Path
    place: Path
    temporary: Path

    def contents(self) -> Mapping[Path, bytes]:
        """All files, but for the config file, in which a key may stand."""
        found = (path for folder in self for path in folder.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in found if path.name != "config.toml"}


def folders_in(top: Path) -> Folders:
    """Fresh folders in `top`, with the files that the commands read."""
    found = Folders(top / "home", top / "place", top / "temporary")
    for folder in found:
        folder.mkdir(parents=True)
    lay_out(found.place)
    return found


def listened(
    calls: Sequence[tuple[Call, Settings]],
    folders: Folders,
    *,
    before: Sequence[str] = (),
    is_thorough: bool = False,
) -> list[Heard]:
    """What came of the calls, made one after another.

    before: a command that the process is run by. is_thorough: Python tells what it can, which takes time.
    """
    jobs = [
        {
            "arguments": [*call.arguments, *(() if call.stays else settings.flags)],
            "stdin": call.stdin,
            "environment": {"INTERVIEWER_MODEL": "m", **_IDLE, **settings.environment},
            "files": {str(folders.home / "config.toml"): settings.config},
        }
        for call, settings in calls
    ]
    results = folders.temporary.parent / "results.json"
    ran = subprocess.run(
        [*before, sys.executable, "-m", "tests.support.driver", str(results)],
        input=json.dumps(jobs),
        env={**_environment(folders), **(_MORE_TALKATIVE if is_thorough else {})},
        cwd=folders.place,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if ran.returncode != 0:
        raise RuntimeError(f"the driver ended with {ran.returncode}: {ran.stderr[-2000:]}")
    found: list[dict[str, Any]] = json.loads(results.read_text(encoding="utf-8"))
    return [
        Heard(call, one["code"], one["out"], one["err"], *_sorted(one["heard"]))
        for (call, _), one in zip(calls, found, strict=True)
    ]


def on_screen(arguments: Sequence[str], answer: str, folders: Folders, settings: Settings) -> str:
    """What an interview shows on a terminal where `answer` is typed and sent: all that was ever written
    there, without the terminal's own sequences, and the same again without its line breaks and spaces.

    Whatever is asked afterwards gets an empty line.
    """
    import pty

    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "interviewer", *arguments],
        env={**_environment(folders), "INTERVIEWER_MODEL": "m", "TERM": "xterm", **settings.environment},
        cwd=folders.place,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    written, typed = b"", f"{answer}\x04".encode()
    try:
        while piece := _next(controller):
            written += piece
            if _WHERE_IS_THE_CURSOR in piece:  # a prompt is there
                os.write(controller, b"\x1b[1;1R" + typed)
                typed = b"\r"
    finally:
        process.kill()
        process.wait()
        os.close(controller)
    shown = _SEQUENCE.sub("", written.decode("utf-8", "replace"))
    return f"{shown}\n{''.join(shown.split())}"


def _next(controller: int) -> bytes:
    """What is written next; empty at the end."""
    try:
        return os.read(controller, 65536)
    except OSError:  # Linux says so where nobody is left at the other end
        return b""


def leaks(heard: Iterable[Heard], folders: Folders) -> list[str]:
    """Where the key turned up, in what was told or kept, and how it was written there."""
    told = [f"{one.call.line}: {trace}" for one in heard for trace in traces(one.told)]
    kept = folders.contents().items()
    return told + [f"{path.name}: {trace}" for path, data in kept for trace in traces(data)]


def strangers(heard: Iterable[Heard], url: str) -> list[str]:
    """What went to anything but the service at `url`, or to it though nothing was to be sent."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    allowed = {("socket.connect", f"('{host}', {port})"), ("socket.getaddrinfo", f"{host}")}
    return [
        f"{one.call.line}: {event}"
        for one in heard
        for event in one.sent
        if one.call.stays or event not in allowed
    ]


def failures(heard: Iterable[Heard]) -> list[str]:
    """Calls that came to nothing, and so show nothing; answers without a grade (1) are something."""
    refused = "config get api_key"
    return [
        f"{one.call.line}: exit code {one.code}: {one.err[-300:]}"
        for one in heard
        if one.code not in {0, 1} and one.call.line != refused
    ]


def _sorted(heard: Sequence[Sequence[str]]) -> tuple[Events, Events]:
    """What was sent, and what was started."""
    sent = tuple(tuple(one) for one in heard if one[0] in SENDING)
    return sent, tuple(tuple(one) for one in heard if one[0] not in SENDING)


def _environment(folders: Folders) -> dict[str, str]:
    """This process's environment without settings of its own, talkative, and at home in `folders`."""
    # By the last ones packages take themselves to be tested, and are silent of their own accord.
    ours = ("INTERVIEWER_", "OPENAI_", "AZURE_", "XDG_", "ORT_", "CI", "GITHUB_ACTIONS", "TF_BUILD")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and not name.lower().endswith("_proxy")
    }
    return {
        **kept,
        **_TALKATIVE,
        "INTERVIEWER_HOME": str(folders.home),
        "HOME": str(folders.temporary),
        "TMPDIR": str(folders.temporary),
        "PYTHONPATH": str(_TOP),
    }
