"""A page goes through a model: one request an item, one more for what was missed, and no item is lost."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from interviewer.errors import KeyRejectedError, MalformedReplyError, QuotaExceededError, ServiceDownError
from interviewer.importing.asking import NO_HINT, Importer, Progress
from interviewer.importing.drafting import ByHand, Draft
from interviewer.llm.client import RetryPolicy
from interviewer.llm.fake_wire import FakeWire, Fault, Reply, Step
from interviewer.llm.usage import Usage
from tests.importing.model import asked_in, criterion, page, reply, says_good
from tests.llm.asking import a_client

ONE = "Explain that X needs memory, while Y needs time."
TWO = "# A\nExplain that X needs memory, while Y needs time.\n# B\nWhy Z? It is cheap, and it lasts."
DOWN = ServiceDownError("the service is down")


class Run:
    """What an import of `text` came to."""

    def __init__(self, text: str, *script: Step, concurrency: int = 4) -> None:
        self.wire = FakeWire(*script, default=says_good)
        self.progress: list[Progress] = []
        client = a_client(self.wire, policy=RetryPolicy(attempts=1))
        cut = page(text)
        importer = Importer(
            client,
            title="Things",
            role="Maker",
            categories={item.heading: "things" for item in cut.items},
            concurrency=concurrency,
            on_progress=self.progress.append,
        )
        try:
            self.results = asyncio.run(importer.results(cut))
        finally:
            self.usage = importer.usage

    @property
    def asked(self) -> list[dict[str, Any]]:
        return [asked_in(request.messages[-1].content) for request, _ in self.wire.requests]

    @property
    def drafts(self) -> list[Draft]:
        return [one for one in self.results if isinstance(one, Draft)]


def says(*criteria: dict[str, Any], **more: Any) -> Reply:
    return Reply(
        json.dumps(reply(*criteria, **more)), usage=Usage(requests=1, input_tokens=10, output_tokens=5)
    )


FIRST = criterion(1, must_show="Says that X takes up memory.")
SECOND = criterion(2, must_show="Says that Y takes up time.")


def test_each_item_is_one_request_with_the_shared_part_first() -> None:
    run = Run(TWO)

    assert [list(asked) for asked in run.asked] == [["page", "entry"]] * 2
    assert run.asked[0]["entry"] == {
        "heading": "A",
        "facts": {"1": "Explain that X needs memory,", "2": "while Y needs time."},
    }
    assert run.asked[1]["entry"]["question"] == "Why Z?"
    systems = {request.messages[0].content for request, _ in run.wire.requests}
    assert len(systems) == 1
    assert [(p.done, p.items) for p in run.progress] == [(1, 2), (2, 2)]


def test_facts_that_were_missed_are_asked_for_once_more() -> None:
    run = Run(TWO, says(FIRST), says(SECOND | {"id": "criterion-1"}, FIRST))

    assert run.asked[1]["missed"] == [2]
    assert run.asked[1]["kept"] == ["Says that X takes up memory."]
    assert list(run.drafts[0].facts.values()) == [(1,), (2,)]
    assert [c.id for c in run.drafts[0].question.criteria] == ["criterion-1", "criterion-1-2"]
    assert run.drafts[0].marks == ()


@pytest.mark.parametrize(
    "second", [says(), Reply("nonsense"), Fault(DOWN)], ids=["nothing", "nonsense", "down"]
)
def test_facts_that_stay_missed_are_marked(second: Step) -> None:
    run = Run(ONE, says(FIRST), second, says())

    (mark,) = run.drafts[0].marks
    assert mark.message.startswith("fact 2 (line 1) is in no criterion")


@pytest.mark.parametrize(
    "bad",
    [
        Reply("no JSON"),
        Reply("{}"),
        Reply('{"criteria": [', finish_reason="length"),
        says(FIRST, SECOND, question=""),
    ],
    ids=["no JSON", "no criteria", "cut off", "no question"],
)
def test_a_reply_that_cannot_be_used_is_asked_for_once_more_with_the_schema_spelled_out(bad: Step) -> None:
    run = Run(ONE, bad, says(FIRST, SECOND))

    first, again = (request for request, _ in run.wire.requests)
    assert (first.spell_schema, again.spell_schema) == (False, True)
    assert again.max_tokens >= first.max_tokens
    assert len(run.drafts) == 1


def test_an_item_that_the_service_fails_on_is_left_to_be_done_by_hand() -> None:
    run = Run(TWO, Fault(DOWN))

    by_hand, draft = run.results
    assert isinstance(by_hand, ByHand)
    assert (by_hand.reason, by_hand.is_failed) == ("the service is down", True)
    assert isinstance(draft, Draft)


def test_a_reply_of_which_nothing_can_be_kept_leaves_the_item_to_be_done_by_hand() -> None:
    run = Run(TWO, says(criterion(must_show="Made up.")), says(criterion(9, must_show="Made up, too.")))

    assert isinstance(run.results[0], ByHand)
    assert len(run.drafts) == 1


def test_if_all_items_fail_the_first_error_is_raised() -> None:
    with pytest.raises(ServiceDownError):
        Run(TWO, Fault(DOWN), Fault(DOWN))
    with pytest.raises(MalformedReplyError):
        Run(TWO, *[Reply("nonsense")] * 4)


def test_after_an_error_that_concerns_all_items_no_more_are_asked_for() -> None:
    wire_error = KeyRejectedError("the key is refused")
    with pytest.raises(KeyRejectedError):
        Run(TWO, Fault(wire_error))

    no_credit = Fault(QuotaExceededError("no credit"))
    run = Run(
        f"{TWO}\n# C\nExplain it well.",
        says(FIRST, SECOND),
        no_credit,
        concurrency=1,
    )
    assert len(run.asked) == 2
    assert [getattr(one, "reason", None) for one in run.results] == [None, "no credit", "no credit"]


def test_a_question_without_a_hint_and_one_with_too_much_are_not_asked_for() -> None:
    long = "Explain it. " + "One more thing is said. " * 50
    run = Run(f"Why X?\n# B\nExplain that it is cheap.\n# C\n{long}\n# D\nExplain it. {'a' * 7000}")

    assert len(run.asked) == 1
    reasons = [one.reason for one in run.results if isinstance(one, ByHand)]
    assert reasons[0] == NO_HINT
    assert reasons[1:] == [
        "it has 51 facts, and 40 are the most for one question",
        "it has 7,012 characters, and 6,000 are the most for one question",
    ]


def test_what_was_spent_is_counted_over_repairs_and_failures() -> None:
    spent = Usage(requests=1, input_tokens=3, output_tokens=0)
    run = Run(
        ONE,
        Reply("nonsense", usage=spent),
        says(FIRST),
        says(SECOND),
    )

    assert run.usage == Usage(requests=3, input_tokens=23, output_tokens=10)


def test_questions_get_ids_of_their_own_and_twins_are_marked() -> None:
    twin = says(FIRST, SECOND)
    run = Run(
        f"{ONE}\n\n{ONE}",
        twin,
        twin,
    )

    assert [draft.question.id for draft in run.drafts] == ["some-question", "some-question-2"]
    assert [mark.message for mark in run.drafts[1].marks] == ["some-question asks the same"]
