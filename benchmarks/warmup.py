"""Time from the answer to its first verdict, with the shared prefix sent ahead and without.

Without arguments the server is a stand-in on this machine: it keeps the latest prompt, as llama.cpp's does,
and takes its time for each character that is new. That shows how much of a prompt is sent ahead; a real
server shows what that is worth:

    python -m benchmarks.warmup BASE_URL MODEL [QUESTIONS]

It should keep its prefix cache for free. Before each measurement the cache is flushed by an unrelated
request. The first verdict is the first criterion that is complete in the reply's stream; whether its quote
holds is up to the model, and takes no time worth measuring. The bar is a ratio of 0.25.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks._command import main
from benchmarks._measure import Bar, Measure, Pair, beside
from benchmarks._service import PrefixCache, served
from interviewer.bank.load import load_bank
from interviewer.bank.models import Question
from interviewer.errors import GraderError
from interviewer.grading.evidence import EvidenceCheck
from interviewer.grading.live import CriteriaStream
from interviewer.grading.models import GradingTask
from interviewer.grading.prompt import grading_request, warming_request
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.openai_wire import OpenAIWire
from interviewer.llm.wire import ChatRequest, Message

COMMAND = "python -m benchmarks warmup"
QUICK = {"questions": 1}
BAR = Bar(0.25, of="ratio")
#: Of the stand-in. Some 5,000 tokens a second: a GPU that has others to serve, too.
CHARACTERS_A_SECOND = 20_000
BANK = load_bank()


def measured(base_url: str = "", model: str = "", questions: int = 5) -> Iterator[Measure]:
    """Seconds to the first verdict with the prefix sent ahead, and without."""
    if base_url:
        yield _row(f"of {model} at {base_url}", asyncio.run(_pairs(base_url, model, questions)))
        return
    with served(PrefixCache(CHARACTERS_A_SECOND)) as url:
        pairs = asyncio.run(_pairs(url, "stand-in", questions))
    yield _row(f"of a server that reads {CHARACTERS_A_SECOND:,} characters a second", pairs)


def _row(server: str, pairs: list[Pair]) -> Measure:
    name = f"first verdict {server}, the prompt's shared part sent ahead"
    return beside(name, pairs, "s", "not sent ahead", command=COMMAND, bar=BAR)


async def _pairs(base_url: str, model: str, count: int) -> list[Pair]:
    wire = OpenAIWire(
        base_url=base_url, api_key=os.environ.get("OPENAI_API_KEY"), model=model, api_version=None
    )
    client = ChatClient(wire, None, RetryPolicy(deadline=600, attempts=1))
    await _ask(client, _flush(0))  # learn the dialect
    pairs = []
    for number, question in enumerate(BANK.questions[:count], start=1):
        await _ask(client, _flush(number))
        cold = await _first_verdict(client, question)
        await _ask(client, _flush(-number))
        await _ask(client, warming_request(question, BANK.rubric_of(question)))
        pairs.append((await _first_verdict(client, question), cold))
    await client.aclose()
    return pairs


async def _first_verdict(client: ChatClient, question: Question) -> float:
    """Seconds until the first criterion is complete in the reply to an answer; infinite if none is."""
    task = GradingTask(question=question, rubric=BANK.rubric_of(question), answer=question.hint)
    sentences = EvidenceCheck(task.answer, question).sentences
    stream = CriteriaStream()
    times: list[float] = []

    def hear(piece: str) -> None:
        if stream.feed(piece):
            times.append(time.perf_counter() - started)

    started = time.perf_counter()
    await _ask(client, grading_request(task, sentences), hear)
    return times[0] if times else float("inf")


def _flush(number: int) -> ChatRequest:
    """A request that has nothing in common with a grading request."""
    text = f"{number}: reply with an empty JSON object."
    return ChatRequest(
        messages=(Message(role="user", content=text),),
        schema_name="empty",
        reply_schema={"type": "object", "properties": {}, "required": [], "additionalProperties": False},
        max_tokens=4,
    )


async def _ask(client: ChatClient, request: ChatRequest, hear: Callable[[str], None] | None = None) -> None:
    """The request, whatever becomes of its reply: only its time matters here."""
    try:
        await client.complete(request, hear)
    except GraderError as error:
        if error.code not in {"truncated", "malformed_reply"}:
            raise


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
