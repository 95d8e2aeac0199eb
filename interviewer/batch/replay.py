"""A grader whose model was asked beforehand: its replies are looked up, and what is missing is noted.

The grader itself is the same as for a single answer: prompt, checks, repair and score are those of the direct
path. Only its client is another one.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from interviewer.bank.models import Question, Rubric
from interviewer.batch.index import Ids
from interviewer.errors import (
    BatchFailedError,
    GraderError,
    InterviewerError,
    MalformedReplyError,
    NotInBatchError,
    ReplyError,
    WaitsForBatchError,
)
from interviewer.grading.grader import Grader, Watcher
from interviewer.grading.models import Grade, GraderIdentity, GradingTask
from interviewer.llm.extract import json_object_in
from interviewer.llm.faults import Service, complaint_in
from interviewer.llm.openai_json import reply_in
from interviewer.llm.usage import Usage
from interviewer.llm.wire import ChatReply, ChatRequest, Completes

_OK = 200
_DIGITS = 40


class WantedError(InterviewerError):
    """A reply is needed that is not there. No GraderError: the grader must not go on without it."""


def custom_id(request: ChatRequest, occurrence: int) -> str:
    """The id of a request, the same for the same request. occurrence: 0 for the first of equal ones.

    Equal answers to one question share a request, and so a reply.
    """
    text = json.dumps([occurrence, request.model_dump(mode="json")], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


class Replies:
    """Replies of batches in files as the API gives them, by the id of their request. A context manager.

    A reply with an answer counts before one that failed, whichever comes first.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._good, self._bad = Ids(), Ids()
        self._files = [path.open("rb") for path in files]
        for number in range(len(self._files)):
            self._learn(number)

    def line(self, id: str) -> Mapping[str, Any] | None:
        """What came of the request `id`, as the API told it, or None."""
        place = self._good.place(id)
        place = self._bad.place(id) if place is None else place
        if place is None:
            return None
        offset, number = divmod(place, len(self._files))
        self._files[number].seek(offset)
        return _object(self._files[number].readline())

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()
        self._good.close()
        self._bad.close()

    def __enter__(self) -> Replies:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _learn(self, number: int) -> None:
        offset = 0
        for line in self._files[number]:
            value = _object(line)
            id = None if value is None else value.get("custom_id")
            if value is not None and isinstance(id, str):
                known = self._good if _response(value).get("status_code") == _OK else self._bad
                known.add(id, offset * len(self._files) + number)
            offset += len(line)


class BatchedGrader:
    """Grades with replies that are there, by a grader that `build` makes for each answer.

    direct: asks for what is missing beyond the first reply; None is for other manners of repair. wanted: is
    told of each request that is missing, the first included if `submits`, and the answer waits for it.
    """

    def __init__(
        self,
        build: Callable[[Completes], Grader],
        replies: Replies | None,
        service: Service,
        *,
        direct: Completes | None = None,
        wanted: Callable[[str, ChatRequest], None] | None = None,
        submits: bool = False,
    ) -> None:
        self._build = build
        self._replies = replies
        self._service = service
        self._direct = direct
        self._wanted = wanted
        self._submits = submits

    def identity(self, task: GradingTask) -> GraderIdentity:
        """As the grader that is built says."""
        return self._build(self._client()).identity(task)

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """The grade of `task`. Raises GraderError: WaitsForBatchError where a reply is still to be had."""
        client = self._client()
        try:
            return await self._build(client).grade(task, watcher)
        except WantedError:
            for id, request in client.wanted:
                if self._wanted is not None:
                    self._wanted(id, request)
        raise WaitsForBatchError("a further reply is needed, and was put into another batch")

    async def warm(self, question: Question, rubric: Rubric) -> None:
        """Nothing to do."""

    async def aclose(self) -> None:
        """Close the connections for what is asked for directly."""
        if self._direct is not None:
            await self._direct.aclose()

    def _client(self) -> _LineClient:
        return _LineClient(
            self._replies,
            self._service,
            self._direct,
            notes=self._wanted is not None,
            submits=self._submits,
        )


class _LineClient:
    """The client of one answer. wanted: the requests that have no reply."""

    def __init__(
        self,
        replies: Replies | None,
        service: Service,
        direct: Completes | None,
        *,
        notes: bool,
        submits: bool,
    ) -> None:
        self._replies = replies
        self._service = service
        self._direct = direct
        self._notes = notes
        self._submits = submits
        self._asked: Counter[str] = Counter()
        self.wanted: list[tuple[str, ChatRequest]] = []

    async def complete(
        self,
        request: ChatRequest,
        on_text: Callable[[str], None] | None = None,
        on_restart: Callable[[], None] | None = None,
        *,
        attempts: int | None = None,
    ) -> ChatReply:
        """The reply of the batch, or what there is in place of it.

        Raises GraderError: NotInBatchError, WantedError, or what the reply itself is at fault with.
        """
        is_first = not self._asked
        same = custom_id(request, 0)
        id = custom_id(request, self._asked[same])
        self._asked[same] += 1
        line = None if self._replies is None else self._replies.line(id)
        if line is not None:
            return self._reply(line, is_first=is_first)
        if is_first and not self._submits:
            raise NotInBatchError(
                "no batch holds a reply to this answer",
                hint="Grade the file again, with --batch or without: only such answers are taken up.",
            )
        if self._notes:
            self.wanted.append((id, request))
            raise WantedError("a reply is needed that is not there")
        if self._direct is not None:
            return await self._direct.complete(request, attempts=attempts)
        raise MalformedReplyError("the reply of the batch was not enough, and no other was asked for")

    async def aclose(self) -> None:
        """Nothing to close."""

    def _reply(self, line: Mapping[str, Any], *, is_first: bool) -> ChatReply:
        response = _response(line)
        if response.get("status_code") != _OK:
            error = self._failure(line)
            # A repair that failed takes nothing away from the first reply.
            raise error if is_first else MalformedReplyError(error.message)
        spent = Usage(requests=1)
        try:
            reply = reply_in(response.get("body"), self._service)
            spent = reply.usage
            return reply.model_copy(update={"text": json_object_in(reply.text)})
        except ReplyError as error:
            error.spent = error.usage or spent
            raise
        except GraderError as error:
            raise BatchFailedError(error.message) from error

    def _failure(self, line: Mapping[str, Any]) -> BatchFailedError:
        response = _response(line)
        told = complaint_in(response.get("body") or line.get("error"))
        said = self._service.quote(told.text) or "it gives no reason"
        status = f" with {response['status_code']}" if isinstance(response.get("status_code"), int) else ""
        code = f" ({self._service.quote(told.code)})" if told.code else ""
        return BatchFailedError(f"the batch failed for this answer{status}: {said}{code}")


def _response(line: Mapping[str, Any]) -> Mapping[str, Any]:
    response = line.get("response")
    return response if isinstance(response, Mapping) else {}


def _object(line: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
