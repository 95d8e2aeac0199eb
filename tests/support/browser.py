"""Debian's chromium without a window, spoken to through its debugging pipe: pages as readers see them."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("chromium")


class Browser:
    """One page of a browser. heard: what its console and its security policy complained about, and requests
    for anything but the page itself.
    """

    def __init__(self, process: subprocess.Popen[bytes], commands: int, replies: int) -> None:
        self._process = process
        self._commands = os.fdopen(commands, "wb", buffering=0)
        self._replies = os.fdopen(replies, "rb", buffering=0)
        self._unread = b""
        self._count = 0
        self._session: str | None = None
        self._loaded = False
        self.heard: list[str] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self._call(f"{domain}.enable")

    def open(self, page: Path, *, width: int = 1000, dark: bool = False) -> None:
        """Show the file in a window of that width, in pixels, and wait until it is loaded."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        self.heard.clear()
        self._loaded = False
        self._call("Page.navigate", url=page.as_uri())
        while not self._loaded:
            self._read()

    def value(self, expression: str) -> Any:
        """What the JavaScript expression comes to in the page, a promise awaited."""
        told = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in told:
            raise AssertionError(told["exceptionDetails"])
        return told["result"].get("value")

    def picture(self) -> bytes:
        """The whole page as PNG."""
        told = self._call("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(told["data"])

    def close(self) -> None:
        """End the browser."""
        self._commands.close()
        self._process.wait(30)
        self._replies.close()

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._count += 1
        command: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self._session is not None:
            command["sessionId"] = self._session
        self._commands.write(json.dumps(command).encode() + b"\0")
        while True:
            told = self._read()
            if told.get("id") == self._count:
                assert "error" not in told, told
                return dict(told["result"])

    def _read(self) -> dict[str, Any]:
        """The next message; what it tells of the page is kept."""
        while b"\0" not in self._unread:
            more = self._replies.read(1 << 20)
            assert more, "the browser went away"
            self._unread += more
        message, self._unread = self._unread.split(b"\0", 1)
        told: dict[str, Any] = json.loads(message)
        self._hear(told.get("method", ""), told.get("params", {}))
        return told

    def _hear(self, method: str, told: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Log.entryAdded":
            self.heard.append(told["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.heard.append(str(told["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled":
            self.heard.append(str(told["args"]))
        elif method == "Audits.issueAdded" and "ContentSecurityPolicy" in told["issue"]["code"]:
            self.heard.append(str(told["issue"]))
        elif method == "Page.javascriptDialogOpening":
            self.heard.append(f"dialog: {told['message']}")
        elif method == "Network.requestWillBeSent" and told["type"] != "Document":
            self.heard.append(f"request: {told['request']['url']}")


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser of its own. profile: an empty folder for it."""
    assert PROGRAM is not None
    ours_to_read, theirs_to_write = os.pipe()
    theirs_to_read, ours_to_write = os.pipe()
    # Chromium reads commands from descriptor 3 and writes replies to 4: a shell puts them there, whatever
    # their numbers are here. Containers run tests as root, where its sandbox does not work.
    plug = f'exec "$0" "$@" 3<&{theirs_to_read} 4>&{theirs_to_write}'
    flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
    process = subprocess.Popen(
        ["/bin/bash", "-c", plug, PROGRAM, *flags, f"--user-data-dir={profile}", "--remote-debugging-pipe"],
        pass_fds=(theirs_to_read, theirs_to_write),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_to_read)
    os.close(theirs_to_write)
    page = Browser(process, ours_to_write, ours_to_read)
    try:
        yield page
    finally:
        page.close()
