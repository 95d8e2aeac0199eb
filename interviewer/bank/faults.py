"""What is wrong in a file that a person wrote, said in words: where it stands, what is right, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from interviewer.bank.schema import Schema, schema_of
from interviewer.bank.yaml_text import Data, Way, lines_of
from interviewer.errors import InvalidFileError
from interviewer.text import did_you_mean, one_line

Model = TypeVar("Model", bound=BaseModel)

_SHOWN = 40  # characters of a wrong value
_LISTED = 12  # names in "one of ..."


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    way: where it stands in the data. same_as: where the same stands already; its line is told, too.
    problem, expected, hint: as in InvalidFileError.
    """

    way: Way
    problem: str
    expected: str | None = None
    hint: str | None = None
    same_as: Way | None = None


def validated(data: Data, model: type[Model]) -> tuple[Model | None, list[Fault]]:
    """`data` as the model, or None and all that is wrong with it.

    Types are strict: "3" is no number. In a list whose entries have ids, each id may stand once.
    """
    faults = list(_doubles(data, ()))
    try:
        content = model.model_validate(data, strict=True)
    except ValidationError as error:
        schema = schema_of(model)
        found = (_fault(one, schema) for one in error.errors(include_url=False))
        faults += [fault for fault in found if fault is not None]
        return None, faults
    return (None if faults else content), faults


def as_errors(faults: Sequence[Fault], text: str, file: Path) -> list[InvalidFileError]:
    """The faults as errors, by line. Where a way leads to nothing, the line is that of what holds it."""
    if not faults:
        return []
    ways = [fault.way for fault in faults] + [fault.same_as for fault in faults if fault.same_as is not None]
    lines = lines_of(text, {way[:steps] for way in ways for steps in range(len(way) + 1)})
    errors = [
        InvalidFileError(
            fault.problem if fault.same_as is None else f"{fault.problem} on line {lines[fault.same_as]}",
            file=file,
            line=_nearest_line(fault.way, lines),
            field=field_of(fault.way) or None,
            expected=fault.expected,
            hint=fault.hint,
        )
        for fault in faults
    ]
    return sorted(errors, key=lambda error: error.line or 0)


def field_of(way: Way) -> str:
    """A way as people write it, such as `questions[3].criteria[0].weight`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{one_line(step, _SHOWN)}" for step in way)
    return "".join(steps).removeprefix(".")


def one_of(known: Iterable[str]) -> str:
    """The known names as what is expected; a long list is cut."""
    names = [one_line(name, _SHOWN) for name in known]
    return f"one of {', '.join(names[:_LISTED])}{', …' if len(names) > _LISTED else ''}"


def shown(value: Data) -> str:
    """A value as a message names it: short, printable, text in quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(one_line(value, _SHOWN))
    if isinstance(value, dict):
        return "a group of keys"
    return "a list" if isinstance(value, tuple) else one_line(str(value), _SHOWN)


def _nearest_line(way: Way, lines: Mapping[Way, int]) -> int | None:
    """The line of what stands at `way`, else of the nearest that holds it."""
    return next((lines[way[:n]] for n in range(len(way), -1, -1) if way[:n] in lines), None)


