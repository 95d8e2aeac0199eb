"""Whether a sentence says what its facts say: names and numbers that are not in them, and words in common."""

from __future__ import annotations

import re

from interviewer.text import fold, sentences, words

#: Two requirements are near-duplicates if they share this much of their words (Jaccard).
DUPLICATE_SHARE = 0.7
#: In a text with a larger share of capitals within its sentences, a capital tells no name.
MOST_CAPITALS = 0.25
#: A requirement with as many words that stands in the page as it is was copied.
COPIED_WORDS = 6

_STEM = 4
_SMALL = frozenset(
    "about all also and any are because been but can does each for from give gives had has have how "
    "into its just may more most must not one only other out over per say says shall should show shows "
    "some such tell tells than that the their them then there these they this those through too under "
    "use used uses using was were what when where which while who whose why will with would you your "
    "explain explains describe describes discuss mention mentions name names".split()
)
_FALSE = re.compile(
    r"mis(?:take|conception|understand|lead)|wrong|false|myth|incorrect|pitfall|red flag|confus|untrue|"
    r"avoid|never|\bnot\b|n[’']t\b|rather than|instead of|contrary|falsch|irrtum|fehler|nicht|kein",
    re.IGNORECASE,
)


def unfounded(text: str, source: str) -> tuple[str, ...]:
    """Numbers and names in `text` that are not in `source`, each once.

    A name has a digit, a capital after its first letter, or begins with one within a sentence.
    """
    known = set(words(fold(source).text))
    starts = {_first_letter(text, span.start) for span in sentences(text)}
    has_plain_capitals = _capitals(source) <= MOST_CAPITALS
    found = []
    for match in re.finditer(r"[^\W_]+(?:[.,]\d+)*", text):
        word = match.group()
        is_name = (
            any(c.isdigit() or c.isupper() for c in word[1:])
            or word[0].isdigit()
            or (word[0].isupper() and len(word) > 1 and has_plain_capitals and match.start() not in starts)
        )
        folded = fold(word).text
        parts = set(words(folded))
        if is_name and not parts <= known and not {folded.removesuffix("s"), f"{folded}s"} & known:
            found.append(word)
    return tuple(dict.fromkeys(found))


def shares_words(text: str, source: str) -> bool:
    """Whether `text` has a word of content in common with `source`, by the beginning of the words."""
    stems = {word[:_STEM] for word in content(source)}
    said = {word[:_STEM] for word in content(text)}
    return not stems or not said or bool(stems & said)


def are_alike(one: str, other: str) -> bool:
    """Whether the two say nearly the same, by their words."""
    first, second = content(one), content(other)
    return bool(first) and len(first & second) >= DUPLICATE_SHARE * len(first | second)


def is_copied(text: str, source: str) -> bool:
    """Whether `text` stands in `source` word for word."""
    return len(words(text)) >= COPIED_WORDS and fold(text).text.rstrip(". ") in fold(source).text


def calls_false(text: str) -> bool:
    """Whether `text` has a word that tells of something false."""
    return _FALSE.search(text) is not None


def content(text: str) -> frozenset[str]:
    """The words of `text` that carry content, folded. In scripts without spaces each character is one."""
    found = words(fold(text).text)
    return frozenset(w for w in found if (len(w) > 2 and w not in _SMALL) or not w.isascii() or w.isdigit())


def _capitals(text: str) -> float:
    """The share of words that begin with a capital, but for those that begin a sentence; 0 to 1."""
    starts = {_first_letter(text, span.start) for span in sentences(text)}
    inner = [m.group() for m in re.finditer(r"[^\W\d_]{2,}", text) if m.start() not in starts]
    return sum(w[0].isupper() and not w[1:].isupper() for w in inner) / len(inner) if inner else 0.0


def _first_letter(text: str, start: int) -> int:
    match = re.compile(r"[^\W_]").search(text, start)
    return match.start() if match else start
