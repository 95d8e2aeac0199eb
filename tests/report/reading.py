"""What a reader of each format has of the first answer: the text, taken out of the file again."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from interviewer.report.escape import JOINER

_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class _Answers(HTMLParser):
    """The text of each element of class `answer`; signs become the characters that they stand for."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.answers: list[str] = []
        self._depth = 0  # of elements inside an answer
        self._in_sign = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if self._depth:
            self._depth += 1
        elif told.get("class") == "answer":
            self._depth = 1
            self.answers.append("")
        if self._depth and told.get("class") == "sign":
            self._in_sign = True
            self.answers[-1] += chr(int(told["data-c"] or "", 16))

    def handle_endtag(self, tag: str) -> None:
        self._in_sign = False
        if self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth and not self._in_sign:
            self.answers[-1] += data


def answers_in_html(page: str) -> list[str]:
    reader = _Answers()
    reader.feed(page)
    reader.close()
    return reader.answers


def answers_in_json(text: str) -> list[str]:
    turns = json.loads(text)["interview"]["turns"]
    return [answer["text"] for turn in turns for answer in turn["answers"]]


def quoted_in_markdown(text: str) -> str:
    """What stands in block quotes, with its line breaks."""
    shown, depth = "", 0
    for token in _MARKDOWN.parse(text):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if depth and token.type == "inline":
            pieces = ("\n" if c.type == "hardbreak" else c.content for c in token.children or [])
            shown += "".join(pieces) + "\n"
    return shown.replace(JOINER, "")


def words_in_pdf(data: bytes) -> str:
    """All text, without white space and characters of no width."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    pages = [dense(page.get_textpage().get_text_range()) for page in document]
    document.close()
    # Each page has its number in the margin.
    numbers = [f"{number}/{len(pages)}" for number in range(1, len(pages) + 1)]
    return "".join(
        page.removeprefix(number).removesuffix(number) for page, number in zip(pages, numbers, strict=True)
    )


def is_tagged(data: bytes) -> bool:
    """Whether a PDF tells what is a heading, a table and so on."""
    import pypdfium2
    from pypdfium2 import raw

    document = pypdfium2.PdfDocument(data)
    page = document[0]
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    count = raw.FPDF_StructTree_CountChildren(tree)
    raw.FPDF_StructTree_Close(tree)
    document.close()
    return bool(count > 0)


def dense(text: str) -> str:
    """`text` without white space, characters of no width, and where soft hyphens break a line."""
    return re.sub("[\\s\u200b-\u200d\u2060\ufeff\ufffe\x02\xad]+", "", text)
