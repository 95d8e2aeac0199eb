"""Large texts: what takes time for them must grow with their size, and not with its square."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from interviewer.interview.events import InterviewStarted
from interviewer.store.store import Store
from tests.report.samples import answer, judged, turn, with_turns
from tests.support.hostile.looking import FORMATS
from tests.support.hostile.world import World

#: Texts of a given length in characters, each of another shape.
SHAPES: dict[str, Callable[[int], str]] = {
    "one line of words": lambda size: "latency and throughput " * (size // 23),
    "one word": lambda size: "x" * size,
    "lines": lambda size: "latency is time\n" * (size // 16),
    "blank lines": lambda size: "\n" * (size // 10) + "latency is time",
    "dots": lambda size: ". " * (size // 2),
    "full stops": lambda size: "." * size,
    "quotes": lambda size: '."' * (size // 2),
    "colons": lambda size: ":a" * (size // 2),
    "brackets": lambda size: "[" * size,
    "markers": lambda size: "*_`<&" * (size // 5),
    "escapes": lambda size: "\x1b[31m" * (size // 5),
    "returns": lambda size: "\r" * size + "latency is time",
    "a tower": lambda size: "Z" + "\u0337" * size,
    "joined emoji": lambda size: "👩" + "\u200d👩" * (size // 2),
    "ideographs": lambda size: "延" * size,
}
_SMALL, _LARGE = 100_000, 1_000_000
#: Ten times the text may take so many times as long; a square would take a hundred times.
_MOST = 25.0
_LONGEST = 10.0  # seconds for the larger one
_LEAST = 0.3  # seconds for the larger one below which nothing is said of its growth


def piped(world: World, text: str) -> None:
    """As an answer over a pipe: refused as too long, kept as what is typed, and shown."""
    world.call("start", "-q", "kv-cache", "--follow-ups", "0", stdin=f"{text}\n---\n", codes={0})


def graded_lines(world: World, text: str) -> None:
    """As an answer, an id and a question of `grade`; what is over the limits is told."""
    lines = [
        {"id": "1", "question_id": "kv-cache", "answer": text},
        {"id": "2", "question_id": text, "answer": text[:20_000]},
        {"id": "3", "question": text[:300_000], "reference": text[:300_000], "answer": text[:20_000]},
    ]
    world.write("in.jsonl", "".join(f"{json.dumps(one)}\n" for one in lines))
    world.call("grade", "in.jsonl", codes={0, 1})


def judged_locally(world: World, text: str) -> None:
    """As the longest answer that is judged, by the embedded model."""
    line = {"id": "1", "question_id": "kv-cache", "answer": text[: len(text) * 24_000 // _LARGE]}
    world.write("in.jsonl", json.dumps(line) + "\n")
    world.call("grade", "in.jsonl", "--grader", "local", codes={0, 1})


def kept(world: World, text: str) -> None:
    """As an answer that is stored and graded, and shown and exported in every way.

    Other scenes look at what comes out: reading a page of a million signs takes longer than making it.
    """
    graded = judged(*("met", "partial"), text=text)  # type: ignore[arg-type]
    with Store.open(world.home / "data") as store:
        one = with_turns(turn(answer(text, grade=graded)), id="large")
        store.record("large", InterviewStarted(interview=one))
    for command in (("sessions",), ("show",), ("show", "--json"), *(("export", "-f", f) for f in FORMATS)):
        world.call(*command, codes={0})


def in_a_bank(world: World, text: str) -> None:
    """As the text of a question, in a file that is checked and listed."""
    world.write("bank.yaml", f"version: 1\nid: x\ntitle: {json.dumps(text)}\nrole: |\n  x\n{text}")
    world.call("bank", "check", "bank.yaml", codes={4})


def described(world: World, text: str) -> None:
    """As the description of a job."""
    world.write("job.txt", text)
    world.call("start", "--jd", "job.txt", "-n", "1", stdin="/quit\n", codes={0})


WAYS = (piped, graded_lines, judged_locally, kept, in_a_bank, described)


def tell(say: Callable[[str], object]) -> list[str]:
    """Say the seconds for a large text and how they grew from one of a tenth; what grows too fast, or takes
    too long."""
    failures = []
    say(f"\n{'seconds for 1 MB (growth from 0.1 MB)':<24}" + "".join(f"{way.__name__:>16}" for way in WAYS))
    for shape, make in SHAPES.items():
        row = f"{shape:<24}"
        for way in WAYS:
            small = _seconds(way, make(_SMALL))
            # Where a square is sure to take too long, nobody waits to see it.
            large = _seconds(way, make(_LARGE)) if small < _LONGEST / 2 else 100 * small
            row += f"{large:>9.2f} ({large / small:>4.0f})"
            if large > _LONGEST or (large > _LEAST and large / small > _MOST):
                failures.append(f"SLOW {way.__name__}, {shape}: {small:.2f} s, then {large:.2f} s")
        say(row)
    return failures


def _seconds(way: Callable[[World, str], None], text: str) -> float:
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        world = World(Path(folder), "")
        began = time.process_time()
        way(world, text)
        return max(time.process_time() - began, 0.001)
