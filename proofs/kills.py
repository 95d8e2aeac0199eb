"""Kills the program at random moments: nothing that it acknowledged is lost, doubled or changed.

    python -m proofs kills [COUNT] [--seed N]

Interviews in each mode, with follow-ups, disputes, retries, limits and a faulty service, are killed with
SIGKILL and gone on with, again and again, then compared with the same interview that was never killed. So are
`grade --pending`, `export`, `config set`, the migration of older databases, and drafts that are typed on a
terminal. `grade -o` has its own kills in benchmarks/batch.py.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.support.kills import drafts
from tests.support.kills.interviews import LIMITED, SETTINGS
from tests.support.kills.rounds import Tally, played, plays

KILLS = 500
_MOST = 6  # of one interview
_SHOWN = 20  # findings


def main(arguments: list[str]) -> int:
    """0 if nothing was lost, double or different; 1 otherwise."""
    asked = _asked(arguments)
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top)
        with plays(folder, (*SETTINGS, LIMITED), at_once=asked.at_once, most=_MOST) as found:
            round_of_plays = [*found, drafts.killed]
            tally = played(round_of_plays, folder, kills=asked.count, seed=asked.seed, at_once=asked.at_once)
    print(_told(tally, asked.seed))
    return 1 if tally.findings.all else 0


def _told(tally: Tally, seed: int) -> str:
    found = tally.findings
    lines = [f"  {count:>5}  {stage}" for stage, count in tally.stages.most_common()]
    lines += [f"  {one}" for one in found.all[:_SHOWN]]
    return "\n".join(
        (
            f"{tally.kills} kills in {tally.trials} runs, seed {seed}, {tally.seconds:.0f} seconds: "
            f"{len(found.lost)} lost, {len(found.double)} double, {len(found.differing)} differing",
            *lines,
        )
    )


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m proofs kills", description="Kill at random moments.")
    parser.add_argument(
        "count", nargs="?", type=int, default=KILLS, help="kills, at least [default: %(default)s]"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the moments [default: %(default)s]")
    parser.add_argument("--at-once", type=int, default=2, help="processes at a time [default: %(default)s]")
    return parser.parse_args(arguments)
