"""Many answers at once: lines and tables to grade, and labels to compare with."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.support.builders import ANSWER
from tests.support.fuzz.changes import JSON_CHANGE, one_of_bytes
from tests.support.fuzz.target import Check, Place, Target, lines_of, refuse_unsound

_BANK_LINE = {"id": "a", "question_id": "kv-cache", "answer": ANSWER}
_INLINE = {
    "id": 7,
    "question": "What is latency?",
    "criteria": [{"id": "x", "requirement": "says that it is a time", "weight": 2}],
    "answer": ANSWER,
}
_REFERENCE = {
    "id": "r",
    "question": "What is latency?",
    "reference": ["It is a time.", "Of one request."],
    "answer": ANSWER,
}
_LABELS = {"human_score": 0.5, "human_verdicts": {"x": "met"}, "kind": "k"}
_TABLE = f'id,question_id,answer,extra\na,kv-cache,"{ANSWER}",1\nb,kv-cache,"two\nlines, and ""quotes""",2\n'


def _lines(*values: dict[str, object]) -> SearchStrategy[bytes]:
    """A few lines, each of one of `values`, changed."""
    line = st.builds(lambda value, change: change.of_bytes(value), st.sampled_from(values), JSON_CHANGE)
    kept = st.sampled_from(values).map(lambda value: json.dumps(value).encode())
    several = st.lists(st.one_of(line, kept), max_size=4).map(b"\n".join)
    return st.one_of(several, several, st.binary(max_size=100))


def _graded(place: Place) -> Check:
    def check(content: bytes) -> None:
        outcome = place.call("grade", "-", "--no-cache", "--format", "jsonl", stdin=content)
        for line in lines_of(outcome.out):
            assert ("score" in line) != ("error" in line), line
            if "score" in line:
                assert 0 <= line["score"] <= 100
                if "\n" not in content.decode("utf-8", "replace").strip():
                    refuse_unsound(line, json.loads(content.decode("utf-8-sig").strip())["answer"])

    return check


def _tables(place: Place) -> Check:
    def check(content: bytes) -> None:
        outcome = place.call("grade", "-", "--no-cache", "--format", "csv", stdin=content)
        rows = list(csv.reader(io.StringIO(outcome.out, newline="")))
        assert len({len(row) for row in rows}) <= 1, rows
        if outcome.code in {0, 1} and rows:
            assert rows[0][0] == "id"

    return check


def _labels(place: Place) -> Check:
    def check(content: bytes) -> None:
        outcome = place.call("calibrate", "-", "--bootstrap", "0", "--json", "--quiet", stdin=content)
        if outcome.code == 0:
            json.loads(outcome.out)

    return check


_LABELLED = tuple(one | _LABELS for one in (_BANK_LINE, _INLINE, _REFERENCE))

TARGETS = (
    Target("lines to grade", _lines(_BANK_LINE, _INLINE, _REFERENCE), _graded),
    Target(
        "tables to grade",
        one_of_bytes(_TABLE, _TABLE.replace(",", ";"), _TABLE.replace("\n", "\r\n")),
        _tables,
    ),
    Target("labels", _lines(*_LABELLED), _labels, few=8),
)
