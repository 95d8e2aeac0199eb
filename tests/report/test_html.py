"""The page of a transcript: what it tells, and that it is one file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings

from interviewer.grading.models import CriterionGrade, Evidence, Flag, Verdict
from interviewer.interview.models import Dispute, Status
from interviewer.report.html import exact
from interviewer.report.html_transcript import to_html
from interviewer.report.transcript import transcript_of
from interviewer.text import printable
from tests.report.hostile import HOSTILE, HOSTILE_BANK, HOSTILE_WORDS
from tests.report.reading import answers_in_html
from tests.report.samples import (
    ASKED,
    CAPPED,
    FAILED,
    FOLLOWED_UP,
    GAVE_UP,
    GRADED,
    MISTAKEN,
    PLANNED,
    SKIPPED,
    WHOLE,
    answer,
    judged,
    turn,
    with_turns,
)
from tests.support.builders import ANSWER, at, criterion_grade, evidence, grade
from tests.support.hostile.kept import of_words
from tests.support.strings import STRINGS


class Structure(HTMLParser):
    """The elements of a page in order, each with its attributes but for those that hold foreign text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        self.text += "" if tag in {"span", "bdi", "q", "a", "mark", "strong"} else " "

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(*turns: object, **more: object) -> str:
    return to_html(transcript_of(with_turns(*turns, **more), "1.2.3"))  # type: ignore[arg-type]


def text_of(page: str) -> str:
    """What a reader sees, on one line."""
    body = page[page.index("<body>") :]
    return " ".join(Structure(body).text.split())


def tags(page: str) -> list[str]:
    """The elements in order, without those that stand for characters that cannot be shown."""
    found = Structure(page).elements
    return [tag for tag, attributes in found if ("class", "sign") not in attributes]


WHOLE_PAGE = to_html(transcript_of(WHOLE, "1.2.3"))


def test_it_says_whom_the_interview_was_for_and_when() -> None:
    assert "<title>Mock interview: tester, 2026-01-05 19:00 UTC</title>" in WHOLE_PAGE


def test_it_asks_for_nothing_beside_itself() -> None:
    urls = [
        value
        for tag, attributes in Structure(WHOLE_PAGE).elements
        for name, value in attributes
        if name in {"src", "href", "srcset", "data", "action", "poster", "xlink:href"}
    ]

    assert urls
    assert all(url is not None and url.startswith("#") for url in urls)
    assert "@import" not in WHOLE_PAGE
    assert "url(" not in WHOLE_PAGE


def test_every_link_leads_to_a_place_in_the_page() -> None:
    elements = Structure(WHOLE_PAGE).elements
    ids = [value for _, attributes in elements for name, value in attributes if name == "id"]
    links = {value for _, attributes in elements for name, value in attributes if name == "href"}

    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in links if link} <= set(ids)


def test_it_has_no_script_and_no_style_but_its_own_sheet() -> None:
    elements = Structure(WHOLE_PAGE).elements

    assert [tag for tag, _ in elements if tag in {"script", "style", "link"}] == ["style"]
    assert not [n for _, attributes in elements for n, _ in attributes if n == "style" or n.startswith("on")]


