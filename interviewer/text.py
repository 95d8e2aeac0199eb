"""The one place for what is done to foreign text: making it safe to show, and folding it to compare."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

# Scripts written without spaces: each character counts as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Compiled when first needed, which `re` remembers: the first question needs neither.
_WORD = rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:['’][^\W{_UNSPACED}]+)*"
_SENTENCE = (
    r"[^\n.!?。！？]*(?:[.!?]+(?![\s.!?。！？]|$)[^\n.!?。！？]*)*(?:[.!?。！？]+[\"'”’)\]]*|(?=\n)|$)"
)

#: What makes a spreadsheet read a cell as a formula, in the wide forms of East Asian keyboards, too; and the
#: apostrophe that is put before them, so that taking one away always gives the text back.
_FORMULA = r"[=+\-@\t\r\n＝＋－＠']"

#: A character that stands for more than a few, such as U+FDFA for a sentence of 18, is left as it is.
_LONGEST_FORM = 6

_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´′ʼ", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    }
)


def printable(text: str, *, keep: str = "\n\t") -> str:
    """`text` with nothing in it that a terminal or a reader's screen would obey.

    Control characters, controls of direction and of how digits and letters are shaped, and lone surrogates
    are replaced by visible signs; the characters in `keep` stay. Everything else, emoji and any script
    included, is left alone.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in keep else _visible(c) for c in text)


def _visible(c: str) -> str:
    code = ord(c)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    hidden = (
        0x80 <= code < 0xA0
        or 0xD800 <= code < 0xE000
        or code in {0x061C, 0x200E, 0x200F, 0x2028, 0x2029}
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x206F
    )
    return f"⟨U+{code:04X}⟩" if hidden else c


def words(text: str) -> list[str]:
    """The words of `text` in order; in scripts without spaces each character is one."""
    return re.findall(_WORD, text)


def one_line(text: str, limit: int) -> str:
    """`text` on one printable line of at most `limit` characters, an ellipsis where it was cut."""
    line = " ".join(printable(text, keep="\n\t").split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet computes: what could begin a formula gets an apostrophe before it.

    An apostrophe at the beginning gets one, too: whoever takes one off each cell that begins with one has
    the text again, as `unguarded` does.
    """
    return f"'{text}" if re.match(_FORMULA, text) else text


def unguarded(cell: str) -> str:
    """The text of a cell that `guarded` made."""
    return cell.removeprefix("'")


def did_you_mean(word: str, known: Collection[str]) -> str | None:
    """A question that offers the known name nearest to `word`, whatever its case; None if none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), known, n=1)
    return f"did you mean {one_line(near[0], 40)!r}?" if near else None


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: `text[start:end]`, in code points."""

    start: int
    end: int


def sentences(text: str) -> list[Span]:
    """The sentences of `text`, in order, without white space around them; line breaks end one, too."""
    found = []
    for match in re.finditer(_SENTENCE, text):
        piece = match.group()
        start = match.start() + len(piece) - len(piece.lstrip())
        end = match.start() + len(piece.rstrip())
        if end > start:
            found.append(Span(start, end))
    return found


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared. `origins[i]` is the offset in the original of `text[i]`."""

    text: str
    origins: tuple[int, ...]


def fold(text: str) -> Folded:
    """`text` without the differences that do not matter to a quote.

    Compatibility forms, case, accents, kinds of quotation mark and dash, runs of white space, and
    characters of no width are folded. It works character by character, so that the fold of a part
    is a part of the fold: every verbatim substring is found again.
    """
    if text.isascii():
        return _folded_ascii(text)
    out: list[str] = []
    origins: list[int] = []
    for offset, c in enumerate(text):
        for piece in _fold_character(c):
            if piece == " " and (not out or out[-1] == " "):
                continue
            out.append(piece)
            origins.append(offset)
    if out and out[-1] == " ":
        out.pop()
        origins.pop()
    return Folded("".join(out), tuple(origins))


def find(quote: str, within: Folded, original: str) -> Span | None:
    """Where `quote` stands in `original`, whose fold is `within`; None if it does not.

    The span is the first match, widened over marks (accents) that belong to its last character.
    """
    wanted = fold(quote).text
    if not wanted:
        return None
    at = within.text.find(wanted)
    if at < 0:
        return None
    end = within.origins[at + len(wanted) - 1] + 1
    while end < len(original) and unicodedata.category(original[end]) in {"Mn", "Me"}:
        end += 1
    return Span(within.origins[at], end)


def _folded_ascii(text: str) -> Folded:
    """What `fold` gives for ASCII: each character is one, and only runs of white space are shortened."""
    whole = text.translate(_ASCII)
    if whole[:1] != " " and whole[-1:] != " " and "  " not in whole:
        return Folded(whole, tuple(range(len(whole))))
    origins: list[int] = []
    end = 0
    for run in re.finditer("[^ ]+", whole):
        if origins:
            origins.append(end)
        end = run.end()
        origins.extend(range(run.start(), end))
    return Folded(" ".join(whole.split()), tuple(origins))


@lru_cache(maxsize=4096)
def _fold_character(c: str) -> str:
    if c.isascii():
        return " " if c.isspace() or c < " " or c == "\x7f" else c.lower().translate(_SAME)
    if "\ud800" <= c <= "\udfff":
        return "\ufffd"
    category = unicodedata.category(c)
    if c.isspace() or category in {"Zs", "Zl", "Zp", "Cc"}:
        return " "
    if category in {"Cf", "Mn", "Me"}:
        return ""
    # Quotation marks and dashes first: NFKD would turn some of them into a space and a mark.
    same = c.translate(_SAME)
    whole = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", same).casefold())
    if len(whole) > _LONGEST_FORM:
        return same
    kept = "".join(x for x in whole if unicodedata.category(x) not in {"Cf", "Mn", "Me"})
    return kept.translate(_SAME)


_ASCII = {code: _fold_character(chr(code)) for code in range(128)}
