"""Hostile text of every kind, by itself, from every source against every command; a table of what held."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support.commands import commands
from tests.support.hostile import growth
from tests.support.hostile.scenes import ONCE, SCENES, Scene, played
from tests.support.payloads import COMBINED, KINDS

_SHOWN = 500  # characters of what went wrong


def main(arguments: list[str]) -> int:
    """1 if anything was obeyed, lost or not told; 0 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m proofs hostile", description=__doc__)
    kinds = KINDS | {"combined": COMBINED}
    parser.add_argument("--kind", choices=kinds, action="append", help="only this kind of text")
    parser.add_argument("--scene", action="append", help="only scenes whose name holds this")
    parser.add_argument("--no-growth", action="store_true", help="leave out what grows with the text")
    wanted = parser.parse_args(arguments)
    texts = {kind: kinds[kind] for kind in wanted.kind or kinds}
    names = [name for name in SCENES if any(part in name for part in wanted.scene or [""])]
    failures, driven = _table(texts, names)
    if not wanted.scene:
        for name, scene in ONCE.items():
            failures += _failure(scene, "", name, "bytes", driven)
        failures += [f"never called: {left}" for left in sorted(set(commands()) - driven)]
    if not wanted.no_growth:
        failures += growth.tell(print)
    for told in failures:
        print(told)
    print(f"{len(failures)} failures; {len(driven)} commands called")
    return 1 if failures else 0


def _table(texts: Mapping[str, Mapping[str, str]], names: Iterable[str]) -> tuple[list[str], set[str]]:
    """Play all; print a row for each scene, a column for each kind: texts that held, of how many."""
    failures: list[str] = []
    driven: set[str] = set()
    print(f"{'scene':<34}" + "".join(f"{kind:>10}" for kind in texts) + f"{'seconds':>10}")
    for name in names:
        row, began = f"{name:<34}", time.monotonic()
        for kind, payloads in texts.items():
            found = [
                told
                for text, payload in payloads.items()
                for told in _failure(SCENES[name], payload, name, f"{kind}: {text}", driven)
            ]
            row += f"{len(payloads) - len(found):>7}/{len(payloads)}"
            failures += found
        print(f"{row}{time.monotonic() - began:>10.1f}")
        sys.stdout.flush()
    return failures, driven


def _failure(scene: Scene, payload: str, name: str, text: str, driven: set[str]) -> Iterable[str]:
    """What went wrong, if anything did."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        try:
            driven |= played(scene, payload, Path(folder)).driven
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            yield f"FAILED {name}, {text}: {type(error).__name__}: {str(error)[:_SHOWN]}"
