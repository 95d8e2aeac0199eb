"""Where the embedded model is sure of the opposite, a language model's verdict is flagged and judged
again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from interviewer.background import Worker
from interviewer.embedded.about import Chances
from interviewer.grading.admission import Admitted
from interviewer.grading.cross_check import EmbeddedReader, doubted
from interviewer.grading.judging import Judgement, judgement_of
from interviewer.grading.models import Flag, GradingTask, Verdict
from tests.grading.test_local import MET, MISSING, ONE, PARTIAL, TORN, WRONG, ScriptedModel
from tests.grading.test_samples import Judged, of_many, reply, says
from tests.support.builders import ANSWER, criterion_grade, rubric, task


class ScriptedReader:
    """Sees `many-requests` as it was told."""

    def __init__(self, judgement: Judgement) -> None:
        self._judgement = judgement

    async def read(self, task: GradingTask, admitted: Admitted) -> Mapping[str, Judgement]:
        return {"many-requests": self._judgement}


SURELY_MISSING = ScriptedReader(judgement_of(MISSING, rubric()))
BOTH_MET = reply(says("one-request"), says("many-requests"))


@pytest.mark.parametrize(
    ("said", "seen", "is_doubted"),
    [
        (Verdict.MET, MISSING, True),
        (Verdict.MET, WRONG, True),
        (Verdict.MISSING, MET, True),
        (Verdict.WRONG, MET, True),
        (Verdict.MET, MET, False),
        (Verdict.MET, PARTIAL, False),
        (Verdict.PARTIAL, MISSING, False),
        (Verdict.MISSING, WRONG, False),
        (Verdict.MISSING, TORN, False),
        (Verdict.MET, Chances(met=0.01, partial=0.01, missing=0.53, wrong=0.45), True),
    ],
)
def test_doubted_is_what_is_far_from_what_the_embedded_model_is_sure_of(
    said: Verdict, seen: object, is_doubted: bool
) -> None:
    grades = {"one-request": criterion_grade("one-request", said)}
    read = {"one-request": judgement_of(seen, rubric())}  # type: ignore[arg-type]

    assert bool(doubted(grades, read)) is is_doubted


def test_a_doubted_verdict_is_judged_again() -> None:
    judged = Judged(BOTH_MET, of_many("missing"), of_many("missing"), reader=SURELY_MISSING)

    assert judged.many.verdict is Verdict.MISSING
    assert judged.many.votes == (Verdict.MET, Verdict.MISSING, Verdict.MISSING)
    assert Flag.DOUBTED not in judged.many.flags


def test_a_verdict_that_the_majority_confirms_stands_and_stays_flagged() -> None:
    judged = Judged(BOTH_MET, of_many("met"), of_many("met"), reader=SURELY_MISSING)

    assert judged.many.verdict is Verdict.MET
    assert Flag.DOUBTED in judged.many.flags
    assert Flag.DOUBTED in judged.grade.flags


def test_without_further_samples_it_is_only_flagged() -> None:
    judged = Judged(BOTH_MET, samples=1, reader=SURELY_MISSING)

    assert judged.many.verdict is Verdict.MET
    assert Flag.DOUBTED in judged.many.flags


def test_the_embedded_model_reads_the_answer_as_the_local_grader_does() -> None:
    from interviewer.grading.admission import admit
    from tests.support.builders import grade

    asked = task(ANSWER)
    admitted = admit(asked, grade().grader)
    assert isinstance(admitted, Admitted)

    read = asyncio.run(EmbeddedReader(ScriptedModel({ONE.requirement: MET}), Worker()).read(asked, admitted))

    assert read["one-request"].verdict is Verdict.MET


def test_an_answer_that_the_embedded_model_cannot_read_is_not_doubted() -> None:
    from interviewer.grading.admission import admit
    from tests.support.builders import grade

    asked = task("Задержка это время одного запроса.")
    admitted = admit(asked, grade().grader)
    assert isinstance(admitted, Admitted)

    assert asyncio.run(EmbeddedReader(ScriptedModel({}), Worker()).read(asked, admitted)) == {}
