"""How far an answer says the words of a reference answer, whatever it means by them.

Beside the model's own judgement it helps with short answers to questions that were never trained on. Words
are held against each other by their vectors, so that other forms and near synonyms count in part; words of
the question count less, since saying the question back shows nothing (Sultan, Salazar and Sumner 2016, "Fast
and easy short answer grading with high accuracy").

Training and the product share this file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from interviewer.embedded.encoding import SEP, Pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Numbers = NDArray[np.float32]

#: How much of the reference is said, and how much of what is said is in the reference; first with every word
#: as it is, then with the question's words counted less.
FEATURES = 4
_QUESTION_WORDS = (1.0, 0.3)
#: Words without content of their own, as they are in the vocabulary.
_SMALL = frozenset(
    "the a an of to is are was were be been it its this that these those and or in on for with as at by from "
    "will would can could has have had do does did no not if then so because than which what when how why "
    "there their they them he she we you i your my our but".split()
)
_WORD = re.compile("[a-z0-9]")
#: From here on the vocabulary is ordered by how common a word is; single signs stand before.
_FIRST_WORD, _FIRST_SIGN = 1996, 999
_SIGN_WEIGHT = 0.7


class Words:
    """What the words of a vocabulary weigh: rarer ones more, small ones nothing."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[int, float] = {}

    def weight(self, id: int) -> float:
        """The weight of token `id`, 0 or more. Its rank stands in for how rare it is."""
        if id not in self._known:
            word = self._tokenizer.id_to_token(id) or ""
            counts = word not in _SMALL and _WORD.search(word) is not None
            rank = math.log1p((id - _FIRST_SIGN) / 50) if id >= _FIRST_WORD else _SIGN_WEIGHT
            self._known[id] = rank if counts else 0.0
        return self._known[id]

    def overlap(self, pair: Pair, vectors: Numbers) -> tuple[float, ...]:
        """The features of an input, each at most 1 and hardly below 0. vectors: (length, width), each of
        length 1.

        A reference of small words alone ("it is") is held against the answer as it stands.
        """
        import numpy as np

        end = pair.ids.index(SEP)
        reference = self._with_content(pair.ids, 1, end) or list(range(1, end))
        last = pair.answer_at + pair.ids[pair.answer_at :].index(SEP)
        answer = self._with_content(pair.ids, pair.answer_at, last)
        if not answer or not reference:
            return (0.0,) * FEATURES
        near = vectors[reference] @ vectors[answer].T
        asked = frozenset(pair.ids[end + 1 : pair.answer_at - 1])

        def mean(best: Numbers, places: Sequence[int], share: float) -> float:
            weights = np.array(
                [
                    (self.weight(pair.ids[at]) or _SIGN_WEIGHT) * (share if pair.ids[at] in asked else 1.0)
                    for at in places
                ]
            )
            return float((best * weights).sum() / weights.sum())

        said, meant = near.max(axis=1), near.max(axis=0)
        return tuple(
            value
            for share in _QUESTION_WORDS
            for value in (mean(said, reference, share), mean(meant, answer, share))
        )

    def _with_content(self, ids: Sequence[int], start: int, end: int) -> list[int]:
        return [at for at in range(start, end) if self.weight(ids[at]) > 0]
