"""What every command is handed: settings, a console, the clock, and the way to the service."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from interviewer.errors import MissingKeyError, StoreError
from interviewer.llm.address import OPENAI_URL, Address
from interviewer.settings import Settings, resolve

if TYPE_CHECKING:
    from rich.console import Console

    from interviewer.llm.client import ChatClient
    from interviewer.llm.ladder import DialectStore
    from interviewer.llm.openai_wire import OpenAIWire

Kind = Literal["llm", "local", "fake"]


def settings_of(
    *,
    bank: Path | None = None,
    rubrics: Path | None = None,
    grader: str | None = None,
    model: str | None = None,
    base_url: str | None = None,
    follow_ups: int | None = None,
    warm_up: str | None = None,
    no_cache: bool = False,
    samples: int | None = None,
    plain: bool = False,
) -> Settings:
    """The settings under these flags and this process's environment."""
    return resolve(
        {
            "bank": str(bank) if bank else None,
            "rubrics": str(rubrics) if rubrics else None,
            "grader": grader,
            "model": model,
            "base_url": base_url,
            "warm_up": warm_up,
            "cache": "off" if no_cache else None,
            "plain": "on" if plain else None,
            "follow_ups": str(follow_ups) if follow_ups is not None else None,
            "samples": str(samples) if samples is not None else None,
        },
        os.environ,
    )


def console(*, stderr: bool = False) -> Console:
    """A console that obeys nothing but our own styles: no markup, no emoji codes, no highlighting."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def is_interactive() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def kind_of(settings: Settings) -> Kind:
    """Which grader `auto` comes down to: a language model if a service is configured, else the embedded
    model."""
    wanted = settings.get("grader")
    if wanted == "fake":
        return "fake"
    service_is_set = settings.get("api_key") or settings.get("base_url")
    return "llm" if wanted == "llm" or (wanted == "auto" and service_is_set) else "local"


def describe(settings: Settings) -> str:
    """The grader, for people; no secrets."""
    match kind_of(settings):
        case "fake":
            return "fake (does not judge: for tests and demos)"
        case "local":
            return "local (a small model in this package, no network)"
        case "llm":
            return f"{settings.model} at {address_of(settings).name}"


def how_to_change(settings: Settings) -> str:
    """How to get another grader: one that judges, judges better, or needs no service."""
    service = "set OPENAI_API_KEY, or give --base-url and --model of any OpenAI-compatible service."
    match kind_of(settings):
        case "fake":
            return f"The fake grader does not judge. For real grades leave --grader away, or {service}"
        case "local":
            return f"The local grader is a small model and can be mistaken. For a large one {service}"
        case "llm":
            return "Without a network: --grader local."


def refuse_unfit(settings: Settings) -> None:
    """Raise UsageError or MissingKeyError for settings that no interview can be held with.

    It is called before anything is shown or kept.
    """
    _ = settings.follow_ups, settings.samples, settings.deadline, settings.prices
    if kind_of(settings) == "llm":
        refuse_missing_key(settings)
        _ = settings.model, address_of(settings)
    _refuse_unwritable(settings.folders.data)


def _refuse_unwritable(folder: Path) -> None:
    """Raise StoreError if no interview could be kept in `folder`, which need not be there yet."""
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise StoreError(
            f"no interview can be kept in {folder}",
            hint="Set INTERVIEWER_HOME to a folder that you can write to.",
        )


def refuse_missing_key(settings: Settings) -> None:
    """Raise MissingKeyError if the service needs a key and none is set."""
    if settings.get("api_key") is None and settings.get("base_url") is None:
        raise MissingKeyError(
            "no key is set for OpenAI's service",
            hint="Set OPENAI_API_KEY, or give --base-url and --model of another service, or --grader local.",
        )


def client_of(settings: Settings) -> ChatClient:
    """The client for the configured service."""
    from interviewer.llm.client import ChatClient, RetryPolicy

    return ChatClient(wire_of(settings), dialects_of(settings), RetryPolicy(deadline=deadline_of(settings)))


def dialects_of(settings: Settings) -> DialectStore:
    """Where what was learned of services is kept."""
    from interviewer.llm.ladder import DialectStore

    return DialectStore(settings.folders.cache)


def wire_of(settings: Settings) -> OpenAIWire:
    """The wire to the configured service."""
    silence_packages()
    from interviewer.llm.openai_wire import OpenAIWire
    from interviewer.llm.secrets import secrets_of_environment

    return OpenAIWire(
        base_url=settings.get("base_url"),
        api_key=settings.get("api_key"),
        model=settings.model,
        api_version=settings.get("api_version"),
        secrets=secrets_of_environment(os.environ),
    )


def deadline_of(settings: Settings) -> float:
    """Seconds that a grade may take: a model on someone's own machine is given more time."""
    return settings.deadline or (240.0 if address_of(settings).is_local else 90.0)


def address_of(settings: Settings) -> Address:
    """Where the configured service is. Raises UsageError."""
    return Address(settings.get("base_url") or OPENAI_URL, settings.get("api_version"))


def silence_packages() -> None:
    """Before openai is imported: its own log would print what a service sends, which may hold the key."""
    os.environ.pop("OPENAI_LOG", None)
