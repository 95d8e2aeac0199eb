"""What is drawn from the data in an epoch: never twice quite the same."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from training.examples import VERDICTS, Example, Written, by_id

#: How examiners begin what a candidate would just say.
_LEAD = re.compile(
    r"^(the )?(candidate )?(should |must |can )?"
    r"(explains?|says?|states?|tells?|describes?|knows?|mentions?|shows?)( clearly)?( that| how| why)?:? ",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9+-]{2,}")


class Course:
    """What is drawn from the written data in an epoch: never twice quite the same."""

    def __init__(self, written: Sequence[Written], seed: int, textbook: int = 0) -> None:
        """textbook: how often, for each criterion, a wording is drawn as an answer."""
        self._written = [w for w in written if w.criteria]
        self._rng = random.Random(seed)
        self._textbook = textbook

    def epoch(self) -> list[Example]:
        """Statements, whole answers, and answers put together."""
        rng = self._rng
        found: list[Example] = []
        for question in self._written:
            for criterion in question.criteria.values():
                found.extend(
                    self._example(question, criterion.id, text, verdict, "statement")
                    for verdict, texts in criterion.statements.items()
                    for text in texts
                )
            for answer in question.answers:
                for id, verdict in answer.verdicts.items():
                    spans = tuple((m.start, m.end) for m in answer.marks if m.criterion == id)
                    one = self._example(question, id, answer.text, verdict, answer.kind)
                    found.append(replace(one, evidence=spans))
            found.extend(self._composed(question) for _ in range(8 * len(question.criteria)))
            found.extend(self._neighbour(question) for _ in range(8 * len(question.criteria)))
            found.extend(self._listed(question) for _ in range(3 * len(question.criteria)))
            found.extend(self._elsewhere(question) for _ in range(10 * len(question.criteria)))
            found.extend(self._said_back(question) for _ in range(self._textbook * len(question.criteria)))
        rng.shuffle(found)
        return found

    def _example(self, question: Written, id: str, text: str, verdict: str, kind: str) -> Example:
        wordings = question.criteria[id].wordings
        asked = wordings[0] if self._rng.random() < 0.4 else self._rng.choice(wordings)
        return Example("own", question.id, question.text, asked, text, verdict=verdict, kind=kind)

    def _statement(self, question: Written, id: str, verdict: str) -> str | None:
        texts = question.criteria[id].statements[verdict]
        return self._rng.choice(texts) if texts else None

    def _any(self, besides: str) -> Written:
        while True:
            other = self._rng.choice(self._written)
            if _topic(other.id) != _topic(besides) or len(self._written) == 1:
                return other

    def _composed(self, question: Written) -> Example:
        """An answer of several statements, one of which decides about the criterion."""
        rng = self._rng
        id = rng.choice(list(question.criteria))
        verdict = rng.choices(VERDICTS, (3, 2, 2, 3))[0]
        text = self._statement(question, id, verdict) or ""
        parts = [(text, True)] if text else []
        others = [c for c in question.criteria if c != id]
        rng.shuffle(others)
        for other in others[: rng.randint(1, 4)]:
            said = rng.choices(VERDICTS, (4, 1, 1, 3))[0]
            more = self._statement(question, other, said)
            if more:
                parts.append((more, False))
        if rng.random() < 0.3:
            far = self._any(question.id)
            more = self._statement(far, rng.choice(list(far.criteria)), rng.choice(VERDICTS))
            if more:
                parts.append((more, False))
        rng.shuffle(parts)
        spans, answer = [], ""
        for part, decides in parts:
            start = len(answer)
            answer += part + rng.choice((" ", " ", "\n", " And ", " Also, "))
            if decides and verdict != "missing":
                spans.append((start, start + len(part)))
        one = self._example(question, id, answer.strip(), verdict if text else "missing", "composed")
        return replace(one, evidence=tuple(spans))

    def _neighbour(self, question: Written) -> Example:
        """A statement on another criterion of the same question: true or false, and beside the point."""
        rng = self._rng
        ids = list(question.criteria)
        if len(ids) < 2:
            return self._elsewhere(question)
        for _ in range(8):
            id, other = rng.sample(ids, 2)
            text = self._statement(question, other, rng.choices(VERDICTS, (4, 1, 1, 3))[0])
            if text:
                return self._example(question, id, text, "missing", "neighbour")
        return self._elsewhere(question)

    def _elsewhere(self, question: Written) -> Example:
        """A statement or an answer to another question."""
        rng = self._rng
        far = self._any(question.id)
        if far.answers and rng.random() < 0.5:
            text = rng.choice(far.answers).text
        else:
            text = self._statement(far, rng.choice(list(far.criteria)), rng.choice(VERDICTS)) or far.text
        return self._example(question, rng.choice(list(question.criteria)), text, "missing", "elsewhere")

    def _said_back(self, question: Written) -> Example:
        """Another wording of the requirement, or of a sibling's, as an answer: textbook words are right,
        too."""
        rng = self._rng
        id = rng.choice(list(question.criteria))
        other = rng.choice(list(question.criteria)) if rng.random() < 0.3 else id
        wordings = question.criteria[other].wordings
        text = _LEAD.sub("", rng.choice(wordings))
        one = self._example(question, id, text, "met" if other == id else "missing", "textbook")
        if other == id and len(wordings) > 1 and text == _LEAD.sub("", one.requirement):
            return self._said_back(question)
        return one

    def _listed(self, question: Written) -> Example:
        """A list of the words that a good answer would hold."""
        rng = self._rng
        id = rng.choice(list(question.criteria))
        pool: list[str] = []
        for criterion in question.criteria.values():
            pool += _WORD.findall(" ".join(criterion.wordings))
            pool += _WORD.findall(
                " ".join(rng.sample(criterion.statements["met"], min(3, len(criterion.statements["met"]))))
            )
        words = [w for w in dict.fromkeys(w.lower() for w in pool) if len(w) > 3]
        chosen = rng.sample(words, min(len(words), rng.randint(6, 26)))
        text = rng.choice((", ", ", ", " / ", "; ", " ", "\n- ")).join(chosen)
        return self._example(question, id, text, "missing", "listed")


def _topic(question_id: str) -> str:
    """What a question is about: claims on a question are about the same."""
    return question_id.removeprefix("claims-")


class Graded:
    """What is drawn from the human-graded sets in an epoch: each answer once, and some answers astray.

    A correct answer is as good a reference as the official one: in half of the draws another student's
    correct answer stands for the requirement, so that the model compares meanings instead of learning 135
    references by heart.
    """

    def __init__(self, examples: Sequence[Example], seed: int) -> None:
        self._rng = random.Random(seed)
        self._answers = list(by_id(examples).values())
        self._good: dict[str, list[Example]] = {}
        for group in self._answers:
            one = group[0]
            if is_correct(one) and len(one.answer.split()) >= 4:
                self._good.setdefault(one.group, []).append(one)

    def epoch(self) -> list[Example]:
        """One example for each answer, and one in twelve to a question that it does not answer."""
        rng = self._rng
        found = []
        for group in self._answers:
            one = rng.choice(group)
            peers = self._good.get(one.group, [])
            if peers and rng.random() < 0.5:
                peer = rng.choice(peers)
                if peer.id != one.id:
                    one = replace(one, requirement=peer.answer)
            found.append(one)
            if rng.random() < 1 / 12:
                far = rng.choice(self._answers)[0]
                if far.group != one.group:
                    found.append(replace(one, answer=far.answer, verdict="missing", credit=None, is_met=None))
        return found


def is_correct(one: Example) -> bool:
    """Whether humans took the answer for right."""
    if one.verdict is not None:
        return one.verdict == "met"
    return one.is_met if one.is_met is not None else (one.credit or 0.0) >= 0.9
