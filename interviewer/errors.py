"""Every error that the product raises on purpose, and how wide a caller may catch.

InterviewerError
├── UsageError                 the command line or a setting asks for something impossible
├── InvalidFileError           a bank, rubric, answers or config file is wrong: names file, line, field
├── OutOfTurnError             a command that does not fit where the interview stands
├── StoreError                 the interviews on disk cannot be read or written
└── GraderError                the grader's service gave no grade
    ├── MissingKeyError        no key is configured for a service that needs one
    ├── KeyRejectedError       the service refuses the key (401, 403)
    ├── UnknownModelError      the service does not have the model (404)
    ├── QuotaExceededError     the account has no credit left (429 insufficient_quota)
    ├── AnswerTooLongError     the answer is over the grader's limit; it is kept, not cut
    ├── NotScoredError         the embedded model cannot judge such an answer; a language model could
    │   ├── TooLittleTextError it has a word or two
    │   └── OtherScriptError   it is not in the script that the model reads
    ├── NothingQuotedError     a dispute before the embedded model that points at no words of the answer
    ├── EmbeddedModelError     the embedded model cannot be loaded, or cannot read the requirement
    ├── ClusterError           the cluster that was to grade is not there, or gave up
    ├── BatchError             a batch gave no reply to an answer
    │   ├── NotInBatchError    no batch was asked about it
    │   ├── BatchFailedError   it was, and there is none: expired, cancelled, refused
    │   └── WaitsForBatchError a further reply was put into another batch
    ├── BadRequestError        the service refuses what we sent, and no other form of it helps
    ├── TransientServiceError  worth another try; raised to the caller once tries or time are used up
    │   ├── RateLimitedError   429 with or without Retry-After
    │   ├── ServiceDownError   408, 409, 5xx, refused or reset connection, no route
    │   └── DeadlineError      no whole reply within the time allowed
    └── ReplyError             the service answered, but what it said cannot be a grade
        ├── RefusedError       the model or a content filter declined to answer
        ├── TruncatedError     the reply ended at the output limit
        └── MalformedReplyError  not the JSON that was asked for

Messages are for people and never hold a key. `hint` says what to do next.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interviewer.llm.usage import Usage


class InterviewerError(Exception):
    """Base of the tree. `str(error)` is one sentence; `hint` is the way out, or None."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(InterviewerError):
    """The command line or a setting asks for something impossible."""


class InvalidFileError(InterviewerError):
    """A file that a person wrote is wrong.

    `line` is 1-based, or None where the fault is the whole file. `field` is a path such as
    `questions[3].criteria[0].weight`. `expected` says what would be right.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: Path | str,
        line: int | None = None,
        field: str | None = None,
        expected: str | None = None,
        more: int = 0,
        hint: str | None = None,
    ) -> None:
        where = f"{file}:{line}" if line is not None else f"{file}"
        text = f"{where}: {f'{field}: ' if field else ''}{problem}"
        if expected:
            text += f" (expected {expected})"
        if more:
            text += f" (and {more} more)"
        super().__init__(text, hint=hint)
        self.file = str(file)
        self.line = line
        self.field = field
        self.problem = problem
        self.expected = expected


class OutOfTurnError(InterviewerError):
    """A command that does not fit where the interview stands."""


class StoreError(InterviewerError):
    """The interviews on disk cannot be read or written."""


class GraderError(InterviewerError):
    """The grader's service gave no grade. `code` is a stable word for logs, JSON and the store.

    `spent`: what all tries took, as far as the client knows it; None before it has told.
    """

    code = "grader"
    spent: Usage | None = None


class MissingKeyError(GraderError):
    code = "missing_key"


class KeyRejectedError(GraderError):
    code = "key_rejected"


class UnknownModelError(GraderError):
    code = "unknown_model"


class QuotaExceededError(GraderError):
    code = "quota_exceeded"


class AnswerTooLongError(GraderError):
    code = "answer_too_long"


class NotScoredError(GraderError):
    code = "not_scored"


class TooLittleTextError(NotScoredError):
    code = "too_little_text"


class OtherScriptError(NotScoredError):
    code = "other_script"


class NothingQuotedError(GraderError):
    code = "nothing_quoted"


class EmbeddedModelError(GraderError):
    code = "embedded_model"


class ClusterError(GraderError):
    code = "cluster"


class BatchError(GraderError):
    code = "batch"


class NotInBatchError(BatchError):
    code = "not_in_batch"


class BatchFailedError(BatchError):
    code = "batch_failed"


class WaitsForBatchError(BatchError):
    code = "waits_for_batch"


class BadRequestError(GraderError):
    """`parameter` is the request field that the service's message names, or None."""

    code = "bad_request"

    def __init__(self, message: str, *, hint: str | None = None, parameter: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.parameter = parameter


class TransientServiceError(GraderError):
    """`retry_after` is what the service asked us to wait, in seconds, or None."""

    code = "service"

    def __init__(self, message: str, *, hint: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class RateLimitedError(TransientServiceError):
    code = "rate_limited"


class ServiceDownError(TransientServiceError):
    code = "service_down"


class DeadlineError(TransientServiceError):
    code = "deadline"


class ReplyError(GraderError):
    """`usage` is what the reply took, or None if its service does not say."""

    code = "reply"
    usage: Usage | None = None


class RefusedError(ReplyError):
    code = "refused"


class TruncatedError(ReplyError):
    code = "truncated"


class MalformedReplyError(ReplyError):
    code = "malformed_reply"


#: Faults that concern whatever is asked next, too: nothing gets better by asking on.
LASTING = (MissingKeyError, KeyRejectedError, UnknownModelError, QuotaExceededError)

#: Codes of answers that the embedded model cannot judge, however often it is asked.
NOT_SCORED = frozenset({TooLittleTextError.code, OtherScriptError.code})
