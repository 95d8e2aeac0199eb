"""What is kept: interviews with any text in every field, exported; databases that something has damaged."""

from __future__ import annotations

import csv
import io
import itertools
import json
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from interviewer.interview.events import InterviewStarted
from interviewer.interview.models import Interview
from interviewer.store.database import FILE_NAME
from interviewer.store.store import Store
from interviewer.text import unguarded
from tests.report.hostile import HOSTILE_WORDS
from tests.report.reading import answers_in_html, answers_in_json
from tests.report.samples import WHOLE
from tests.support.fuzz.changes import JSON_CHANGE, ODD, Change
from tests.support.fuzz.target import Check, Place, Target
from tests.support.harmless import refuse_active_markdown, refuse_active_page

_SCHEMA = Path(__file__).parents[3] / "docs" / "transcript.schema.json"
#: Fields with text of a bank, which is valid Unicode, and with that of others, which need not be.
_OF_BANKS = frozenset(
    "title role requirement partial probe claim correction nudge hint guidance meaning descriptor"
    " strong adequate weak".split()
)
_OF_OTHERS = frozenset("text reason feedback follow_up message model argument".split())
_TEXTS = 100


def _filled(texts: list[str]) -> Interview:
    """The sample interview with `texts` in every field that holds text. Rejects what its models refuse."""
    supply = itertools.cycle(texts)
    tree = WHOLE.model_dump(mode="json")
    for part in _parts(tree):
        for name, value in part.items():
            if isinstance(value, str) and (name in _OF_OTHERS or name in _OF_BANKS):
                said = next(supply)
                is_of_bank = name in _OF_BANKS or "criteria" in part or "floor" in part
                part[name] = said.encode("utf-8", "replace").decode() if is_of_bank else said
    for turn in tree["turns"]:
        for answer in turn["answers"]:
            for part in _parts(answer.get("grade")):
                for proof in part.get("evidence", ()):
                    proof |= {"quote": answer["text"], "start": 0, "end": len(answer["text"])}
    try:
        return Interview.model_validate(tree)
    except ValidationError:
        reject()


def _parts(tree: Any) -> Iterator[dict[str, Any]]:
    """All objects in a tree of JSON."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for one in tree:
            yield from _parts(one)


def _keep(place: Place, interview: Interview) -> list[str]:
    """Have `interview` be the one that is kept; the texts of its answers."""
    for file in (place.home / "data").glob(f"{FILE_NAME}*"):
        file.unlink()
    with Store.open(place.home / "data") as store:
        store.record(interview.id, InterviewStarted(interview=interview))
    return [answer.text for turn in interview.turns for answer in turn.answers]


def _exports(place: Place) -> Check:
    schema = Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))

    def check(tried: tuple[list[str], str]) -> None:
        texts, form = tried
        answers = _keep(place, _filled(texts))
        out = place.call("export", "--format", form, codes={0}).out
        match form:
            case "json" | "jsonl":
                schema.validate(json.loads(out))
                assert [_shown(one) for one in answers_in_json(out)] == [_shown(one) for one in answers]
            case "csv":
                rows = list(csv.DictReader(io.StringIO(out, newline="")))
                quotes = [json.loads(unguarded(row["evidence"])) for row in rows if row["evidence"]]
                assert {_shown(quote) for row in quotes for quote in row} <= {_shown(one) for one in answers}
            case "html":
                refuse_active_page(out, "page")
                assert [_shown(one) for one in answers_in_html(out)] == [
                    _shown(one) for one in answers if one
                ]
            case _:
                refuse_active_markdown(out, "Markdown")

    return check


def _shown(text: str) -> str:
    """`text` as far as lone surrogates can be written in UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _pages(place: Place) -> Check:
    def check(texts: list[str]) -> None:
        _keep(place, _filled(texts))
        place.call("export", "--format", "pdf", "-o", "page.pdf", "--force", codes={0})
        assert (place.work / "page.pdf").read_bytes().startswith(b"%PDF-")

    return check


_READING = [
    command.split()
    for command in (
        "sessions --json,sessions,show,show --json,progress --json,progress,resume,export --format json,"
        "export --format csv,export --format md,export --all --format jsonl,grade --pending,"
        "start --due -n 1,start --mode drill,doctor --json"
    ).split(",")
]


