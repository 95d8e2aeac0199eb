"""What the embedded model reads: requirement, question and answer, in that order."""

from __future__ import annotations

import pytest

from interviewer.embedded.encoding import CLS, MAX_QUESTION, MAX_REQUIREMENT, PAD, SEP, Encoder, pair_of
from tests.embedded import real_encoder

encoder = pytest.fixture(scope="module")(real_encoder)


def test_the_answer_stands_last_and_is_told_apart_by_its_type(encoder: Encoder) -> None:
    head = encoder.head("It waits.", "Why is it slow?")
    answer = encoder.tokens("It waits for the disk.")

    pair = pair_of(head, answer.ids)

    assert pair.ids == (*head, *answer.ids, SEP)
    assert pair.ids[0] == CLS
    assert pair.types == (0,) * len(head) + (1,) * len(answer.ids) + (0,)
    assert pair.answer_at == len(head)


def test_each_token_knows_its_characters(encoder: Encoder) -> None:
    text = "Latency: 14 ms."

    assert "".join(text[start:end] for start, end in encoder.tokens(text).offsets) == "Latency:14ms."


def test_a_long_question_is_context_and_is_cut(encoder: Encoder) -> None:
    assert len(encoder.head("It waits.", "why " * 500)) <= 8 + MAX_QUESTION


def test_a_requirement_is_never_cut(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match=f"at most {MAX_REQUIREMENT}"):
        encoder.head("waits " * 500, "Why?")


@pytest.mark.parametrize("sign", ["[SEP]", "[CLS]", "[PAD]", "[MASK]", "[UNK]"])
def test_the_model_s_own_signs_in_a_text_are_only_text(encoder: Encoder, sign: str) -> None:
    assert not set(encoder.tokens(f"It waits {sign} it is right.").ids) & {PAD, CLS, SEP, 100, 103}
