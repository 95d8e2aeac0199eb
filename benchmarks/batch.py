"""`grade FILE` at scale, in real processes against a service on loopback that takes 200 ms a reply.

throughput: 2,000 answers at concurrency 64 against a bare loop of the openai client that sends the same
bodies. memory: many lines against few, all new and all graded before. kills: kill -9 at 20 random moments of
a run of 2,000 lines, each time run again. limits: a service that refuses 30 % of its requests. All four,
unless some are named.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks._batch_server import PROOF
from benchmarks._command import main
from benchmarks._measure import Bar, Measure, beside, compared
from benchmarks._running import PROGRAM, Outcome, must, run

COMMAND = "python -m benchmarks batch"
OWN = "python -m benchmarks.batch"
QUICK = {"lines": 100, "few": 10, "many": 200, "rounds": 1, "times": 2}
CONCURRENCY = 64
BAR_THROUGHPUT = Bar(0.9, of="ratio", at_least=True)
BAR_MEMORY = Bar(50.0, of="difference")
BAR_SENT_AGAIN = Bar(CONCURRENCY)
BAR_REQUESTS = Bar(1.6)
QUESTION = "kv-cache"


@dataclass(frozen=True, slots=True)
class Sizes:
    """lines: of a file whose time counts. few, many: lines of files whose memory counts. rounds: pairs of
    runs. times: how often a run is killed.
    """

    lines: int
    few: int
    many: int
    rounds: int
    times: int


def measured(
    *parts: str, lines: int = 2_000, few: int = 1_000, many: int = 20_000, rounds: int = 3, times: int = 20
) -> Iterator[Measure]:
    """The rows of these parts, of all four without one. Raises KeyError for a part that there is not."""
    known = {"throughput": throughput, "memory": memory, "kills": kills, "limits": limits}
    chosen = [known[name] for name in parts] or list(known.values())
    for part in chosen:
        with tempfile.TemporaryDirectory() as folder:
            yield from part(Path(folder), Sizes(lines, few, many, rounds, times))


def throughput(top: Path, sizes: Sizes) -> Iterator[Measure]:
    """Lines a second between the first request and the last reply, as the service sees it."""
    source = write_lines(top / "in.jsonl", sizes.lines)
    pairs, cpu = [], []
    with served(0.2) as server:
        for n in range(sizes.rounds):
            folder = top / f"{n}"
            folder.mkdir()
            bare_client = (sys.executable, "-m", "benchmarks._bare_client", server.url, str(source))
            must(run((*bare_client, str(CONCURRENCY)), folder))
            bare = sizes.lines / server.stats()["seconds"]
            outcome = must(grade(folder, server, source))
            seen = server.stats()
            assert len(lines_of(folder)) == sizes.lines == seen["requests"], seen
            pairs.append((sizes.lines / seen["seconds"], bare))
            cpu.append(1000 * outcome.cpu / sizes.lines)
    yield beside(
        f"`grade FILE`, concurrency {CONCURRENCY}, a service that takes 200 ms",
        pairs, "answers/s", "the openai client alone, same requests", command=COMMAND, bar=BAR_THROUGHPUT,
    )  # fmt: skip
    yield Measure("`grade FILE`, CPU of an answer, with the start", sorted(cpu)[len(cpu) // 2], "ms", COMMAND)


def memory(top: Path, sizes: Sizes) -> Iterator[Measure]:
    """The most memory for many lines over that for few: graded anew, and all graded before."""
    fresh: dict[int, Outcome] = {}
    again: dict[int, Outcome] = {}
    with served(0.0) as server:
        for count in (sizes.few, sizes.many):
            folder = top / f"{count}"
            folder.mkdir()
            source = write_lines(folder / "in.jsonl", count)
            fresh[count] = must(grade(folder, server, source, "--no-cache"))
            again[count] = must(grade(folder, server, source, "--no-cache"))
            assert server.stats()["requests"] == count
    for found, how in ((fresh, ""), (again, " that were graded before")):
        name = f"`grade FILE`, memory for {sizes.many:,} lines{how}"
        few, many = found[sizes.few].memory_mb, found[sizes.many].memory_mb
        yield compared(name, many, "MB", f"{sizes.few:,} lines", few, command=COMMAND, bar=BAR_MEMORY)


def kills(top: Path, sizes: Sizes) -> Iterator[Measure]:
    """Kill -9 at random moments; the final file is whole, and some answers were sent again."""
    source = write_lines(top / "in.jsonl", sizes.lines)
    chance = random.Random(7)
    sent = 0
    with served(0.2) as server:
        for _ in range(sizes.times):
            # A start takes a second; the whole would take some ten.
            grade(top, server, source, "--no-cache", kill_after=chance.uniform(0.3, 2.2))
            sent += int(server.stats()["requests"])
        must(grade(top, server, source, "--no-cache"))
        sent += int(server.stats()["requests"])
    ids = Counter(str(line["id"]) for line in lines_of(top))
    assert list(ids) == [f"line-{n:06d}" for n in range(sizes.lines)], "not in order"
    assert set(ids.values()) == {1}, "some line is there twice"
    assert sorted(path.name for path in top.glob("out.jsonl*")) == ["out.jsonl"], "something is left over"
    again = (sent - sizes.lines) / sizes.times
    yield Measure(f"requests sent again after one of {sizes.times} kills", again, "", OWN, bar=BAR_SENT_AGAIN)


def limits(top: Path, sizes: Sizes) -> Iterator[Measure]:
    """All lines are graded, and how many requests that takes."""
    with served(0.02, refused=0.3) as server:
        must(grade(top, server, write_lines(top / "in.jsonl", sizes.lines)))
        share = server.stats()["requests"] / sizes.lines
    assert sum("score" in line for line in lines_of(top)) == sizes.lines
    yield Measure("requests a line where 30 % of them are refused", share, "", OWN, bar=BAR_REQUESTS)


class Server:
    """The service; `stats` tells what it saw since it was last asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"

    def stats(self) -> dict[str, float]:
        with urllib.request.urlopen(f"{self.url}/stats") as answer:
            return dict(json.load(answer))


@contextlib.contextmanager
def served(seconds: float, refused: float = 0.0) -> Iterator[Server]:
    """The service in a process of its own, so that its work is not ours."""
    command = [sys.executable, "-m", "benchmarks._batch_server", str(seconds), str(refused)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Server(int(process.stdout.readline()))
        finally:
            process.kill()


def write_lines(path: Path, count: int) -> Path:
    """A file of so many answers, all different, with all that the question asks for."""
    with path.open("w", encoding="utf-8") as file:
        for n in range(count):
            id = f"line-{n:06d}"
            answer = f"{PROOF} As the cache grows with every token, I watch its memory. This is {id}."
            file.write(json.dumps({"id": id, "question_id": QUESTION, "answer": answer}) + "\n")
    return path


def grade(folder: Path, server: Server, source: Path, *more: str, kill_after: float | None = None) -> Outcome:
    """The program, grading `source` to out.jsonl in `folder`."""
    out = folder / "out.jsonl"
    command = [
        *PROGRAM, "grade", str(source), "-o", str(out), "--grader", "llm", "--base-url", server.url,
        "--model", "m", "--concurrency", str(CONCURRENCY), "--quiet", *more,
    ]  # fmt: skip
    return run(command, folder / "home", kill_after=kill_after)


def lines_of(folder: Path) -> list[dict[str, object]]:
    """What was written."""
    text = (folder / "out.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line]


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
