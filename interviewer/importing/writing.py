"""The draft bank as the text of a file: questions, where each comes from, and a comment where to check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from interviewer.bank.starter import SCHEMA_FILE
from interviewer.importing.drafting import ByHand, Draft, quoted
from interviewer.importing.names import Ids, slug
from interviewer.importing.source import Fact, Item, Page
from interviewer.importing.yaml_style import comment, field
from interviewer.numbers import counted
from interviewer.text import one_line

#: What every marked place begins with.
CHECK = "CHECK"
_NO_HEADING = "Questions"
_LISTED = 60  # lines of the page that the head of the file names as not used
_DIFFICULTIES = (
    (2, ("beginner", "basic", "fundamental", "junior", "intro", "easy")),
    (4, ("intermediate", "medium", "behavio")),
    (6, ("scenario", "case", "design")),
    (7, ("advanced", "expert", "senior", "hard", "deep")),
)


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself. source: name of the page's file. model: that was asked."""

    title: str
    role: str
    source: str
    model: str


@dataclass(frozen=True, slots=True)
class Category:
    """A heading of the page as a category. id: its slug; title: as the page has it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Count:
    """How much is in a draft bank. traced: facts of the page that are in a criterion or misconception.

    facts: those of the items that became questions. checks: places that are marked.
    """

    questions: int
    criteria: int
    traced: int
    facts: int
    by_hand: int
    checks: int


def categories_of(page: Page) -> Mapping[str | None, Category]:
    """A category for each heading that stands over an item, in the page's order; None is no heading."""
    ids = Ids()
    found: dict[str | None, Category] = {}
    for heading in dict.fromkeys(item.heading for item in page.items):
        title = heading or _NO_HEADING
        found[heading] = Category(ids.fresh(slug(title, f"category-{len(found) + 1}")), title)
    return found


def count_of(results: Sequence[Draft | ByHand]) -> Count:
    """How much is in the bank of these `results`."""
    drafts = [one for one in results if isinstance(one, Draft)]
    by_hand = len(results) - len(drafts)
    return Count(
        questions=len(drafts),
        criteria=sum(len(one.question.criteria) for one in drafts),
        traced=sum(len({n for facts in one.facts.values() for n in facts}) for one in drafts),
        facts=sum(len(one.item.facts) for one in drafts),
        by_hand=by_hand,
        checks=by_hand + sum(len(one.marks) for one in drafts),
    )


def bank_text(page: Page, results: Sequence[Draft | ByHand], about: About, rubrics: Sequence[str]) -> str:
    """The bank as YAML. results: one for each item, in order, one draft at least, each with an id of
    its own. rubrics: names that a category may have; the first stands in for a kind that is not among them.
    """
    return "\n".join(_lines(page, results, about, rubrics)).rstrip("\n") + "\n"


def _lines(
    page: Page, results: Sequence[Draft | ByHand], about: About, rubrics: Sequence[str]
) -> Iterator[str]:
    yield from _head(page, results, about)
    yield ""
    yield "version: 1"
    yield from field("id", slug(about.title, "imported"), 0)
    yield from field("title", about.title, 0)
    yield from field("role", about.role, 0)
    yield ""
    yield "# Difficulties are a guess by the headings, from 1 to 10: an interview begins with the lowest."
    yield "categories:"
    categories = categories_of(page)
    members = {c.id: [r for r in results if categories[r.item.heading] is c] for c in categories.values()}
    rubric_of = {}
    for category in categories.values():
        kinds = Counter(r.kind for r in members[category.id] if isinstance(r, Draft))
        if kinds:
            rubric_of[category.id] = _rubric(kinds.most_common(1)[0][0], rubrics)
            yield from field("- id", category.id, 2)
            yield from field("title", category.title, 4)
            yield from field("difficulty", _difficulty(category.title), 4)
            yield from field("rubric", rubric_of[category.id], 4)
    yield ""
    yield "questions:"
    for category in categories.values():
        yield f"  # --- {one_line(category.title, 80)} ---"
        yield ""
        for result in members[category.id]:
            if isinstance(result, Draft):
                rubric = _rubric(result.kind, rubrics)
                yield from _question(result, rubric if rubric != rubric_of[category.id] else None)
            else:
                yield from _by_hand(result)
            yield ""


