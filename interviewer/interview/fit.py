"""Which questions of a bank a job description speaks for: by the words they share, and by nothing else.

No fact about the job is inferred: a question is chosen for words that stand in the description, and these
words are given with it.
"""

from __future__ import annotations

import heapq
import html
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from interviewer.interview.plan import DEFAULT_COUNT, plan
from interviewer.interview.stems import is_telling, stem
from interviewer.text import fold, words

if TYPE_CHECKING:
    from interviewer.bank.models import Bank, Question

#: Characters of a description that are read; a long one has some 10,000.
MOST_CHARACTERS = 200_000
#: Words that are given for a question, the most telling first.
MOST_WORDS = 4

# What a word counts where it stands: in the names of a question, in what is asked, in what is listened for.
_IN_NAMES, _IN_TEXT, _IN_CRITERIA = 3.0, 2.0, 1.0
# BM25's two constants: how soon a word that comes again adds no more, and how much long questions pay.
_SATURATION, _LENGTH = 1.2, 0.5
# A description that says a word ten times means it, but not ten times as much.
_MOST_SAID = 3.0
# Questions that differ by less than this factor fit equally well, and the seed decides.
_STEP = 1.2
_MOST_HALVED = 50  # a word of a thousand questions is worth little, but never nothing


class Fit(NamedTuple):
    """A question, and the words of the description that spoke for it, as written there.

    words: most telling first, at most MOST_WORDS; empty if the question was drawn as in any interview.
    """

    question: Question
    words: tuple[str, ...]


class _Subject(NamedTuple):
    """What a question is about: weights by stem. names: stems that stand in more than its criteria."""

    weights: Mapping[str, float]
    names: frozenset[str]


def fitting(
    bank: Bank, description: str, *, categories: Sequence[str] = (), count: int | None = None, seed: int
) -> tuple[Fit, ...]:
    """The questions to ask for `description`, in order: as many as `plan` gives, and none twice.

    The best fitting are chosen. A word that spoke for one counts half for the next, so that all that the
    description speaks of has its turn. Where it speaks for too few, `plan` draws the others; where it
    speaks for none, the questions are those of `plan`. The order climbs the categories' difficulty. The
    same arguments give the same questions; `seed` decides between equals. Raises UsageError as `plan` does.
    """
    planned = plan(bank, categories=categories, count=count, seed=seed)
    pool = [q for q in bank.questions if not categories or q.category in categories]
    chance = Random(seed)  # noqa: S311
    chance.shuffle(pool)
    fits = _best(bank, pool, _said(description), DEFAULT_COUNT if count is None else count)
    if not fits:
        return tuple(Fit(question, ()) for question in planned)
    chosen = {fit.question.id for fit in fits}
    missing = len(planned) - len(fits)
    if missing:
        rest = bank.model_copy(update={"questions": tuple(q for q in bank.questions if q.id not in chosen)})
        fits += [Fit(q, ()) for q in plan(rest, categories=categories, count=missing, seed=seed)]
    difficulty = {category.id: category.difficulty for category in bank.categories}
    chance.shuffle(fits)
    return tuple(sorted(fits, key=lambda fit: difficulty[fit.question.category]))


def _best(
    bank: Bank, pool: Sequence[Question], said: Mapping[str, tuple[str, float]], count: int
) -> list[Fit]:
    """Up to `count` questions of `pool` that the description speaks for, the best first."""
    values = _values(bank, said)
    spoken: Counter[str] = Counter()  # how many chosen questions a stem has spoken for

    def worth(question: Question) -> int:
        total = sum(
            value * 0.5 ** min(spoken[one], _MOST_HALVED) for one, value in values[question.id].items()
        )
        return round(math.log(total, _STEP))

    # Worth only ever falls: who still leads after a second look is the best.
    queue = [(-worth(q), place) for place, q in enumerate(pool) if values[q.id]]
    heapq.heapify(queue)
    found: list[Fit] = []
    while queue and len(found) < count:
        before, place = heapq.heappop(queue)
        question = pool[place]
        now = -worth(question)
        if now > before:
            heapq.heappush(queue, (now, place))
            continue
        by_value = sorted(values[question.id].items(), key=lambda item: (-item[1], item[0]))
        found.append(Fit(question, tuple(said[one][0] for one, _ in by_value[:MOST_WORDS])))
        spoken.update(values[question.id].keys())
    return found


