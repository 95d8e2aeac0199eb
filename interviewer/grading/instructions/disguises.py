"""Ways to hide text from a reader that a model still reads, and what the hidden text says."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

from interviewer.text import Folded, Span, fold

# Letters of other alphabets that look like Latin ones, and digits that stand in for letters.
_LOOKALIKES = str.maketrans(
    "асеіјорѕухѵԁɡһոʟӏкмтвнаβεικνορτυχωαɑɩ",
    "aceijopsyxvdghnllkmtbhabeiknoptyxwaai",
)
_DIGITS = str.maketrans("013457@$!", "oieastasi")
_DIGIT_IN_WORD = re.compile(r"[a-z][0-9@$!][a-z]|[0-9@$!][a-z]{2}[0-9@$!a-z]")
_NOT_LATIN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0250-\u02af\u0530-\u058f]")
# Five or more single letters with something between them.
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*·|/]{1,6}){5,}\w(?!\w)")
_JOINED_WORD = re.compile(r"(?<=[a-z])[-_*.·|](?=[a-z])")

_HINTS = tuple("instruct criteri verdict grade grading score marks credit points prompt rubric".split())

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"(?:(?:\\x|0x)?[0-9A-Fa-f]{2}[ ,:]?){12,}")
_BITS = re.compile(r"(?:[01]{8}[ ,]?){6,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|[ \w]){6,}")
_ENTITIES = re.compile(r"(?:&#x?[0-9a-fA-F]{2,6};?[ ]?){4,}")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}|[\w+.-]){8,}")
# Tag characters mirror ASCII without being seen (Unicode block E0000-E007F).
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
#: Characters of no width, in a run too long for any script.
UNSEEN_RUN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]{6,}")


def views(answer: str) -> Iterator[Folded]:
    """`answer` as a model may read it: folded, then with look-alikes resolved and spaced letters joined."""
    plain = fold(answer)
    yield plain
    others = []
    if _NOT_LATIN.search(plain.text):
        others.append(Folded(plain.text.translate(_LOOKALIKES), plain.origins))
    if _DIGIT_IN_WORD.search(plain.text):
        others.append(Folded(plain.text.translate(_DIGITS), plain.origins))
    if _SPACED.search(plain.text):
        others.append(_without(plain, set(_between_letters(plain.text))))
    if _JOINED_WORD.search(plain.text):
        others.append(_without(plain, {m.start() for m in _JOINED_WORD.finditer(plain.text)}))
    known = _hints(plain.text)
    yield from (view for view in others if _hints(view.text) > known)


def mirrored(plain: Folded) -> Iterator[Folded]:
    """The folded text read backwards, and turned by thirteen letters, where that makes sense of it."""
    backwards = Folded(plain.text[::-1], plain.origins[::-1])
    turned = Folded(codecs.encode(plain.text, "rot13"), plain.origins)
    yield from (view for view in (backwards, turned) if _hints(view.text))


def encoded(answer: str) -> Iterator[tuple[Span, str]]:
    """Pieces of `answer` that decode to readable text, each with that text."""
    for pattern, decode in (
        (_BASE64, _from_base64),
        (_HEX, _from_hex),
        (_BITS, _from_bits),
        (_ESCAPES, _from_escapes),
        (_ENTITIES, html.unescape),
        (_PERCENT, unquote),
        (_TAGS, _from_tags),
    ):
        for match in pattern.finditer(answer):
            text = decode(match.group())
            if text and text != match.group() and _is_readable(text):
                yield Span(match.start(), match.end()), text


def spelled_out(answer: str) -> Iterator[Span]:
    """Runs of single letters that spell what only a grader would be told. With all gaps alike the words
    cannot be told apart, so that no other sign can be found in them."""
    for match in _SPACED.finditer(answer):
        letters = re.sub(r"[\W_]", "", match.group()).lower()
        if _hints(letters) or "ignore" in letters:
            yield Span(match.start(), match.end())


def _hints(text: str) -> int:
    """How often `text` uses words that an order to a grader can hardly do without."""
    return sum(text.count(word) for word in _HINTS)


def _without(plain: Folded, gone: set[int]) -> Folded:
    kept = [i for i in range(len(plain.text)) if i not in gone]
    return Folded("".join(plain.text[i] for i in kept), tuple(plain.origins[i] for i in kept))


def _between_letters(text: str) -> Iterator[int]:
    """Offsets of what stands between spaced letters; a wider gap is taken as the end of a word and kept."""
    for match in _SPACED.finditer(text):
        for at in range(match.start(), match.end()):
            if not text[at].isalnum() and text[at - 1].isalnum() and text[at + 1].isalnum():
                yield at


def _is_readable(text: str) -> bool:
    """Whether `text` is mostly letters and spaces, as a sentence is and random bytes are not."""
    plain = sum(c.isascii() and (c.isalpha() or c in " .,:;!?'\"=_-/0123456789") for c in text)
    return len(text) >= 8 and plain >= 0.9 * len(text) and sum(c.isalpha() for c in text) >= 0.5 * len(text)


def _from_base64(piece: str) -> str:
    padded = piece.rstrip("=").replace("-", "+").replace("_", "/")
    padded += "=" * (-len(padded) % 4)
    try:
        text = base64.b64decode(padded, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return text if " " in text else ""


def _from_hex(piece: str) -> str:
    digits = re.sub(r"\\x|0x|[ ,:]", "", piece)
    try:
        return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8")
    except (ValueError, UnicodeDecodeError):
        return ""


def _from_bits(piece: str) -> str:
    bits = re.sub(r"[ ,]", "", piece)
    return "".join(chr(int(bits[i : i + 8], 2)) for i in range(0, len(bits), 8))


def _from_escapes(piece: str) -> str:
    if "\\" not in piece:
        return ""
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)), piece)


def _from_tags(piece: str) -> str:
    return "".join(chr(ord(c) - 0xE0000) for c in piece if 0x20 <= ord(c) - 0xE0000 < 0x7F)
