"""Where the program ends: errors are shown once, here, and turned into exit codes."""

from __future__ import annotations

import os
import sys
from enum import IntEnum

from interviewer.errors import GraderError, InterviewerError, InvalidFileError, UsageError
from interviewer.text import printable

#: Options that belong to the program itself; anything else that starts with a dash belongs to `start`.
_OWN_OPTIONS = {"--help", "-h", "--version", "--install-completion", "--show-completion"}


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
    from interviewer.cli.app import COMMANDS, app_of

    if not arguments or (arguments[0].startswith("-") and arguments[0] not in _OWN_OPTIONS):
        arguments = ["start", *arguments]
    _speak_any_text()
    try:
        # A mistyped command is told with all that there are, and a shell that completes wants them all.
        is_plain = arguments[0] in COMMANDS and "_INTERVIEWER_COMPLETE" not in os.environ
        app = app_of([arguments[0]], complete=False) if is_plain else app_of()
        outcome = app(args=arguments, prog_name="interviewer", standalone_mode=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else Exit.FAILED
    except InterviewerError as error:
        show_error(error)
        return code_of(error)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is left to say, not even at interpreter exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:  # a full disk behind standard output, above all
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"interviewer: the output cannot be written: {error.strerror or error}\n")
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


def _speak_any_text() -> None:
    """Let text that the terminal's encoding lacks come out as `?` rather than end the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
