"""The cache of grades on disk: whatever is wrong with it, a grade is asked for again and nothing breaks."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.models import Grade
from interviewer.store.grade_cache import GradeCache
from tests.support.builders import grade

KEY = "ab" + "0" * 62
TEXTS = st.text(st.characters(codec=None, exclude_categories=()))


def key(number: int) -> str:
    return f"{number:064x}"


def file_of(folder: Path, of: str = KEY) -> Path:
    return folder / "grades" / of[:2] / f"{of[2:]}.json"


def kept(folder: Path) -> Path:
    """The file of a grade that was kept under KEY."""
    GradeCache(folder).put(KEY, grade())
    return file_of(folder)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_grade_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    GradeCache(tmp_path).put(KEY, grade(feedback="Name the unit."))

    assert GradeCache(tmp_path).get(KEY) == grade(feedback="Name the unit.")


@given(TEXTS)
def test_hostile_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    cache = GradeCache(tmp_path_factory.mktemp("cache"))
    cache.put(KEY, grade(feedback=text))

    found = cache.get(KEY)

    assert found is not None
    assert found.feedback == text


def test_what_was_never_kept_is_a_miss(tmp_path: Path) -> None:
    assert GradeCache(tmp_path).get(KEY) is None


def test_a_later_grade_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    cache = GradeCache(tmp_path)
    cache.put(KEY, grade(10.0))
    cache.put(KEY, grade(20.0))

    assert cache.get(KEY) == grade(20.0)


def test_each_grade_has_a_file_by_its_key(tmp_path: Path) -> None:
    kept(tmp_path)

    assert [p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()] == [
        Path("grades", "ab", f"{'0' * 62}.json")
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    file = kept(tmp_path)

    assert [mode(p) for p in (file, file.parent, file.parent.parent)] == [0o600, 0o700, 0o700]


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def of_another_program(file: Path) -> None:
    file.write_text('{"score": "high"}')


def no_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00{")


def nested_deeply(file: Path) -> None:
    file.write_text("[" * 100_000)


def out_of_range(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"score":75.0', b'"score":1e999'))


def huge(file: Path) -> None:
    file.write_bytes(b" " * 1_000_001 + file.read_bytes())


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize(
    "harm",
    [
        empty,
        cut_off,
        of_another_program,
        no_text,
        nested_deeply,
        out_of_range,
        huge,
        a_folder,
        pytest.param(a_pipe, marks=pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")),
    ],
)
def test_a_broken_file_is_a_miss(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    harm(kept(tmp_path))

    assert GradeCache(tmp_path).get(KEY) is None


@given(st.binary(max_size=300))
def test_whatever_stands_in_a_file_reading_it_raises_nothing(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    kept(folder).write_bytes(content)

    assert GradeCache(folder).get(KEY) is None


def test_a_broken_file_is_replaced(tmp_path: Path) -> None:
    empty(kept(tmp_path))

    kept(tmp_path)

    assert GradeCache(tmp_path).get(KEY) == grade()


@pytest.mark.parametrize("in_the_way", ["", "grades", "grades/ab"])
def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path, in_the_way: str) -> None:
    folder = tmp_path / "cache"
    path = folder / in_the_way
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a file")

    GradeCache(folder).put(KEY, grade())

    assert GradeCache(folder).get(KEY) is None


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    a_folder(kept(tmp_path))

    GradeCache(tmp_path).put(KEY, grade())

    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def aged(folder: Path, number: int) -> None:
    """Make the file of `number` look as old as its number says: the lower, the older."""
    os.utime(file_of(folder, key(number)), (1000 + number, 1000 + number))


def filled(folder: Path, many: int, most: int) -> list[Grade | None]:
    """What is left of `many` grades, oldest first, in a cache that holds `most`."""
    cache = GradeCache(folder, most_files=most)
    for number in range(many):
        cache.put(key(number), grade(float(number)))
        if file_of(folder, key(number)).exists():
            aged(folder, number)
    return [cache.get(key(number)) for number in range(many)]


def test_as_many_grades_as_allowed_are_kept(tmp_path: Path) -> None:
    assert None not in filled(tmp_path, 20, 20)


def test_beyond_that_the_oldest_go(tmp_path: Path) -> None:
    left = filled(tmp_path, 21, 20)

    assert [grade is None for grade in left] == [True] * 3 + [False] * 18


@given(many=st.integers(1, 40), most=st.integers(1, 12))
def test_there_are_never_more_files_than_allowed(
    tmp_path_factory: pytest.TempPathFactory, many: int, most: int
) -> None:
    left = filled(tmp_path_factory.mktemp("cache"), many, most)

    assert sum(grade is not None for grade in left) <= most


def test_what_earlier_runs_kept_counts(tmp_path: Path) -> None:
    filled(tmp_path, 10, 10)

    GradeCache(tmp_path, most_files=10).put(KEY, grade())

    assert GradeCache(tmp_path).get(key(0)) is None
    assert GradeCache(tmp_path).get(KEY) == grade()


def test_what_a_killed_run_left_half_written_goes_with_the_oldest(tmp_path: Path) -> None:
    filled(tmp_path, 10, 10)
    scrap = tmp_path / "grades" / "00" / ".grade-x.tmp"
    scrap.write_text("{")
    os.utime(scrap, (1, 1))

    GradeCache(tmp_path, most_files=10).put(KEY, grade())

    assert not scrap.exists()
