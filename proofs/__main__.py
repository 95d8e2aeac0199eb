"""python -m proofs NAME [OPTIONS]: run the proof of that name; without a name, list them."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

_FILES = {path.stem: path for path in sorted(Path(__file__).parent.glob("[!_]*.py"))}


def main(arguments: list[str]) -> int:
    """The exit code of the proof that `arguments` names; 2 if there is none of that name, or a package that
    it needs is not installed."""
    if not arguments or arguments[0] not in _FILES:
        print("python -m proofs NAME [OPTIONS], with NAME one of:")
        for name, path in _FILES.items():
            told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            print(f"  {name:<10} {told.partition(chr(10))[0]}")
        return 2
    try:
        proof = importlib.import_module(f"proofs.{arguments[0]}")
    except ModuleNotFoundError as missing:
        print(f"{missing}. `python3 scripts/test` makes .venv, whose Python has what the proofs need.")
        return 2
    return int(proof.main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
