"""What `grade` sends for the lines of a file, sent by the openai client alone; replies are left unread.

python -m benchmarks._bare_client BASE_URL FILE CONCURRENCY
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import openai

from interviewer.bank.load import load_bank
from interviewer.batch.lines import job_of
from interviewer.grading.prompt import grading_request
from interviewer.llm.openai_json import body_of
from interviewer.llm.wire import Dialect
from interviewer.text import sentences


def bodies_of(file: Path) -> list[dict[str, Any]]:
    """The bodies of the requests, in the order of the lines."""
    bank = load_bank()
    bodies = []
    for line in file.read_text(encoding="utf-8").splitlines():
        task = job_of(line, bank).task
        assert task is not None
        bodies.append(body_of(grading_request(task, tuple(sentences(task.answer))), Dialect(), "m"))
    return bodies


async def send(url: str, bodies: list[dict[str, Any]], concurrency: int) -> None:
    """Send them all, so many at a time."""
    client = openai.AsyncOpenAI(api_key="none", base_url=url, max_retries=0)
    rest = iter(bodies)

    async def work() -> None:
        for body in rest:
            reply = await client.chat.completions.create(**body)
            assert reply.choices[0].message.content

    await asyncio.gather(*(work() for _ in range(concurrency)))
    await client.close()


if __name__ == "__main__":
    asyncio.run(send(sys.argv[1], bodies_of(Path(sys.argv[2])), int(sys.argv[3])))
