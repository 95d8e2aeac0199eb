"""YAML as people write it, read from parser events: plain data, strict rules, and the line of every fault."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from interviewer.errors import InvalidFileError
from interviewer.text import one_line

if TYPE_CHECKING:
    import yaml

Scalar: TypeAlias = str | int | float | bool | None
#: What `parse` gives. Lists come as tuples: the models hold tuples, and strict checking wants them.
Data: TypeAlias = "Scalar | tuple[Data, ...] | dict[str, Data]"
#: The way to a value: keys, and positions counted from 0.
Step: TypeAlias = str | int
Way: TypeAlias = tuple[Step, ...]

#: Lists and mappings inside each other, at most. A bank needs 5.
MAX_DEPTH = 50
#: Longest number, in characters.
MAX_DIGITS = 300

# The YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema): `no`, `on` and dates are text.
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+")
_OTHER_INT = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NUMBERS_BEGIN_WITH = frozenset("0123456789+-.")

# What a YAML text may not hold (https://yaml.org/spec/1.2.2/#51-character-set).
_UNFIT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_BREAK = re.compile(r"\r\n|[\r\n]")

# What the parser says, and what a person can do about it.
_ADVICE = (
    (
        "mapping values are not allowed",
        "text that holds a colon and a space must stand in quotes or after >-",
    ),
    ("cannot start any token", "indent with spaces, not tabs; put text that begins with @, ` or % in quotes"),
    ("tab character", "indent with spaces, not tabs"),
    (
        "could not find expected ':'",
        "give the key above a colon, or indent a text that goes on like its first line",
    ),
    ("expected <block end>", "align this line with the lines above that belong to the same list or group"),
    ("did not find expected key", "align this line with the keys above that belong to the same group"),
    ("did not find expected '-' indicator", "align this line with the dashes of its list"),
    ("expected ',' or", "separate entries with commas, and close the bracket that is opened here"),
    ("end of stream", "a quote or bracket is opened and never closed"),
    ("unknown escape", "in double quotes a backslash must be doubled; single quotes take it as it is"),
)
_DEFAULT_ADVICE = "check the indentation, quotes and colons here and on the line above"


def decode(raw: bytes, file: Path | str) -> str:
    """The text of a file's bytes; InvalidFileError unless they are UTF-8 text (a BOM is dropped)."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InvalidFileError("the file is UTF-16", file=file, line=1, hint="save it as UTF-8")
    at = raw.find(b"\0")
    try:
        text = raw.decode("utf-8-sig") if at < 0 else ""
    except UnicodeDecodeError as error:
        at = error.start
    if at >= 0:
        line = raw.count(b"\n", 0, at) + 1
        raise InvalidFileError("not UTF-8 text", file=file, line=line, hint="save it as UTF-8")
    return text


