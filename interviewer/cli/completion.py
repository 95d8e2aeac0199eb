"""What a shell can complete: ids, names and choices, each with a few words about it.

A shell asks while a person types: nothing here writes, creates, tells or raises anything. What cannot be
had at once is not offered. typer keeps what begins with what was typed.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from interviewer.bank.outline import Outline

#: What may follow, and what is told about it.
Offers = list[tuple[str, str]]

_MOST_SESSIONS = 50
_MOST_BYTES = 1_000_000  # a bank that was never read before and is larger takes too long
_ABOUT_CHARACTERS = 60
# zsh evaluates what it is told, and rich takes square brackets for styles.
_OBEYED = str.maketrans("[]\"'$`\\:;|&<>", "()’’" + 9 * " ")


def question_ids(ctx: typer.Context) -> Offers:
    """The ids of the bank's questions that are not named yet; of the categories named, if there are any."""
    with contextlib.suppress(Exception):
        named = ctx.params.get("question") or ()
        categories = ctx.params.get("category") or ()
        return [
            (question.id, _about(question.text))
            for question in _outline(ctx).questions
            if question.id not in named and (not categories or question.category in categories)
        ]
    return []


def category_ids(ctx: typer.Context) -> Offers:
    """The ids of the bank's categories that are not named yet."""
    with contextlib.suppress(Exception):
        named = ctx.params.get("category") or ()
        return [(one.id, _about(one.title)) for one in _outline(ctx).categories if one.id not in named]
    return []


def session_ids() -> Offers:
    """The newest interviews."""
    return _sessions("1")


def unfinished_ids() -> Offers:
    """The newest interviews that can go on."""
    return _sessions("status <> 'finished'")


def setting_names() -> Offers:
    """The names of all settings."""
    with contextlib.suppress(Exception):
        from interviewer.setting import SETTINGS

        return [(setting.name, _about(setting.about)) for setting in SETTINGS]
    return []


def setting_values(ctx: typer.Context) -> Offers:
    """The choices of the setting that was named before."""
    return _choices(ctx.params.get("name"))


def graders() -> Offers:
    """The graders there are."""
    return _choices("grader")


def warm_ups() -> Offers:
    """When to warm up."""
    return _choices("warm_up")


def _choices(name: str | None) -> Offers:
    with contextlib.suppress(Exception):
        from interviewer.setting import setting_named

        return [(choice, "") for choice in setting_named(name or "").choices]
    return []


def _outline(ctx: typer.Context) -> Outline:
    """The outline of the bank that this command line, or a setting, names. Raises what may go wrong."""
    from interviewer.bank.keep import kept_outline
    from interviewer.bank.outline import outline_of
    from interviewer.bank.places import BANK_FILE, shipped
    from interviewer.cli import wiring

    settings = wiring.settings_of(bank=ctx.params.get("bank"), rubrics=ctx.params.get("rubrics"))
    bank, rubrics = settings.path("bank"), settings.path("rubrics")
    kept = kept_outline(bank, rubrics, settings.folders.cache / "banks")
    if kept is not None:
        return kept
    if (bank or shipped() / BANK_FILE).stat().st_size > _MOST_BYTES:
        raise ValueError("too large to be read while a person waits")
    from interviewer.bank.load import load_bank

    return outline_of(load_bank(bank, rubrics))


def _sessions(condition: str) -> Offers:
    """Interviews by id, newest first. condition: SQL about a row of the table."""
    with contextlib.suppress(Exception):
        import sqlite3

        from interviewer.settings import folders
        from interviewer.store.database import FILE_NAME

        file = folders(os.environ).data / FILE_NAME
        # Reading alone creates SQLite's logs, too, unless they are there or the file is said not to change.
        logs = (file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-shm"))
        manner = "mode=ro" if all(log.exists() for log in logs) else "immutable=1"
        with contextlib.closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?{manner}", uri=True)
        ) as database:
            rows: Iterable[tuple[str, str, str]] = database.execute(
                f"SELECT id, status, started_at FROM interviews WHERE {condition}"  # noqa: S608 (our own words)
                " ORDER BY started_at DESC LIMIT ?",
                (_MOST_SESSIONS,),
            )
            return [
                (id, _about(f"{status}, {started[:10]}")) for id, status, started in rows if _is_plain(id)
            ]
    return []


def _is_plain(id: str) -> bool:
    """Whether a shell may be told `id` as it is: so are all ids that this program gives."""
    return id.isascii() and id.replace("-", "").isalnum()


def _about(text: str) -> str:
    """A few words on one line, without signs that a shell or rich would obey."""
    from interviewer.text import one_line

    return one_line(text.translate(_OBEYED), _ABOUT_CHARACTERS)