def _doubles(data: Data, way: Way) -> Iterator[Fault]:
    """A fault for each id that an entry before it in the same list has, in all lists of `data`."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _doubles(value, (*way, key))
    elif isinstance(data, tuple):
        first: dict[str, int] = {}
        for index, entry in enumerate(data):
            one = entry.get("id") if isinstance(entry, dict) else None
            if isinstance(one, str) and first.setdefault(one, index) != index:
                yield Fault(
                    (*way, index, "id"),
                    f"the id {shown(one)} is taken",
                    "each id once",
                    "rename one of the two",
                    same_as=(*way, first[one], "id"),
                )
            yield from _doubles(entry, (*way, index))


def _fault(error: Any, schema: Schema) -> Fault | None:
    """One of pydantic's errors in people's words; None for one that only follows from another fault."""
    kind: str = error["type"]
    value = error["input"]
    way: Way = tuple(error["loc"])
    if kind == "missing":
        return Fault(way, "the key is missing", expectation(_schema_at(schema, way)))
    if kind == "extra_forbidden":
        keys = list(_schema_at(schema, way[:-1]).get("properties", {}))
        return Fault(way, "unknown key", one_of(keys), did_you_mean(str(way[-1]), keys))
    if kind == "value_error":
        return _rule_fault(way, str(error["ctx"]["error"]), value)
    if kind == "too_short" and len(value) >= error["ctx"]["min_length"]:
        return None  # its entries were refused, and are told themselves
    wanted = _schema_at(schema, way)
    return Fault(way, _problem(kind, value), expectation(wanted), _way_out(wanted, value))


def _rule_fault(way: Way, problem: str, value: Data) -> Fault | None:
    """A broken rule of a model. A message that begins with one of its keys is about what stands there."""
    if any(_doubles(value, way)):
        return None  # the rule is that ids are unique, and `validated` tells which are not
    key = problem.partition(" ")[0]
    return Fault((*way, key) if isinstance(value, dict) and key in value else way, problem)


def _problem(kind: str, value: Any) -> str:
    if value is None:
        return "there is no value"
    match kind:
        case "string_too_short":
            return "the text is empty"
        case "string_too_long":
            return f"the text is {len(value)} characters long"
        case "too_short" | "too_long":
            return f"the list has {len(value)} entries" if value else "the list is empty"
        case "string_unicode":
            return "the text holds a lone surrogate, which is no character"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal" | "finite_number":
            return f"{shown(value)} is out of range"
        case _ if isinstance(value, str):
            return f"this is the text {shown(value)}"
        case _:
            return f"this is {shown(value)}"


def _way_out(wanted: Schema, value: Any) -> str | None:
    if wanted.get("type") == "string":
        return "put it in quotes" if isinstance(value, bool | int | float) else None
    if isinstance(value, str) and wanted.get("type") in {"number", "integer"}:
        return "write the number without quotes"
    return "write true or false, without quotes" if wanted.get("type") == "boolean" else None


def expectation(schema: Schema) -> str | None:
    """What a schema wants, in words; None if it says nothing."""
    if "const" in schema:
        return str(schema["const"])
    match schema.get("type"):
        case "string" if "pattern" in schema:
            most = schema.get("maxLength")
            return (
                "an id: small letters and digits, words joined by hyphens, such as kv-cache"
                f"{f', at most {most} characters' if most else ''}"
            )
        case "string":
            return "text"
        case "boolean":
            return "true or false"
        case "array":
            return _list_words(schema)
        case "integer":
            return f"a whole number{_range_words(schema)}"
        case "number":
            return f"a number{_range_words(schema)}"
        case "object":
            return f"a group with the keys {', '.join(str(key) for key in schema.get('required', []))}"
    return None


def _list_words(schema: Schema) -> str:
    least, most = schema.get("minItems"), schema.get("maxItems")
    if most is not None:
        return f"a list of {least} to {most} entries" if least else f"a list of at most {most} entries"
    return f"a list of at least {least} {'entry' if least == 1 else 'entries'}" if least else "a list"


def _range_words(schema: Schema) -> str:
    least, above, most = schema.get("minimum"), schema.get("exclusiveMinimum"), schema.get("maximum")
    if above is not None:
        return f" above {above} and at most {most}" if most is not None else f" above {above}"
    return f" from {least} to {most}" if least is not None and most is not None else ""


def _schema_at(schema: Schema, way: Way) -> Schema:
    """The part of a schema that describes what stands at `way`; empty where it says nothing."""
    at = schema
    for step in way:
        at = at.get("items", {}) if isinstance(step, int) else at.get("properties", {}).get(step, {})
        if "anyOf" in at:  # an optional value: what it is where it is given
            at = next(part for part in at["anyOf"] if part.get("type") != "null")
        if "$ref" in at:
            at = schema["$defs"][at["$ref"].rpartition("/")[2]]
    return at
