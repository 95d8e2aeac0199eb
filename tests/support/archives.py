"""What is wrong with a wheel or an sdist, read as whoever installs it would. Standard library only."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import tarfile
import zipfile
from collections.abc import Collection, Iterator
from email import message_from_string
from pathlib import Path

#: A wheel is downloaded by everybody who tries the program.
MAX_WHEEL_BYTES = 40_000_000

_STRAY = re.compile(
    r"(^|/)(__pycache__|\.[^/]*|tests?|training|benchmarks|proofs|shared)(/|$)|\.(pyc|log|db)$"
)
_PROMISED = {
    "Name": "mock-interviewer",
    "License-Expression": "Apache-2.0",
    "License-File": "LICENSE",
    "Requires-Python": ">=3.11",
    "Description-Content-Type": "text/markdown",
}


def wheel_faults(wheel: Path, *, wanted: Collection[str] = ()) -> list[str]:
    """Sentences that say what is wrong with `wheel`; none if all is well.

    wanted: the package's files, as "interviewer/…"; others may not be there, but for interviewer/shipped/.
    """
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        twice = len(archive.namelist()) - len(set(archive.namelist()))
    return [
        *([f"{twice} names are there twice"] if twice else []),
        *_size_faults(wheel),
        *_name_faults(held, wanted),
        *_record_faults(held),
        *_metadata_faults(held),
    ]


def sdist_names(sdist: Path) -> set[str]:
    """The files in `sdist`, without its top folder."""
    with tarfile.open(sdist) as archive:
        return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}


def _size_faults(wheel: Path) -> Iterator[str]:
    if wheel.stat().st_size > MAX_WHEEL_BYTES:
        yield f"{wheel.stat().st_size:,} bytes are more than {MAX_WHEEL_BYTES:,}"


def _name_faults(held: Collection[str], wanted: Collection[str]) -> Iterator[str]:
    package = {name for name in held if ".dist-info/" not in name}
    yield from (f"{name} does not belong there" for name in sorted(package) if _STRAY.search(name))
    yield from (
        f"{name} is outside of the package" for name in sorted(package) if not name.startswith("interviewer/")
    )
    if wanted:
        yield from (f"{name} is missing" for name in sorted(set(wanted) - package))
        more = {name for name in package - set(wanted) if not name.startswith("interviewer/shipped/")}
        yield from (f"{name} is nobody's" for name in sorted(more))


def _record_faults(held: dict[str, bytes]) -> Iterator[str]:
    """Where RECORD, by which pip checks and uninstalls, and the files differ."""
    record = _dist_info(held, "RECORD")
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(held[record].decode("utf-8")))}
    yield from (f"{name} is not in RECORD" for name in sorted(set(held) - set(rows)))
    yield from (f"{name} is in RECORD alone" for name in sorted(set(rows) - set(held)))
    for name, (digest, size) in rows.items():
        if name == record or name not in held:
            continue
        found = base64.urlsafe_b64encode(hashlib.sha256(held[name]).digest()).decode().rstrip("=")
        if digest != f"sha256={found}" or int(size) != len(held[name]):
            yield f"{name} is not what RECORD says"


def _metadata_faults(held: dict[str, bytes]) -> Iterator[str]:
    told = message_from_string(held[_dist_info(held, "METADATA")].decode("utf-8"))
    for name, value in _PROMISED.items():
        if told[name] != value:
            yield f"{name} is {told[name]!r} and not {value!r}"
    version = re.search(rb'__version__ = "([^"]+)"', held["interviewer/__init__.py"])
    if version is None or told["Version"] != version[1].decode():
        yield f"Version is {told['Version']!r} and not that of the package"
    points = held[_dist_info(held, "entry_points.txt")].decode("utf-8")
    if "interviewer = interviewer.cli:main" not in points:
        yield "there is no program called interviewer"


def _dist_info(held: Collection[str], name: str) -> str:
    """The name of the one file called `name` among the metadata."""
    (found,) = (one for one in held if one.endswith(f".dist-info/{name}"))
    return found
