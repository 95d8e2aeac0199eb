"""What nobody catches, in a process of its own: told without a traceback, and Ctrl-C not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def main(before: str, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """The program, once Python has run `before`."""
    return subprocess.run(
        [sys.executable, "-c", f"{before}\nfrom interviewer.cli import main\nmain()", *arguments],
        env={**os.environ, "INTERVIEWER_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def in_sessions(*lines: str) -> str:
    """Have the command `sessions` do this before its own work."""
    body = "".join(f"    {line}\n" for line in lines)
    return (
        "import interviewer.cli.records as records\noriginal = records.sessions\n"
        f"def sessions():\n{body}    original(False, 1)\nrecords.sessions = sessions\n"
    )


ASIDE = in_sessions(
    "import asyncio, gc, signal, threading, warnings",
    "from interviewer.cli import hooks",
    "def fail(): raise ZeroDivisionError('my own words')",
    "thread = threading.Thread(target=fail); thread.start(); thread.join()",
    "async def fail_later(): raise KeyError('my own words')",
    "async def leave():",
    "    asyncio.get_running_loop().create_task(fail_later())",
    "    await asyncio.sleep(0)",
    "    gc.collect()",
    "hooks.run(leave())",
    "type('Dying', (), {'__del__': lambda _: [].pop()})()",
    "warnings.warn('my own words')",
)


def test_faults_beside_the_command_are_told_at_its_end(home: Path) -> None:
    outcome = main(ASIDE, "sessions", home=home)

    assert outcome.returncode == 0
    assert outcome.stdout.startswith("No interviews yet.")
    told = outcome.stderr.splitlines()[0]
    assert told.endswith("aside of what it did: ZeroDivisionError, KeyError, IndexError")
    assert "Traceback" not in outcome.stderr
    (report,) = (home / "data" / "crashes").iterdir()
    text = report.read_text()
    assert "ZeroDivisionError\n" in text
    assert "my own words" not in text + outcome.stderr


IMPORTING = """
import sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
"""
#: A thread that the program waits for at its end, and that has it interrupted there.
ENDING = in_sessions(
    "import signal, threading",
    "def interrupt():",
    "    threading.main_thread().join()",
    "    while not threading.Event().wait(0.05):",  # a signal just before the waiting begins wakes nobody
    "        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)",
    "threading.Thread(target=interrupt).start()",
)


@pytest.mark.parametrize("before", [IMPORTING, in_sessions("raise KeyboardInterrupt"), ENDING])
def test_ctrl_c_shows_nothing_at_any_moment(before: str, home: Path) -> None:
    outcome = main(before, "sessions", home=home)

    assert outcome.returncode == 130
    assert outcome.stderr == ""
