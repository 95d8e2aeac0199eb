"""The model at work: one answer against several requirements, in a few dozen milliseconds on two cores."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from interviewer.embedded.about import TOKENIZER, About, Chances, about, damaged_files, not_installed, shipped
from interviewer.embedded.encoding import MAX_TOKENS, PAD, Encoder, Pair, Tokens, pair_of
from interviewer.embedded.overlap import Words
from interviewer.embedded.readers import Readers
from interviewer.errors import EmbeddedModelError
from interviewer.text import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

#: Inputs at once: more gain nothing on two cores, and memory stays bounded.
_ROWS = 8
#: Threads that a model computes with, unless told.
THREADS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is held against: a requirement, or a reference answer, said by someone who knows."""

    text: str
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model makes of one requirement.

    evidence: for each sentence, how strongly the model looked at it when it decided, 0 to 1.
    """

    chances: Chances
    evidence: tuple[float, ...]


class EmbeddedModel:
    """Weights and tokenizer of a folder, in memory."""

    def __init__(self, folder: Traversable | None = None, *, threads: int = THREADS) -> None:
        """Load from `folder`, or what the package holds. Raises EmbeddedModelError.

        threads: how many it computes with, 1 or more. Fewer where several models share a machine.
        """
        self._folder = folder or shipped()
        self.about: About = about(self._folder)
        try:
            from tokenizers import Tokenizer
        except ImportError as error:
            raise not_installed(error) from error
        try:
            tokenizer = Tokenizer.from_str((self._folder / TOKENIZER).read_text(encoding="utf-8"))
        except Exception as error:
            raise damaged_files() from error
        self._readers = Readers(self._folder, threads)
        self._encoder = Encoder(tokenizer)
        self._words = Words(tokenizer)

    @property
    def name(self) -> str:
        """Name and number, such as `judge-minilm 2`."""
        return self.about.name

    @property
    def version(self) -> str:
        """Equal only for equal models."""
        return self.about.version

    def damaged(self) -> tuple[str, ...]:
        """Names of the files that are not as they were published; empty if all are."""
        return tuple(
            name
            for name, wanted in self.about.sha256.items()
            if hashlib.sha256((self._folder / name).read_bytes()).hexdigest() != wanted
        )

    def opinions(
        self, question: str, asked: Sequence[Asked], answer: str, sentences: Sequence[Span]
    ) -> tuple[Opinion, ...]:
        """One opinion for each of `asked`. sentences: those of `answer` that count, in order; at least one.

        Raises EmbeddedModelError for a requirement that is too long to be read.
        """
        try:
            heads = [self._encoder.head(one.text, question) for one in asked]
        except ValueError as error:
            raise EmbeddedModelError(str(error), hint="Split it, or use --grader llm.") from error
        parts = [self._encoder.tokens(answer[s.start : s.end]) for s in sentences]
        rows = [
            _Row(which, window, pair_of(head, [id for one in window for id in one.ids(parts)]))
            for which, head in enumerate(heads)
            for window in _windows(parts, MAX_TOKENS - len(head) - 1)
        ]
        seen: list[list[_Seen]] = [[] for _ in heads]
        requirements = [row for row in rows if not asked[row.which].is_reference]
        for row, logits, looked, _ in self._run(requirements, references=False):
            seen[row.which].append(_Seen(row, self.about.requirement.chances(logits.tolist()), looked))
        references = [row for row in rows if asked[row.which].is_reference]
        for row, logits, looked, words in self._run(references, references=True):
            features = self._words.overlap(row.pair, words)
            seen[row.which].append(
                _Seen(row, self.about.reference.chances(logits.tolist(), features), looked)
            )
        return tuple(_together(one, len(sentences)) for one in seen)

    def _run(
        self, rows: Sequence[_Row], *, references: bool
    ) -> Iterator[tuple[_Row, Numbers, Numbers, Numbers]]:
        """Each row with what the reader for it says."""
        import numpy as np

        order = sorted(rows, key=lambda row: len(row.pair.ids))
        for at in range(0, len(order), _ROWS):
            batch = order[at : at + _ROWS]
            width = max(len(row.pair.ids) for row in batch)

            def padded(values: Sequence[Sequence[int]], fill: int, width: int = width) -> Any:
                return np.array([[*one, *[fill] * (width - len(one))] for one in values], dtype=np.int64)

            feed = {
                "ids": padded([row.pair.ids for row in batch], PAD),
                "types": padded([row.pair.types for row in batch], 0),
                "mask": padded([[1] * len(row.pair.ids) for row in batch], 0),
            }
            yield from zip(batch, *self._readers.read(feed, references=references), strict=True)


class LazyModel:
    """The shipped model, loaded when it is first needed; only once, whichever thread asks.

    threads: as of the model.
    """

    def __init__(self, *, threads: int = THREADS) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._model: EmbeddedModel | None = None
        self._about: About | None = None

    @property
    def name(self) -> str:
        """As of the model. Raises EmbeddedModelError."""
        return self._told().name

    @property
    def version(self) -> str:
        """As of the model. Raises EmbeddedModelError."""
        return self._told().version

    def load(self) -> EmbeddedModel:
        """The model, loaded. Raises EmbeddedModelError."""
        with self._lock:
            if self._model is None:
                self._model = EmbeddedModel(threads=self._threads)
            return self._model

    def opinions(
        self, question: str, asked: Sequence[Asked], answer: str, sentences: Sequence[Span]
    ) -> tuple[Opinion, ...]:
        """As of the model. Raises EmbeddedModelError."""
        return self.load().opinions(question, asked, answer, sentences)

    def _told(self) -> About:
        if self._about is None:
            self._about = about(shipped())
        return self._about


@dataclass(frozen=True, slots=True)
class _Slice:
    """Tokens `start` to `end` of sentence `index`: all of them, unless it is longer than an input."""

    index: int
    start: int
    end: int

    def ids(self, parts: Sequence[Tokens]) -> tuple[int, ...]:
        return parts[self.index].ids[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Row:
    """An input: what number `which` of the asked is held against, and the part of the answer in it."""

    which: int
    window: tuple[_Slice, ...]
    pair: Pair


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the model gave for a row. looked: a logit for each token of it."""

    row: _Row
    chances: Chances
    looked: Numbers


