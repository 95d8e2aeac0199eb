"""The command line: parse, call, render. `main` is the program."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence

_INTERRUPTED = 130  # as `edge.Exit` says, which may not be imported yet


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program on `arguments` (default: the process's own) and exit with its code."""
    try:
        # Half of the way to the first question is importing, which makes no garbage worth looking for.
        gc.disable()
        # Plugins of other packages have no business here, and looking for them takes time.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        from interviewer.cli import hooks

        hooks.install(_leave)
        from interviewer.cli.edge import run

        code = run(list(sys.argv[1:] if arguments is None else arguments))
        # Nothing is begun any more: Ctrl-C ends what is only waited for.
        signal.signal(signal.SIGINT, _leave)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    sys.exit(code)


def _leave(*_: object) -> None:
    """End at once with the exit code of Ctrl-C: there is nobody to raise it to."""
    os._exit(_INTERRUPTED)


__all__ = ["main"]
