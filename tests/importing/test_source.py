"""A page is cut into items and facts; each of its lines is in one item, or told as not used."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import InvalidFileError
from interviewer.importing.source import MAX_CHARACTERS, MAX_HINT, MAX_ITEMS, Page, page_of
from tests.importing.model import page

SEED_LIKE = """Interview Prep
Latency Engineer Interview Questions
2 expert questions on fundamentals. Each answer includes a hint for structured responses.
Beginner
1 questionExplain that latency is the time of one request, while throughput counts many.
Scenario & Tools
1 questionExpect a plan: 1. Check metrics. 2. Profile a request.
"""


def shape(cut: Page) -> list[tuple[str | None, str | None, list[str]]]:
    return [(item.heading, item.question, [fact.text for fact in item.facts]) for item in cut.items]


def test_lines_under_headings_that_nothing_marks_are_hints() -> None:
    cut = page(SEED_LIKE)

    assert cut.title == "Latency Engineer Interview Questions"
    assert shape(cut) == [
        (
            "Beginner",
            None,
            ["Explain that latency is the time of one request,", "while throughput counts many."],
        ),
        ("Scenario & Tools", None, ["Expect a plan: 1. Check metrics.", "2. Profile a request."]),
    ]
    assert [(u.line, u.text[:16]) for u in cut.unused] == [
        (1, "Interview Prep"),
        (2, "Latency Engineer"),
        (3, "2 expert questio"),
        (4, "Beginner"),
        (5, "1 question"),
        (6, "Scenario & Tools"),
        (7, "1 question"),
    ]


@pytest.mark.parametrize(
    ("text", "question", "facts"),
    [
        ("What is X? It is a letter.", "What is X?", ["It is a letter."]),
        ("What is X?\nIt is a letter.", "What is X?", ["It is a letter."]),
        ("What is X?\n\nIt is a letter.", "What is X?", ["It is a letter."]),
        ("## What is X?\n- a letter\n- the 24th one", "What is X?", ["a letter", "the 24th one"]),
        ("1. **What is X?**\n   - a letter", "What is X?", ["a letter"]),
        ("Q: Say what X is.\nA: It is a letter.", "Say what X is.", ["It is a letter."]),
        ("Q1. What is X?\nHint: a letter", "What is X?", ["a letter"]),
        ("| What is X? | A letter |", "What is X?", ["A letter"]),
        ("It is late. What do you do?\nStay calm, then act.", "It is late. What do you do?", None),
        ("Explain X. It is a letter.", None, ["Explain X.", "It is a letter."]),
        ("Good answers hold:\n- a letter\n- its use", None, ["Good answers hold: a letter", "its use"]),
        ("- See [the *page*](http://a.b/c) on `X`", None, ["See the page on `X`"]),
    ],
)
def test_a_question_and_its_hint_make_one_item(
    text: str, question: str | None, facts: list[str] | None
) -> None:
    (item,) = page(text).items

    assert item.question == question
    assert [fact.text for fact in item.facts] == (facts or ["Stay calm,", "then act."])


def test_a_paragraph_that_is_broken_into_lines_is_one_item_whose_facts_know_their_lines() -> None:
    cut = page(
        "Explain that compost feeds the life in the soil, and that this\n"
        "improves its structure over the years, which in turn makes it\n"
        "hold more water.\n\nExplain mulch.\n"
    )

    assert [item.lines for item in cut.items] == [(1, 2, 3), (5,)]
    assert [(fact.line, fact.text.split()[0]) for fact in cut.items[0].facts] == [
        (1, "Explain"),
        (1, "and"),
        (2, "which"),
    ]


def test_list_entries_are_items_and_deeper_ones_belong_to_them() -> None:
    cut = page("# A\n- Explain X\n  - with why\n- Explain Y\n# B\n1. Explain Z")

    assert [(item.heading, item.lines) for item in cut.items] == [("A", (2, 3)), ("A", (4,)), ("B", (6,))]


def test_html_is_read_as_a_reader_sees_it() -> None:
    cut = page(
        "<!doctype html><html><head><title>t</title></head><body><nav>Home</nav>\n<h1>QA</h1>\n"
        "<h2>Basics &amp; more</h2><ul><li>Explain that a test\nmust <b>fail</b> first, and why"
        "<ul><li>it is proof then</li></ul></li></ul><script>What is it?</script>\n"
        "<p>What is a mock?<br>A stand-in &#60;here&#62;</p></body></html>"
    )

    assert cut.title == "QA"
    assert shape(cut) == [
        ("Basics & more", None, ["Explain that a test must fail first,", "and why", "it is proof then"]),
        ("Basics & more", "What is a mock?", ["A stand-in <here>"]),
    ]
    assert cut.items[0].lines == (3, 4)
    assert [u.text for u in cut.unused] == ["Home", "QA", "Basics & more"]


LINES = st.sampled_from(
    [
        "",
        "Beginner",
        "# Heading",
        "What is it?",
        "What is it? It is this.",
        "- an entry, and more",
        "  - a deeper entry",
        "1. a number",
        "Explain that one thing leads to the other, which then goes on for quite a while without",
        "and goes on in lower case.",
        "A whole sentence.",
        "Q: why so?",
        "A: because of it",
        "5 questionsExplain it",
        "---",
        "===",
        "```",
        "| a | b |",
        "|---|---|",
        "> quoted text",
        "**Bold**",
        "Welcome to this page of interview questions.",
        "\x1b[31m red \x00",
        "-",
        "#",
    ]
)


FIRST = ("Explain the first thing of all.", "")


@given(st.lists(LINES, max_size=14))
def test_every_line_is_in_one_item_or_is_told_as_not_used(lines: list[str]) -> None:
    text = "\n".join([*FIRST, *lines])
    cut = page(text)

    used = Counter(line for item in cut.items for line in item.lines)
    unused = {one.line for one in cut.unused}
    blank = {number for number, line in enumerate(text.split("\n"), start=1) if not line.strip()}
    assert set(used.values()) <= {1}
    assert set(used) | unused == set(range(1, len(lines) + len(FIRST) + 1)) - blank
    # A line is in both only where its beginning is a count such as "5 questions".
    assert all(text.split("\n")[line - 1].startswith("5 ") for line in set(used) & unused)


@given(st.lists(LINES, max_size=14))
def test_the_words_of_an_items_hint_are_those_of_its_facts(lines: list[str]) -> None:
    for item in page("\n".join([*FIRST, *lines])).items:
        told = " ".join(fact.text for fact in item.facts).replace(";", "").split()
        assert told == item.hint.replace(";", "").split()
        assert [fact.number for fact in item.facts] == list(range(1, len(item.facts) + 1))
        assert {fact.line for fact in item.facts} <= set(item.lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no question and no hint in it"),
        ("\n \n", "there is no question and no hint in it"),
        ("# Only\n\n## Headings", "there is no question and no hint in it"),
        ("What is X?\nWhat is Y?", "it asks questions, but says nowhere what a good answer holds"),
        ("- Explain it\n" * (MAX_ITEMS + 1), "it has 301 questions and hints"),
        ("a" * (MAX_CHARACTERS + 1), "the page has 200,001 characters"),
    ],
)
def test_a_page_that_makes_no_bank_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidFileError, match=said) as refused:
        page_of(text, Path("page.txt"))

    assert refused.value.message.startswith("page.txt:")


def test_a_hint_that_is_too_long_for_one_question_is_not_cut() -> None:
    (item,) = page(f"Explain it. {'(' * MAX_HINT}").items

    assert len(item.facts) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<p>" + "<a " * 60_000,
        "<p>" + "</" * 90_000,
        "<p " + "a='" * 60_000,
        "<!---->" * 28_000 + "x",
        "<!--" * 49_000,
        "# " + " " * 190_000 + "x",
        "[" * 199_000,
        "* " * 99_000,
        "!" * 199_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_pages_come_to_an_end(text: str) -> None:
    try:
        page(text)
    except InvalidFileError as error:
        assert error.hint or error.expected  # noqa: PT017 - either outcome is fine