def _windows(parts: Sequence[Tokens], room: int) -> Iterator[tuple[_Slice, ...]]:
    """The sentences in stretches of at most `room` tokens, each begun a sentence before the last one's end.

    A sentence that is longer than `room` is read in pieces of its own.
    """
    start = 0
    while start < len(parts):
        length = len(parts[start].ids)
        if length > room:
            for at in range(0, length, room):
                yield (_Slice(start, at, min(length, at + room)),)
            start += 1
            continue
        end, used = start, 0
        while end < len(parts) and used + len(parts[end].ids) <= room:
            used += len(parts[end].ids)
            end += 1
        yield tuple(_Slice(i, 0, len(parts[i].ids)) for i in range(start, end))
        if end >= len(parts):
            return
        start = end - 1 if end - start > 1 and len(parts[end].ids) <= room else end


def _together(seen: Sequence[_Seen], sentences: int) -> Opinion:
    """One opinion from those on the windows: where it is shown best, else where it is contradicted most."""
    evidence = [0.0] * sentences
    for one in seen:
        for index, value in _by_sentence(one):
            evidence[index] = max(evidence[index], value)
    best = max(seen, key=lambda one: one.chances.expected)
    if best.chances.shown <= 0.5:
        best = max(seen, key=lambda one: (one.chances.wrong, one.chances.expected))
    return Opinion(best.chances, tuple(evidence))


def _by_sentence(seen: _Seen) -> Iterator[tuple[int, float]]:
    """For each sentence of a row the mean chance of its tokens to be evidence."""
    import numpy as np

    at = seen.row.pair.answer_at
    for one in seen.row.window:
        part = seen.looked[at : at + one.end - one.start]
        at += one.end - one.start
        yield one.index, float((1 / (1 + np.exp(-part))).mean()) if len(part) else 0.0
