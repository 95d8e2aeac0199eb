"""What runs on the nodes of a Ray cluster: a feed of portions, and judges with a model each.

Ray Data carries nothing but the numbers of portions there and what came of them back. The portions stay with
the feed until they are done, so that Ray may ask for any of them again.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import time
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import count
from typing import Any

from interviewer import __version__
from interviewer.background import Worker
from interviewer.batch.portions import judged
from interviewer.embedded.model import LazyModel
from interviewer.errors import EmbeddedModelError
from interviewer.grading.local import LocalGrader


class Feed:
    """Portions by number, 0, 1 and so on, from when they are put until they are dropped. An actor."""

    def __init__(self) -> None:
        self._portions: dict[int, bytes] = {}
        self._known = -1  # the highest number that was put
        self._is_closed = False
        self._changed = asyncio.Condition()

    async def put(self, number: int, portion: bytes) -> None:
        """Keep a portion; every number below it was put before."""
        self._portions[number] = portion
        self._known = max(self._known, number)
        await self._tell()

    async def close(self) -> None:
        """No portion follows."""
        self._is_closed = True
        await self._tell()

    async def has(self, number: int) -> bool:
        """Whether there is, or was, a portion of that number; waits until it is known."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._is_closed or number <= self._known)
        return number <= self._known

    async def take(self, number: int) -> bytes | None:
        """The portion of that number, which stays; None if it was dropped."""
        return self._portions.get(number)

    async def drop(self, number: int) -> None:
        """The portion of that number is done."""
        self._portions.pop(number, None)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Judge:
    """Judges portions with a model of its own. An actor of Ray Data.

    threads: what the model computes with. wanted: the build without which nothing is judged.
    """

    def __init__(self, feed: Any, threads: int, wanted: str) -> None:
        self._get = import_module("ray").get
        self._feed = feed
        model = LazyModel(threads=threads)
        # A model that cannot be loaded is told of with each answer, as in one process.
        with contextlib.suppress(EmbeddedModelError):
            model.load()
        self._build = build_of(model)
        self._is_wanted = self._build == wanted
        self._local = LocalGrader(model, worker=Worker(), clock=time.monotonic)

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """For a row with the `number` of a portion what came of it, and what build judged."""
        number = int(row["number"])
        portion = self._get(self._feed.take.remote(number)) if self._is_wanted else None
        tasks = pickle.loads(portion) if portion else ()  # noqa: S301 - from the program itself
        return {"number": number, "build": self._build, "outcomes": pickle.dumps(judged(self._local, tasks))}


def numbers(_: object, feed: Any) -> Iterator[dict[str, Any]]:
    """Batches of one row: the numbers of portions, as those are put."""
    import numpy as np

    get = import_module("ray").get
    for number in count():
        if not get(feed.has.remote(number)):
            return
        yield {"number": np.array([number])}


def build_of(model: LazyModel) -> str:
    """What must be equal for grades to be equal: the package's version and the model's."""
    try:
        return f"{__version__} with model {model.version}"
    except EmbeddedModelError:
        return f"{__version__} without a model"
