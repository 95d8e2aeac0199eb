"""What the words alone say of an answer beside a reference answer."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from interviewer.embedded.about import Scale
from interviewer.embedded.encoding import MAX_TOKENS, Encoder, pair_of
from interviewer.embedded.model import Asked
from interviewer.embedded.overlap import FEATURES, Words
from interviewer.text import sentences
from tests.embedded import real_encoder, real_model

QUESTION = "What is latency?"
REFERENCE = "The time from request to reply."


@cache
def words() -> Words:
    text = (files("interviewer.embedded") / "files" / "tokenizer.json").read_text(encoding="utf-8")
    return Words(Tokenizer.from_str(text))


def features(answer: str, reference: str = REFERENCE, question: str = QUESTION) -> tuple[float, ...]:
    """With vectors under which a word is near to itself alone."""
    encoder: Encoder = real_encoder()
    head = encoder.head(reference, question)
    pair = pair_of(head, encoder.tokens(answer).part(0, MAX_TOKENS - len(head) - 1).ids)
    known = sorted(set(pair.ids))
    return words().overlap(pair, np.eye(len(known), dtype=np.float32)[[known.index(id) for id in pair.ids]])


def test_the_reference_itself_says_all_of_it_and_nothing_else() -> None:
    assert features(REFERENCE) == pytest.approx((1, 1, 1, 1))


def test_no_word_of_the_reference_is_nothing_said() -> None:
    assert features("Nine green apples") == pytest.approx((0, 0, 0, 0))


def test_part_of_the_reference_is_a_part_of_it_and_nothing_else() -> None:
    said, meant, _, _ = features("the time")

    assert 0 < said < 1
    assert meant == pytest.approx(1)


def test_what_is_said_beside_the_reference_lessens_how_much_of_the_answer_is_in_it() -> None:
    assert features(f"{REFERENCE} Nine green apples.")[1] < features(REFERENCE)[1]


def test_a_rare_word_of_the_reference_is_worth_more_than_a_common_one() -> None:
    reference = "time quantization"

    assert features("quantization", reference)[0] > features("time", reference)[0]


def test_the_question_said_back_counts_less() -> None:
    reference = "Latency is the time to reply."

    as_it_stands, _, counted_less, _ = features("latency", reference)

    assert counted_less < as_it_stands


def test_small_words_count_for_nothing() -> None:
    assert features(f"it is {REFERENCE} of the") == features(REFERENCE)


@pytest.mark.parametrize("answer", ["", "it is", "!?"])
def test_an_answer_without_content_says_nothing(answer: str) -> None:
    assert features(answer) == (0,) * FEATURES


def test_a_reference_of_small_words_is_held_against_the_answer_all_the_same() -> None:
    assert features("Nine green apples", "it is not") == pytest.approx((0, 0, 0, 0))


@settings(max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_whatever_the_texts_each_feature_is_a_share(answer: str, reference: str, question: str) -> None:
    found = features(answer, reference, question)

    assert len(found) == FEATURES
    assert all(-1e-6 <= value <= 1 + 1e-6 for value in found)


def test_a_scale_adds_what_each_feature_weighs() -> None:
    plain, weighed = Scale(1.0, (0.0,) * 4), Scale(1.0, (0.0,) * 4, ((2.0, 0.0, -2.0, 0.0),))

    assert weighed.chances([0, 0, 0, 0], [0.0]) == plain.chances([0, 0, 0, 0])
    assert weighed.chances([0, 0, 0, 0], [1.0]).met > plain.chances([0, 0, 0, 0]).met


def test_a_reference_answer_is_met_by_itself() -> None:
    (one,) = real_model().opinions(
        QUESTION, [Asked(REFERENCE, is_reference=True)], REFERENCE, sentences(REFERENCE)
    )

    assert one.chances.shown > 0.5


def test_requirements_and_references_are_judged_beside_each_other_in_their_order() -> None:
    asked = [Asked(REFERENCE), Asked("Nine apples.", is_reference=True), Asked(REFERENCE, is_reference=True)]
    answer = "It is the time that passes from the request until the reply is there."

    together = real_model().opinions(QUESTION, asked, answer, sentences(answer))
    alone = [real_model().opinions(QUESTION, [one], answer, sentences(answer))[0] for one in asked]

    # What is computed together shares the steps of 8-bit numbers.
    assert [one.chances.expected for one in together] == pytest.approx(
        [one.chances.expected for one in alone], abs=0.05
    )
    assert together[1].chances.expected < together[2].chances.expected
