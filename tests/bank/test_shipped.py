"""The bank that comes with the program: the ids that others refer to, and what each question must have."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from interviewer.bank.advice import advice_on
from interviewer.bank.leak import gives_away
from interviewer.bank.load import load_bank
from interviewer.bank.models import Bank, Question
from interviewer.bank.places import BANK_FILE, RUBRIC_FOLDER, shipped

#: Benchmarks, labelled answers and past interviews refer to these ids. Categories in file order.
CONTRACT = {
    "beginner": (
        "latency-vs-throughput",
        "quantization-basics",
        "gpu-kernel",
        "llm-latency-metrics",
        "model-repository",
    ),
    "intermediate": (
        "kv-cache",
        "speculative-decoding",
        "tensor-vs-pipeline-parallelism",
        "activation-functions-and-fusion",
        "latency-triage",
    ),
    "advanced": (
        "memory-wall",
        "dynamic-vs-continuous-batching",
        "multimodal-latency",
        "custom-cuda-kernel",
        "quantization-scheme-selection",
    ),
    "scenario": ("p99-spike-at-peak", "longer-outputs-cost"),
    "workflow": ("langchain-latency-tracing", "streaming-responses", "canary-backend-rollout"),
    "behavioral": ("persuading-researchers", "hardest-performance-bug", "staying-current"),
}
RUBRICS = ("behavioral", "scenario", "technical")

each_question = pytest.mark.parametrize("question_id", [one for ids in CONTRACT.values() for one in ids])
each_rubric = pytest.mark.parametrize("rubric_id", RUBRICS)


@cache
def bank() -> Bank:
    return load_bank()


def asked(question_id: str) -> Question:
    return bank().question(question_id)


def first_line(file: Path) -> str:
    return file.read_text(encoding="utf-8").splitlines()[0]


def test_the_bank_says_what_it_is() -> None:
    assert (bank().id, bank().role) == ("ai-latency", "AI latency optimization engineer")


def test_the_categories_stand_in_the_order_of_the_contract() -> None:
    assert [category.id for category in bank().categories] == list(CONTRACT)


@pytest.mark.parametrize("category", CONTRACT)
def test_a_category_has_exactly_the_questions_of_the_contract_in_order(category: str) -> None:
    assert tuple(q.id for q in bank().questions if q.category == category) == CONTRACT[category]


def test_the_questions_stand_in_the_order_of_the_contract() -> None:
    assert [q.id for q in bank().questions] == [one for ids in CONTRACT.values() for one in ids]


def test_categories_tell_how_hard_they_are() -> None:
    assert {category.id: category.difficulty for category in bank().categories} == {
        "beginner": 1,
        "intermediate": 3,
        "workflow": 4,
        "behavioral": 4,
        "scenario": 6,
        "advanced": 7,
    }


def test_stories_and_plans_have_rubrics_of_their_own() -> None:
    assert {category.id: category.rubric for category in bank().categories} == {
        "beginner": "technical",
        "intermediate": "technical",
        "advanced": "technical",
        "scenario": "scenario",
        "workflow": "technical",
        "behavioral": "behavioral",
    }


def test_every_rubric_file_is_used() -> None:
    files = sorted(file.stem for file in (shipped() / RUBRIC_FOLDER).iterdir())

    assert files == [rubric.id for rubric in bank().rubrics] == list(RUBRICS)


@each_question
def test_a_question_has_two_to_seven_criteria(question_id: str) -> None:
    assert 2 <= len(asked(question_id).criteria) <= 7


@each_question
def test_a_question_has_one_to_three_misconceptions(question_id: str) -> None:
    assert 1 <= len(asked(question_id).misconceptions) <= 3


@each_question
def test_at_most_two_criteria_are_must_haves(question_id: str) -> None:
    assert sum(criterion.must_have for criterion in asked(question_id).criteria) <= 2


@each_question
def test_weights_go_from_1_to_3(question_id: str) -> None:
    assert {criterion.weight for criterion in asked(question_id).criteria} <= {1, 2, 3}


@each_question
def test_a_question_takes_two_to_six_minutes(question_id: str) -> None:
    assert 2 <= asked(question_id).minutes <= 6


@each_question
def test_a_question_can_be_found_by_tags(question_id: str) -> None:
    assert asked(question_id).tags


@each_question
def test_every_criterion_says_what_half_the_credit_is_for(question_id: str) -> None:
    assert [c.id for c in asked(question_id).criteria if not c.partial] == []


@each_question
def test_every_criterion_has_a_probe_that_asks(question_id: str) -> None:
    assert [c.id for c in asked(question_id).criteria if not (c.probe or "").endswith("?")] == []


@each_question
def test_a_probe_is_asked_once(question_id: str) -> None:
    probes = [criterion.probe for criterion in asked(question_id).criteria]

    assert len(set(probes)) == len(probes)


@each_question
def test_no_probe_gives_an_answer_away(question_id: str) -> None:
    question = asked(question_id)

    assert [c.id for c in question.criteria if gives_away(c.probe or "", question, question.criteria)] == []


@each_question
def test_there_is_a_nudge_and_it_gives_nothing_away(question_id: str) -> None:
    question = asked(question_id)

    assert question.nudge
    assert not gives_away(question.nudge, question, question.criteria)


@each_question
def test_no_two_texts_of_a_question_are_the_same(question_id: str) -> None:
    question = asked(question_id)
    texts = [
        question.text,
        question.hint,
        *(text for c in question.criteria for text in (c.requirement, c.partial)),
        *(text for m in question.misconceptions for text in (m.claim, m.correction)),
    ]

    assert len(set(texts)) == len(texts)


def test_there_is_no_advice_to_give() -> None:
    assert advice_on(bank()) == ()


@each_rubric
def test_an_answer_without_its_core_does_not_reach_the_second_best_band(rubric_id: str) -> None:
    rubric = next(one for one in bank().rubrics if one.id == rubric_id)

    assert rubric.must_have_cap < rubric.bands[1].floor


@each_rubric
def test_a_follow_up_wins_back_half_of_what_was_lost(rubric_id: str) -> None:
    assert next(one for one in bank().rubrics if one.id == rubric_id).follow_up_credit == 0.5


@each_rubric
def test_verdicts_earn_all_half_or_nothing(rubric_id: str) -> None:
    scale = next(one for one in bank().rubrics if one.id == rubric_id).verdicts

    assert [one.credit for one in (scale.met, scale.partial, scale.missing, scale.wrong)] == [1, 0.5, 0, 0]


def test_behavioral_delivery_follows_the_parts_of_a_star_story() -> None:
    rubric = next(one for one in bank().rubrics if one.id == "behavioral")

    assert [one.id for one in rubric.delivery] == ["clarity", "situation-and-task", "action", "result"]


def test_the_bank_file_names_its_schema_first() -> None:
    assert first_line(shipped() / BANK_FILE) == "# yaml-language-server: $schema=docs/bank.schema.json"


@each_rubric
def test_a_rubric_file_names_its_schema_first(rubric_id: str) -> None:
    file = shipped() / RUBRIC_FOLDER / f"{rubric_id}.yaml"

    assert first_line(file) == "# yaml-language-server: $schema=../docs/rubric.schema.json"
