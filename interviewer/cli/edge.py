"""Where the program ends: errors are shown once, here, and turned into exit codes."""

from __future__ import annotations

import errno
import os
import sys
from enum import IntEnum

from interviewer.errors import GraderError, InterviewerError, InvalidFileError, UsageError
from interviewer.text import printable

#: Options that belong to the program itself; anything else that starts with a dash belongs to `start`.
_OWN_OPTIONS = {"--help", "-h", "--version", "--install-completion", "--show-completion"}

#: Faults of standard output: a full disk behind it, above all.
_CANNOT_WRITE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


class Exit(IntEnum):
    """The program's exit codes; a contract."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    SERVICE = 3
    INVALID_FILE = 4
    INTERRUPTED = 130


def run(arguments: list[str]) -> int:
    """The exit code of the program for `arguments`. Without a command it starts an interview."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in _OWN_OPTIONS):
        arguments = ["start", *arguments]
    try:
        code = _called(arguments)
        sys.stdout.flush()
    except InterviewerError as error:
        show_error(error)
        return code_of(error)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is left to say, not even at interpreter exit.
        _write_no_more()
        return Exit.DONE
    except Exception as error:  # noqa: BLE001 - a fault of our own: no traceback reaches anyone
        if isinstance(error, OSError) and error.errno in _CANNOT_WRITE and error.filename is None:
            _write_no_more()
            sys.stderr.write(f"interviewer: the output cannot be written: {error.strerror or error}\n")
            return Exit.FAILED
        from interviewer.cli import crash

        crash.tell(error, arguments)
        return Exit.FAILED
    return code


def _called(arguments: list[str]) -> int:
    """The exit code of a command that ends by itself. Raises what the command raises."""
    from interviewer.cli.app import COMMANDS, app_of

    _speak_any_text()
    # A mistyped command is told with all that there are, and a shell that completes wants them all.
    is_plain = arguments[0] in COMMANDS and "_INTERVIEWER_COMPLETE" not in os.environ
    app = app_of([arguments[0]], complete=False) if is_plain else app_of()
    try:
        outcome = app(args=arguments, prog_name="interviewer", standalone_mode=True)
    except SystemExit as stop:
        outcome = stop.code
        if outcome is not None and not isinstance(outcome, int):
            return Exit.FAILED
    return outcome if isinstance(outcome, int) else Exit.DONE


def code_of(error: InterviewerError) -> Exit:
    """The exit code that tells scripts what kind of error it was."""
    if isinstance(error, UsageError):
        return Exit.USAGE
    if isinstance(error, InvalidFileError):
        return Exit.INVALID_FILE
    if isinstance(error, GraderError):
        return Exit.SERVICE
    return Exit.FAILED


def show_error(error: InterviewerError) -> None:
    """The error and the way out, on stderr, as plain text."""
    lines = [f"interviewer: {error.message}"]
    if error.hint:
        lines.append(f"  {error.hint}")
    sys.stderr.write("".join(f"{printable(line)}\n" for line in lines))


def _write_no_more() -> None:
    """Let what is still to be written, at interpreter exit above all, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _speak_any_text() -> None:
    """Let text that the terminal's encoding lacks come out as `?` rather than end the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
