"""The wheel holds all that the program needs: it runs in an empty folder, without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.archives import wheel_faults

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return Path(built)


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder with what the wheel holds."""
    target = wheel.parent / "site"
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


def test_the_wheel_is_small_holds_the_package_alone_and_is_what_its_record_says(wheel: Path) -> None:
    assert wheel_faults(wheel) == []


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("tests/test_a.py", b"", "tests/test_a.py is outside of the package"),
        ("interviewer/.env", b"", "interviewer/.env does not belong there"),
        ("interviewer/__pycache__/a.pyc", b"", "interviewer/__pycache__/a.pyc is not in RECORD"),
        ("interviewer/__init__.py", b"", "1 names are there twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_does_not_belong_into_a_wheel_is_found(
    wheel: Path, tmp_path: Path, name: str, content: bytes, fault: str
) -> None:
    spoilt = tmp_path / wheel.name
    spoilt.write_bytes(wheel.read_bytes())
    with zipfile.ZipFile(spoilt, "a") as archive:
        archive.writestr(name, content)

    assert fault in wheel_faults(spoilt)