def test_its_policy_allows_that_sheet_alone() -> None:
    (sheet,) = re.findall(r"<style>(.*?)</style>", WHOLE_PAGE, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()

    assert (
        'http-equiv="Content-Security-Policy" content="'
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\""
    ) in WHOLE_PAGE


def test_headings_never_skip_a_level() -> None:
    levels = [int(tag[1]) for tag in tags(WHOLE_PAGE) if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_it_has_landmarks_and_a_language() -> None:
    assert '<html lang="en">' in WHOLE_PAGE
    assert {"header", "nav", "main", "footer"} <= set(tags(WHOLE_PAGE))


def test_every_head_of_a_table_has_a_scope() -> None:
    heads = [dict(attributes) for tag, attributes in Structure(WHOLE_PAGE).elements if tag == "th"]

    assert {head.get("scope") for head in heads} == {"col", "row", "rowgroup"}


def test_every_chart_has_a_title_and_a_description_and_a_table_beside_it() -> None:
    charts = re.findall(r'<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)".*?</svg>', WHOLE_PAGE, re.DOTALL)

    assert len(charts) == 2
    for title, description in charts:
        assert f'<title id="{title}">' in WHOLE_PAGE
        assert f'<desc id="{description}">' in WHOLE_PAGE
    assert WHOLE_PAGE.count('<div class="pair">') == len(charts)
    for pair in WHOLE_PAGE.split('<div class="pair">')[1:]:
        assert "<table>" in pair[: pair.index("<svg")]


def test_the_summary_has_scores_by_category_and_over_all() -> None:
    told = text_of(page_of(GRADED))

    assert "Beginner 50 1 of 1 1 0 0 1" in told
    assert "Overall 50 1 of 1 1 0 0 1" in told


def test_every_point_is_listed_with_verdict_and_credit() -> None:
    told = text_of(page_of(GRADED))

    assert "1. latency 50 says what one-request is and why ✓ met 100 % says what many-requests" in told


def test_time_is_told_beside_guide_and_limit() -> None:
    limited = WHOLE.settings.model_copy(update={"question_seconds": 120.0})
    late = turn(answer(seconds=200, timed_out=True), answer(prompt="And?", seconds=10))
    told = text_of(page_of(late, settings=limited))

    assert "1. latency 3 min 20 s 10 s 3 min 2 min sent by the time limit, 20 s over the guide" in told


def test_evidence_is_marked_in_place_by_kind_and_sign() -> None:
    page = page_of(turn(answer(grade=judged(Verdict.PARTIAL, Verdict.MET))))

    assert re.search(
        r'<mark class="partial met both" data-label="◐1 ✓2">(<span id="[\w-]+"></span>){2}'
        r"Latency is the time </mark>",
        page,
    )


def test_overlapping_evidence_is_marked_for_both() -> None:
    first, second = evidence("Latency is the time"), evidence("the time that one request takes")
    criteria = (
        CriterionGrade(id="one-request", verdict=Verdict.MET, evidence=(first,)),
        CriterionGrade(id="many-requests", verdict=Verdict.WRONG, evidence=(second,)),
    )
    page = page_of(turn(answer(grade=grade(criteria=criteria))))

    marks = re.findall(r'<mark class="([^"]*)"(?: data-label="([^"]*)")?>', page[page.index('"answer"') :])
    assert marks == [("met", ""), ("met wrong both", "✓1"), ("wrong", "✗2")]
    assert answers_in_html(page) == [ANSWER]


def test_a_quote_that_does_not_stand_at_its_offsets_is_listed_and_not_marked() -> None:
    proof = (Evidence(quote="not there", start=0, end=9),)
    criteria = (CriterionGrade(id="one-request", verdict=Verdict.MET, evidence=proof),)
    page = page_of(turn(answer(grade=grade(criteria=criteria))))

    assert "<mark" not in page[page.index('"answer"') :]
    assert "not there" in text_of(page)


def test_what_was_withheld_is_marked_and_listed() -> None:
    page = page_of(
        turn(answer(grade=judged(Verdict.MET, Verdict.MET, withheld=(evidence("Throughput is"),))))
    )

    assert '<mark class="withheld" data-label="⊘">' in page
    assert "Withheld from the grader Throughput is in place" in text_of(page)


def test_a_follow_up_is_shown_with_its_question_and_what_it_won() -> None:
    told = text_of(page_of(FOLLOWED_UP))

    assert "Follow-up 1 And when many come at once?" in told
    assert "✓2 met after follow-up (missing before; 50 % of the credit)" in told


def test_a_dispute_is_shown_with_argument_and_both_verdicts() -> None:
    ruling = judged(Verdict.MET)
    dispute = Dispute(
        criterion="one-request",
        position=0,
        argument="I did say it.",
        at=at(9),
        before=Verdict.MISSING,
        grade=ruling,
    )
    told = text_of(page_of(turn(answer(grade=judged(Verdict.MISSING, Verdict.MET)), disputes=(dispute,))))

    assert "Disputed I did say it. Judged again: missing → met" in told


def test_a_misconception_is_marked_and_corrected() -> None:
    page = page_of(MISTAKEN)

    assert 'data-label="✗M1"' in page
    assert "✗M1 They can move against each other. 15 points off" in text_of(page)


def test_gaps_feedback_and_outline_are_shown() -> None:
    told = text_of(page_of(GRADED))

    assert "Gap It has it upside down." in told
    assert "Feedback Good on one request." in told
    assert "What a full answer holds One is the time of a single request" in told


def test_the_outline_waits_for_an_answer() -> None:
    assert "What a full answer holds" not in page_of(ASKED)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (FAILED, "Not graded yet. The service did not answer. (service_down, 2026-01-05 19:02 UTC)"),
        (SKIPPED, "Skipped. There is no answer and no score."),
        (ASKED, "Not answered yet."),
        (GAVE_UP, "Gave up: the candidate said that they don’t know."),
        (CAPPED, "the score cannot be over 60"),
        (PLANNED, "Not asked yet: 1 question."),
        (GRADED.model_copy(update={"retry_of": 0}), "once more"),
    ],
)
def test_each_way_that_a_turn_can_stand_is_told(one: object, told: str) -> None:
    assert told in text_of(page_of(GRADED, one))