def parse(text: str, file: Path | str) -> Data:
    """The data that the YAML `text` holds; lists come as tuples.

    Plain scalars follow the core schema of YAML 1.2; quoted and block scalars are text. One document,
    text keys, no anchors, aliases or tags. Everything else raises InvalidFileError with the 1-based line.
    `file` is only named in errors.
    """
    from yaml.events import (
        AliasEvent,
        CollectionEndEvent,
        CollectionStartEvent,
        DocumentStartEvent,
        MappingStartEvent,
        ScalarEvent,
    )

    outer: list[tuple[dict[str, Data] | list[Data], str | None]] = []
    inside: dict[str, Data] | list[Data] = []  # the document stands in a list of its own
    key: str | None = None  # read; its value is still to come
    spellings: dict[str, str] = {}  # one string for each key, however often it is written
    value: Data
    for event in _events(text, file):
        if isinstance(event, ScalarEvent):
            if event.tag is not None or event.anchor is not None:
                raise _adorned(event, text, file)
            plain: str = event.value
            wordlike = event.style or (plain and plain[0] not in _NUMBERS_BEGIN_WITH and plain not in _WORDS)
            value = plain if wordlike else _resolved(plain, event, text, file)
        elif isinstance(event, CollectionStartEvent):
            if event.tag is not None or event.anchor is not None:
                raise _adorned(event, text, file)
            if key is None and isinstance(inside, dict):
                raise _odd_key("a list or a group of keys", event, text, file)
            if len(outer) >= MAX_DEPTH:
                raise InvalidFileError(
                    f"nested deeper than {MAX_DEPTH} levels", file=file, line=_line(event, text)
                )
            outer.append((inside, key))
            inside, key = ({} if isinstance(event, MappingStartEvent) else []), None
            continue
        elif isinstance(event, CollectionEndEvent):
            value = tuple(inside) if isinstance(inside, list) else inside
            inside, key = outer.pop()
        elif isinstance(event, AliasEvent):
            raise _adorned(event, text, file)
        elif isinstance(event, DocumentStartEvent) and inside:
            raise InvalidFileError(
                "a second document begins here",
                file=file,
                line=_line(event, text),
                hint="keep one; remove `---`",
            )
        else:
            continue  # the start and end of the stream, and of its document
        if isinstance(inside, list):
            inside.append(value)
        elif key is not None:
            inside[key] = value
            key = None
        elif not isinstance(value, str):
            raise _odd_key(
                "empty" if value is None else f"{one_line(plain, 40)}, which is not text", event, text, file
            )
        elif value in inside:
            way = tuple(len(at) if isinstance(at, list) else str(k) for at, k in outer[1:])
            raise _twice((*way, value), event, text, file)
        else:
            key = spellings.setdefault(value, value)
    if not inside:
        raise InvalidFileError("the file holds nothing", file=file)
    return inside[0] if isinstance(inside, list) else inside


def line_of(text: str, way: Way) -> int | None:
    """The 1-based line of what stands at `way` in a text that `parse` takes; None if nothing does.

    A scalar's line is where its value begins; that of a list or a group under a key is its key's.
    """
    return lines_of(text, [way]).get(way)


def lines_of(text: str, ways: Iterable[Way]) -> Mapping[Way, int]:
    """`line_of` for many ways in one pass over the text; ways that lead nowhere are left out."""
    wanted = frozenset(ways)
    leading = frozenset(way[:steps] for way in wanted for steps in range(len(way)))
    breaks = [found.end() for found in _BREAK.finditer(text)]
    found: dict[Way, int] = {}
    events = _events(text, "the text")
    for event in events:
        for way, offset in _below(event, events, (), None, leading):
            if way in wanted:
                found[way] = bisect_right(breaks, offset) + 1
            if len(found) == len(wanted):
                return found
    return found


def _below(
    event: yaml.Event, events: Iterator[yaml.Event], way: Way, key_at: int | None, leading: frozenset[Way]
) -> Iterator[tuple[Way, int]]:
    """The offset of the value that begins with `event`, then of all inside it that is on a `leading` way."""
    from yaml.events import CollectionEndEvent, CollectionStartEvent, MappingStartEvent, ScalarEvent

    if isinstance(event, ScalarEvent):
        yield way, _offset(event)
    if not isinstance(event, CollectionStartEvent):
        return
    yield way, _offset(event) if key_at is None else key_at
    if way not in leading:
        still_open = 1
        while still_open:
            event = next(events)
            still_open += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        return
    position = 0
    while not isinstance(child := next(events), CollectionEndEvent):
        if isinstance(event, MappingStartEvent) and isinstance(child, ScalarEvent):
            yield from _below(next(events), events, (*way, child.value), _offset(child), leading)
        else:
            yield from _below(child, events, (*way, position), None, leading)
        position += 1


