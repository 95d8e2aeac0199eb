"""Valid text with something wrong in it: changes as data, so that an input can be shown and tried again."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_PLACE = st.integers(0, 5_000)

#: Pieces that mean something in one format or another.
_PIECES = st.sampled_from(
    [
        *("\x00", "\x1b[2J", "\x85", "\u2028", "\u202e", "\ufeff", "é", "\U0001f600", "\r", "\r\n"),
        *("\n", "\t", " ", "  "),
        *("\n\n", "\n---\n", "\n...\n", "- ", ": ", "? ", "&a ", "*a", "<<: *a"),
        *("!!python/name:os.system ", "!x ", "#", "%YAML 1.1\n"),
        *("{", "}", "[", "]", "(", ")", ",", ";", '"', "'", '"""', "`", "|\n", ">-\n", "\\", "\\u"),
        *("\\ud800", "\\uDFFF\\ud800", "\\x1b"),
        *("9" * 400, "-1", "0", "1e999", "-1e999", ".nan", ".inf", "NaN", "Infinity", "0x_1", "1_000"),
        *("0o17", "2026-02-30", "12:30:45"),
        *("null", "true", "no", "~", "=1+1", "@SUM(1)", "<b>", "</script>", "```json\n", "\n```"),
        *("<think>", "</think>", "data: ", "[DONE]"),
        *("[" * 100, "{\"a\":" * 100, "[" * 30_000, "[" * 5_000 + "]" * 5_000, "- " * 60, "/quit"),
        *("---", "x" * 2_000),
    ]
)  # fmt: skip
PIECE = st.one_of(_PIECES, st.text(st.characters(exclude_categories=()), max_size=5))

#: Values that are rarely expected.
ODD: SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [
            *(None, True, False, 0, 1, -1, 2, 101, 10**400, -(10**20), 0.5, 1e308, -0.0, float("nan")),
            *(float("inf"),),
            *("", " ", "a", "\x1b[31m", "\ud800", "\u202e", "nan", "=1+1", "met", "wrong", "s1"),
            *("x" * 3_000, [], {}, [[]]),
        ]
    ),
    st.recursive(st.none() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=2), max_leaves=4),
    st.sampled_from([60, 200]).map(lambda depth: _nested(depth)),
    st.text(st.characters(exclude_categories=()), max_size=12),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """Some changes. tree: to values of JSON. text: to characters. instead: what stands in place of all."""

    tree: tuple[tuple[str, int, Any], ...] = ()
    text: tuple[tuple[str, int, int, str], ...] = ()
    instead: str | None = None

    def of(self, value: object) -> str:
        """The text of `value`, JSON or a text as it is, so changed."""
        if self.instead is not None:
            return self.instead
        if not isinstance(value, str):
            value = json.dumps(self.of_tree(value))
        for edit in self.text:
            value = _edited(value, *edit)
        return value

    def of_tree(self, value: Any) -> Any:
        """Plain data so changed; `value` is left as it is."""
        changed = json.loads(json.dumps(value))
        for manner, at, odd in self.tree:
            changed = _grafted(changed, manner, at, copy.deepcopy(odd))
        return changed

    def of_bytes(self, value: object) -> bytes:
        """The bytes of `of`: lone surrogates as three bytes, which are no UTF-8."""
        return self.of(value).encode("utf-8", "surrogatepass")


_TREE = st.lists(
    st.tuples(st.sampled_from(["put", "drop", "double", "wrap", "rename", "add"]), _PLACE, ODD), max_size=3
).map(tuple)
_TEXT = st.lists(
    st.tuples(
        st.sampled_from(
            ["insert", "delete", "replace", "cut", "line twice", "line away", "lines swapped", "indent"]
        ),
        _PLACE,
        st.integers(0, 60),
        PIECE,
    ),
    max_size=4,
).map(tuple)
_INSTEAD = st.one_of(PIECE, st.text(st.characters(exclude_categories=()), max_size=60), ODD.map(json.dumps))

#: Changes to a text that is no JSON.
TEXT_CHANGE = st.one_of(st.builds(Change, text=_TEXT), st.builds(Change, instead=_INSTEAD))
#: Changes to JSON: mostly to one of values and characters.
JSON_CHANGE = st.one_of(
    st.builds(Change, tree=_TREE),
    st.builds(Change, tree=_TREE, text=_TEXT),
    st.builds(Change, instead=_INSTEAD),
)


def one_of_bytes(*texts: str) -> SearchStrategy[bytes]:
    """One of `texts` as bytes, changed, or any bytes at all."""
    changed = st.builds(lambda text, change: change.of_bytes(text), st.sampled_from(texts), TEXT_CHANGE)
    return st.one_of(changed, changed, st.binary(max_size=120), changed.flatmap(_damaged))


def _damaged(data: bytes) -> SearchStrategy[bytes]:
    """`data` with one byte another."""
    return st.builds(
        lambda at, byte: data[: at % (len(data) + 1)] + bytes([byte]) + data[at % (len(data) + 1) + 1 :],
        _PLACE,
        st.integers(0, 255),
    )


def _edited(text: str, manner: str, at: int, size: int, piece: str) -> str:
    place = at % (len(text) + 1)
    match manner:
        case "insert":
            return text[:place] + piece + text[place:]
        case "delete":
            return text[:place] + text[place + size :]
        case "replace":
            return text[:place] + piece + text[place + size :]
        case "cut":
            return text[:place]
    lines = text.split("\n")
    row, other = at % len(lines), size % len(lines)
    match manner:
        case "line twice":
            lines.insert(other, lines[row])
        case "line away":
            del lines[row]
        case "lines swapped":
            lines[row], lines[other] = lines[other], lines[row]
        case _:
            lines[row] = " " * (size % 9) + lines[row].lstrip(" ")
    return "\n".join(lines)


def _grafted(tree: Any, manner: str, at: int, odd: Any) -> Any:
    """`tree` with the value at the place `at`, counted over all of them, changed."""
    places: list[tuple[Any, Any]] = []
    _collect(tree, places)
    if not places:
        return odd
    holder, key = places[at % len(places)]
    match manner:
        case "put":
            holder[key] = odd
        case "drop":
            del holder[key]
        case "double":
            _add(holder, f"{key}", holder[key])
        case "wrap":
            holder[key] = [holder[key]]
        case "rename":
            _add(holder, odd if isinstance(odd, str) else "other", holder.pop(key))
        case _:
            _add(holder, odd if isinstance(odd, str) else "more", odd)
    return tree


def _add(holder: Any, key: str, value: Any) -> None:
    if isinstance(holder, dict):
        holder[key] = value
    else:
        holder.append(value)


def _collect(tree: Any, places: list[tuple[Any, Any]]) -> None:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        places.append((tree, key))
        if len(places) < 400:
            _collect(value, places)


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value
