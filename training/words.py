"""What the words alone say of an answer beside a reference: the features that the product computes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from interviewer.embedded.encoding import MAX_TOKENS, Encoder, pair_of
from interviewer.embedded.overlap import FEATURES, Words
from training.examples import Example


def features_of(rows: Sequence[Example], encoder: Encoder, words: Words, vectors: Tensor) -> Tensor:
    """The features of each row, (rows, FEATURES). vectors: those of the vocabulary, (tokens, width)."""
    near = functional.normalize(vectors - vectors.mean(dim=0), dim=-1).numpy()
    found = torch.zeros(len(rows), FEATURES)
    for number, row in enumerate(rows):
        head = encoder.head(row.requirement, row.question)
        pair = pair_of(head, encoder.tokens(row.answer).part(0, MAX_TOKENS - len(head) - 1).ids)
        found[number] = torch.tensor(words.overlap(pair, near[list(pair.ids)]))
    return found
