"""python tests/support/driver.py: calls of the program, one after another, in a process that is listened to.

JSON of jobs comes in on standard input; JSON of what came of each goes to the file that the only argument
names. What a call prints is read from its descriptors, so that what a library prints is in it, too. Every
connection, look-up of a name and process that is started is kept, as Python's own audit hooks tell them.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

#: What goes out of the process, and what starts another: audit events by name.
SENDING = frozenset(
    "socket.connect socket.getaddrinfo socket.gethostbyname socket.gethostbyaddr socket.getnameinfo "
    "socket.sendto socket.sendmsg urllib.Request webbrowser.open".split()
)
STARTING = frozenset("subprocess.Popen os.exec os.posix_spawn os.system os.startfile".split())


def main() -> None:
    """Work off the jobs."""
    jobs = json.load(sys.stdin)
    results: list[dict[str, Any]] = []
    heard: list[list[Any]] = []

    def listen(event: str, arguments: tuple[Any, ...]) -> None:
        if (event in SENDING and not _is_local(event, arguments)) or event in STARTING:
            if event in STARTING:
                told = arguments[:2]
            else:
                told = arguments[:1] if event == "socket.getaddrinfo" else arguments[-1:]
            heard.append([event, *map(str, told)])

    sys.addaudithook(listen)
    from interviewer.cli.edge import run

    for job in jobs:
        heard.clear()
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - for their descriptors
        piped = tempfile.TemporaryFile()  # noqa: SIM115
        piped.write(job["stdin"].encode())
        piped.seek(0)
        for number, file in enumerate((piped, out, err)):
            os.dup2(file.fileno(), number)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        before = dict(os.environ)
        os.environ.update(job["environment"])
        for path, text in job["files"].items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")
        try:
            code = int(run(job["arguments"]))
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.environ.clear()
            os.environ.update(before)
        results.append({"code": code, "out": _read(out), "err": _read(err), "heard": list(heard)})
    Path(sys.argv[1]).write_text(json.dumps(results), encoding="utf-8")


def _is_local(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether it stays on the machine: such sockets have no address of a network."""
    return event in {"socket.connect", "socket.sendto"} and not isinstance(arguments[-1], tuple)


def _read(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode("utf-8", "replace"))


if __name__ == "__main__":
    main()