def test_flags_are_explained() -> None:
    flagged = turn(answer(grade=judged(Verdict.MET, Verdict.MET, flags=(Flag.PROVISIONAL,))))

    assert "Provisional: the service was out of reach" in text_of(page_of(flagged))


def test_the_fake_grader_s_grades_are_no_judgement() -> None:
    assert "Not judged." in text_of(WHOLE_PAGE)


def test_grader_and_versions_are_told() -> None:
    told = text_of(page_of(GRADED))

    assert "llm, model test-model, prompt version p1" in told
    assert "mock-interviewer 1.2.3" in told
    assert "1, latency first llm r1 2 1,234 1,000 56 2.3" in told


def test_an_interview_without_a_grade_has_a_page() -> None:
    page = page_of(PLANNED, status=Status.RUNNING)

    assert "Nothing is graded yet." in text_of(page)
    assert "Nothing was asked yet." in text_of(page)


def test_a_grade_for_a_criterion_that_the_question_lacks_breaks_nothing() -> None:
    odd = grade(criteria=(criterion_grade("gone"), criterion_grade("one-request")))

    assert answers_in_html(page_of(turn(answer(grade=odd)))) == [ANSWER]


PLAIN = tags(to_html(transcript_of(of_words("x", "x"), "1")))


@settings(max_examples=40)
@given(HOSTILE_WORDS, HOSTILE_BANK)
def test_no_text_from_elsewhere_changes_the_structure(words: str, bank: str) -> None:
    assert tags(to_html(transcript_of(of_words(words, bank), words))) == PLAIN


@settings(max_examples=40)
@given(HOSTILE_WORDS, HOSTILE_BANK)
def test_nothing_is_left_that_a_screen_obeys(words: str, bank: str) -> None:
    page = to_html(transcript_of(of_words(words, bank), words))

    assert printable(page) == page


@settings(max_examples=40)
@given(HOSTILE_WORDS)
def test_an_answer_comes_back_to_the_letter(words: str) -> None:
    told = transcript_of(with_turns(turn(answer(words))), "1")

    assert answers_in_html(to_html(told)) == [told.interview.turns[0].answers[0].text]


@pytest.mark.parametrize("name", STRINGS)
def test_a_hostile_answer_comes_back_to_the_letter_and_is_marked(name: str) -> None:
    said = STRINGS[name]
    proof = (Evidence(quote=said[1:4], start=1, end=4),)
    graded = grade(criteria=(CriterionGrade(id="one-request", verdict=Verdict.MET, evidence=proof),))
    told = transcript_of(with_turns(turn(answer(said, grade=graded))), "1")

    page = to_html(told)

    assert answers_in_html(page) == [told.interview.turns[0].answers[0].text]
    assert 'data-label="✓1"' in page


@given(HOSTILE)
def test_exact_text_is_text_and_signs_alone(text: str) -> None:
    assert {tag for tag, _ in Structure(str(exact(text))).elements} <= {"span"}
