"""A fault of the program itself: a short message, and a report that holds nothing of what a person wrote.

Messages of exceptions may quote an answer or a key, and so do values. A report names types, functions, lines
and versions only, unless the setting `crash_details` asks for more.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from interviewer import __version__
from interviewer.text import one_line, printable

if TYPE_CHECKING:
    from interviewer.llm.secrets import Secrets
    from interviewer.settings import Settings

#: Reports that are kept, the newest ones.
KEPT = 10
FOLDER = "crashes"

_PACKAGE = "mock-interviewer"
_FRAMES = 30  # at either end of a long traceback
_DEEPEST = 20  # causes of causes
_LONGEST_VALUE = 300
_SITTINGS = {"start", "resume"}


def tell(error: BaseException, arguments: Sequence[str]) -> None:
    """Say on stderr what happened, that nothing is lost, and where the report is. Raises nothing.

    arguments: of the command line, of which the report has the command and the options' names.
    """
    lines = [f"interviewer: a fault of the program itself: {_kind(error)}"]
    if arguments and arguments[0] in _SITTINGS:
        told = "Go on with: interviewer resume, or look at it with: interviewer show"
        lines.append(f"Every answer that you sent is kept. {told}")
    else:
        lines.append("What was saved before is kept.")
    _say([*lines, *_reported([error], arguments)])


def tell_aside(errors: Sequence[BaseException], arguments: Sequence[str]) -> None:
    """The same for faults beside the command, which went on. Raises nothing."""
    kinds = ", ".join(dict.fromkeys(map(_kind, errors)))
    said = [f"interviewer: a fault of the program itself, aside of what it did: {kinds}"]
    _say([*said, *_reported(errors, arguments)])


def report_of(
    errors: Sequence[BaseException], arguments: Sequence[str], at: datetime, secrets: Secrets | None
) -> str:
    """The report of `errors`. secrets: to be hidden in messages and values; None leaves those out."""
    import platform

    told = _messages_and_values if secrets is not None else _nothing
    lines = [
        f"{_PACKAGE} {__version__}, {at:%Y-%m-%d %H:%M:%S} UTC",
        f"{platform.python_implementation()} {platform.python_version()} on {platform.platform()}",
        f"command: {_command(arguments)}",
        f"packages: {_packages()}",
    ]
    for error in errors:
        lines += ["", *_traced(error, told)]
    text = "".join(f"{printable(line)}\n" for line in lines)
    return text if secrets is None else secrets.hide(text)


def _say(lines: Iterable[str]) -> None:
    if "_INTERVIEWER_COMPLETE" in os.environ:  # a shell that completes shows what it gets
        return
    first, *rest = (printable(line) for line in lines)
    # A standard error that is closed, or full, hears nothing.
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write("".join((f"{first}\n", *(f"  {line}\n" for line in rest))))
        sys.stderr.flush()


def _reported(errors: Sequence[BaseException], arguments: Sequence[str]) -> tuple[str, ...]:
    """Lines that tell where the report is, or why there is none."""
    ask = "Please tell those from whom you have the program"
    try:
        path, has_details = _written(errors, arguments)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the first fault must be told
        reason = fault.strerror if isinstance(fault, OSError) else None
        return (f"No report could be written: {reason or _kind(fault)}", f"{ask}, and what you did.")
    held = (
        "It holds messages and values, so perhaps words of yours: read it before you pass it on."
        if has_details
        else "It holds no answers, no keys, no messages: types, functions and versions only."
    )
    return (f"Report: {path}", held, f"{ask}, with the report.")


def _written(errors: Sequence[BaseException], arguments: Sequence[str]) -> tuple[Path, bool]:
    """Where the report of `errors` now is, and whether it holds messages and values."""
    from interviewer import private
    from interviewer.settings import folders

    secrets = _secrets_to_hide()
    at = datetime.now(UTC)
    text = report_of(errors, arguments, at, secrets)
    folder = folders(os.environ).data / FOLDER
    private.make_own_folder(folder.parent)
    private.make_own_folder(folder)
    path = folder / f"{at:%Y%m%d-%H%M%S-%f}.txt"
    try:
        with os.fdopen(private.open_new(path), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    for old in sorted(folder.glob("*.txt"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path, secrets is not None


def _secrets_to_hide() -> Secrets | None:
    """What a report with details must not show; None for a report without, which is the default."""
    from interviewer.errors import InterviewerError
    from interviewer.settings import resolve

    try:
        settings = resolve({}, os.environ)
    except InterviewerError:  # settings that cannot be read ask for nothing
        return None
    return _secrets_of(settings) if settings.get("crash_details") == "on" else None


def _secrets_of(settings: Settings) -> Secrets:
    from interviewer.errors import UsageError
    from interviewer.llm.address import Address
    from interviewer.llm.secrets import Secrets, secrets_of_environment

    keys = [
        os.environ.get(name)
        for one in settings.resolved
        if one.setting.secret
        for name in one.setting.environment
    ]
    known = [*keys, settings.get("api_key"), *secrets_of_environment(os.environ)]
    for url in [settings.get("base_url"), *_values_after("--base-url", sys.argv)]:
        with contextlib.suppress(UsageError):
            known += Address(url or "", None).secrets
    return Secrets(value for value in known if value)


def _values_after(option: str, arguments: Sequence[str]) -> Iterator[str]:
    """What the command line gives for `option`, in either way of writing it."""
    for one, following in itertools.pairwise([*arguments, ""]):
        if one == option:
            yield following
        elif one.startswith(f"{option}="):
            yield one.partition("=")[2]


def _command(arguments: Sequence[str]) -> str:
    """The command and the names of its options, as far as the program knows them: no value is among them."""
    from typer.main import get_command

    from interviewer.cli.app import app_of

    try:
        at: Any = get_command(app_of())
    except Exception as fault:  # noqa: BLE001 - it may be the very fault that is reported
        return f"not known ({_kind(fault)})"
    said: list[str] = []
    for argument in arguments:
        inner = getattr(at, "commands", {}).get(argument)
        options = {name for p in at.params for name in (*p.opts, *p.secondary_opts) if name.startswith("-")}
        name = argument.partition("=")[0]
        if inner is not None:
            at = inner
            said.append(argument)
        elif name in options or (name := argument[:2]) in options:
            said.append(name)
    return " ".join(said)


def _packages() -> str:
    """Name and version of what the package asks for, as far as it is installed."""
    import re
    from importlib import metadata

    found: list[str] = []
    with contextlib.suppress(metadata.PackageNotFoundError):  # run from its sources
        for required in metadata.requires(_PACKAGE) or ():
            name = re.split(r"[^\w.-]", required)[0]
            with contextlib.suppress(metadata.PackageNotFoundError):
                found.append(f"{name} {metadata.version(name)}")
    return ", ".join(dict.fromkeys(found)) or "not installed as a package"


def _traced(
    error: BaseException, told: Callable[[BaseException | FrameType], Iterator[str]]
) -> Iterator[str]:
    """The tracebacks of `error` and of what led to it, the first cause first."""
    import traceback

    for number, one in enumerate(_causes(error)):
        if number:
            yield "which led to:"
        yield _kind(one)
        yield from told(one)
        frames = list(traceback.walk_tb(one.__traceback__))
        left_out = len(frames) - 2 * _FRAMES
        for position, (frame, line) in enumerate(frames):
            if left_out > 0 and _FRAMES <= position < _FRAMES + left_out:
                if position == _FRAMES:
                    yield f"  … {left_out} more …"
                continue
            yield f"  {_place(frame.f_code.co_filename)}:{line} in {frame.f_code.co_qualname}"
            yield from told(frame)
        if isinstance(one, BaseExceptionGroup):
            yield f"a group of {len(one.exceptions)}:"
            for member in one.exceptions:
                yield from (f"  {line}" for line in _traced(member, told))


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found and len(found) < _DEEPEST:
        found.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return found[::-1]


def _kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _place(file: str) -> str:
    """A source file as it stands in its package: no folder of a person's."""
    import sysconfig

    roots = [str(Path(__file__).parents[2]), *map(sysconfig.get_path, ("purelib", "platlib", "stdlib"))]
    for root in sorted(roots, key=len, reverse=True):
        if file.startswith(root + os.sep):
            return Path(file).relative_to(root).as_posix()
    return Path(file).name


def _nothing(of: BaseException | FrameType) -> Iterator[str]:
    return iter(())


def _messages_and_values(of: BaseException | FrameType) -> Iterator[str]:
    """What a report has only where it was asked for: an exception's message, a function's values."""
    if isinstance(of, BaseException):
        yield f"  {one_line(_shown(str, of), _LONGEST_VALUE)}"
        return
    for name, value in of.f_locals.items():
        yield f"      {name} = {one_line(_shown(repr, value), _LONGEST_VALUE)}"


def _shown(manner: Callable[[object], str], value: object) -> str:
    try:
        return manner(value)
    except Exception as fault:  # noqa: BLE001 - half-built objects cannot always be shown
        return f"<{_kind(fault)}>"
