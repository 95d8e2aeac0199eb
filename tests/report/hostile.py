"""Text that tries to be more than text, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

_PIECES = [
    *(
        "<script>alert(1)</script>",
        "<b>",
        "</blockquote>",
        "<!-- x -->",
        "<https://a.example>",
        "<a@b.example>",
    ),
    *("[x](https://a.example)", "![x](https://a.example/p.png)", "[x]: https://a.example"),
    *("[^1]", "[ ] ", "[!NOTE]", "https://a.example", "www.a.example", "a@b.example", "mailto:a@b.example"),
    *("@someone", "#12", "GH-7", ":tada:", "# ", "## x ##", "- ", "* ", "+ ", "1. ", "12) ", "> "),
    *("---", "***", "___", "===", ":--", "| --- |", "|", "```", "~~~", "`", "``", "~~x~~", "~", "$x$"),
    *("**x**", "*", "_", "__x__", "a_b", "&amp;", "&#35;", "&#x40;", "&", "\\", "\\\\", "\\`"),
    *("\n", "\n\n", "\r\n", "\r", "\t", "    ", "  ", " ", "\u00a0", "\u2003", "\u200b", "\u2060", "\ufeff"),
    *("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\x9b", "\u202e", "\u2066", "\u2028", "\ud83d", "\ude00"),
    *("é", "😀", "0"),
]
_CHARACTERS = st.text(st.characters(exclude_categories=()), max_size=6)

#: Any text, lone surrogates and controls included, with a taste for markup.
HOSTILE = st.lists(st.one_of(st.sampled_from(_PIECES), _CHARACTERS), max_size=12).map("".join)
#: The same with something in it besides white space.
HOSTILE_WORDS = HOSTILE.filter(lambda text: bool(text.strip()))
#: What a bank can hold: its models take no lone surrogates.
HOSTILE_BANK = HOSTILE_WORDS.map(lambda text: text.encode("utf-8", "replace").decode())
