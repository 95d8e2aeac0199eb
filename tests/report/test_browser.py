"""Pages in a real browser: nothing runs, nothing is wider than the window, nothing shuts anybody out.

Needs Debian's chromium; accessibility is checked where INTERVIEWER_AXE names a copy of axe.min.js (`npm pack
axe-core`), which is not in this repository.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.evaluation.bootstrap import Resampling
from interviewer.evaluation.report import agreement_of
from interviewer.grading.models import CriterionGrade, Evidence, Verdict
from interviewer.interview.models import Interview
from interviewer.memory.models import Outcome
from interviewer.memory.names import Names
from interviewer.memory.progress import progress_of
from interviewer.report.files import encoded
from interviewer.report.html_agreement import agreement_html
from interviewer.report.html_progress import progress_html
from interviewer.report.html_transcript import to_html
from interviewer.report.transcript import transcript_of
from tests.evaluation.labelling import BANK, grades_of, label, labels_of
from tests.evaluation.labelling import grade as graded_line
from tests.report.samples import WHOLE, answer, turn, with_turns
from tests.support.browser import PROGRAM, Browser, browser
from tests.support.builders import grade
from tests.support.hostile.kept import of_words
from tests.support.memories import NOW, asked, memory, point
from tests.support.strings import STRINGS

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="chromium is not installed")

# Read when this is imported: a test's own environment has no variables of the program's.
AXE = os.environ.get("INTERVIEWER_AXE")
WIDTHS = (400, 1000, 1600)


def quoted(text: str) -> Interview:
    """An interview in which each text is `text`, and a part of the answer is evidence."""
    proof = (Evidence(quote=text[1:4], start=1, end=4),)
    graded = grade(criteria=(CriterionGrade(id="one-request", verdict=Verdict.WRONG, evidence=proof),))
    return with_turns(turn(answer(text, grade=graded)))


def practised(title: str) -> str:
    """The page of progress in a bank of that name, with categories of that name."""
    held = memory(
        asked("latency", point(last=Outcome.MISSING, in_a_row=3, due=-2), results=(20.0, 40.0, 60.0)),
        asked("kernels", point(question="kernels", due=4), category="advanced", results=(90.0,)),
    )
    names = Names(
        bank=title,
        categories={"beginner": title, "advanced": title},
        requirements={("latency", "one-request"): title},
    )
    return progress_html([(progress_of(held, NOW), names)], NOW, "1.2.3")


def compared(words: str) -> str:
    """The page of agreement in which each text is `words`."""
    said = {"question": words, "reference": words, "answer": words, "kind": words, "category": words}
    labels = [
        label(f"{n} {words}", **said, human_scores=[n / 4, n / 5], human_verdict="met", note=words)
        for n in range(4)
    ]
    verdict = {"id": "reference", "verdict": "wrong", "reason": words}
    proof = [{"quote": words, "start": 0, "end": 1}]
    grades = [
        graded_line(
            f"{n} {words}",
            25 * n,
            criteria=[{**verdict, "evidence": proof}],
            grader={"kind": "llm", "model": words},
        )
        for n in range(4)
    ]
    found = [grades_of(*grades)] * 2
    report = agreement_of(labels_of(*labels), found, BANK, file=words, how=Resampling(0), worst=2)
    return agreement_html(report, "1.2.3")


BANK_TEXT = "Words" * 60  # without a place to break
PAGES = {
    "transcript": to_html(transcript_of(WHOLE, "1.2.3")),
    "redacted": to_html(transcript_of(WHOLE, "1.2.3", redact=True)),
    "unbroken": to_html(transcript_of(of_words(BANK_TEXT, BANK_TEXT), "1.2.3")),
    "progress": practised("Beginner"),
    "unbroken progress": practised(BANK_TEXT),
    "agreement": compared("because of heat"),
    "unbroken agreement": compared(BANK_TEXT),
    "nothing": progress_html([], NOW, "1.2.3"),
}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


def shown(chromium: Browser, folder: Path, page: str, *, width: int = 1000, dark: bool = False) -> None:
    file = folder / "page.html"
    file.write_bytes(encoded(page))
    chromium.open(file, width=width, dark=dark)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_and_its_console_is_silent(
    chromium: Browser, tmp_path: Path, name: str, width: int, dark: bool
) -> None:
    shown(chromium, tmp_path, PAGES[name], width=width, dark=dark)

    assert chromium.value("document.documentElement.scrollWidth") <= width
    assert chromium.heard == []


@pytest.mark.skipif(AXE is None, reason="INTERVIEWER_AXE names no copy of axe.min.js")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(chromium: Browser, tmp_path: Path, name: str, width: int, dark: bool) -> None:
    shown(chromium, tmp_path, PAGES[name], width=width, dark=dark)
    assert AXE is not None
    chromium.value(f"{Path(AXE).read_text('utf-8')};0")

    violations = chromium.value(
        "axe.run().then(told => told.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"
    )

    assert violations == []


def test_dark_is_dark_and_light_is_light(chromium: Browser, tmp_path: Path) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    page = PAGES["transcript"]

    shown(chromium, tmp_path, page)
    light = chromium.value(colour)
    shown(chromium, tmp_path, page, dark=True)

    assert (light, chromium.value(colour)) == ("rgb(250, 248, 244)", "rgb(21, 23, 28)")


@pytest.mark.parametrize("name", STRINGS)
def test_a_hostile_answer_shows_as_itself_and_runs_nothing(
    chromium: Browser, tmp_path: Path, name: str
) -> None:
    transcript = transcript_of(quoted(STRINGS[name]), "1")
    text = transcript.interview.turns[0].answers[0].text
    shown(chromium, tmp_path, to_html(transcript), width=400)

    # A sign is shown in place of what cannot be, and tells its code.
    told = chromium.value(
        "(() => { const answer = document.querySelector('.answer').cloneNode(true);"
        " for (const sign of answer.querySelectorAll('.sign'))"
        " sign.textContent = '\\u0000' + sign.dataset.c + '\\u0000';"
        " return JSON.stringify(answer.textContent) })()"
    )

    pieces = json.loads(told).split("\0")
    pieces[1::2] = [chr(int(code, 16)) for code in pieces[1::2]]
    assert "".join(pieces) == text
    assert chromium.heard == []
    assert chromium.value("document.title") == "Mock interview: tester, 2026-01-05 19:00 UTC"
    assert chromium.value("document.documentElement.scrollWidth") <= 400


def test_a_script_that_got_in_would_not_run(chromium: Browser, tmp_path: Path) -> None:
    """The policy holds even where escaping would not: it is not the only guard."""
    page = PAGES["transcript"].replace("</main>", "<script>document.title='run'</script></main>")

    shown(chromium, tmp_path, page)

    assert chromium.value("document.title") != "run"
    assert any("Content Security Policy" in told for told in chromium.heard)
