"""One request for each item and, for what it left out, one more: what a page becomes through a model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interviewer.errors import LASTING, GraderError, MalformedReplyError, TruncatedError
from interviewer.importing.believing import believed, repaired
from interviewer.importing.drafting import ByHand, Draft, drafted, with_unique_ids
from interviewer.importing.prompt import item_request, repair_request
from interviewer.importing.reply import Reply, read_reply
from interviewer.importing.source import MAX_HINT, Item, Page
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatRequest, Completes

#: The longest hint that becomes one question, in facts.
MOST_FACTS = 40

NO_HINT = "the page says nowhere what a good answer holds"


@dataclass(frozen=True, slots=True)
class Progress:
    """One item is done. done: how many are, of all `items`. usage: what all took so far."""

    result: Draft | ByHand
    done: int
    items: int
    usage: Usage


class Importer:
    """Asks `client` about each item of a page.

    title, role: of the bank. categories: the id of a category by heading. concurrency: requests at once.
    on_progress: called after each item. `usage` is what was spent so far.
    """

    def __init__(
        self,
        client: Completes,
        *,
        title: str,
        role: str,
        categories: Mapping[str | None, str],
        concurrency: int,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.usage = Usage()
        self._client = client
        self._title = title
        self._role = role
        self._categories = categories
        self._gate = asyncio.Semaphore(concurrency)
        self._on_progress = on_progress
        self._fatal: GraderError | None = None
        self._done = 0

    async def results(self, page: Page) -> tuple[Draft | ByHand, ...]:
        """A draft for each item, in order; what the service fails on for good is left to be done by hand.

        Raises the GraderError of the first item that failed if no draft came of any.
        """
        asked = [item for item in page.items if _why_not(item) is None]
        found: dict[int, Draft | ByHand] = {}
        errors: list[GraderError] = []

        async def one(item: Item) -> None:
            async with self._gate:
                try:
                    found[item.number] = await self._draft(item)
                except GraderError as error:
                    errors.append(error)
                    found[item.number] = ByHand(item, error.message)
            self._tell(found[item.number], len(page.items))

        for item in page.items:
            if reason := _why_not(item):
                found[item.number] = ByHand(item, reason, is_failed=False)
                self._tell(found[item.number], len(page.items))
        if asked:
            # The first alone: the others profit from what is learned of the service, and from its cache.
            await one(asked[0])
            async with asyncio.TaskGroup() as group:
                for item in asked[1:]:
                    group.create_task(one(item))
        results = with_unique_ids([found[item.number] for item in page.items])
        if errors and not any(isinstance(result, Draft) for result in results):
            raise self._fatal or errors[0]
        return results

    async def _draft(self, item: Item) -> Draft:
        first, reply = (
            await self._ask(
                item_request(item, title=self._title, role=self._role),
                lambda said: item.question is not None or bool(said.question),
            ),
            None,
        )
        kept = believed(item, first)
        if kept.missed:
            request = repair_request(
                item,
                kept.missed,
                [one.content for one in kept.criteria],
                title=self._title,
                role=self._role,
            )
            try:
                reply = await self._ask(request, lambda _: True)
            except GraderError:
                reply = None  # what there is is kept, and the facts that are missed are marked
        if reply is not None:
            kept = repaired(kept, reply)
        if not kept.criteria:
            raise MalformedReplyError("the model gave no criterion that cites a fact")
        return drafted(kept, first, category=self._categories[item.heading], title=self._title)

    async def _ask(self, request: ChatRequest, is_whole: Callable[[Reply], bool]) -> Reply:
        """The reply as read; one that was cut off, cannot be read or is not whole is asked for once more."""
        try:
            return await self._read(request, is_whole)
        except TruncatedError:
            again = request.model_copy(update={"max_tokens": 2 * request.max_tokens + 2048})
        except MalformedReplyError:
            again = request
        # Some services take a schema and ignore it: this time the prompt says it.
        return await self._read(again.model_copy(update={"spell_schema": True}), is_whole)

    async def _read(self, request: ChatRequest, is_whole: Callable[[Reply], bool]) -> Reply:
        if self._fatal is not None:
            raise self._fatal
        try:
            answer = await self._client.complete(request)
        except GraderError as error:
            self.usage += error.spent or Usage()
            if isinstance(error, LASTING):
                self._fatal = error
            raise
        self.usage += answer.usage
        reply = read_reply(answer.text)
        if not is_whole(reply):
            raise MalformedReplyError("the model's reply holds no question")
        return reply

    def _tell(self, result: Draft | ByHand, items: int) -> None:
        self._done += 1
        self._on_progress(Progress(result, self._done, items, self.usage))


def _why_not(item: Item) -> str | None:
    """Why no model is asked about `item`; None if one is."""
    if not item.facts:
        return NO_HINT
    if len(item.hint) > MAX_HINT:
        return f"it has {len(item.hint):,} characters, and {MAX_HINT:,} are the most for one question"
    if len(item.facts) > MOST_FACTS:
        return f"it has {len(item.facts)} facts, and {MOST_FACTS} are the most for one question"
    return None
