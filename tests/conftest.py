"""Set-up that every test shares: its own home folder, no network key, openai's client visible to respx."""

from __future__ import annotations

import httpx2

httpx2.alias_httpx()  # before anything imports httpx: openai 3 speaks httpx2, respx patches httpx

import functools  # noqa: E402
import os  # noqa: E402
import ssl  # noqa: E402
from pathlib import Path  # noqa: E402

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

# Speed is measured in benchmarks/: a busy machine must fail no test. Nothing is written beside the tests.
settings.register_profile(
    "steady", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


# Reading the machine's certificates takes 30 ms for each client, and no test speaks TLS.
ssl.create_default_context = functools.cache(ssl.create_default_context)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own: no test reads or harms a person's data."""
    for name in list(os.environ):
        if name.startswith(("INTERVIEWER_", "OPENAI_")) or name in {
            "NO_COLOR",
            "FORCE_COLOR",
            "EDITOR",
            "VISUAL",
        }:
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("INTERVIEWER_HOME", str(folder))
    return folder
