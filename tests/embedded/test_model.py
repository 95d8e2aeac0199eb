"""The shipped model: it loads, judges what is plain, and takes whatever text there is."""

from __future__ import annotations

import asyncio
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.background import Worker
from interviewer.bank.load import load_bank
from interviewer.embedded.about import Chances
from interviewer.embedded.model import Asked, EmbeddedModel
from interviewer.errors import EmbeddedModelError
from interviewer.grading.local import LocalGrader
from interviewer.grading.models import Grade, GradingTask, Verdict
from interviewer.grading.sample import judged_well, sample_task
from interviewer.text import Span, sentences
from tests.embedded import real_model

BANK = load_bank()
GOOD = (
    "It's a routine that the host launches and that thousands of threads on the card then run at once. "
    "If one of them takes nine of the fourteen milliseconds, the whole network stands there waiting for it, "
    "so that single slow one decides how long the request takes, and tuning it pays more than all the rest."
)
FALSE = (
    "The kernel is the part of the driver that runs on the CPU and hands out work to the card. "
    "A single slow routine on the device is harmless, because the GPU executes all layers at the same time, "
    "so it cannot hold up the model."
)
LISTED = "kernel, GPU, function, CUDA, bottleneck, optimization, latency, threads, Triton, occupancy"
ELSEWHERE = (
    "With server-sent events the connection stays open and each piece of text is pushed once it is there. "
    "The gateway must not buffer, so I switch that off in nginx."
)


def graded(question_id: str, answer: str) -> Grade:
    question = BANK.question(question_id)
    asked = GradingTask(question=question, rubric=BANK.rubric_of(question), answer=answer)
    return asyncio.run(LocalGrader(real_model(), worker=Worker(), clock=lambda: 0.0).grade(asked))


def chances(requirement: str, answer: str) -> Chances:
    (one,) = real_model().opinions("Why is it slow?", [Asked(requirement)], answer, sentences(answer))
    return one.chances


def test_it_judges_the_sample_as_it_should() -> None:
    assert judged_well(
        LocalGrader(real_model(), worker=Worker(), clock=lambda: 0.0).judge(sample_task(BANK.first_rubric))
    )


def test_a_good_answer_in_other_words_than_the_requirement_s_scores_high() -> None:
    assert graded("gpu-kernel", GOOD).score >= 80


@pytest.mark.parametrize("answer", [FALSE, LISTED, ELSEWHERE])
def test_the_right_words_in_false_or_no_relation_score_low(answer: str) -> None:
    assert graded("gpu-kernel", answer).score <= 20


def test_what_is_false_is_wrong_and_not_only_missing() -> None:
    assert Verdict.WRONG in {one.verdict for one in graded("gpu-kernel", FALSE).criteria}


def test_what_decides_is_found_at_the_end_of_a_long_answer() -> None:
    padding = "I worked on many other things in that team and we had lunch together every day. " * 60

    assert graded("gpu-kernel", f"{padding}{GOOD}").score >= 50


def test_the_same_answer_gets_the_same_opinion_in_any_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: chances("It waits for the disk.", GOOD), range(8)))

    assert len(found) == 1


@settings(max_examples=40)
@given(st.text(max_size=600))
def test_whatever_the_text_the_chances_are_chances(text: str) -> None:
    spans = sentences(text)
    if not spans:
        return
    (one,) = real_model().opinions("Why?", [Asked("It waits for the disk.")], text, spans)
    total = one.chances.met + one.chances.partial + one.chances.missing + one.chances.wrong

    assert total == pytest.approx(1, abs=1e-4)
    assert len(one.evidence) == len(spans)
    assert all(0 <= value <= 1 for value in one.evidence)


def test_a_lone_surrogate_is_taken_like_any_other_sign() -> None:
    assert chances("It waits.", "It waits \ud83d for the disk.")


def test_what_decides_is_found_at_the_end_of_an_endless_sentence() -> None:
    text = "and then we looked, " * 400 + "It waits for the disk, that is why it is slow"
    spans = (Span(0, len(text)),)

    (one,) = real_model().opinions(
        "Why is it slow?", [Asked("It is slow as it waits for the disk.")], text, spans
    )

    assert one.chances.shown > 0.5


def test_a_sentence_of_thousands_of_signs_is_read_as_far_as_it_fits() -> None:
    assert chances("It waits.", "!?" * 5_000 + " waiting")


def test_it_needs_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert EmbeddedModel().opinions("Why?", [Asked("It waits.")], GOOD, sentences(GOOD))


def test_its_files_are_as_published() -> None:
    assert real_model().damaged() == ()


def test_a_damaged_file_is_told_by_name(tmp_path: Path) -> None:
    with as_file(files("interviewer.embedded") / "files") as folder:
        shutil.copytree(folder, tmp_path / "files")
    with (tmp_path / "files" / "tokenizer.json").open("a", encoding="utf-8") as file:
        file.write("\n")

    assert EmbeddedModel(tmp_path / "files").damaged() == ("tokenizer.json",)


def test_without_its_files_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedModelError) as raised:
        EmbeddedModel(tmp_path)

    assert raised.value.hint == "Install the package again."


def test_a_requirement_that_is_too_long_is_refused() -> None:
    with pytest.raises(EmbeddedModelError, match="tokens"):
        chances("waits " * 500, GOOD)
