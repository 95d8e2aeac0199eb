"""Standard output for the program's own lines: what a library prints from its own threads stays off it."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Any, TextIO, cast


@contextlib.contextmanager
def own_output() -> Iterator[None]:
    """Until the block ends, what other threads than this one print goes to standard error."""
    with contextlib.redirect_stdout(cast(TextIO, _Sorted(sys.stdout, sys.stderr))):
        yield


class _Sorted:
    """A stream that is `own` to the thread that made it, and `aside` to others."""

    def __init__(self, own: TextIO, aside: TextIO) -> None:
        self._own = own
        self._aside = aside
        self._owner = threading.get_ident()

    def write(self, text: str) -> int:
        return self._of_thread().write(text)

    def flush(self) -> None:
        self._of_thread().flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def _of_thread(self) -> TextIO:
        return self._own if threading.get_ident() == self._owner else self._aside
