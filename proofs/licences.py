"""The licence of everything that the program is installed with, as the packages say themselves.

    python -m proofs licences                # with the extras pdf and calibrate, as far as they are installed

Prints a line for each package; exit code 1 if one says nothing, or something that nobody has looked at yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

PROJECT = "mock-interviewer"
EXTRAS = frozenset({"pdf", "calibrate"})
#: What was looked at: these ask for notices, and MPL for changes to its own files to stay open.
KNOWN = re.compile(r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|HPND|Zlib|CC0)\b")

_REQUIREMENT = re.compile(r"([\w.-]+)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w.-]+)['\"]")
_CLASSIFIER = "License :: "


def main(arguments: list[str]) -> int:
    """Print the table; 1 if a licence has to be looked at."""
    if arguments:
        print(__doc__)
        return 2
    unknown = 0
    for name, package in sorted(installed(PROJECT, EXTRAS).items()):
        if name == PROJECT:
            continue
        licence = licence_of(package)
        is_known = bool(KNOWN.search(licence))
        unknown += not is_known
        print(
            f"{name:<24} {package.version:<16} {licence or 'says nothing'}{'' if is_known else '   ← look'}"
        )
    print(f"{unknown} to be looked at")
    return 1 if unknown else 0


def licence_of(package: Distribution) -> str:
    """The licence that `package` names: an expression, or classifiers, or the first line of a text."""
    told = package.metadata
    named = [
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or ()
        if line.startswith(_CLASSIFIER)
    ]
    text = (told["License"] or "").strip()
    return told["License-Expression"] or ", ".join(named) or text.partition("\n")[0]


def installed(name: str, extras: frozenset[str]) -> dict[str, Distribution]:
    """`name` and all that it needs, as far as it is installed here, by name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, extras)]
    while waiting:
        one, wanted = waiting.pop()
        if (one, wanted) in seen:
            continue
        seen.add((one, wanted))
        try:
            package = distribution(one)
        except PackageNotFoundError:
            continue  # for another platform or Python
        found[one] = package
        waiting.extend(_needed(package, wanted))
    return found


def _needed(package: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The names, each with its extras, that `package` asks for when it is installed with `extras`."""
    for line in package.requires or ():
        requirement, _, marker = line.partition(";")
        asked_by = _EXTRA.search(marker)
        match = _REQUIREMENT.match(requirement)
        if match and (asked_by is None or asked_by[1] in extras):
            name, more = match.groups()
            wanted = frozenset(part.strip() for part in (more or "").split(",") if part.strip())
            yield re.sub(r"[-_.]+", "-", name).lower(), wanted
