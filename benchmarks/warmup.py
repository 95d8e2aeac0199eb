"""Time from the answer to its first verdict, with the shared prefix sent ahead and without, in one run.

    python -m benchmarks.warmup BASE_URL MODEL [QUESTIONS]

Needs a server that keeps its prefix cache for free, such as llama.cpp's. Before each measurement the cache is
flushed by an unrelated request. The first verdict is the first criterion that is complete in the reply's
stream; whether its quote holds is up to the model, and takes no time worth measuring. The bar is 0.25.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import time
from statistics import median

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

BAR = 0.25
BANK = load_bank()


async def main(base_url: str, model: str, count: int) -> int:
    """Print both medians and their ratio; the exit code is 1 above the bar."""
    wire = OpenAIWire(
        base_url=base_url, api_key=os.environ.get("OPENAI_API_KEY"), model=model, api_version=None
    )
    client = ChatClient(wire, None, RetryPolicy(deadline=600, attempts=1))
    await ask(client, flush(0))  # learn the dialect
    cold, warm = [], []
    for number, question in enumerate(BANK.questions[:count], start=1):
        await ask(client, flush(number))
        cold.append(await first_verdict(client, question))
        await ask(client, flush(-number))
        await ask(client, warming_request(question, BANK.rubric_of(question)))
        warm.append(await first_verdict(client, question))
        print(f"{question.id}: {cold[-1]:.2f} s without, {warm[-1]:.2f} s with", flush=True)
    await client.aclose()
    ratio = median(warm) / median(cold)
    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs; {model}")
    print(
        f"first verdict: {median(cold):.2f} s without, {median(warm):.2f} s with; {ratio:.2f} (bar {BAR:g})"
    )
    return int(ratio > BAR)


async def first_verdict(client: ChatClient, question: Question) -> float:
    """Seconds until the first criterion is complete in the reply to an answer."""
    task = GradingTask(question=question, rubric=BANK.rubric_of(question), answer=question.hint)
    sentences = EvidenceCheck(task.answer, question).sentences
    stream = CriteriaStream()
    times: list[float] = []

    def hear(piece: str) -> None:
        if stream.feed(piece):
            times.append(time.perf_counter() - started)

    started = time.perf_counter()
    await ask(client, grading_request(task, sentences), hear)
    return times[0] if times else float("inf")


def flush(number: int) -> ChatRequest:
    """A request that has nothing in common with a grading request."""
    text = f"{number}: reply with an empty JSON object."
    return ChatRequest(
        messages=(Message(role="user", content=text),),
        schema_name="empty",
        reply_schema={"type": "object", "properties": {}, "required": [], "additionalProperties": False},
        max_tokens=4,
    )


async def ask(client: ChatClient, request: ChatRequest, hear: object = None) -> None:
    """The request, whatever becomes of its reply: only its time matters here."""
    try:
        await client.complete(request, hear if callable(hear) else None)
    except GraderError as error:
        if error.code not in {"truncated", "malformed_reply"}:
            raise


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 3)))
