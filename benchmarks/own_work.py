"""What a grade costs beside the model: find instructions, build the prompt, parse, check quotes, score.

A full answer to each shipped question is graded by a model that replies at once. Beside it the openai client
alone sends the same request to a transport that replies at once. The bar is a median of 5 ms.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks._command import main
from benchmarks._measure import Bar, Measure, Pair, beside
from interviewer.bank.load import load_bank
from interviewer.grading.evidence import EvidenceCheck
from interviewer.grading.llm import LlmGrader
from interviewer.grading.models import GradingTask
from interviewer.grading.prompt import grading_request
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.fake_wire import FakeWire
from interviewer.llm.openai_json import body_of
from interviewer.llm.wire import ChatRequest, Dialect
from tests.support.server import completion_body

COMMAND = "python -m benchmarks own_work"
QUICK = {"rounds": 1}
BAR = Bar(5.0)


def measured(rounds: int = 20) -> Iterator[Measure]:
    """Milliseconds of a grade, and of the client alone."""
    yield beside(
        "own work per grade, without the model",
        asyncio.run(_pairs(rounds)),
        "ms",
        "the openai client alone, same request",
        command=COMMAND,
        bar=BAR,
    )


def everything_met(request: ChatRequest) -> str:
    """Met for all, each with the first words of a sentence."""
    question, answer = (
        json.loads(line) for line in request.messages[-1].content.split("\n") if line.startswith("{")
    )
    name, text = next(iter(answer["sentences"].items()))
    quote = {"quote": " ".join(text.split()[:8]), "s": name}
    criteria = [
        {"criterion_id": c["id"], "evidence": [quote], "gap": "", "verdict": "met"}
        for c in question["criteria"]
    ]
    return json.dumps({"criteria": criteria, "delivery": [], "feedback": "Good.", "follow_up": ""})


async def _pairs(rounds: int) -> list[Pair]:
    bank = load_bank()
    tasks = [GradingTask(question=q, rubric=bank.rubric_of(q), answer=q.hint) for q in bank.questions]
    client = ChatClient(FakeWire(default=everything_met), None, RetryPolicy())
    grader = LlmGrader(client, model="instant", clock=time.perf_counter)
    bare = _Bare()
    pairs: list[Pair] = []
    for _ in range(rounds):
        for task in tasks:
            request = grading_request(task, EvidenceCheck(task.answer, task.question).sentences)
            started = time.perf_counter()
            await grader.grade(task)
            graded = time.perf_counter()
            pairs.append((1000 * (graded - started), await bare.milliseconds(request)))
    await bare.aclose()
    return pairs


class _Bare:
    """The openai client on a transport that replies at once."""

    def __init__(self) -> None:
        import httpx2
        import openai

        self._reply = b""
        transport = httpx2.MockTransport(
            lambda _: httpx2.Response(200, content=self._reply, headers={"content-type": "application/json"})
        )
        self._client = openai.AsyncOpenAI(
            api_key="none",
            base_url="http://127.0.0.1/v1",
            max_retries=0,
            http_client=httpx2.AsyncClient(transport=transport),
        )

    async def milliseconds(self, request: ChatRequest) -> float:
        """What one exchange takes, and nothing done with it."""
        self._reply = json.dumps(completion_body(everything_met(request))).encode()
        body: dict[str, Any] = body_of(request, Dialect(), "instant")
        started = time.perf_counter()
        reply = await self._client.chat.completions.create(**body)
        taken = time.perf_counter() - started
        assert reply.choices[0].message.content
        return 1000 * taken

    async def aclose(self) -> None:
        await self._client.close()


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
