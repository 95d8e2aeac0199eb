"""From files to a bank: reading, checking each file and all together, and the content's fingerprint."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from interviewer.bank.faults import Fault, Model, as_errors, one_of, shown, validated
from interviewer.bank.models import Bank, BankFile, Category, Question, Rubric
from interviewer.bank.places import BANK_FILE, rubric_folder, shipped
from interviewer.bank.yaml_text import Data, decode, parse
from interviewer.errors import InvalidFileError
from interviewer.text import did_you_mean, one_line

#: Largest file that is read. A bank with 10,000 questions takes some 20 MB.
MAX_BYTES = 200_000_000


def load_bank(path: Path | None = None, rubrics: Path | None = None) -> Bank:
    """The bank of the file `path` with the rubrics of the folder `rubrics`.

    path: None takes the shipped bank. rubrics: None takes the folder `rubrics` beside the bank file, else
    the shipped one. Raises InvalidFileError with the first fault, and how many more there are.
    """
    bank, errors = _checked(path, rubrics)
    if bank is None:
        first, more = errors[0], len(errors) - 1
        raise InvalidFileError(
            first.problem,
            file=first.file,
            line=first.line,
            field=first.field,
            expected=first.expected,
            more=more,
            hint=first.hint,
        )
    return bank


def check_bank(path: Path | None = None, rubrics: Path | None = None) -> tuple[InvalidFileError, ...]:
    """All faults that keep `load_bank` from giving the bank: the bank file's first, by line."""
    return tuple(_checked(path, rubrics)[1])


def fingerprint_of(
    categories: Iterable[Category], questions: Iterable[Question], rubrics: Iterable[Rubric]
) -> str:
    """The first 12 hex digits of the SHA-256 of the content as canonical JSON.

    Neither layout, comments and quotes nor the writing out of a default change it.
    """
    content = [
        [one.model_dump(mode="json", exclude_defaults=True) for one in part]
        for part in (categories, questions, rubrics)
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Loaded(Generic[Model]):
    """A file as far as it could be read. content: None where `errors` says why."""

    file: Path
    text: str
    data: Data
    content: Model | None
    errors: list[InvalidFileError]


def _checked(path: Path | None, rubrics: Path | None) -> tuple[Bank | None, list[InvalidFileError]]:
    """The bank and no error, or None and all errors."""
    folder = rubric_folder(path, rubrics)
    bank = _loaded(path if path is not None else shipped() / BANK_FILE, BankFile)
    found, rubric_errors = _rubrics_in(folder)
    known = {name for name in map(_name_of, found) if name is not None}
    strangers = as_errors(list(_strangers(bank.data, known, folder)), bank.text, bank.file)
    errors = [*sorted(bank.errors + strangers, key=lambda error: error.line or 0), *rubric_errors]
    if bank.content is None or errors:
        return None, errors
    content = bank.content
    named = {category.rubric for category in content.categories} | {q.rubric for q in content.questions}
    used = sorted((r.content for r in found if r.content and r.content.id in named), key=lambda r: r.id)
    return Bank(
        id=content.id,
        title=content.title,
        role=content.role,
        categories=content.categories,
        questions=content.questions,
        rubrics=tuple(used),
        fingerprint=fingerprint_of(content.categories, content.questions, used),
    ), []


def _rubrics_in(folder: Path) -> tuple[list[_Loaded[Rubric]], list[InvalidFileError]]:
    """Every rubric file of the folder, by name, and all that is wrong with them."""
    try:
        files = sorted(f for f in folder.iterdir() if f.suffix in {".yaml", ".yml"} and f.name[0] != ".")
    except (OSError, ValueError) as error:
        return [], [_unreadable(folder, error, "a folder of rubric files")]
    if not files:
        return [], [InvalidFileError("no rubric is there", file=folder, expected="rubric files (*.yaml)")]
    found = [_loaded(file, Rubric) for file in files]
    errors = [error for rubric in found for error in rubric.errors]
    first: dict[str, Path] = {}
    for rubric in found:
        name = _name_of(rubric)
        if name is None:
            continue
        if name in first:
            fault = Fault(("id",), f"the rubric {shown(name)} is in {first[name].name}, too", "each id once")
            errors += as_errors([fault], rubric.text, rubric.file)
        first.setdefault(name, rubric.file)
    return found, errors


def _name_of(rubric: _Loaded[Rubric]) -> str | None:
    """A rubric's id; that of a faulty one as far as it can be told, so that it is not called missing."""
    if rubric.content is not None:
        return rubric.content.id
    name = rubric.data.get("id") if isinstance(rubric.data, dict) else rubric.file.stem
    return name if isinstance(name, str) else None


def _strangers(data: Data, rubrics: Collection[str], folder: Path) -> Iterator[Fault]:
    """Names of categories and rubrics that are nowhere, as far as the bank's data has the right form.

    rubrics: ids of those in `folder`; none if it could not be read, and then none is missed.
    """
    categories, questions = _entries(data, "categories"), _entries(data, "questions")
    ids = [category.get("id") for category in categories]
    named = [one for one in ids if isinstance(one, str)]
    known = frozenset(named)
    complete = bool(ids) and len(named) == len(ids)  # else the stranger may be the one without an id
    for index, question in enumerate(questions):
        name = question.get("category")
        if complete and isinstance(name, str) and name not in known:
            yield Fault(
                ("questions", index, "category"),
                f"there is no category {shown(name)}",
                one_of(named),
                did_you_mean(name, named),
            )
    for part, entries in (("categories", categories), ("questions", questions)):
        for index, entry in enumerate(entries):
            name = entry.get("rubric")
            if rubrics and isinstance(name, str) and name not in rubrics:
                yield Fault(
                    (part, index, "rubric"),
                    f"there is no rubric {shown(name)} in {folder}",
                    one_of(sorted(rubrics)),
                    did_you_mean(name, rubrics) or f"put {one_line(name, 80)}.yaml there",
                )


def _entries(data: Data, part: str) -> list[dict[str, Data]]:
    """The entries of a list of the bank; an empty group stands for an entry that is none."""
    entries = data.get(part) if isinstance(data, dict) else None
    return [e if isinstance(e, dict) else {} for e in entries] if isinstance(entries, tuple) else []


def _loaded(file: Path, model: type[Model]) -> _Loaded[Model]:
    """The file as the model, or all that is wrong with it."""
    text = ""
    try:
        text = decode(_bytes_of(file), file)
        data = parse(text, file)
    except InvalidFileError as error:
        return _Loaded(file, text, None, None, [error])
    content, faults = validated(data, model)
    return _Loaded(file, text, data, content, as_errors(faults, text, file))


def _bytes_of(file: Path) -> bytes:
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InvalidFileError("this is a folder", file=file, expected="a file", hint="name a file in it")
        if not stat.S_ISREG(status.st_mode):
            raise InvalidFileError("this is a device or pipe", file=file, expected="a file")
        if status.st_size > MAX_BYTES:
            raise InvalidFileError(
                "the file is too large", file=file, expected=f"at most {MAX_BYTES:,} bytes"
            )
        return file.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: no name that a file can have
        raise _unreadable(file, error, "a file") from error


def _unreadable(file: Path, error: OSError | ValueError, expected: str) -> InvalidFileError:
    if isinstance(error, FileNotFoundError):
        return InvalidFileError("it is not there", file=file, expected=expected, hint="check the path")
    reason = getattr(error, "strerror", None) or str(error)
    return InvalidFileError(f"it cannot be read: {reason}", file=file, expected=expected)