@cache
def _database(folder: Path) -> tuple[bytes, tuple[tuple[str, tuple[str, ...]], ...]]:
    """A database with an interview that was held, one under way and one with all there is; its tables."""
    place = Place(folder)
    asked = ("start", "-q", "kv-cache", "-q", "memory-wall")
    place.call(*asked, stdin=b"The keys and values are kept.\n---\n/dispute 1 it is said\n" * 6, codes={0})
    place.call(*asked, stdin=b"The keys and values are kept.\n---\n", codes={0})
    with Store.open(place.home / "data") as store:
        store.record(WHOLE.id, InterviewStarted(interview=WHOLE))
    file = place.home / "data" / FILE_NAME
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = tuple(
            (name, tuple(column[1] for column in database.execute(f"PRAGMA table_info({name})")))
            for name in sorted(names)
            if database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        )
    database.close()
    return file.read_bytes(), tables


def _databases(place: Place) -> Check:
    sound, tables = _database(place.home.parent / "sound")
    folder = place.home / "data"

    def check(tried: tuple[list[tuple[int, int, int, Any]], list[tuple[int, int]], list[str]]) -> None:
        cells, damage, command = tried
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.glob(f"{FILE_NAME}*"):
            file.unlink()
        data = bytearray(sound)
        for at, byte in damage:
            data[at % len(data)] = byte
        (folder / FILE_NAME).write_bytes(data)
        if not damage:
            _overwrite(folder / FILE_NAME, tables, cells)
        outcome = place.call(*command, stdin=b"Some answer.\n---\n/skip\n", codes={0, 1, 2, 3})
        if outcome.code == 0 and "--json" in command:
            json.loads(outcome.out)

    return check


def _overwrite(
    file: Path, tables: tuple[tuple[str, tuple[str, ...]], ...], cells: list[tuple[int, int, int, Any]]
) -> None:
    """Put odd values into cells of the database, whatever its own checks say."""
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA ignore_check_constraints = ON")
    for table_at, column_at, row_at, value in cells:
        table, columns = tables[table_at % len(tables)]
        column = columns[column_at % len(columns)]
        rows = database.execute(f"SELECT * FROM {table} ORDER BY {', '.join(columns)}").fetchall()
        row = rows[row_at % len(rows)]
        held = row[columns.index(column)]
        same = " AND ".join(f"{name} IS ?" for name in columns)
        try:
            fit = _changed(value, held) if isinstance(value, Change) else value
            database.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {same}", (fit, *row))
        except (sqlite3.Error, OverflowError):
            continue  # SQLite cannot hold it: nobody can have written it
    database.close()


def _changed(change: Change, held: Any) -> bytes:
    try:
        text = held.decode("utf-8", "surrogatepass") if isinstance(held, bytes) else str(held)
        return change.of_bytes(json.loads(text))
    except ValueError:  # no JSON, or another change made it none
        return change.of_bytes(str(held))


_VALUE = st.one_of(
    JSON_CHANGE,
    JSON_CHANGE,
    st.none(),
    st.sampled_from([0, -1, 1, 2**62, 1e308, float("inf"), "", "x"]),
    st.sampled_from(["2026-01-05T19:00:00", "9999-12-31T23:59:59+00:00"]),
    st.binary(max_size=8),
    ODD.filter(lambda odd: isinstance(odd, str)).map(lambda text: text.encode("utf-8", "replace").decode()),
)  # fmt: skip
_AT = st.integers(0, 200)
_DAMAGE = st.tuples(st.integers(0, 10**6), st.integers(0, 255))

TARGETS = (
    Target(
        "exports",
        st.tuples(
            st.lists(HOSTILE_WORDS, min_size=1, max_size=8),
            st.sampled_from(["md", "json", "jsonl", "csv", "md", "json", "csv", "html"]),
        ),
        _exports,
        few=16,
    ),
    Target(
        "pages in PDF", st.lists(HOSTILE_WORDS, min_size=_TEXTS, max_size=_TEXTS), _pages, each=_TEXTS, few=1
    ),
    Target(
        "databases",
        st.tuples(
            st.lists(st.tuples(_AT, _AT, _AT, _VALUE), min_size=1, max_size=3),
            st.one_of(
                st.just([]),
                st.just([]),
                st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4),
            ),
            st.sampled_from(_READING),
        ),
        _databases,
    ),
)