def _values(bank: Bank, said: Mapping[str, tuple[str, float]]) -> dict[str, dict[str, float]]:
    """What each stem of the description is worth for each question, by its id; empty if that is too little.

    A word that only stands among a question's criteria may stand there by chance: it takes two of them.
    """
    titles = {category.id: category.title for category in bank.categories}
    subjects = {q.id: _subject(q, titles[q.category]) for q in bank.questions}
    known = Counter(one for subject in subjects.values() for one in subject.weights)
    mean = sum(sum(s.weights.values()) for s in subjects.values()) / len(subjects) or 1.0
    found: dict[str, dict[str, float]] = {}
    for id, subject in subjects.items():
        length = 1 - _LENGTH + _LENGTH * sum(subject.weights.values()) / mean
        values = {
            one: _rarity(known[one], len(subjects)) * said[one][1] * weight / (weight + _SATURATION * length)
            for one, weight in subject.weights.items()
            if one in said
        }
        is_enough = len(values) > 1 or not subject.names.isdisjoint(values)
        found[id] = values if is_enough else {}
    return found


def _rarity(holders: int, questions: int) -> float:
    """How much a word tells that `holders` of all questions hold: near nothing where all do."""
    return math.log1p((questions - holders + 0.5) / (holders + 0.5))


def _subject(question: Question, category: str) -> _Subject:
    parts = (
        (_IN_NAMES, f"{question.id} {' '.join(question.tags)}"),
        (_IN_TEXT, question.text),
        (_IN_CRITERIA, f"{question.category} {category}"),
        *((_IN_CRITERIA, criterion.requirement) for criterion in question.criteria),
    )
    weights: defaultdict[str, float] = defaultdict(float)
    names: set[str] = set()
    for weight, text in parts:
        for word in _words(text):
            one = stem(word)
            weights[one] += weight
            if weight > _IN_CRITERIA:
                names.add(one)
    return _Subject(weights, frozenset(names))


def _said(description: str) -> dict[str, tuple[str, float]]:
    """The description's words by stem: the first form in which each is written, and how much it is said."""
    forms: dict[str, str] = {}
    times: Counter[str] = Counter()
    for word, count in Counter(_raw_words(_plain(description[:MOST_CHARACTERS]))).items():
        folded = _folded(word)
        if is_telling(folded):
            one = stem(folded)
            forms.setdefault(one, word)
            times[one] += count
    return {one: (forms[one], min(1 + math.log(times[one]), _MOST_SAID)) for one in forms}


def _words(text: str) -> Iterable[str]:
    """The telling words of a bank's text, folded."""
    return filter(is_telling, map(_folded, _raw_words(text)))


def _raw_words(text: str) -> Iterable[str]:
    """The words of `text` as written; in scripts without spaces, pairs of neighbours."""
    before = ""
    for word in words(text):
        if len(word) > 1:
            yield re.split("['’]", word)[0]
        elif before:
            yield before + word
        before = word if len(word) == 1 and not word.isascii() else ""


def _folded(word: str) -> str:
    return word.lower() if word.isascii() else fold(word).text


def _plain(text: str) -> str:
    """`text` without what is HTML in it: scripts and styles, tags, and entities."""
    first, *others = re.split(r"<(?=(?:script|style)\b)", text, flags=re.IGNORECASE)
    shown = [first]
    for part in others:
        end = re.search(r"</(?:script|style)[^<>]*>", part, re.IGNORECASE)
        shown.append(part[end.end() :] if end else part)
    without_tags = re.sub(r"<[a-zA-Z/!][^<>]*>", " ", " ".join(shown))
    return html.unescape(without_tags).replace("\u00ad", "")  # a soft hyphen stands within a word
