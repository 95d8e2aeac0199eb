"""The bank as frozen models: questions with criteria and misconceptions, and the rubrics that grade them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from interviewer.models import Frozen, Slug, Text

Weight = Annotated[float, Field(gt=0, le=100)]
Credit = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]


class Criterion(Frozen):
    """One atomic thing that a good answer shows.

    requirement: what must be shown; demands the relation or the why, not the bare term.
    weight: share of the question's score, relative to its other criteria.
    must_have: if it is missing or wrong, the score is capped at the rubric's `must_have_cap`.
    partial: what earns part of the credit.
    probe: the follow-up question to ask when it is missing; must not give the answer away.
    references: answers any of which meets it. The embedded model compares with these instead of the
    requirement.
    """

    id: Slug
    requirement: Text
    weight: Weight = 1.0
    must_have: bool = False
    partial: Text | None = None
    probe: Text | None = None
    references: Annotated[tuple[Text, ...], Field(max_length=50)] = ()


class Misconception(Frozen):
    """A known false claim; asserting it takes points off.

    claim: the false statement, as a candidate would hold it.
    correction: what is true instead, shown to the candidate.
    penalty: points of 100 taken off; None takes the rubric's `misconception_penalty`.
    """

    id: Slug
    claim: Text
    correction: Text
    penalty: Points | None = None


class Question(Frozen):
    """One question.

    text: as it is asked. hint: what a full answer holds; never shown before the answer.
    nudge: a push in the right direction on request; must not give the answer away.
    minutes: time guide for the first answer. rubric: overrides the category's rubric.
    """

    id: Slug
    category: Slug
    text: Text
    hint: Text
    nudge: Text | None = None
    minutes: Annotated[float, Field(gt=0, le=120)] = 3.0
    tags: tuple[Slug, ...] = ()
    rubric: Slug | None = None
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=20)]
    misconceptions: Annotated[tuple[Misconception, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Question:
        refuse_doubles("criteria", [c.id for c in self.criteria])
        refuse_doubles("misconceptions", [m.id for m in self.misconceptions])
        return self


class Category(Frozen):
    """A group of questions. difficulty: 1 (easiest) to 10; the default order of an interview climbs it."""

    id: Slug
    title: Text
    difficulty: Annotated[int, Field(ge=1, le=10)] = 5
    rubric: Slug


class BankFile(Frozen):
    """`questions.yaml` as written: the questions and their categories, without the rubrics' texts."""

    version: Literal[1]
    id: Slug
    title: Text
    role: Text
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class VerdictRule(Frozen):
    """One step of the verdict scale. credit: share of the criterion's weight. meaning: told to the grader."""

    credit: Credit
    meaning: Text


class VerdictScale(Frozen):
    """The four verdicts; met earns most, missing and wrong earn least."""

    met: VerdictRule
    partial: VerdictRule
    missing: VerdictRule
    wrong: VerdictRule

    @model_validator(mode="after")
    def _credits_fall(self) -> VerdictScale:
        if not self.met.credit > self.partial.credit > self.missing.credit >= self.wrong.credit:
            raise ValueError("credits must fall: met > partial > missing >= wrong")
        return self


class Band(Frozen):
    """A named range of scores. floor: the lowest score, of 100, that belongs to it."""

    id: Slug
    title: Text
    floor: Points
    descriptor: Text


class DeliveryAspect(Frozen):
    """One aspect of delivery, told beside the score: strong, adequate or weak, each described."""

    id: Slug
    title: Text
    strong: Text
    adequate: Text
    weak: Text


class Rubric(Frozen):
    """How one kind of question is graded.

    must_have_cap: highest score while a must-have criterion is missing or wrong.
    misconception_penalty: points off for each asserted misconception without a penalty of its own.
    follow_up_credit: share of the lost credit that a follow-up answer can win back, 0 to 1.
    bands: highest floor first; the last floor is 0.
    guidance: sentences for the grader, one point each.
    """

    id: Slug
    title: Text
    verdicts: VerdictScale
    must_have_cap: Points
    misconception_penalty: Points
    follow_up_credit: Credit
    bands: Annotated[tuple[Band, ...], Field(min_length=2)]
    delivery: Annotated[tuple[DeliveryAspect, ...], Field(min_length=1)]
    guidance: Annotated[tuple[Text, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _bands_cover_all_scores(self) -> Rubric:
        refuse_doubles("bands", [b.id for b in self.bands])
        refuse_doubles("delivery", [d.id for d in self.delivery])
        floors = [b.floor for b in self.bands]
        if floors != sorted(set(floors), reverse=True) or floors[-1] != 0:
            raise ValueError("bands must go from the highest floor down to floor 0, without equal floors")
        return self

    def band_of(self, score: float) -> Band:
        """The band that `score` (0 to 100) belongs to."""
        return next(band for band in self.bands if score >= band.floor)


class Bank(Frozen):
    """Questions and the rubrics they name, checked against each other.

    fingerprint: hash of the content, so that a transcript can tell which bank it came from.
    """

    id: Slug
    title: Text
    role: Text
    categories: tuple[Category, ...]
    questions: tuple[Question, ...]
    rubrics: tuple[Rubric, ...]
    fingerprint: str

    def question(self, question_id: str) -> Question:
        """The question with that id; KeyError if there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def category(self, category_id: str) -> Category:
        """The category with that id; KeyError if there is none."""
        for category in self.categories:
            if category.id == category_id:
                return category
        raise KeyError(category_id)

    @property
    def first_rubric(self) -> Rubric:
        """The rubric of the first category: for questions that come with no category of the bank."""
        return next(rubric for rubric in self.rubrics if rubric.id == self.categories[0].rubric)

    def rubric_of(self, question: Question) -> Rubric:
        """The rubric that grades `question`: its own, else its category's."""
        wanted = question.rubric or self.category(question.category).rubric
        return next(rubric for rubric in self.rubrics if rubric.id == wanted)


def refuse_doubles(what: str, ids: list[str]) -> None:
    """Raise ValueError naming the first id that stands twice in `ids`."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"{what}: the id {one!r} is used twice")
        seen.add(one)
