"""The engine that the model runs on tells nobody of it: it would, and would be suppressed where tests run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LOAD = "from interviewer.embedded.model import EmbeddedModel; EmbeddedModel()"
#: By these the engine takes itself to be tested, and keeps silent of its own accord.
TESTED = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY")


@pytest.mark.parametrize("switch", [{}, {"ORT_DISABLE_TELEMETRY": "0"}], ids=["unset", "set to report"])
def test_loading_the_model_writes_no_id_of_this_machine(switch: dict[str, str], tmp_path: Path) -> None:
    kept = {n: v for n, v in os.environ.items() if n not in TESTED and not n.startswith("XDG_")}
    homes = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "TMPDIR", "TEMP"), str(tmp_path))

    subprocess.run(
        [sys.executable, "-B", "-c", LOAD],
        env={**kept, **homes, **switch, "PYTHONPATH": str(TOP)},
        cwd=tmp_path,
        check=True,
    )

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
