"""PDF: the same page on paper, tagged, with every word in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from interviewer import extras
from interviewer.errors import UsageError
from interviewer.report.html_transcript import to_html
from interviewer.report.pdf import to_pdf
from interviewer.report.transcript import transcript_of
from interviewer.text import printable
from tests.report.reading import dense, is_tagged, words_in_pdf
from tests.report.samples import WHOLE, answer, turn, with_turns
from tests.support.strings import STRINGS


def _why_not() -> str:
    """Why no PDF can be made and read here; empty if one can."""
    try:
        import pypdfium2  # noqa: F401
        import weasyprint  # noqa: F401
    except ImportError as error:
        return f"{error.name} is not installed"
    except OSError:
        return "WeasyPrint finds no Pango"
    return ""


needs_pdf = pytest.mark.skipif(bool(_why_not()), reason=_why_not() or "it can be made")


@needs_pdf
def test_it_holds_the_whole_transcript() -> None:
    words = words_in_pdf(to_pdf(to_html(transcript_of(WHOLE, "1.2.3"))))

    for told in ("Latency is the time that one request takes.", "Now it is whole.", "Technical data"):
        assert dense(told) in words


@needs_pdf
def test_it_is_tagged_for_screen_readers() -> None:
    assert is_tagged(to_pdf(to_html(transcript_of(WHOLE, "1.2.3"))))


@needs_pdf
def test_every_hostile_answer_is_there_and_none_runs() -> None:
    turns = [turn(answer(text)) for text in STRINGS.values()]
    transcript = transcript_of(with_turns(*turns), "1")

    data = to_pdf(to_html(transcript))

    words = words_in_pdf(data)
    for name, one in zip(STRINGS, transcript.interview.turns, strict=True):
        assert dense(printable(one.answers[0].text.replace("\r\n", "\n"))) in words, name
    assert b"/JavaScript" not in data
    assert b"/Launch" not in data


def test_without_weasyprint_it_says_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)

    with pytest.raises(UsageError, match="WeasyPrint") as refused:
        to_pdf("<p>x</p>")

    assert refused.value.hint == f"Install it with: {sys.executable} -m pip install 'mock-interviewer[pdf]'"


@needs_pdf
def test_nothing_is_fetched(tmp_path: Path) -> None:
    picture = tmp_path / "x.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">fetched</text></svg>', "utf-8")
    page = f'<html lang="en"><title>t</title><p>words</p><img src="{picture.as_uri()}" alt="">'

    words = words_in_pdf(to_pdf(page))

    assert "words" in words
    assert "fetched" not in words