def _events(text: str, file: Path | str) -> Iterator[yaml.Event]:
    """The parser's events; what it refuses becomes an InvalidFileError."""
    import yaml  # 20 ms that a command without a bank need not spend

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        yield from yaml.parse(text, Loader=loader)
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        unfit = _UNFIT.search(text)
        at = unfit.start() if unfit else 0
        raise InvalidFileError(
            f"the character U+{ord(text[at]):04X} is not allowed",
            file=file,
            line=_line_at(text, at),
            hint="remove it",
        ) from error
    except yaml.MarkedYAMLError as error:
        problem = one_line(error.problem or "it cannot be read", 200)
        if "nesting depth" in problem:  # the library's own limit, from 6.0.4 on, which is above ours
            problem = f"nested deeper than {MAX_DEPTH} levels"
        said = f"{error.context or ''} {problem}"
        # What is opened and never closed is told where it opens; the file's end says nothing.
        unclosed = ("end of stream" in said or "expected ',' or" in said) and error.context_mark is not None
        mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
        raise InvalidFileError(
            f"not YAML: {problem}",
            file=file,
            line=_line_at(text, min(mark.index, len(text.rstrip()))) if mark else None,
            hint=next((advice for sign, advice in _ADVICE if sign in said), _DEFAULT_ADVICE),
        ) from error
    except (ValueError, OverflowError) as error:  # the parser in Python, from escapes such as \UFFFFFFFF
        raise InvalidFileError(
            "not YAML: an escape that stands for no character", file=file, hint="look for \\x, \\u and \\U"
        ) from error


def _resolved(plain: str, event: yaml.Event, text: str, file: Path | str) -> Scalar:
    """What a plain scalar means in the core schema."""
    if plain in _WORDS:
        return _WORDS[plain]
    if _INT.fullmatch(plain) or _FLOAT.fullmatch(plain) or _OTHER_INT.fullmatch(plain):
        if len(plain) > MAX_DIGITS:
            raise InvalidFileError(
                f"a number longer than {MAX_DIGITS} digits",
                file=file,
                line=_line(event, text),
                hint="put it in quotes if it is text",
            )
        if _INT.fullmatch(plain):
            return int(plain)
        return int(plain, 0) if _OTHER_INT.fullmatch(plain) else float(plain)
    if infinite := _INFINITE.fullmatch(plain):
        return float("nan") if infinite[1] is None else float(f"{infinite[1]}inf")
    return plain


def _adorned(event: yaml.Event, text: str, file: Path | str) -> InvalidFileError:
    if getattr(event, "tag", None) is not None:
        return InvalidFileError(
            "a tag (a word that begins with !) is not allowed",
            file=file,
            line=_line(event, text),
            expected="plain values",
            hint="take the tag out; quotes keep text text",
        )
    return InvalidFileError(
        "an anchor or alias (a word that begins with & or *) is not allowed",
        file=file,
        line=_line(event, text),
        expected="plain values",
        hint="write the value again where it is needed; put text that begins with & or * in quotes",
    )


def _odd_key(what: str, event: yaml.Event, text: str, file: Path | str) -> InvalidFileError:
    return InvalidFileError(
        f"a key is {what}",
        file=file,
        line=_line(event, text),
        expected="text",
        hint="put the key in quotes",
    )


def _twice(way: Way, event: yaml.Event, text: str, file: Path | str) -> InvalidFileError:
    return InvalidFileError(
        f"the key {one_line(str(way[-1]), 40)!r} stands here and on line {line_of(text, way)}",
        file=file,
        line=_line(event, text),
        expected="each key once",
        hint="keep one of the two",
    )


def _offset(event: yaml.Event) -> int:
    """Where the event begins in the text, in characters."""
    return event.start_mark.index if event.start_mark else 0


def _line(event: yaml.Event, text: str) -> int:
    return _line_at(text, _offset(event))


def _line_at(text: str, offset: int) -> int:
    """The 1-based line of an offset, as editors count: the parser would also count U+2028 and the like."""
    return len(_BREAK.findall(text, 0, offset)) + 1
