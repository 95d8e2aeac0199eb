"""Tokens and requests: what a model's reply cost."""

from __future__ import annotations

from interviewer.models import Frozen


class Usage(Frozen):
    """Tokens and requests that a grade took. Counts are None where the service does not report them."""

    requests: int = 0
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None

    def __add__(self, other: Usage) -> Usage:
        def add(a: int | None, b: int | None) -> int | None:
            return None if a is None and b is None else (a or 0) + (b or 0)

        return Usage(
            requests=self.requests + other.requests,
            input_tokens=add(self.input_tokens, other.input_tokens),
            cached_tokens=add(self.cached_tokens, other.cached_tokens),
            output_tokens=add(self.output_tokens, other.output_tokens),
        )
