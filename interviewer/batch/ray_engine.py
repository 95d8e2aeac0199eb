"""The local grader on a Ray cluster, through Ray Data: many models at work, each in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from typing import Any

from interviewer.background import Worker
from interviewer.batch.own_output import own_output
from interviewer.batch.portions import Outcome, PortionGrader
from interviewer.batch.ray_workers import Feed, Judge, build_of, numbers
from interviewer.embedded.model import THREADS, LazyModel
from interviewer.errors import ClusterError, UsageError
from interviewer.extras import how_to_install, refuse_missing
from interviewer.grading.local import LocalGrader
from interviewer.grading.models import GradingTask
from interviewer.text import one_line

#: A Ray of one's own, on this machine.
_OWN = "local"
#: Bytes of shared memory of a Ray of one's own; a portion takes some thousands.
_OWN_STORE = 200_000_000
#: Answers in a portion, at least: Ray Data spends some 10 ms on each portion, and remembers 3 kB of it.
_PORTION = 16
#: Portions at a worker, and waiting for it to be done: so that it never waits for the next.
_AT_A_WORKER, _WAITING = 2, 1
#: Seconds that the pipeline is given to end by itself.
_ENDS_WITHIN = 10.0
#: Seconds in which a cluster must answer.
_ANSWERS_WITHIN = 10.0
_WAY_OUT = "docs/scale.md says what every node needs; the same command goes on with what is missing."


@dataclass(frozen=True, slots=True)
class Shares:
    """How the work is shared out. threads: of each worker. nodes: machines that can take workers."""

    workers: int
    threads: int
    nodes: int

    @property
    def portion(self) -> int:
        """Answers in a portion: more where there are many workers, so that this process keeps up."""
        return max(_PORTION, self.workers // 4)

    @property
    def in_flight(self) -> int:
        """Answers that are to be in flight, so that every worker is busy."""
        return self.workers * (_AT_A_WORKER + _WAITING) * self.portion

    def __str__(self) -> str:
        return f"workers: {self.workers}, nodes: {self.nodes}"


def shares_of(cpus: Sequence[int], wanted: int | None) -> Shares:
    """How many workers, and with how many threads, on nodes with so many CPUs each.

    wanted: the number of workers, 1 or more; None is one for each CPU. A worker never gets a part of a CPU,
    so that no two fight for one. Raises UsageError if there are not enough CPUs.
    """
    able = [one for one in cpus if one > 0]
    if not able:
        raise UsageError("no node of the cluster has a CPU to spare", hint="Start a node with --num-cpus.")
    workers = wanted if wanted is not None else sum(able)
    if workers > sum(able):
        raise UsageError(
            f"--workers {workers}: each needs a CPU, and the cluster has {sum(able)}",
            hint=f"Ask for --workers {sum(able)} at most, or add nodes.",
        )
    threads = next(n for n in range(THREADS, 0, -1) if sum(one // n for one in able) >= workers)
    return Shares(workers=workers, threads=threads, nodes=len(able))


@dataclass(frozen=True, slots=True)
class RayEngine:
    """A grader at work on a cluster."""

    grader: PortionGrader
    shares: Shares


@contextlib.contextmanager
def ray_engine(workers: int | None, address: str | None) -> Iterator[RayEngine]:
    """The local grader on the cluster at `address`, or on this machine if that is None, until the block ends.

    Raises UsageError if Ray is not installed or there are not enough CPUs, ClusterError if there is no
    cluster there.
    """
    where = address or _OWN
    _refuse_client(where)
    _refuse_unreachable(where)
    ray = _imported()
    _connect(ray, where)
    try:
        cpus = [int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]]
        shares = shares_of(cpus, workers)
        model = LazyModel()
        local = LocalGrader(model, worker=Worker(), clock=time.monotonic)
        # Ray prints what befalls a node, from a thread.
        with own_output(), contextlib.closing(RayPool(ray, shares, build_of(model))) as pool:
            yield RayEngine(PortionGrader(pool, local, size=shares.portion), shares)
    finally:
        with contextlib.redirect_stdout(sys.stderr):  # Ray prints what it has kept back
            ray.shutdown()


class RayPool:
    """Judges portions by actors of Ray Data, one model an actor.

    build: what every worker must have, too.
    """

    def __init__(self, ray: Any, shares: Shares, build: str) -> None:
        self._ray = ray
        self._shares = shares
        self._build = build
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=False
        )
        self._feed = ray.remote(Feed).options(num_cpus=0, scheduling_strategy=here).remote()
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Sequence[Outcome]]] = {}
        self._fault: ClusterError | None = None
        self._reader: threading.Thread | None = None

    async def judge(self, tasks: Sequence[GradingTask]) -> Sequence[Outcome]:
        """What came of each task, in order. Raises ClusterError once the cluster has failed."""
        if self._fault is not None:
            raise self._fault
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        try:
            self._ray.get(self._feed.put.remote(number, pickle.dumps(tasks)))  # one after another
        except self._ray.exceptions.RayError as error:
            raise _cluster_error(error) from error
        self._waiting[number] = loop.create_future()
        if self._reader is None:
            tell = loop.call_soon_threadsafe
            self._reader = threading.Thread(target=self._read, args=(tell,), name="ray", daemon=True)
            self._reader.start()
        try:
            return await self._waiting[number]
        finally:
            del self._waiting[number]
            self._feed.drop.remote(number)

    def close(self) -> None:
        """No portion follows. Waits for the workers to end what they are at: portions that nobody waits for
        any more are dropped by now."""
        self._feed.close.remote()
        if self._reader is not None:
            self._reader.join(_ENDS_WITHIN)

    def _read(self, tell: Callable[..., object]) -> None:
        """Tell what comes back from the workers; in a thread, since Ray Data waits."""
        try:
            for batch in self._pipeline().iter_batches(batch_size=None, prefetch_batches=0):
                columns = (batch[name].tolist() for name in ("number", "build", "outcomes"))
                for number, build, outcomes in zip(*columns, strict=True):
                    tell(self._settle, number, build, outcomes)
        except Exception as error:  # noqa: BLE001 - told to all who wait
            with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
                tell(self._fail, _cluster_error(error))

    def _pipeline(self) -> Any:
        """Numbers of portions as they are put, then what the judges make of them, whoever is done first."""
        data = self._ray.data
        judges = data.ActorPoolStrategy(size=self._shares.workers, max_tasks_in_flight_per_actor=_AT_A_WORKER)
        threads = self._shares.threads
        # Steps that ask for equal CPUs would be made one, and that on a single worker.
        put = data.from_items([{"number": 0}]).map_batches(numbers, fn_args=(self._feed,), num_cpus=0)
        about = (self._feed, threads, self._build)
        return put.map(Judge, fn_constructor_args=about, compute=judges, num_cpus=threads)

    def _settle(self, number: int, build: str, outcomes: bytes) -> None:
        if build != self._build:
            told = f"a node has version {build}, this program is {self._build}"
            self._fail(ClusterError(told, hint=_WAY_OUT))
        waiting = self._waiting.get(number)
        if waiting is not None and not waiting.done():
            waiting.set_result(pickle.loads(outcomes))  # noqa: S301 - from the program's own workers

    def _fail(self, fault: ClusterError) -> None:
        self._fault = fault
        for one in self._waiting.values():
            if not one.done():
                one.set_exception(fault)


def _imported() -> Any:
    """Ray, with Ray Data. Raises UsageError if it is not installed."""
    refuse_missing("ray", purpose="--engine ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # read when a cluster starts
    os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"  # a thread that comes too late must not start another one
    try:
        ray = import_module("ray")
        for part in ("ray.data", "ray.util.scheduling_strategies"):
            import_module(part)
    except ImportError as error:
        raise UsageError(
            f"--engine ray cannot import Ray: {one_line(str(error), 200)}",
            hint=f"Install it with: {how_to_install('ray')}",
        ) from error
    return ray


def _connect(ray: Any, where: str) -> None:
    """Join a cluster, or start one on this machine; it says nothing unless it fails."""
    own = {"include_dashboard": False, "object_store_memory": _OWN_STORE} if where == _OWN else {}
    try:
        ray.init(address=where, log_to_driver=False, logging_level=logging.ERROR, **own)
    except (OSError, RuntimeError, ValueError) as error:
        raise _no_cluster(where, error) from error
    logging.getLogger("ray").setLevel(logging.ERROR)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.execution_no_progress_timeout_s = -1  # a pipe may be silent for hours
    context.target_max_block_size = 1  # every row goes on at once, and none waits for others


def _refuse_client(address: str) -> None:
    if address.startswith("ray://"):
        raise UsageError(
            "--engine ray runs on a node of the cluster, not through Ray Client (ray://)",
            hint="Run the same command on a node, with --ray-address auto.",
        )


def _refuse_unreachable(address: str) -> None:
    """Raise ClusterError if nobody listens at HOST:PORT; Ray would try for minutes."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWERS_WITHIN).close()
    except (OSError, ValueError, OverflowError) as error:
        raise _no_cluster(address, error) from error


def _no_cluster(address: str, error: Exception) -> ClusterError:
    return ClusterError(
        f"there is no Ray cluster at {one_line(address, 80)}: {_last_line(error)}",
        hint="`ray start --head` starts one; without --ray-address this machine is used (docs/scale.md).",
    )


def _cluster_error(error: Exception) -> ClusterError:
    return ClusterError(f"the Ray cluster gave up: {_last_line(error)}", hint=_WAY_OUT)


def _last_line(error: Exception) -> str:
    """What a message that may hold a whole traceback comes to."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return one_line(lines[-1], 200) if lines else type(error).__name__
