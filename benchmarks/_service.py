"""A service on this machine that grades like the fake grader, and takes its time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from itertools import takewhile

from interviewer.grading.fake import default_reply
from interviewer.llm.wire import ChatRequest, Message
from tests.support.server import Answer, Received, ScriptedServer, completion, stream

#: Says how many seconds the service takes until it replies to a prompt.
Pace = Callable[[str], float]


@contextlib.contextmanager
def served(pace: Pace) -> Iterator[str]:
    """The base URL of the service."""

    def behave(received: Received) -> Answer:
        messages = tuple(Message.model_validate(m) for m in received.body["messages"])
        time.sleep(pace("\n".join(m.content for m in messages)))
        request = ChatRequest(messages=messages, schema_name="grade", reply_schema={}, max_tokens=1)
        said = default_reply(request) if '"sentences":' in messages[-1].content else "{}"
        return stream(said) if received.body.get("stream") else completion(said)

    with ScriptedServer(behaviour=behave) as server:
        yield server.url


class PrefixCache:
    """The pace of a server that keeps the latest prompt, and reads of the next one what is not the same."""

    def __init__(self, characters_a_second: float) -> None:
        self._speed = characters_a_second
        self._latest = ""

    def __call__(self, prompt: str) -> float:
        """Seconds until all of `prompt` is read."""
        both = zip(self._latest, prompt, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
        self._latest = prompt
        return (len(prompt) - same) / self._speed
