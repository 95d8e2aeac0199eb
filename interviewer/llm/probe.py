"""What `doctor` asks of a service before any answer is graded: is it there, and which models has it."""

from __future__ import annotations

import asyncio

from interviewer.errors import DeadlineError
from interviewer.llm.openai_wire import OpenAIWire


async def models_of(wire: OpenAIWire, *, timeout: float) -> tuple[str, ...] | None:  # noqa: ASYNC109
    """The models that the service behind `wire` lists; None if it answers, but has no list. Closes the wire.

    timeout: seconds until a DeadlineError. Raises GraderError for what else goes wrong.
    """
    try:
        async with asyncio.timeout(timeout) as limit:
            return await wire.models()
    except TimeoutError:
        if not limit.expired():
            raise
    finally:
        await wire.aclose()
    raise DeadlineError(f"{wire.name} gave no list of models within {timeout:g} seconds")
