"""Measure what the product promises about time and memory, each number beside something plain.

    python -m benchmarks                        # all of it
    python -m benchmarks startup export         # only these
    python -m benchmarks --json FILE            # and keep the rows, with the machine that gave them
    python -m benchmarks --docs                 # make the README's table from benchmarks/results.json

The exit code is 1 if a bar is missed. What stands beside a number is measured in turn with it, so that a busy
machine slows both: ratios can be trusted before times can.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks._machine import ROOT, this_machine
from benchmarks._measure import Measure
from benchmarks._results import read_results, read_rows, results, with_table, write_results

#: `benchmarks/NAME.py`, each run in a process of its own, with these arguments.
PARTS: Mapping[str, tuple[str, ...]] = {
    "startup": (),
    "own_work": (),
    "warmup": (),
    "exam_wait": (),
    "batch": ("throughput", "memory"),
    "local_grader": (),
    "store": (),
    "export": (),
    "memory": (),
    "bank_load": (),
}
#: Left out: they are about how good grades are, or need what an extra brings.
ELSEWHERE = ("agreement", "trust", "ray_engine")
RESULTS = ROOT / "benchmarks" / "results.json"
README = ROOT / "README.md"


def main(arguments: Sequence[str], today: date) -> int:
    """Do as `arguments` say; the exit code. today: for the results."""
    asked = _asked(arguments)
    if asked.docs:
        text = README.read_text(encoding="utf-8")
        README.write_text(with_table(text, read_results(asked.json or RESULTS)), encoding="utf-8")
        return 0
    print(f"machine: {this_machine()}", flush=True)
    rows = [row for name in asked.parts or PARTS for row in measured(name, quick=asked.quick)]
    if asked.json:
        write_results(asked.json, results(rows, today, quick=asked.quick))
    missed = [row.name for row in rows if not row.is_held]
    print(f"bars: {sum(row.bar is not None for row in rows)}, missed: {', '.join(missed) or 'none'}")
    return int(bool(missed))


def measured(name: str, *, quick: bool) -> tuple[Measure, ...]:
    """The rows of a part, which are printed as they come. SystemExit if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.json")
        command = [sys.executable, "-m", f"benchmarks.{name}", *PARTS[name], "--json", str(file)]
        # Its exit code tells of missed bars, too, which the rows tell as well.
        subprocess.run(command + ["--quick"] * quick, cwd=ROOT, check=False)
        if not file.exists():
            raise SystemExit(f"{name} could not be measured")
        return read_rows(file)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=f"parts:\n{_told(PARTS)}\n\nnot part of it, each a command of its own, as "
        f"`python -m benchmarks.trust`:\n{_told(ELSEWHERE)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="what to measure; all of them, unless told")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it works, not how fast")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="the results: to write, or for --docs to read"
    )
    parser.add_argument("--docs", action="store_true", help="measure nothing; make the README's table")
    asked = parser.parse_args(arguments)
    for name in asked.parts:
        if name not in PARTS:
            parser.error(f"there is no part {name!r}: --help lists them")
    return asked


def _told(names: Iterable[str]) -> str:
    """The names, each with the first line of what its file says of itself."""
    lines = []
    for name in names:
        text = (ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8")
        lines.append(f"  {name:<13} {(ast.get_docstring(ast.parse(text)) or '').splitlines()[0]}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC).date()))
