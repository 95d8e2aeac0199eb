"""Foreign text in Markdown: it reads as it was written, and is never markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from interviewer.report.escape import JOINER, code, inline, paragraphs, quoted
from interviewer.text import printable
from tests.report.hostile import HOSTILE

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "hardbreak"}


def flat(tokens: list[Token]) -> list[Token]:
    return [t for token in tokens for t in (token, *flat(token.children or []))]


def kinds(markdown: str) -> set[str]:
    return {token.type for token in flat(PARSER.parse(markdown))}


def shown(markdown: str) -> str:
    """What a reader sees: the text, its line breaks, and one break between paragraphs."""
    pieces = {"hardbreak": "\n", "paragraph_close": "\n"}
    tokens = flat(PARSER.parse(markdown))
    return "".join(pieces.get(t.type, t.content if t.type == "text" else "") for t in tokens)


def lines_of(text: str) -> list[str]:
    """The lines that hold something, with white space as Markdown's readers leave it."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.replace(JOINER, "").split("\n"))
    return [line for line in lines if line]


@given(HOSTILE)
def test_a_quoted_answer_is_a_quote_of_plain_text(text: str) -> None:
    assert kinds(quoted(text)) <= {*PLAIN, "blockquote_open", "blockquote_close"}


@given(HOSTILE)
def test_paragraphs_are_plain_text(text: str) -> None:
    assert kinds(paragraphs(text)) <= PLAIN


CONSTRUCTS = [
    "<div>\n</div>",
    "<b>x</b>",
    "<https://a.example>",
    "[x](https://a.example)",
    "![x](https://a.example/p.png)",
    "[x][y]\n\n[y]: https://a.example",
    "# x",
    "===",
    "---",
    "- x",
    "+ x",
    "* x",
    "1. x",
    "> x",
    "```\nx\n```",
    "~~~\nx\n~~~",
    "    x",
    "\tx",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "a | b\n--|--\n1 | 2",
    "`x`",
    "**x**",
    "__x__",
    "~~x~~",
    "&lt;",
    "***",
    "___",
]


@pytest.mark.parametrize("construct", CONSTRUCTS)
@pytest.mark.parametrize("around", ["{}", "word\n{}", "word\n{}\nword", "word\n\n{}\n\nword"])
def test_no_construct_of_markdown_survives(construct: str, around: str) -> None:
    text = around.format(construct)

    assert kinds(paragraphs(text)) <= PLAIN
    assert lines_of(shown(paragraphs(text))) == lines_of(text)


@given(HOSTILE)
def test_inline_text_is_one_paragraph_of_plain_text(text: str) -> None:
    assert kinds(inline(text)) <= PLAIN - {"hardbreak"}


@given(HOSTILE)
def test_inline_text_is_one_line(text: str) -> None:
    assert len(inline(text).splitlines()) <= 1


@given(HOSTILE)
@example("a | b")
def test_a_table_cell_stays_one_cell(text: str) -> None:
    tokens = PARSER.parse(f"| a | b |\n| --- | --- |\n| {inline(text)} | last |\n")

    assert [t.content for t in tokens if t.type == "inline"][-1] == "last"


@given(HOSTILE)
@example("x #")
def test_a_heading_shows_the_whole_text(text: str) -> None:
    assert lines_of(shown(f"## x {inline(text)}")) == lines_of(" ".join(f"x {printable(text)}".split()))


@given(HOSTILE)
@example("a\r\nb")
@example("    indented\n\tcode")
@example("a\n\u00a0")
@example("ends in a backslash\\\nnext")
def test_a_quoted_answer_reads_as_it_was_written(text: str) -> None:
    assert lines_of(shown(quoted(text))) == lines_of(printable(text.replace("\r\n", "\n")))


@given(HOSTILE)
def test_every_line_of_a_quoted_answer_is_marked(text: str) -> None:
    assert all(line.startswith(">") for line in quoted(text).split("\n"))


@given(HOSTILE)
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    told = quoted(text)

    assert printable(told) == told


@given(HOSTILE)
@example("_www.a.example")
def test_no_address_or_name_is_left_that_a_site_would_link(text: str) -> None:
    told = paragraphs(text)

    assert not re.search(r"://|www\.|@\w|#\d|(?<![^\W_])gh-\d|:[\w+-]+:", told, re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("p99 > 50 ms, C#, R&D, f(x) = 2.", "p99 > 50 ms, C#, R&D, f(x) = 2."),
        ("tokens_per_second", "tokens_per_second"),
        ("_private", r"\_private"),
        ("- first", r"\- first"),
        ("1. first", r"1\. first"),
        ("# title", r"\# title"),
        ("~5 ms", r"\~5 ms"),
        ("a[0] * 2", r"a\[0\] \* 2"),
        ("https://a.example", r"https:\//a.example"),
        ("@user", f"@{JOINER}user"),
    ],
)
def test_only_what_could_be_markup_is_escaped(text: str, markdown: str) -> None:
    assert inline(text) == markdown


def test_line_breaks_are_kept() -> None:
    assert quoted("one\ntwo\n\nthree") == "> one\\\n> two\n>\n> three"


def test_indentation_is_kept() -> None:
    assert quoted("def f():\n    pass") == "> def f():\\\n> \u00a0\u00a0\u00a0\u00a0pass"


def test_a_harmless_id_is_code() -> None:
    assert code("gpt-5.1:turbo") == "`gpt-5.1:turbo`"


@given(HOSTILE)
def test_an_id_is_never_more_than_code(text: str) -> None:
    assert kinds(code(text)) <= {*PLAIN, "code_inline"}
