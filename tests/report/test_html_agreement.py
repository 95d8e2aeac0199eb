"""The page: one file, valid, without network or script, in which hostile text shows as itself."""

from __future__ import annotations

import html
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from hypothesis import given, settings

from interviewer.evaluation.bootstrap import Resampling
from interviewer.evaluation.labels import labelled
from interviewer.evaluation.report import agreement_of
from interviewer.report.html_agreement import agreement_html
from interviewer.text import printable
from tests.evaluation.labelling import BANK, about, grade, grades_of, label, scored
from tests.report.hostile import HOSTILE_BANK
from tests.report.reading import answers_in_html


class Read(HTMLParser):
    """What a browser would make of the page: text, elements, ids, and attributes that act."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.elements: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.acts: list[str] = []
        self.headings: list[int] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += ("class", "sign") not in attrs  # these stand for characters
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            if name == "id":
                self.ids[str(value)] += 1
            if name.startswith("on") or (name in {"src", "href"} and not str(value).startswith("#")):
                self.acts.append(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        self.text += data


def page(labels: list[str], grades: list[str], *runs: list[str]) -> str:
    answers = labelled(labels, BANK, file="labels.jsonl")
    found = [grades_of(*run) for run in (grades, *runs)]
    report = agreement_of(answers, found, BANK, file="labels.jsonl", how=Resampling(5), worst=5)
    return agreement_html(report, "1.2.3")


def full_page() -> str:
    labels = [
        label("a", human_scores=[0.1, 0.3], human_verdicts={"one-request": "met"}, kind="full"),
        label("b", human_scores=[0.9, 0.7], human_verdicts={"one-request": "wrong", "many-requests": "met"}),
        label("c", **about("Why?"), human_verdict="met", human_scores=[1, 1]),
        label("d", **about("Why?"), label="incorrect", human_score=0),
    ]
    grades = [
        grade("a", 80, {"one-request": "wrong"}),
        grade("b", 20, {"one-request": "wrong", "many-requests": "missing"}),
        grade("c", 100, {"reference": "met"}),
        grade("d", 0, {"reference": "missing"}),
    ]
    return page(labels, grades, grades)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    text = full_page()
    found = Read(text)

    assert found.elements["script"] == found.elements["link"] == found.elements["img"] == 0
    assert found.acts == []
    assert not re.search(r"@import|url\((?!#)", text)
    assert "default-src 'none'" in text


def test_ids_are_there_once_and_headings_go_down_step_by_step() -> None:
    found = Read(full_page())

    assert [id for id, count in found.ids.items() if count > 1] == []
    assert found.headings[0] == 1
    assert all(deeper <= before + 1 for before, deeper in pairwise(found.headings))


def test_each_chart_is_named_for_those_who_do_not_see_it() -> None:
    text = full_page()

    assert Read(text).elements["svg"] == 3
    for name in ("scatter", "differences", "reliability"):
        assert f'role="img" aria-labelledby="{name}-title {name}-desc"' in text


def test_each_verdict_of_people_has_its_row_with_what_the_grader_said() -> None:
    (table,) = re.findall(r"<caption>Verdicts:.*?</table>", full_page(), re.DOTALL)

    rows = re.findall(r'<tr><th scope="row"><bdi>(\w+)</bdi></th>(<td.*?</td>)</tr>', table)
    told = {name: re.sub("<[^>]+>", " ", cells).split() for name, cells in rows}
    assert told["met"] == ["1", "0", "1", "1"]


def test_the_same_report_makes_the_same_page() -> None:
    assert full_page() == full_page()


def test_a_page_of_scores_alone_has_no_empty_tables() -> None:
    text = page(*scored([(0, 10), (50, 60), (90, 80)]))

    assert "Verdicts:" not in text
    assert "Two people" not in text
    assert "#criteria" not in text


def foreign_page(id: str, words: str) -> str:
    """A page with `words` at every place that holds text from outside."""
    said: dict[str, Any] = {
        "question": f"Why {words}?", "reference": words, "answer": f"{words} indeed", "kind": words,
        "category": words, "note": words, "human_verdicts": {"reference": "met"},
    }  # fmt: skip
    labels = [label("plain", **said, human_score=0), label(id, **said, human_score=1)]
    grader = {"kind": "llm", "model": words}
    verdict = {"id": "reference", "verdict": "wrong", "reason": words}
    proof = [{"quote": words, "start": 0, "end": 1}]
    grades = [
        grade(one, score, grader=grader, criteria=[{**verdict, "evidence": proof}])
        for one, score in (("plain", 80), (id, 20))
    ]
    return page(labels, grades)


CLEAN = Read(foreign_page("b", "xyz")).elements


@settings(max_examples=12)
@given(HOSTILE_BANK)
def test_hostile_text_shows_as_itself(hostile: str) -> None:
    words = f"x{hostile}x"

    text = foreign_page(f"id {hostile}", words)

    found = Read(text)
    assert found.elements == CLEAN
    assert found.acts == []
    assert answers_in_html(text) == [f"{words} indeed"] * 2
    assert printable(words) in html.unescape(text)
