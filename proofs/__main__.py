"""python -m proofs NAME [OPTIONS]: run the proof of that name; without a name, list them."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import proofs

NAMES = tuple(sorted(m.name for m in pkgutil.iter_modules(proofs.__path__) if not m.name.startswith("_")))


def main(arguments: list[str]) -> int:
    """The exit code of the proof that `arguments` names; 2 if there is none of that name."""
    if not arguments or arguments[0] not in NAMES:
        print("python -m proofs NAME [OPTIONS], with NAME one of:")
        for name in NAMES:
            told = importlib.import_module(f"proofs.{name}").__doc__ or ""
            print(f"  {name:<10} {told.strip().splitlines()[0] if told.strip() else ''}")
        return 2
    outcome = importlib.import_module(f"proofs.{arguments[0]}").main(arguments[1:])
    return int(outcome)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
