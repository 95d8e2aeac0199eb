"""`grade FILE` at scale, in real processes against a service on loopback that takes 200 ms a reply.

    python -m benchmarks.batch [throughput|memory|kills|limits ...]

throughput: 2,000 answers at concurrency 64 against a bare loop of the openai client that sends the same
bodies. memory: 100,000 lines against 1,000, all new and all graded before. kills: kill -9 at 20 random
moments of a run of 2,000 lines, each time run again. limits: a service that refuses 30 % of its requests.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.batch_server import PROOF

CONCURRENCY = 64
LINES = 2_000
MANY = 100_000
KILLS = 20
ROUNDS = 3
BAR_THROUGHPUT = 0.9
BAR_MEMORY_MB = 50.0
BAR_REQUESTS = 1.6
QUESTION = "kv-cache"


@dataclass(frozen=True)
class Outcome:
    """What a process came to. cpu: seconds that it computed. memory_mb: the most that it held."""

    code: int
    seconds: float
    cpu: float
    memory_mb: float


class Server:
    """The service; `stats` tells what it saw since it was last asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"

    def stats(self) -> dict[str, float]:
        with urllib.request.urlopen(f"{self.url}/stats") as answer:
            return dict(json.load(answer))


@contextlib.contextmanager
def served(seconds: float, refused: float = 0.0) -> Iterator[Server]:
    command = [sys.executable, "-m", "benchmarks.batch_server", str(seconds), str(refused)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Server(int(process.stdout.readline()))
        finally:
            process.kill()


def write_lines(path: Path, count: int) -> Path:
    """A file of so many answers, all different, with all that the question asks for."""
    with path.open("w") as file:
        for n in range(count):
            id = f"line-{n:06d}"
            answer = f"{PROOF} As the cache grows with every token, I watch its memory. This is {id}."
            file.write(json.dumps({"id": id, "question_id": QUESTION, "answer": answer}) + "\n")
    return path


def grade(folder: Path, server: Server, source: Path, *more: str, kill_after: float | None = None) -> Outcome:
    """The program, grading `source` to out.jsonl in `folder`."""
    out = folder / "out.jsonl"
    command = [
        sys.executable, "-m", "interviewer", "grade", str(source), "-o", str(out), "--grader", "llm",
        "--base-url", server.url, "--model", "m", "--concurrency", str(CONCURRENCY), "--quiet", *more,
    ]  # fmt: skip
    return run(command, folder, kill_after=kill_after)


def run(command: list[str], folder: Path, *, kill_after: float | None = None) -> Outcome:
    """A process with its own home; killed after so many seconds, if it is still there."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, "INTERVIEWER_HOME": str(folder / "home")},
        stdout=subprocess.DEVNULL,
    )
    if kill_after is not None:
        time.sleep(kill_after)
        process.kill()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Outcome(process.returncode, time.perf_counter() - started, cpu, usage.ru_maxrss / 1024)


def lines_of(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines() if line]


def throughput(top: Path) -> bool:
    """Lines a second between the first request and the last reply, as the service sees it."""
    source = write_lines(top / "in.jsonl", LINES)
    own, bare = [], []
    with served(0.2) as server:
        for n in range(ROUNDS):
            folder = top / f"throughput{n}"
            folder.mkdir()
            run([sys.executable, "-m", "benchmarks.batch", "bare", server.url, str(source)], folder)
            bare.append(LINES / server.stats()["seconds"])
            outcome = grade(folder, server, source)
            seen = server.stats()
            assert outcome.code == 0
            assert len(lines_of(folder)) == LINES == seen["requests"], seen
            own.append(LINES / seen["seconds"])
            print(
                f"  bare {bare[-1]:.0f}/s, grade {own[-1]:.0f}/s; the whole took {outcome.seconds:.1f} s "
                f"and {1000 * outcome.cpu / LINES:.1f} ms of CPU an answer"
            )
    ratio = median(a / b for a, b in zip(own, bare, strict=True))
    print(
        f"throughput at concurrency {CONCURRENCY}: {median(own):.0f} answers/s, bare {median(bare):.0f}/s, "
        f"ratio {ratio:.2f} (bar {BAR_THROUGHPUT})"
    )
    return ratio >= BAR_THROUGHPUT


def memory(top: Path) -> bool:
    """The most memory for many lines over that for few: graded anew, and all graded before."""
    is_within = True
    with served(0.0) as server:
        fresh, again = {}, {}
        for count in (1_000, MANY):
            folder = top / f"memory{count}"
            folder.mkdir()
            source = write_lines(folder / "in.jsonl", count)
            fresh[count] = grade(folder, server, source, "--no-cache")
            again[count] = grade(folder, server, source, "--no-cache")
            assert (fresh[count].code, again[count].code) == (0, 0)
            assert server.stats()["requests"] == count
    for name, found in (("graded", fresh), ("graded before", again)):
        few, many = found[1_000].memory_mb, found[MANY].memory_mb
        is_within &= many - few <= BAR_MEMORY_MB
        print(
            f"memory, {name}: {few:.0f} MB for 1,000 lines, {many:.0f} MB for {MANY:,}, "
            f"{many - few:+.0f} (bar {BAR_MEMORY_MB:g}); {found[MANY].seconds:.0f} s"
        )
    return is_within


def kills(top: Path) -> bool:
    """Kill -9 at random moments; the final file, and what was sent again."""
    folder = top / "kills"
    folder.mkdir()
    source = write_lines(folder / "in.jsonl", LINES)
    chance = random.Random(7)
    sent = 0
    with served(0.2) as server:
        for _ in range(KILLS):
            # A start takes a second; the whole would take some ten.
            grade(folder, server, source, "--no-cache", kill_after=chance.uniform(0.3, 2.2))
            sent += int(server.stats()["requests"])
        last = grade(folder, server, source, "--no-cache")
        sent += int(server.stats()["requests"])
    ids = Counter(str(line["id"]) for line in lines_of(folder))
    expected = [f"line-{n:06d}" for n in range(LINES)]
    left = sorted(path.name for path in folder.iterdir() if path.name.startswith("out.jsonl"))
    is_whole = list(ids) == expected and set(ids.values()) == {1} and left == ["out.jsonl"]
    again = sent - LINES
    print(
        f"kills: {KILLS}, then {'whole and in order' if is_whole else 'NOT WHOLE'}; {again} requests were "
        f"sent again, {again / KILLS:.1f} a kill (bar: {CONCURRENCY}, those in flight)"
    )
    return is_whole and last.code == 0 and again <= KILLS * CONCURRENCY


def limits(top: Path) -> bool:
    """All lines graded, and how many requests that took."""
    folder = top / "limits"
    folder.mkdir()
    with served(0.02, refused=0.3) as server:
        outcome = grade(folder, server, write_lines(folder / "in.jsonl", LINES))
        seen = server.stats()
    share = seen["requests"] / LINES
    graded = sum("score" in line for line in lines_of(folder))
    print(
        f"limits: {graded} of {LINES} graded with {seen['requests']:.0f} requests, {share:.2f} a line "
        f"(bar {BAR_REQUESTS}), {outcome.seconds:.0f} s, at most {seen['most_in_flight']} in flight"
    )
    return outcome.code == 0 and graded == LINES and share <= BAR_REQUESTS


def bodies_of(source: str) -> list[dict[str, Any]]:
    """What `grade` sends for each line."""
    from interviewer.bank.load import load_bank
    from interviewer.batch.lines import job_of
    from interviewer.grading.prompt import grading_request
    from interviewer.llm.openai_wire import body_of
    from interviewer.llm.wire import Dialect
    from interviewer.text import sentences

    bank = load_bank()
    bodies = []
    for line in Path(source).read_text().splitlines():
        task = job_of(line, bank).task
        assert task is not None
        bodies.append(body_of(grading_request(task, tuple(sentences(task.answer))), Dialect(), "m"))
    return bodies


async def bare(url: str, bodies: list[dict[str, Any]]) -> None:
    """The same bodies by the openai client alone, each answer's text taken and nothing done with it."""
    import openai

    client = openai.AsyncOpenAI(api_key="none", base_url=url, max_retries=0)
    rest = iter(bodies)

    async def work() -> None:
        for body in rest:
            reply = await client.chat.completions.create(**body)
            assert reply.choices[0].message.content

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
    await client.close()


def main(wanted: list[str]) -> int:
    """Print each result; the exit code is 1 if a bar is missed."""
    parts = {"throughput": throughput, "memory": memory, "kills": kills, "limits": limits}
    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        held = [parts[name](Path(folder)) for name in wanted or parts]
    return int(not all(held))


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        asyncio.run(bare(sys.argv[2], bodies_of(sys.argv[3])))
    else:
        sys.exit(main(sys.argv[1:]))
