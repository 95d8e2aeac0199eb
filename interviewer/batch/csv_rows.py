"""Graded lines as rows of CSV, and back as far as a rerun needs: no cell is computed by a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from interviewer.text import guarded, printable, unguarded

_HEAD = ("id", "question_id", "score")
_CALIBRATED = "calibrated_score"
_JUDGED = ("band", "flags")
_VERDICTS = "verdicts"
_VERDICT = "verdict: "
_TAIL = (
    "misconceptions",
    "feedback",
    "follow_up",
    "grader",
    "model",
    "prompt_version",
    "rubric_version",
    "requests",
    "input_tokens",
    "output_tokens",
    "latency_ms",
    "error",
    "message",
)
_NUMBERS = frozenset({"score", _CALIBRATED, "requests", "input_tokens", "output_tokens", "latency_ms"})
#: The key of a line that was made from a row.
_ROW = "row"

Line = Mapping[str, Any]
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a file. criteria: a column each, where all lines are of one question; else None, and
    the verdicts are a cell of JSON."""

    criteria: tuple[str, ...] | None = None
    is_calibrated: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names, in order."""
        calibrated = (_CALIBRATED,) if self.is_calibrated else ()
        verdicts = (_VERDICTS,) if self.criteria is None else tuple(_VERDICT + id for id in self.criteria)
        return (*_HEAD, *calibrated, *_JUDGED, *verdicts, *_TAIL)


def shape_of(lines: Iterable[Line]) -> Shape:
    """The shape that suits all of `lines`."""
    asked: set[tuple[str | None, tuple[str, ...]]] = set()
    is_calibrated = False
    for line in lines:
        if "score" not in line:
            continue
        is_calibrated = is_calibrated or _CALIBRATED in line
        if len(asked) < 2:
            asked.add((line.get("question_id"), tuple(one["id"] for one in line["criteria"])))
    return Shape(asked.pop()[1] if len(asked) == 1 else None, is_calibrated)


def head(shape: Shape) -> str:
    """The names of the columns as a row."""
    return _row(shape.columns)


def row_of(line: Line, shape: Shape, *, is_shown: bool = False) -> str:
    """The row of a line that was graded, or could not be.

    is_shown: a terminal may be what reads it, so that the id is made printable, too. In a file the id is kept
    to the letter: a rerun knows the line by it.
    """
    cells = dict(line[_ROW]) if _ROW in line else _cells_of(line)
    cells = {name: printable(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}
    cells["id"] = printable(line["id"]) if is_shown and line["id"] is not None else line["id"]
    verdicts = {one["id"]: one["verdict"] for one in line.get("criteria", ())}
    if shape.criteria is not None:
        cells |= {_VERDICT + id: verdicts.get(id) for id in shape.criteria}
    elif verdicts:
        cells[_VERDICTS] = json.dumps(verdicts, ensure_ascii=False)
    return _row([cells.get(column) for column in shape.columns])


def is_ours(header: str) -> bool:
    """Whether `header` is the first line of such a file."""
    names = next(csv.reader([header]), [])
    return names[:3] == list(_HEAD) and set(_TAIL) <= set(names)


def lines_of(rows: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The graded lines of a file, its header being the first of `rows`, as far as its cells tell them."""
    for row in csv.DictReader(rows):
        cells: dict[str, Any] = {
            name: unguarded(cell) for name, cell in row.items() if isinstance(name, str) and cell
        }
        try:
            cells |= {name: _number(cells[name]) for name in _NUMBERS & set(cells)}
            verdicts = json.loads(cells.pop(_VERDICTS, "{}"))
        except (ValueError, RecursionError):  # a person has changed it: it is graded again
            continue
        if not isinstance(verdicts, dict):
            continue
        verdicts |= {
            name.removeprefix(_VERDICT): cells.pop(name) for name in list(cells) if name.startswith(_VERDICT)
        }
        if "id" not in cells or "score" not in cells or row.get(_TAIL[-1]) is None:
            continue
        line = {name: cells[name] for name in ("id", "question_id", "score", _CALIBRATED) if name in cells}
        line.setdefault("question_id", None)
        line["criteria"] = [{"id": id, "verdict": verdict} for id, verdict in verdicts.items()]
        yield line | {_ROW: cells}


def _cells_of(line: Line) -> dict[str, Cell]:
    if "error" in line:
        return {"error": line["error"]["code"], "message": line["error"]["message"]}
    grader, usage = line["grader"], line["usage"] or {}
    return {
        "question_id": line["question_id"],
        "score": line["score"],
        _CALIBRATED: line.get(_CALIBRATED),
        "band": line["band"],
        "flags": " ".join(line["flags"]),
        "misconceptions": " ".join(one["id"] for one in line["misconceptions"]),
        "feedback": line["feedback"],
        "follow_up": line["follow_up"],
        "grader": grader["kind"],
        "model": grader["model"],
        "prompt_version": grader["prompt_version"],
        "rubric_version": grader["rubric_version"],
        "requests": usage.get("requests"),
        "input_tokens": usage.get("input_tokens"),
        "output_tokens": usage.get("output_tokens"),
        "latency_ms": line["latency_ms"],
    }


def _row(cells: Iterable[Cell]) -> str:
    file = io.StringIO()
    # Text in quotation marks, all of it: where a spreadsheet takes another sign for the separator, a cell
    # that was cut in two could begin with what was in its middle.
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return file.getvalue()


def _number(cell: str) -> int | float:
    return int(cell) if cell.isdecimal() else float(cell)
