"""The cross-encoder: requirement, question and answer go in together; a verdict and the evidence come out."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from interviewer.embedded.encoding import Encoder
from interviewer.embedded.overlap import Words

VERDICT_COUNT = 4
#: How many of the six layers, from below, the two readers share.
SHARED = 3


class CrossEncoder(nn.Module):
    """all-MiniLM-L6-v2 with two heads.

    Evidence: a logit for each token of the answer. Verdict: from the first token and from the mean of the
    answer's tokens weighted by their evidence, so that what decides is what is pointed at.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            attn_implementation="eager",
            hidden_dropout_prob=0.0,  # each epoch draws other texts; random numbers are dear on two cores
            attention_probs_dropout_prob=0.0,
        )
        width = self.bert.config.hidden_size
        # The vocabulary's vectors stay as they are: few words are seen here, and a machine of 2 cores is
        # busy enough.
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self.evidence = nn.Linear(width, 1)
        self.mix = nn.Linear(2 * width, width)
        self.verdict = nn.Linear(width, VERDICT_COUNT)
        self.dropout = nn.Dropout(0.1)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the verdicts (batch, 4) and of the evidence (batch, length); all inputs are (batch,
        length)."""
        return self.told(
            self.bert(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state, types, mask
        )

    def told(self, hidden: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The same, from the last layer's vectors (batch, length, width)."""
        pointed = self.evidence(hidden).squeeze(-1)
        outside = (types * mask) == 0
        weights = torch.softmax(pointed.masked_fill(outside, -1e4).float(), dim=-1).to(hidden.dtype)
        told = torch.einsum("bl,blh->bh", weights, hidden)
        mixed = torch.nn.functional.gelu(self.mix(self.dropout(torch.cat([hidden[:, 0], told], dim=-1))))
        return self.verdict(self.dropout(mixed)), pointed


def is_shared(name: str) -> bool:
    """Whether the weight `name` belongs to what the two readers share."""
    if not name.startswith("bert."):
        return False
    _, layered, rest = name.partition("encoder.layer.")
    return not layered or int(rest.split(".")[0]) < SHARED


def reader_of_references(last: dict[str, Tensor], early: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights that read reference answers: what is shared from `last`, the rest from `early`.

    The later stages teach plain answers in interviews, and answers to questions of school get worse with each
    of them.
    """
    return {name: tensor if is_shared(name) else early[name] for name, tensor in last.items()}


def encoder_of(folder: Path) -> Encoder:
    """The encoder that training and the product share."""
    return Encoder(_tokenizer(folder))


def words_in(folder: Path) -> Words:
    """What the words of the vocabulary weigh."""
    return Words(_tokenizer(folder))


def _tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))