def _head(page: Page, results: Sequence[Draft | ByHand], about: About) -> Iterator[str]:
    count = count_of(results)
    yield f"# yaml-language-server: $schema={SCHEMA_FILE}"
    yield "#"
    model, source = one_line(about.model, 60), one_line(about.source, 80)
    yield from comment(
        f"A DRAFT that the language model {model} made from {source}. Read it before anyone is graded by "
        f"it: {counted(count.checks, 'place')} marked with {CHECK}, each with what a program found. What it "
        "cannot find: whether a requirement says the same as its facts, and whether the page is right.",
        0,
    )
    yield "#"
    yield from comment(
        f"{counted(count.questions, 'question')}, {counted(count.criteria, 'criterion', 'criteria')}, "
        f"{count.traced} of {count.facts} facts in them, {counted(count.by_hand, 'item')} left to be done by "
        "hand. Lines and facts are those of the page.",
        0,
    )
    if page.unused:
        yield "#"
        yield "# Lines of the page that are in no item:"
        for unused in page.unused[:_LISTED]:
            yield from comment(f"line {unused.line}: {quoted(unused.text)}", 0, hang=2, inset=2)
        if len(page.unused) > _LISTED:
            yield f"#   and {len(page.unused) - _LISTED} more"
    yield "#"
    yield "#   interviewer bank check THIS_FILE      tells what is wrong, and what could be better"
    yield "#   interviewer start --bank THIS_FILE    asks the questions"


def _question(draft: Draft, rubric: str | None) -> Iterator[str]:
    question = draft.question
    yield f"  # From {_place(draft.item)}."
    yield from _checks(draft, None, 2)
    yield from field("- id", question.id, 2)
    yield from field("category", question.category, 4)
    yield from field("text", question.text, 4)
    yield from comment("The page's own words:", 4)
    yield from field("hint", question.hint, 4)
    if question.nudge is not None:
        yield from field("nudge", question.nudge, 4)
    yield from field("minutes", question.minutes, 4)
    if rubric is not None:
        yield from field("rubric", rubric, 4)
    yield "    criteria:"
    for criterion in question.criteria:
        yield from _facts(draft.facts_of(criterion.id), 6)
        yield from _checks(draft, criterion.id, 6)
        yield from field("- id", criterion.id, 6)
        yield from field("requirement", criterion.requirement, 8)
        if criterion.weight != 1:
            yield from field("weight", criterion.weight, 8)
        if criterion.partial is not None:
            yield from field("partial", criterion.partial, 8)
        if criterion.probe is not None:
            yield from field("probe", criterion.probe, 8)
    if question.misconceptions:
        yield "    misconceptions:"
    for false in question.misconceptions:
        yield from _facts(draft.facts_of(false.id), 6)
        yield from _checks(draft, false.id, 6)
        yield from field("- id", false.id, 6)
        yield from field("claim", false.claim, 8)
        yield from field("correction", false.correction, 8)


def _by_hand(result: ByHand) -> Iterator[str]:
    item = result.item
    told = f"{CHECK}: {_place(item)}, to be done by hand: {one_line(result.reason, 300)}"
    yield from comment(told, 2, hang=2)
    if item.question is not None:
        yield from comment(f"question: {quoted(item.question)}", 2, hang=2)
    yield from _facts(item.facts, 2)


def _place(item: Item) -> str:
    first, last = min(item.lines), max(item.lines)
    return f"line {first}" if first == last else f"lines {first} to {last}"


def _facts(facts: Sequence[Fact], indent: int) -> Iterator[str]:
    for fact in facts:
        yield from comment(f"fact {fact.number}, line {fact.line}: {quoted(fact.text)}", indent, hang=2)


def _checks(draft: Draft, about: str | None, indent: int) -> Iterator[str]:
    for mark in draft.marks:
        if mark.about == about:
            yield from comment(f"{CHECK}: {mark.message}", indent, hang=2)


def _rubric(kind: str, rubrics: Sequence[str]) -> str:
    return kind if kind in rubrics else rubrics[0]


def _difficulty(title: str) -> int:
    lower = title.lower()
    return next((level for level, signs in _DIFFICULTIES if any(sign in lower for sign in signs)), 5)
