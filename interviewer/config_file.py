"""The config file: settings as TOML, read as text, and changed with its comments and its order kept."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from interviewer.errors import InvalidFileError
from interviewer.setting import SETTINGS

Values = MutableMapping[str, Any]


def read_config(path: Path) -> dict[str, str]:
    """The config file's settings as text; empty if there is no file. Raises InvalidFileError."""
    text = _text_of(path)
    known = {s.name: s for s in SETTINGS}
    found: dict[str, str] = {}
    for key, value in _values_in(text, path).items():
        line = next((n for n, row in enumerate(text.splitlines(), 1) if row.strip().startswith(key)), None)
        if key not in known:
            raise InvalidFileError(
                "unknown setting",
                file=path,
                line=line,
                field=key,
                expected=f"one of {', '.join(sorted(known))}",
            )
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            choices = known[key].choices
            expected = f"one of {', '.join(choices)}, in quotes" if choices else "text in quotes, or a number"
            raise InvalidFileError("wrong type", file=path, line=line, field=key, expected=expected)
        found[key] = _told(value, path, line, key)
    return found


def _told(value: str | float, path: Path, line: int | None, key: str) -> str:
    try:
        return str(value)
    except ValueError as error:  # a number, written in hexadecimal, of thousands of digits
        raise InvalidFileError("the number is too long", file=path, line=line, field=key) from error


def text_with(path: Path, name: str, value: str | float) -> str:
    """The text of the config file at `path`, or of a new one, once `name` is `value` in it.

    Other faults of the file stay as they are, so that one of them can be set right. Raises InvalidFileError
    if it cannot be read as TOML.
    """

    def change(document: Values) -> None:
        document[name] = value

    return _changed(path, change)


def text_without(path: Path, name: str) -> str | None:
    """The text of the config file once `name` is not in it; None if it never was. Raises InvalidFileError."""
    if name not in _values_in(_text_of(path), path):
        return None

    def change(document: Values) -> None:
        del document[name]

    return _changed(path, change)


def _changed(path: Path, change: Callable[[Values], None]) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    text = _text_of(path)
    wanted = _values_in(text, path)
    change(wanted)
    try:
        document = tomlkit.parse(text)
        change(document)
        changed = tomlkit.dumps(document)
    except (TOMLKitError, ValueError, RecursionError):  # it reads some numbers and deep lists in other ways
        changed = text
    if _values_in(changed, path) != wanted:  # two readers of TOML that do not agree
        raise InvalidFileError(
            "it is written in a way that a program cannot change", file=path, hint="Change it in an editor."
        )
    return changed


def _text_of(path: Path) -> str:
    """The file's text with its own line breaks; empty if there is no file."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise InvalidFileError(f"it cannot be read: {error.strerror or error}", file=path) from error
    except UnicodeDecodeError as error:
        raise InvalidFileError("not UTF-8 text", file=path, hint="Save it as UTF-8.") from error


def _values_in(text: str, path: Path) -> dict[str, Any]:
    """What is set in the text of `path`. Raises InvalidFileError if that is no TOML."""
    import tomllib

    try:
        return tomllib.loads(text.replace("\r\n", "\n").replace("\r", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidFileError(f"not TOML: {error}", file=path) from error
    except ValueError as error:  # Python reads no number of thousands of digits
        raise InvalidFileError("a number is too long", file=path) from error
    except RecursionError as error:
        raise InvalidFileError("lists stand in lists too deeply", file=path) from error
