"""Settings and where each comes from: flag, then environment, then config file, then default."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from interviewer.config_file import read_config
from interviewer.errors import UsageError
from interviewer.setting import DEFAULT_MODEL, SETTINGS, Setting, setting_named

if TYPE_CHECKING:
    from interviewer.llm.usage import Prices

Source = Literal["flag", "environment", "config file", "default"]
_PRICES = ("price_input", "price_cached", "price_output")


class Resolved(NamedTuple):
    """A setting's value as text, and where it comes from; None where it is unset."""

    setting: Setting
    value: str | None
    source: Source

    @property
    def shown(self) -> str:
        """The value for people: a secret only tells that it is set."""
        if self.value is None:
            return "not set"
        if self.setting.name == "base_url":
            return _without_secrets(self.value)
        return "set" if self.setting.secret else self.value


class Folders(NamedTuple):
    """Where the product keeps things. config: the file; data: interviews; cache: what can be learned anew."""

    config: Path
    data: Path
    cache: Path


class Settings:
    """All settings, resolved. A lookup by name gives text; the typed properties check ranges."""

    def __init__(self, resolved: tuple[Resolved, ...], folders: Folders) -> None:
        self.resolved = resolved
        self.folders = folders
        self._values = {r.setting.name: r.value for r in resolved}

    def get(self, name: str) -> str | None:
        """The value of `name`, or None if it is unset."""
        return self._values[name]

    @property
    def model(self) -> str:
        """The model to ask. Raises UsageError if another service than OpenAI's is set without one."""
        model = self.get("model")
        if model is None and self.get("base_url") is not None:
            raise UsageError(
                "a base URL is set, but no model",
                hint="Say which with --model NAME; `interviewer doctor` lists what the service has.",
            )
        return model or DEFAULT_MODEL

    @property
    def deadline(self) -> float | None:
        """Seconds, 1 to 3600; None if it is left to what the service is."""
        return None if self.get("deadline") is None else self._number("deadline")

    @property
    def follow_ups(self) -> int:
        """Most follow-ups per question, 0 to 3."""
        return int(self._number("follow_ups"))

    @property
    def plain(self) -> bool:
        """Whether the terminal is for a screen reader."""
        return self.get("plain") == "on"

    @property
    def samples(self) -> int:
        """Opinions on a disputed criterion, the first included, 1 to 5."""
        return int(self._number("samples"))

    @property
    def prices(self) -> Prices | None:
        """What tokens cost, each price 0 to 100,000; None if none is set.

        Raises UsageError if only a part of them is set.
        """
        if all(self.get(name) is None for name in _PRICES):
            return None
        for name in ("price_input", "price_output"):
            if self.get(name) is None:
                raise UsageError(
                    f"a price is set, but not {name}",
                    hint="What a grade costs takes price_input and price_output, each for a million tokens.",
                )
        price_in, price_cached, price_out = (
            None if self.get(name) is None else self._number(name) for name in _PRICES
        )
        from interviewer.llm.usage import Prices

        return Prices.model_validate({"input": price_in, "cached": price_cached, "output": price_out})

    def path(self, name: str) -> Path | None:
        """The value of `name` as a path, `~` expanded; None if it is unset."""
        value = self.get(name)
        return expanded(name, value) if value else None

    def _number(self, name: str) -> float:
        return setting_named(name).number(self.get(name) or "")


def expanded(name: str, value: str) -> Path:
    """`value`, the path that `name` is set to, with `~` expanded. UsageError if there is no such user."""
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise UsageError(
            f"{name} is in the home folder of a user who is not known here: {value!r}",
            hint="Write the path in full.",
        ) from error


def folders(environment: Mapping[str, str]) -> Folders:
    """The folders of this person: INTERVIEWER_HOME moves them all, else the platform's own places."""
    home = environment.get("INTERVIEWER_HOME")
    if home:
        top = expanded("INTERVIEWER_HOME", home)
        return Folders(config=top / "config.toml", data=top / "data", cache=top / "cache")
    import platformdirs

    return Folders(
        config=platformdirs.user_config_path("interviewer") / "config.toml",
        data=platformdirs.user_data_path("interviewer"),
        cache=platformdirs.user_cache_path("interviewer"),
    )


def resolve(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """The settings under `flags` (None: not given) and `environment`.

    Raises InvalidFileError for a broken config file, UsageError for a value outside its choices.
    """
    places = folders(environment)
    written = read_config(places.config)
    resolved = tuple(_resolve_one(s, flags, environment, written) for s in SETTINGS)
    for one in resolved:
        one.setting.refuse_unknown_choice(one.value, f" (from the {one.source})")
    return Settings(resolved, places)


def _without_secrets(base_url: str) -> str:
    from interviewer.llm.address import Address

    try:
        return Address(base_url, None).name
    except UsageError:
        return "set, but no http address"


def _resolve_one(
    setting: Setting,
    flags: Mapping[str, str | None],
    environment: Mapping[str, str],
    written: Mapping[str, str],
) -> Resolved:
    flag = flags.get(setting.name)
    if flag is not None:
        return Resolved(setting=setting, value=flag, source="flag")
    for name in setting.environment:
        if environment.get(name):
            return Resolved(setting=setting, value=environment[name], source="environment")
    if setting.name in written:
        return Resolved(setting=setting, value=written[setting.name], source="config file")
    return Resolved(setting=setting, value=setting.default, source="default")
