"""How work is shared out on a cluster, and what may go wrong before there is one. Needs no Ray.

tests/program/test_ray_engine.py runs the whole.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import interviewer.errors
from interviewer import __version__, extras
from interviewer.batch.ray_engine import ray_engine, shares_of
from interviewer.batch.ray_workers import Feed, build_of
from interviewer.embedded.model import LazyModel
from interviewer.errors import ClusterError, GraderError, UsageError
from tests.support.builders import grade, task


@pytest.mark.parametrize(
    ("cpus", "wanted", "workers", "threads"),
    [
        ((2,), None, 2, 1),
        ((2,), 2, 2, 1),
        ((2,), 1, 1, 2),
        ((8,), 4, 4, 2),
        ((8,), 1, 1, 2),
        ((3, 3, 3), 4, 4, 1),  # two threads each would leave room for three workers
        ((4, 4), None, 8, 1),
        ((0, 4), None, 4, 1),  # a head node that takes no work
    ],
)
def test_workers_share_the_cpus_without_a_fight(
    cpus: tuple[int, ...], wanted: int | None, workers: int, threads: int
) -> None:
    shares = shares_of(cpus, wanted)

    assert (shares.workers, shares.threads) == (workers, threads)
    assert shares.nodes == sum(one > 0 for one in cpus)


@given(st.lists(st.integers(0, 64), min_size=1, max_size=20), st.integers(1, 200))
def test_every_worker_finds_a_node(cpus: list[int], wanted: int) -> None:
    if sum(cpus) < wanted:
        with pytest.raises(UsageError):
            shares_of(cpus, wanted)
        return
    shares = shares_of(cpus, wanted)

    assert sum(one // shares.threads for one in cpus) >= shares.workers == wanted


def test_more_workers_than_cpus_are_refused_with_a_way_out() -> None:
    with pytest.raises(UsageError, match="the cluster has 2") as told:
        shares_of((2,), 3)

    assert "--workers 2" in str(told.value.hint)


@pytest.mark.parametrize("workers", [1, 2, 64, 500])
def test_every_worker_has_a_portion_at_hand_and_what_is_in_flight_is_bounded(workers: int) -> None:
    shares = shares_of((workers,), workers)

    assert 2 * workers * shares.portion <= shares.in_flight <= 4 * workers * max(16, workers)


def test_the_feed_tells_of_a_portion_once_it_is_put_and_keeps_it_until_it_is_dropped() -> None:
    async def run() -> None:
        feed = Feed()
        waiting = asyncio.create_task(feed.has(0))
        await asyncio.sleep(0)
        assert not waiting.done()

        await feed.put(0, b"first")
        assert await waiting
        assert [await feed.take(0), await feed.take(0)] == [b"first"] * 2

        await feed.drop(0)
        assert await feed.take(0) is None
        assert await feed.has(0)

    asyncio.run(run())


def test_a_closed_feed_has_what_was_put_and_nothing_more() -> None:
    async def run() -> None:
        feed = Feed()
        await feed.put(0, b"first")
        waiting = asyncio.create_task(feed.has(1))
        await asyncio.sleep(0)
        await feed.close()

        assert (await feed.has(0), await waiting) == (True, False)

    asyncio.run(run())


def test_tasks_and_grades_survive_the_way_to_a_worker_and_back() -> None:
    assert pickle.loads(pickle.dumps((task(), grade()))) == (task(), grade())


@pytest.mark.parametrize(
    "kind",
    [
        one
        for one in vars(interviewer.errors).values()
        if isinstance(one, type) and issubclass(one, GraderError)
    ],
    ids=lambda kind: kind.__name__,
)
def test_errors_survive_it_with_their_way_out(kind: type[GraderError]) -> None:
    error = pickle.loads(pickle.dumps(kind("no", hint="try")))

    assert (type(error), error.message, error.hint, error.code) == (kind, "no", "try", kind.code)


def test_a_build_is_the_package_and_the_model() -> None:
    model = LazyModel()

    assert build_of(model) == f"{__version__} with model {model.version}"


def test_ray_that_is_not_installed_is_told_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)

    with pytest.raises(UsageError) as told, ray_engine(None, None):
        pass

    assert "mock-interviewer[ray]" in str(told.value.hint)


def test_ray_client_is_refused() -> None:
    with pytest.raises(UsageError, match="Ray Client"), ray_engine(None, "ray://head:10001"):
        pass


@pytest.fixture
def deaf() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


def test_a_cluster_that_is_not_there_is_told_at_once(deaf: str) -> None:
    with pytest.raises(ClusterError, match=deaf), ray_engine(None, deaf):
        pass
