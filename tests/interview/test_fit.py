"""Which questions a job description brings, by which of its words, and what it cannot do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.bank.load import load_bank
from interviewer.bank.models import Bank, Category
from interviewer.errors import UsageError
from interviewer.interview.fit import MOST_WORDS, Fit, fitting
from interviewer.interview.plan import DEFAULT_COUNT, plan
from interviewer.interview.stems import is_telling, stem
from tests.support import builders

SHIPPED = load_bank()
KERNELS = "We look for a GPU engineer who writes CUDA kernels, profiles them, and fuses operations."
OBSERVABILITY = (
    "Observability engineer: you own tracing with OpenTelemetry, metrics, logs, dashboards and monitoring."
)
COMPRESSION = "You compress models: quantization to INT8 and FP8, and the evaluation of accuracy."
SERVING = (
    "You run our LLM serving: continuous batching, KV cache, speculative decoding, tensor parallelism, "
    "canary rollouts, P99 tail latency."
)


def ids(fits: tuple[Fit, ...]) -> set[str]:
    return {fit.question.id for fit in fits}


def words_of(fits: tuple[Fit, ...], id: str) -> tuple[str, ...]:
    return next(fit.words for fit in fits if fit.question.id == id)


class TestTheShippedBank:
    @pytest.mark.parametrize(
        ("description", "brought"),
        [
            (KERNELS, {"custom-cuda-kernel", "gpu-kernel", "activation-functions-and-fusion"}),
            (OBSERVABILITY, {"langchain-latency-tracing", "latency-triage", "p99-spike-at-peak"}),
            (COMPRESSION, {"quantization-basics", "quantization-scheme-selection"}),
            (SERVING, {"dynamic-vs-continuous-batching", "canary-backend-rollout", "p99-spike-at-peak"}),
            ("streaming", {"streaming-responses"}),
            (
                "<p>Retrieval (RAG) &amp; Lang<wbr>Chain: LangChain&nbsp;tracing</p>",
                {"langchain-latency-tracing"},
            ),
        ],
    )
    def test_what_a_description_speaks_of_is_asked(self, description: str, brought: set[str]) -> None:
        for seed in range(10):
            assert brought <= ids(fitting(SHIPPED, description, count=5, seed=seed))

    def test_the_words_that_spoke_for_a_question_are_given_as_written(self) -> None:
        fits = fitting(SHIPPED, KERNELS, count=3, seed=1)

        assert words_of(fits, "custom-cuda-kernel")[:2] == ("CUDA", "kernels")

    def test_a_rare_word_of_the_bank_speaks_louder_than_a_common_one(self) -> None:
        (fit,) = fitting(SHIPPED, "latency latency model speculative", count=1, seed=1)

        assert fit.question.id == "speculative-decoding"

    def test_all_that_a_description_speaks_of_has_its_turn(self) -> None:
        fits = fitting(SHIPPED, "CUDA kernels, kernels and again kernels. Canary rollouts.", count=2, seed=1)

        assert ids(fits) == {"custom-cuda-kernel", "canary-backend-rollout"}

    @pytest.mark.parametrize(
        "description",
        [
            "",
            "the and of years experience team salary 2024 100",
            "Wir suchen eine Pflegekraft für unsere Station. Sie arbeiten gern im Team.",
            "Buscamos un desarrollador con experiencia real; el total de la oferta actual es final.",
            "我们正在招聘护士，负责照顾病人。",
            "Мы ищем медсестру в нашу команду.",
            "<style>.cuda{}</style><script>var kernels = 1</script><b title='kernels'>nurse</b>",
        ],
    )
    def test_where_nothing_matches_it_is_the_plan_of_any_interview(self, description: str) -> None:
        fits = fitting(SHIPPED, description, count=7, seed=3)

        assert [fit.question for fit in fits] == list(plan(SHIPPED, count=7, seed=3))
        assert not any(fit.words for fit in fits)

    def test_a_name_that_other_languages_share_is_found(self) -> None:
        fits = fitting(SHIPPED, "Gesucht: Entwicklung von CUDA-Kernels (m/w/d)", count=1, seed=1)

        assert ids(fits) == {"custom-cuda-kernel"}

    def test_one_word_of_a_criterion_is_no_reason(self) -> None:
        assert fitting(SHIPPED, "interconnect", count=1, seed=1)[0].words == ()
        assert fitting(SHIPPED, "interconnect, bubbles", count=1, seed=1)[0].words != ()

    def test_where_too_few_fit_the_others_are_drawn(self) -> None:
        fits = fitting(SHIPPED, "speculative decoding", count=DEFAULT_COUNT, seed=1)

        assert set(words_of(fits, "speculative-decoding")) == {"speculative", "decoding"}
        assert [fit.words for fit in fits].count(()) > 0
        assert len(ids(fits)) == DEFAULT_COUNT

    def test_a_category_narrows_the_choice(self) -> None:
        fits = fitting(SHIPPED, KERNELS, categories=["beginner"], count=1, seed=1)

        assert ids(fits) == {"gpu-kernel"}

    def test_equals_are_decided_by_the_seed(self) -> None:
        assert len({tuple(ids(fitting(SHIPPED, "inference", count=1, seed=seed))) for seed in range(20)}) > 1

    @pytest.mark.parametrize(
        "noise",
        [
            "lorem ipsum dolor ",
            "<a <b </script <script ",
            "&#x41;&amp; ",
            "kernels ",
            "\x00\ud800 \u202e",
            "核心",
            "a" * 50,
        ],
        ids=range(7),
    )
    def test_a_long_description_is_read(self, noise: str) -> None:
        text = f"{noise * (50_000 // len(noise))}> CUDA"

        assert len(fitting(SHIPPED, text, count=5, seed=1)) == 5

    def test_a_large_bank_that_speaks_of_one_thing_is_asked_whole(self) -> None:
        question = SHIPPED.question("gpu-kernel")
        many = tuple(question.model_copy(update={"id": f"kernel-{n}"}) for n in range(1_200))
        bank = SHIPPED.model_copy(update={"questions": (*many, SHIPPED.question("kv-cache"))})

        assert len(ids(fitting(bank, "gpu kernels", count=1_201, seed=1))) == 1_201

    def test_what_plan_refuses_is_refused(self) -> None:
        with pytest.raises(UsageError, match="at least one"):
            fitting(SHIPPED, KERNELS, count=0, seed=1)
        with pytest.raises(UsageError, match="no category"):
            fitting(SHIPPED, KERNELS, categories=["beginer"], seed=1)


VOCABULARY = ["cuda", "kernels", "kernel", "tracing", "bread", "flour", "latency", "the", "核心系统", "Ofen"]
texts = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6).map(" ".join)


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """A bank of a few questions about anything, in up to three categories."""
    names = draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3, unique=True))
    categories = [
        Category(id=name, title=name, difficulty=draw(st.integers(1, 10)), rubric="technical")
        for name in names
    ]
    questions = [
        builders.question(f"q-{number}", category=draw(st.sampled_from(names))).model_copy(
            update={"text": draw(texts)}
        )
        for number in range(draw(st.integers(1, 8)))
    ]
    return builders.bank(*questions).model_copy(
        update={"categories": tuple(categories), "questions": tuple(questions)}
    )


class TestAnyBank:
    @given(bank=banks(), description=texts | st.text(), count=st.integers(1, 12), seed=st.integers())
    def test_as_many_as_asked_for_and_none_twice(
        self, bank: Bank, description: str, count: int, seed: int
    ) -> None:
        fits = fitting(bank, description, count=count, seed=seed)

        assert len(fits) == len(ids(fits)) == min(count, len(bank.questions))

    @given(bank=banks(), description=texts, seed=st.integers())
    def test_the_order_climbs_the_difficulty(self, bank: Bank, description: str, seed: int) -> None:
        fits = fitting(bank, description, seed=seed)
        climbed = [bank.category(fit.question.category).difficulty for fit in fits]

        assert climbed == sorted(climbed)

    @given(bank=banks(), description=texts, seed=st.integers())
    def test_the_same_arguments_give_the_same_questions(
        self, bank: Bank, description: str, seed: int
    ) -> None:
        assert fitting(bank, description, seed=seed) == fitting(bank, description, seed=seed)

    @given(bank=banks(), description=texts | st.text(), seed=st.integers())
    def test_every_reason_stands_in_the_description(self, bank: Bank, description: str, seed: int) -> None:
        for fit in fitting(bank, description, seed=seed):
            assert len(fit.words) <= MOST_WORDS
            assert all(word in description or is_pair(word) for word in fit.words)


def is_pair(word: str) -> bool:
    """Whether it was put together: two neighbours of a script without spaces."""
    return len(word) == 2 and not word.isascii()


class TestStems:
    @pytest.mark.parametrize(
        "words",
        [
            "quantize quantization quantized quantizing quantise quantisation",
            "batch batches batching batched",
            "cache caches cached caching",
            "trace traces tracing tracer",
            "latency latencies",
            "observe observing observability",
            "profile profiles profiler profiling",
            "debug debugging debugger",
            "deploy deploys deploying deployment deployments",
            "accelerate accelerator acceleration",
            "parallel parallelism parallelize",
            "gpu gpus",
            "process processes processing",
        ],
    )
    def test_forms_of_a_word_are_one(self, words: str) -> None:
        assert len({stem(word) for word in words.split()}) == 1

    @pytest.mark.parametrize(("one", "other"), [("service", "server"), ("token", "tool"), ("cache", "catch")])
    def test_other_words_stay_apart(self, one: str, other: str) -> None:
        assert stem(one) != stem(other)

    @given(st.text(min_size=1))
    def test_any_word_has_a_stem(self, word: str) -> None:
        assert word.startswith(stem(word))
        assert stem(word)

    @pytest.mark.parametrize("word", ["the", "experience", "2024", "x", ""])
    def test_what_stands_in_any_text_tells_nothing(self, word: str) -> None:
        assert not is_telling(word)
