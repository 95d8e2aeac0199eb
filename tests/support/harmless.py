"""What may come out of the program, whatever went in: checks of what a terminal, a browser, a spreadsheet or
a Markdown reader would obey. Each raises AssertionError."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from interviewer.text import printable

#: The styles that the product itself sends: bold, dim, italic, and the palette's own colours.
OWN_STYLE = re.compile(r"\x1b\[(?:0|[1-3]|3[1-6])(?:;(?:[1-3]|3[1-6]))*m")
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_ACTIVE_MARKDOWN = frozenset(
    "html_block html_inline link_open image fence code_block s_open blockquote_link".split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_PAGE = frozenset(
    "html head meta title style body header nav main footer section article h1 h2 h3 h4 p ul ol li dl dt dd "
    "div span strong em code a bdi q br time mark table caption colgroup col thead tbody tr th td details "
    "summary figure figcaption blockquote dfn sub sup small svg g path rect line text tspan desc defs "
    "clippath use circle polyline polygon".split()
)
_METADATA = frozenset(
    "metadata rdf:rdf cc:work dc:type dc:date dc:format dc:creator cc:agent dc:title".split()
)
_LEADS_ELSEWHERE = frozenset(
    "src href srcset data action formaction poster xlink:href background ping manifest cite".split()
)
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def refuse_controls(text: str, where: str, *, styled: bool = False) -> None:
    """Nothing in `text` that a terminal obeys, but line breaks and tabs; styles, too, if `styled`."""
    bare = OWN_STYLE.sub("", text) if styled else text
    found = sorted(c for c in set(bare) if printable(c) != c)
    at = min((bare.index(c) for c in found), default=0)
    assert not found, f"{where}: {found} in {bare[max(0, at - 80) : at + 40]!r}"


def refuse_active_page(page: str, where: str) -> None:
    """A page of our elements alone, each closed in order, which runs nothing and leads nowhere else."""
    refuse_controls(page, where)
    reader = _Page(where)
    reader.feed(page)
    reader.close()
    assert not reader.open, f"{where}: not closed: {reader.open}"


class _Page(HTMLParser):
    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self._where = where

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _PAGE | _METADATA, f"{self._where}: <{tag}>"
        for name, value in attrs:
            told = f'{self._where}: <{tag} {name}="{value}">'
            assert not name.startswith("on"), told
            assert name not in _LEADS_ELSEWHERE or (value or "").startswith("#"), told
            assert name != "style" or "hostile" not in (value or ""), told
            assert tag != "meta" or "refresh" not in (value or "").lower(), told
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"{self._where}: </{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        assert self.open[-1:] != ["style"] or "hostile" not in data, f"{self._where}: a foreign style"

    def handle_comment(self, data: str) -> None:
        assert "hostile" not in data, f"{self._where}: a comment"


def refuse_formulas(table: str, where: str) -> None:
    """CSV of which no cell is computed, however a spreadsheet cuts it into cells."""
    refuse_controls(table.replace("\r\n", "\n"), where)
    for row in csv.reader(io.StringIO(table, newline="")):
        for cell in row:
            is_number = re.fullmatch(r"-?[0-9.]+(?:e-?[0-9]+)?", cell)
            assert is_number or not cell.startswith(_FORMULA), f"{where}: {cell[:80]!r}"


def refuse_active_markdown(text: str, where: str) -> None:
    """Markdown without HTML, links, pictures or code of anyone else's."""
    refuse_controls(text, where)
    tokens = [t for token in _MARKDOWN.parse(text) for t in (token, *(token.children or []))]
    found = sorted({t.type for t in tokens} & _ACTIVE_MARKDOWN)
    assert not found, f"{where}: {found}"
