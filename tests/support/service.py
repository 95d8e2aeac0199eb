"""A service that grades, the same answer always alike, and one that fails in between as services do."""

from __future__ import annotations

import json
import random
import re
import threading
from collections import Counter
from typing import Literal

from interviewer.grading.fake import default_reply
from interviewer.llm.wire import ChatRequest, Message
from tests.support.server import Answer, Received, completion, failure

Fault = Literal["429", "500", "reset", "malformed", "silent"]
#: Faults in a row for one request: the client tries four times.
_MOST_IN_A_ROW = 2
_SHARE = 0.4
#: The word that an answer of `Candidate` begins with.
_ANSWER = re.compile(r"\[[0-9]+r?-[0-9a-f]{8}\]")
_SOON = {"retry-after-ms": "1"}


def judged(received: Received) -> Answer:
    """What a model would say to a grading request: well-formed, and without judgement."""
    messages = tuple(Message(role=m["role"], content=m["content"]) for m in received.body["messages"])
    request = ChatRequest(messages=messages, schema_name="grade", reply_schema={}, max_tokens=1)
    return completion(default_reply(request))


class Faulty:
    """A behaviour of `ScriptedServer`. is_well: nothing fails now. faults: how often each was had."""

    def __init__(self, seed: int, faults: tuple[Fault, ...]) -> None:
        self.is_well = False
        self.faults: Counter[str] = Counter()
        self._kinds = faults
        self._chance = random.Random(seed)
        self._in_a_row: Counter[str] = Counter()
        self._malformed: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, received: Received) -> Answer:
        with self._lock:
            fault = self._fault(json.dumps(received.body["messages"][-1:]))
        match fault:
            case "429":
                return failure(429, "slow down", headers=_SOON)
            case "500":
                return failure(500, "it broke", headers=_SOON)
            case "reset":
                return Answer(manner="resets")
            case "silent":
                return Answer(manner="silent")
            case "malformed":
                return completion('{"criteria": [{"verdict": "splendid"')
            case None:
                return judged(received)

    def _fault(self, asked: str) -> Fault | None:
        has_had_enough = not self._kinds or self._in_a_row[asked] >= _MOST_IN_A_ROW
        if self.is_well or has_had_enough or self._chance.random() >= _SHARE:
            self._in_a_row[asked] = 0
            return None
        fault = self._chance.choice(self._kinds)
        if fault == "malformed":
            # A second one for the same answer would leave it without a grade, as it should.
            about = _ANSWER.findall(asked)[-1:]
            if not about or about[0] in self._malformed:
                return None
            self._malformed.add(about[0])
        self._in_a_row[asked] += 1
        self.faults[fault] += 1
        return fault
