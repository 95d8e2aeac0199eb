"""What is told where a key can be read on its way to the service."""

from __future__ import annotations

import sys

from interviewer.cli import wiring
from interviewer.settings import Settings
from interviewer.text import printable

RISK = "others can read the key and the answers on their way"
WAY_OUT = "Use https://, or reach the service through a tunnel that ends on this machine."


def warn_of_clear_key(settings: Settings) -> None:
    """Say on stderr, before anything is sent, that the key can be read on its way."""
    if wiring.kind_of(settings) == "llm" and is_key_clear(settings):
        name = printable(wiring.address_of(settings).name)
        sys.stderr.write(f"interviewer: {name} is not encrypted: {RISK}\n  {WAY_OUT}\n")


def is_key_clear(settings: Settings) -> bool:
    """Whether a key goes over a network that others may listen to. Raises UsageError for no address."""
    address = wiring.address_of(settings)
    if not address.is_clear:
        return False
    from interviewer.llm.secrets import Secrets

    # What stands in for a key at servers without one, such as "ollama", may be read by anyone.
    return bool(Secrets((settings.get("api_key") or "", *address.secrets), in_replies=True))
