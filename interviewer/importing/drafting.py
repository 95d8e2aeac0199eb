"""A draft of a question: what is kept of the replies, and a mark at each place that a person must look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from interviewer.bank.advice import LEAST_REQUIREMENT_WORDS
from interviewer.bank.leak import gives_away
from interviewer.bank.models import Criterion, Question
from interviewer.grading.instructions import instructions_in
from interviewer.importing.believing import Believed, Traced
from interviewer.importing.blocks import clean
from interviewer.importing.names import Ids, slug
from interviewer.importing.reply import KINDS, Reply
from interviewer.importing.source import Fact, Item
from interviewer.importing.tracing import are_alike, calls_false, is_copied, shares_words, unfounded
from interviewer.text import fold, one_line, words

_QUOTED = 200  # characters of a text that a mark quotes
_LONGEST = 30.0  # minutes


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to check. about: id of the criterion or misconception; None means the question as a whole."""

    about: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A question made from `item`. kind: which of KINDS it was said to be. marks: in the order of the file.

    facts: by id of a criterion or misconception, the numbers of the facts that it is made from.
    """

    item: Item
    question: Question
    kind: str
    facts: dict[str, tuple[int, ...]]
    marks: tuple[Mark, ...]

    def facts_of(self, id: str) -> tuple[Fact, ...]:
        """The facts that the criterion or misconception `id` is made from."""
        return tuple(fact for fact in self.item.facts if fact.number in self.facts[id])


@dataclass(frozen=True, slots=True)
class ByHand:
    """An item that no question was made from. reason: why, for a person. is_failed: the service failed."""

    item: Item
    reason: str
    is_failed: bool = True


def drafted(kept: Believed, reply: Reply, *, category: str, title: str) -> Draft:
    """The draft. kept: with at least one criterion. category: its id. title: of the page, as a context."""
    item = kept.item
    text = item.question or clean(reply.question)
    context = " ".join(filter(None, (title, item.heading, item.question)))
    minutes = reply.minutes if reply.minutes is not None and 0.5 <= reply.minutes <= _LONGEST else 3.0
    question = Question(
        id=slug(clean(reply.id) or text, f"question-{item.number}"),
        category=category,
        text=text,
        hint=item.hint,
        nudge=clean(reply.nudge) or None,
        minutes=minutes,
        criteria=tuple(one.content for one in kept.criteria),
        misconceptions=tuple(one.content for one in kept.misconceptions),
    )
    return Draft(
        item=item,
        question=question,
        kind=reply.kind if reply.kind in KINDS else KINDS[0],
        facts={one.content.id: one.facts for one in kept.traced},
        marks=tuple(_marks(kept, question, context)),
    )


def with_unique_ids(results: Sequence[Draft | ByHand]) -> tuple[Draft | ByHand, ...]:
    """`results`, each question with an id of its own; one that is asked twice is marked."""
    ids, asked, found = Ids(), dict[str, str](), list[Draft | ByHand]()
    for one in results:
        if isinstance(one, Draft):
            id = ids.fresh(one.question.id)
            text = fold(one.question.text).text
            same = asked.setdefault(text, id)
            marks = one.marks if same == id else (Mark(None, f"{same} asks the same"), *one.marks)
            one = replace(one, question=one.question.model_copy(update={"id": id}), marks=marks)
        found.append(one)
    return tuple(found)


def quoted(text: str) -> str:
    """`text` in quotes, on one line, cut where it is long."""
    return f'"{one_line(text, _QUOTED)}"'


def _marks(kept: Believed, question: Question, context: str) -> Iterator[Mark]:
    yield from (Mark(None, message) for message in _on_question(kept, question, context))
    for criterion in kept.criteria:
        for message in _on_criterion(criterion, kept, question, context):
            yield Mark(criterion.content.id, message)
    for false in kept.misconceptions:
        cited = _text_of(kept.item, false.facts)
        if not calls_false(cited):
            yield Mark(false.content.id, "the page does not call this false")
        for name in _strange(f"{cited} {context}", false.content.claim, false.content.correction):
            yield Mark(false.content.id, f"{quoted(name)} does not stand in the facts that it cites")


def _on_question(kept: Believed, question: Question, context: str) -> Iterator[str]:
    item = kept.item
    for fact in kept.missed:
        yield f"fact {fact.number} (line {fact.line}) is in no criterion: {quoted(fact.text)}"
    for text in kept.invented:
        yield f"left out, since it cites no fact of the page: {quoted(text)}"
    for fact in item.facts:
        ids = [one.content.id for one in kept.criteria if fact.number in one.facts]
        if len(ids) > 1:
            yield (
                f"fact {fact.number} (line {fact.line}) is in {len(ids)} criteria ({', '.join(ids)}): "
                "see that each demands another part of it"
            )
    for found in instructions_in(item.hint):
        passage = item.hint[found.span.start : found.span.end]
        yield f"the page speaks to a language model here: {quoted(passage)}"
    if item.question is None:
        for name in unfounded(question.text, f"{item.hint} {context}"):
            yield f"{quoted(name)} in the question does not stand in the hint"
    if gives_away(question.text, question.model_copy(update={"text": "?"}), question.criteria):
        yield "the question holds much of an answer"
    if question.nudge is not None and gives_away(question.nudge, question, question.criteria):
        yield "the nudge gives an answer away"
    for one, other in combinations(question.criteria, 2):
        if are_alike(one.requirement, other.requirement):
            yield f"{one.id} and {other.id} demand nearly the same"


def _on_criterion(one: Traced[Criterion], kept: Believed, question: Question, context: str) -> Iterator[str]:
    criterion = one.content
    cited = _text_of(kept.item, one.facts)
    if len(words(criterion.requirement)) < LEAST_REQUIREMENT_WORDS:
        yield "a bare term; demand what it does, or why it matters"
    elif is_copied(criterion.requirement, kept.item.hint):
        yield "the page's own words; say it anew"
    for fact in kept.item.facts:
        if fact.number in one.facts and not shares_words(criterion.requirement, fact.text):
            yield f"no word of fact {fact.number} is in it: see that the fact is demanded, or take it out"
    for name in _strange(f"{cited} {context}", criterion.requirement, criterion.partial or ""):
        yield f"{quoted(name)} does not stand in the facts that it cites"
    if criterion.probe is not None and gives_away(criterion.probe, question, question.criteria):
        yield "the probe gives an answer away"


def _strange(source: str, *texts: str) -> tuple[str, ...]:
    """Names and numbers in `texts` that are not in `source`, each once."""
    return tuple(dict.fromkeys(name for text in texts for name in unfounded(text, source)))


def _text_of(item: Item, facts: tuple[int, ...]) -> str:
    return " ".join(fact.text for fact in item.facts if fact.number in facts)
