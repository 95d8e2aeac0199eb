"""Tokens and requests: what a model's reply cost."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from interviewer.models import Frozen
from interviewer.numbers import counted

_PER_TOKENS = 1_000_000
_SMALLEST_TOLD = 0.0001

Price = Annotated[float, Field(ge=0)]


class Prices(Frozen):
    """What a million tokens cost, in any currency. cached: input that the service had in its cache; None
    means as much as other input."""

    input: Price
    cached: Price | None = None
    output: Price


class Usage(Frozen):
    """Tokens and requests that a grade took. Counts are None where the service does not report them.

    In a sum, input and output are None if those of either part are: half of a cost is no cost. The cached
    share is that of the parts that tell it.
    """

    requests: int = 0
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None

    def __add__(self, other: Usage) -> Usage:
        if self == _NOTHING or other == _NOTHING:
            return other if self == _NOTHING else self

        def add(a: int | None, b: int | None) -> int | None:
            return None if a is None or b is None else a + b

        cached = [many for many in (self.cached_tokens, other.cached_tokens) if many is not None]
        return Usage(
            requests=self.requests + other.requests,
            input_tokens=add(self.input_tokens, other.input_tokens),
            cached_tokens=sum(cached) if cached else None,
            output_tokens=add(self.output_tokens, other.output_tokens),
        )


_NOTHING = Usage()
#: A request that was turned down: no model read it.
REFUSED = Usage(requests=1, input_tokens=0, output_tokens=0)


def cost_of(usage: Usage, prices: Prices) -> float | None:
    """What `usage` cost, in the prices' currency; None where the service did not report its tokens."""
    if usage.requests == 0 and usage.input_tokens is None and usage.output_tokens is None:
        return 0.0
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    cached = min(usage.cached_tokens or 0, usage.input_tokens)
    fresh = usage.input_tokens - cached
    price_cached = prices.input if prices.cached is None else prices.cached
    spent = fresh * prices.input + cached * price_cached + usage.output_tokens * prices.output
    return spent / _PER_TOKENS


def usage_text(usage: Usage, prices: Prices | None = None) -> str:
    """Such as `tokens: 5,120 in (3,072 cached), 410 out, 3 requests, about 0.0042`.

    The cost is left out without prices, and where it is not known.
    """
    if usage.input_tokens is None and usage.output_tokens is None:
        tokens = "not reported" if usage.requests else "none"
    else:
        cached = "" if usage.cached_tokens is None else f" ({usage.cached_tokens:,} cached)"
        tokens = f"{_count(usage.input_tokens)} in{cached}, {_count(usage.output_tokens)} out"
    requests = counted(usage.requests, "request")
    cost = None if prices is None else cost_of(usage, prices)
    return ", ".join([f"tokens: {tokens}", requests, *([] if cost is None else [money_text(cost)])])


def _count(many: int | None) -> str:
    return "not reported" if many is None else f"{many:,}"


def money_text(cost: float) -> str:
    """Such as `about 4.20`: to the second decimal; a small sum to its second digit that says something."""
    if 0 < cost < _SMALLEST_TOLD:
        return f"less than {_SMALLEST_TOLD}"
    return f"about {cost:.2g}" if cost < 0.995 else f"about {cost:,.2f}"
