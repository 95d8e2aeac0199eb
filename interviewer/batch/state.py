"""What is known of batches that are under way: a file beside the output, so that any step can be cut off."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Literal

from pydantic import Field, ValidationError

from interviewer.batch.formats import Format
from interviewer.errors import InvalidFileError
from interviewer.models import Count, Frozen
from interviewer.private import open_new


class Part(Frozen):
    """One batch. number: from 1. size: of its file, in bytes. is_begun: it may be at the service already,
    even where no id is known."""

    number: int = Field(ge=1)
    requests: Count
    size: Count
    is_begun: bool = False
    file_id: str | None = None
    batch_id: str | None = None


class BatchState(Frozen):
    """All batches of a run. It holds no key.

    run: marks them at the service. source: the file of answers, which is read again when replies are there.
    service, model, prompt_version: who was asked, and how. created_at: seconds since the epoch.
    """

    version: Literal[1] = 1
    run: str = Field(pattern=r"^[0-9a-f]{8,64}$")
    source: str
    format: Format | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    service: str
    model: str
    prompt_version: str | None
    created_at: float
    parts: tuple[Part, ...] = ()

    @property
    def is_submitted(self) -> bool:
        """Whether all parts are known to be at the service."""
        return all(part.batch_id is not None for part in self.parts)

    def with_part(self, part: Part) -> BatchState:
        """The same with `part` in place of the one of its number."""
        parts = (part if one.number == part.number else one for one in self.parts)
        return self.model_copy(update={"parts": tuple(parts)})

    def marks(self, part: Part) -> Mapping[str, str]:
        """What `part` is found by at the service."""
        return {"interviewer_run": self.run, "interviewer_part": str(part.number)}

    def file_name(self, part: Part) -> str:
        """The name of the part's file at the service."""
        return f"interviewer-{self.run}-{part.number}.jsonl"


class StateFile:
    """The state of the batches for `output`, and their files, all beside it and for their owner alone."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self.path = output.with_name(output.name + ".batch.json")

    def load(self) -> BatchState | None:
        """The state, or None if no batch is under way. Raises InvalidFileError."""
        try:
            return BatchState.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise InvalidFileError(
                "the state of the batches cannot be read",
                file=self.path,
                hint="Look for them on the service's page; delete the file to begin anew.",
            ) from error

    def save(self, state: BatchState) -> None:
        """Keep `state`, in one step."""
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".batch-", suffix=".tmp")
        scratch = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(state.model_dump_json(indent=1))
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(self.path)
        except BaseException:
            scratch.unlink(missing_ok=True)
            raise

    def requests(self, number: int) -> Path:
        """The file of a part's requests; it goes once the batch is there."""
        return self._beside(f".batch-{number}.jsonl")

    def replies(self, number: int) -> Path:
        """The file of a part's replies; 0 is for what was asked for directly beforehand."""
        return self._beside(f".batch-{number}.replies")

    def replies_there(self, state: BatchState) -> list[Path]:
        """The files of replies that are there."""
        found = (self.replies(number) for number in (0, *(part.number for part in state.parts)))
        return [path for path in found if path.exists()]

    def remove(self, state: BatchState) -> None:
        """All is done: the state goes, and what lies beside it."""
        for number in (0, *(part.number for part in state.parts)):
            self.requests(number).unlink(missing_ok=True)
            self.replies(number).unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def _beside(self, ending: str) -> Path:
        return self._output.with_name(self._output.name + ending)


class PartWriter:
    """Writes requests into as many files as the limits of the API make of them.

    first: the number of the first part. most_requests, most_bytes: of a file.
    """

    def __init__(self, files: StateFile, *, first: int, most_requests: int, most_bytes: int) -> None:
        self._files = files
        self._number = first - 1
        self._most_requests = most_requests
        self._most_bytes = most_bytes
        self._parts: list[Part] = []
        self._file: IO[bytes] | None = None

    def add(self, line: bytes) -> None:
        """Write a request's line, without its line break."""
        data = line + b"\n"
        last = self._parts[-1] if self._parts else None
        is_full = last is None or last.requests >= self._most_requests
        if last is None or is_full or last.size + len(data) > self._most_bytes:
            last = self._begin()
        if self._file is not None:
            self._file.write(data)
        grown = {"requests": last.requests + 1, "size": last.size + len(data)}
        self._parts[-1] = last.model_copy(update=grown)

    def parts(self) -> tuple[Part, ...]:
        """All parts; their files are whole."""
        if self._file is not None:
            self._file.close()
            self._file = None
        return tuple(self._parts)

    def _begin(self) -> Part:
        self.parts()
        self._number += 1
        path = self._files.requests(self._number)
        self._file = os.fdopen(open_new(path), "wb")
        self._parts.append(Part(number=self._number, requests=0, size=0))
        return self._parts[-1]
