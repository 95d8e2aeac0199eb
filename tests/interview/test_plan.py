"""The plan of an interview: which questions, in which order, and what is refused."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.bank.models import Bank, Category
from interviewer.errors import UsageError
from interviewer.interview.plan import DEFAULT_COUNT, check_categories, plan
from tests.support import builders

SEEDS = range(20)


def bank_of(**sizes: int) -> Bank:
    """A bank with that many questions in each category; the first category is the easiest."""
    questions = [
        builders.question(f"{name}-{number}", category=name)
        for name, size in sizes.items()
        for number in range(size)
    ]
    categories = [
        Category(id=name, title=name, difficulty=difficulty, rubric="technical")
        for difficulty, name in enumerate(sizes, 1)
    ]
    return builders.bank(*questions).model_copy(
        update={"categories": tuple(categories), "questions": tuple(questions)}
    )


BANK = bank_of(easy=4, middle=4, hard=4)

banks = (
    st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.integers(0, 6), min_size=1)
    .filter(lambda sizes: sum(sizes.values()) > 0)
    .map(lambda sizes: bank_of(**sizes))
)
seeds = st.integers(-(2**40), 2**40)


class TestDraw:
    def test_a_few_questions_are_drawn_when_nobody_says_how_many(self) -> None:
        assert len(plan(BANK, seed=1)) == DEFAULT_COUNT

    def test_other_seeds_give_other_plans(self) -> None:
        assert len({plan(BANK, seed=seed) for seed in SEEDS}) > len(SEEDS) / 2

    def test_every_question_has_its_chance(self) -> None:
        asked = {question.id for seed in range(200) for question in plan(BANK, seed=seed)}

        assert asked == {question.id for question in BANK.questions}

    def test_every_category_has_its_chance_when_not_all_can_be_asked(self) -> None:
        first = {plan(BANK, count=1, seed=seed)[0].category for seed in range(100)}

        assert first == {"easy", "middle", "hard"}

    def test_equal_difficulty_is_asked_in_any_order(self) -> None:
        orders = {tuple(q.id for q in plan(BANK, categories=["easy"], count=4, seed=seed)) for seed in SEEDS}

        assert len(orders) > 5

    @given(bank=banks, count=st.none() | st.integers(1, 30), seed=seeds)
    def test_the_same_seed_gives_the_same_plan(self, bank: Bank, count: int | None, seed: int) -> None:
        assert plan(bank, count=count, seed=seed) == plan(bank, count=count, seed=seed)

    @given(bank=banks, count=st.integers(1, 30), seed=seeds)
    def test_it_holds_as_many_as_asked_for_or_all_there_are(self, bank: Bank, count: int, seed: int) -> None:
        assert len(plan(bank, count=count, seed=seed)) == min(count, len(bank.questions))

    @given(bank=banks, count=st.integers(1, 30), seed=seeds)
    def test_no_question_is_asked_twice(self, bank: Bank, count: int, seed: int) -> None:
        asked = [question.id for question in plan(bank, count=count, seed=seed)]

        assert len(set(asked)) == len(asked)

    @given(bank=banks, count=st.integers(1, 30), seed=seeds)
    def test_it_climbs_the_difficulty(self, bank: Bank, count: int, seed: int) -> None:
        climb = [bank.category(q.category).difficulty for q in plan(bank, count=count, seed=seed)]

        assert climb == sorted(climb)

    @given(bank=banks, count=st.integers(1, 30), seed=seeds)
    def test_it_is_spread_over_the_categories(self, bank: Bank, count: int, seed: int) -> None:
        asked = Counter(question.category for question in plan(bank, count=count, seed=seed))
        there = Counter(question.category for question in bank.questions)
        most = max(asked.values())

        assert all(asked[name] >= most - 1 or asked[name] == there[name] for name in there)

    @given(bank=banks, seed=seeds, data=st.data())
    def test_only_the_wanted_categories_are_asked(self, bank: Bank, seed: int, data: st.DataObject) -> None:
        wanted = data.draw(st.sets(st.sampled_from([q.category for q in bank.questions]), min_size=1))

        asked = plan(bank, categories=sorted(wanted), count=30, seed=seed)

        assert {question.category for question in asked} == wanted

    def test_a_category_named_twice_counts_once(self) -> None:
        twice = plan(BANK, categories=["hard", "hard"], seed=1)

        assert twice == plan(BANK, categories=["hard"], seed=1)

    def test_the_order_in_which_categories_are_named_does_not_matter(self) -> None:
        assert plan(BANK, categories=["hard", "easy"], seed=1) == plan(
            BANK, categories=["easy", "hard"], seed=1
        )


class TestChosenByHand:
    @given(ids=st.permutations([question.id for question in BANK.questions]), size=st.integers(1, 12))
    def test_the_questions_come_in_the_order_given(self, ids: list[str], size: int) -> None:
        assert [question.id for question in plan(BANK, ids=ids[:size], seed=1)] == ids[:size]

    def test_an_unknown_id_is_refused_and_the_near_one_offered(self) -> None:
        with pytest.raises(UsageError, match="no question 'hadr-1'") as caught:
            plan(BANK, ids=["hadr-1"], seed=1)

        assert caught.value.hint == "did you mean 'hard-1'?"

    def test_an_id_like_no_other_is_refused_with_where_to_look(self) -> None:
        with pytest.raises(UsageError) as caught:
            plan(BANK, ids=["xyzzy"], seed=1)

        assert caught.value.hint == "`interviewer questions` lists them"

    def test_an_id_that_is_given_twice_is_refused(self) -> None:
        with pytest.raises(UsageError, match="twice"):
            plan(BANK, ids=["easy-1", "easy-1"], seed=1)

    @pytest.mark.parametrize("also", [{"categories": ["easy"]}, {"count": 1}])
    def test_it_does_not_mix_with_a_draw(self, also: dict[str, object]) -> None:
        with pytest.raises(UsageError, match="not both"):
            plan(BANK, ids=["easy-1"], seed=1, **also)  # type: ignore[arg-type]


class TestRefusal:
    @pytest.mark.parametrize("count", [0, -3])
    def test_an_interview_without_questions(self, count: int) -> None:
        with pytest.raises(UsageError, match="at least one question"):
            plan(BANK, count=count, seed=1)

    def test_an_unknown_category(self) -> None:
        with pytest.raises(UsageError, match="no category 'esay'") as caught:
            plan(BANK, categories=["esay"], seed=1)

        assert caught.value.hint == "did you mean 'easy'?"

    def test_a_category_that_has_no_question(self) -> None:
        with pytest.raises(UsageError, match="no question is in empty"):
            plan(bank_of(easy=1, empty=0), categories=["empty"], seed=1)

    @given(word=st.text().filter(lambda text: text not in {"easy", "middle", "hard"}))
    def test_a_name_from_outside_is_told_in_printable_characters(self, word: str) -> None:
        with pytest.raises(UsageError) as caught:
            plan(BANK, categories=[word], seed=1)

        assert caught.value.message.isprintable()


class TestCategories:
    def test_known_ones_pass(self) -> None:
        check_categories(BANK, ["hard", "easy"])

    def test_none_at_all_passes(self) -> None:
        check_categories(BANK, [])

    def test_the_first_unknown_one_is_refused(self) -> None:
        with pytest.raises(UsageError, match="no category 'hrad'") as caught:
            check_categories(BANK, ["easy", "hrad", "xyzzy"])

        assert caught.value.hint == "did you mean 'hard'?"
