"""From texts to what the model reads: `[CLS] requirement [SEP] question [SEP] answer [SEP]` as ids.

Training and the product share this file: a model is only good for what it was trained on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CLS, SEP, PAD = 101, 102, 0
_HEADS = 1024
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Longest input, in tokens. A longer answer is read in windows.
MAX_TOKENS = 384
#: Most tokens of a requirement; a longer one cannot be judged.
MAX_REQUIREMENT = 192
#: Most tokens of the question, which is context; the rest of a longer one is left out.
MAX_QUESTION = 64


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as ids, each with the characters that it stands for (start, end)."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]

    def part(self, start: int, end: int) -> Tokens:
        """Tokens `start` to `end`."""
        return Tokens(self.ids[start:end], self.offsets[start:end])


@dataclass(frozen=True, slots=True)
class Pair:
    """One input of the model. answer_at: index of the answer's first token."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    answer_at: int


class Encoder:
    """Tokenizes, and lays out what the model reads."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        # What an answer writes as "[SEP]" is text, and never the end of a part.
        tokenizer.encode_special_tokens = True
        self._tokenizer = tokenizer
        # Many answers are held against the same few requirements.
        self.head = lru_cache(maxsize=_HEADS)(self._head)

    def tokens(self, text: str) -> Tokens:
        """`text` as tokens, without special ones."""
        # A lone surrogate is no text to the tokenizer; its place is kept, so that offsets do not move.
        whole = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
        encoded = self._tokenizer.encode(whole, add_special_tokens=False)
        return Tokens(tuple(encoded.ids), tuple(encoded.offsets))

    def _head(self, requirement: str, question: str) -> tuple[int, ...]:
        """What stands before the answer. Raises ValueError if the requirement is too long."""
        asked = self.tokens(requirement).ids
        if len(asked) > MAX_REQUIREMENT:
            raise ValueError(
                f"the requirement has {len(asked)} tokens; at most {MAX_REQUIREMENT} can be judged"
            )
        return (CLS, *asked, SEP, *self.tokens(question).ids[:MAX_QUESTION], SEP)


def pair_of(head: Sequence[int], answer: Sequence[int]) -> Pair:
    """The input for a head and the ids of an answer."""
    return Pair(
        ids=(*head, *answer, SEP),
        types=(0,) * len(head) + (1,) * len(answer) + (0,),
        answer_at=len(head),
    )
