"""Advice to people who write banks: each kind is given where it fits, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from interviewer.bank.advice import Advice, advice_on
from interviewer.bank.models import Criterion, Question
from tests.support import builders

GOOD_CRITERION = Criterion(
    id="manages-memory",
    requirement="Says that managing the memory of the cache becomes a critical challenge.",
    partial="Says that memory is used.",
    probe="What gets scarce as chats grow?",
)
OTHER_CRITERION = GOOD_CRITERION.model_copy(
    update={"id": "saves-work", "requirement": "Says that no token is computed a second time."}
)
GOOD_QUESTION = builders.question(
    "kv-cache",
    criteria=(GOOD_CRITERION, OTHER_CRITERION),
    misconceptions=(builders.misconception(),),
)


def advice_for(question: Question) -> tuple[Advice, ...]:
    return advice_on(builders.bank(question))


def criterion_but(**changes: Any) -> Question:
    changed = GOOD_CRITERION.model_copy(update=changes)
    return GOOD_QUESTION.model_copy(update={"criteria": (changed, OTHER_CRITERION)})


def test_a_good_question_gets_none() -> None:
    assert advice_for(GOOD_QUESTION) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hint": "It keeps keys and values."}, "the hint has fewer than 8 words"),
        ({"nudge": None}, "no nudge"),
        ({"nudge": "Managing the cache memory is a critical challenge."}, "the nudge gives an answer away"),
        ({"misconceptions": ()}, "no misconceptions"),
        ({"criteria": (GOOD_CRITERION,)}, "only one criterion"),
    ],
)
def test_a_question_is_advised_on(changes: dict[str, Any], said: str) -> None:
    (advice,) = advice_for(GOOD_QUESTION.model_copy(update=changes))

    assert (advice.question, advice.criterion) == ("kv-cache", None)
    assert advice.message.startswith(said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"requirement": "Memory management"}, "the requirement is a bare term"),
        ({"partial": None}, "no partial"),
        ({"probe": None}, "no probe"),
        ({"probe": "Is managing cache memory critical?"}, "the probe gives an answer away"),
        ({"weight": 9.0}, "it has 90% of the weight"),
    ],
)
def test_a_criterion_is_advised_on(changes: dict[str, Any], said: str) -> None:
    (advice,) = advice_for(criterion_but(**changes))

    assert (advice.question, advice.criterion) == ("kv-cache", "manages-memory")
    assert advice.message.startswith(said)


def test_scripts_without_spaces_are_counted_by_character() -> None:
    assert advice_for(criterion_but(requirement="缓存占用显存")) == ()


def test_a_weight_that_others_balance_is_fine() -> None:
    assert advice_for(criterion_but(weight=4.0)) == ()


def test_advice_comes_in_the_bank_s_order() -> None:
    bare = [GOOD_QUESTION.model_copy(update={"id": name, "nudge": None}) for name in ("b", "a", "c")]

    assert [advice.question for advice in advice_on(builders.bank(*bare))] == ["b", "a", "c"]
