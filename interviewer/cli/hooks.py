"""Faults that come up where nobody waits: in threads, callbacks and tasks. They are told as the program ends.

Python would print each of them with its traceback, in the middle of what a person reads or a program parses.
"""

from __future__ import annotations

import atexit
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio
    from types import TracebackType

T = TypeVar("T")

#: So many are remembered: one fault may come up over and over.
_MOST = 5

_aside: list[BaseException] = []


def install(interrupted: Callable[[], None]) -> None:
    """Set aside what this process would print a traceback of, and tell it when the process ends.

    interrupted: called where Ctrl-C cannot be raised to anyone.
    """
    import warnings

    def unhandled(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            interrupted()
        set_aside(error)

    def unraisable(about: sys.UnraisableHookArgs) -> None:
        if issubclass(about.exc_type, KeyboardInterrupt):
            interrupted()
        set_aside(about.exc_value or about.exc_type())

    def in_thread(about: threading.ExceptHookArgs) -> None:
        set_aside(about.exc_value or about.exc_type())

    sys.excepthook, sys.unraisablehook, threading.excepthook = unhandled, unraisable, in_thread
    atexit.register(_tell)
    if not sys.warnoptions:  # they are for those who change the program, and ask for them with -W
        warnings.simplefilter("ignore")


def set_aside(error: BaseException) -> None:
    """Remember `error` until the program ends."""
    if isinstance(error, Exception) and len(_aside) < _MOST:
        _aside.append(error)


def run(work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives, or raises, in an event loop of its own; what nobody waits for there is set aside."""
    import asyncio

    async def watched() -> T:
        asyncio.get_running_loop().set_exception_handler(_in_loop)
        return await work

    return asyncio.run(watched())


def _in_loop(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # Without an exception asyncio only complains, such as of a task that was not waited for.
    set_aside(context.get("exception") or RuntimeError(context["message"]))


def _tell() -> None:
    if _aside:
        from interviewer.cli.crash import tell_aside

        tell_aside(_aside, sys.argv[1:])
