"""The wheel holds all that the program needs: it runs in an empty folder, without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds."""
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    target = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def test_the_program_runs_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed), "INTERVIEWER_HOME": str(tmp_path / "home")}
    # -P keeps the checkout out; the folder that the tests run in is an empty one.
    done = subprocess.run(
        [sys.executable, "-P", "-m", "interviewer", "questions", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(json.loads(done.stdout)) == 23


def test_what_runs_is_the_wheel_and_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", "import interviewer; print(interviewer.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(done.stdout.strip()).is_relative_to(installed)


def test_every_file_that_the_code_reads_is_in_the_wheel(installed: Path) -> None:
    held = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}

    assert held >= {
        "interviewer/py.typed",
        "interviewer/shipped/questions.yaml",
        "interviewer/shipped/rubrics/technical.yaml",
        "interviewer/shipped/rubrics/scenario.yaml",
        "interviewer/shipped/rubrics/behavioral.yaml",
        "interviewer/bank/starter.yaml",
        "interviewer/grading/prompts/system.md",
        "interviewer/grading/prompts/task.md",
        "interviewer/report/templates/base.html.j2",
        "interviewer/report/templates/style.css",
        "interviewer/embedded/files/judge.onnx",
        "interviewer/embedded/files/tokenizer.json",
        "interviewer/embedded/files/about.json",
    }
