"""Settings and where each comes from: flag, then environment, then config file, then default."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from interviewer.errors import InvalidFileError, UsageError

if TYPE_CHECKING:
    from interviewer.llm.usage import Prices

Source = Literal["flag", "environment", "config file", "default"]

#: Asked when a key is configured and nothing else is said. Any other name can be given with --model.
DEFAULT_MODEL = "gpt-5.4-mini"
GRADERS = ("auto", "llm", "local", "fake")
_PRICES = ("price_input", "price_cached", "price_output")
_HIGHEST_PRICE = 100_000


class Setting(NamedTuple):
    """One setting. default: as text; None means unset. environment: names, the first that is set wins."""

    name: str
    about: str
    environment: tuple[str, ...]
    default: str | None = None
    secret: bool = False
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="grader",
        about="who grades: auto takes a language model if a key or a base URL is set, else the local one",
        default="auto",
        environment=("INTERVIEWER_GRADER",),
        choices=GRADERS,
    ),
    Setting(
        name="model",
        about=f"the language model; {DEFAULT_MODEL} on OpenAI's own service",
        environment=("INTERVIEWER_MODEL",),
    ),
    Setting(
        name="base_url",
        about="any OpenAI-compatible service, such as http://127.0.0.1:8080/v1",
        environment=("INTERVIEWER_BASE_URL", "OPENAI_BASE_URL"),
    ),
    Setting(
        name="api_key",
        about="the service's key; local servers mostly need none",
        environment=("INTERVIEWER_API_KEY", "OPENAI_API_KEY"),
        secret=True,
    ),
    Setting(
        name="api_version",
        about="for Azure OpenAI: the api-version",
        environment=("INTERVIEWER_API_VERSION", "OPENAI_API_VERSION"),
    ),
    Setting(
        name="deadline",
        about="seconds that one grade may take, retries included; 90, or 240 at servers of your own network",
        environment=("INTERVIEWER_DEADLINE",),
    ),
    Setting(
        name="warm_up",
        about="send the part of a prompt that all answers share while the candidate types: auto does so "
        "where it is free, at servers of your own network",
        default="auto",
        environment=("INTERVIEWER_WARM_UP",),
        choices=("auto", "always", "never"),
    ),
    Setting(
        name="samples",
        about="opinions on a disputed criterion, 1 to 5; the majority decides, 1 takes no second opinion",
        default="3",
        environment=("INTERVIEWER_SAMPLES",),
    ),
    Setting(
        name="cache",
        about="on or off: an answer that the same grader graded before, by the same rubric, gets that grade "
        "again without a request",
        default="on",
        environment=("INTERVIEWER_CACHE",),
        choices=("on", "off"),
    ),
    Setting(
        name="cross_check",
        about="the embedded model reads each answer beside a language model; where it is sure of the "
        "opposite, the criterion is flagged and judged again: auto does so in interviews",
        default="auto",
        environment=("INTERVIEWER_CROSS_CHECK",),
        choices=("auto", "always", "never"),
    ),
    Setting(
        name="price_input",
        about="what your service asks for a million input tokens, in any currency; with price_output it "
        "shows what grades cost",
        environment=("INTERVIEWER_PRICE_INPUT",),
    ),
    Setting(
        name="price_cached",
        about="the same for input tokens that the service had in its cache; price_input if not set",
        environment=("INTERVIEWER_PRICE_CACHED",),
    ),
    Setting(
        name="price_output",
        about="the same for output tokens",
        environment=("INTERVIEWER_PRICE_OUTPUT",),
    ),
    Setting(name="bank", about="a bank of your own", environment=("INTERVIEWER_BANK",)),
    Setting(name="rubrics", about="a folder of rubrics", environment=("INTERVIEWER_RUBRICS",)),
    Setting(
        name="plain",
        about="on or off: for screen readers, words in place of lines, bars and signs",
        default="off",
        environment=("INTERVIEWER_PLAIN",),
        choices=("on", "off"),
    ),
    Setting(
        name="follow_ups",
        about="most follow-up questions after one answer, 0 to 3",
        default="1",
        environment=("INTERVIEWER_FOLLOW_UPS",),
    ),
)


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
        return None if self.get("deadline") is None else self._number("deadline", 1, 3600)

    @property
    def follow_ups(self) -> int:
        """Most follow-ups per question, 0 to 3."""
        return self._whole_number("follow_ups", 0, 3)

    @property
    def plain(self) -> bool:
        """Whether the terminal is for a screen reader."""
        return self.get("plain") == "on"

    @property
    def samples(self) -> int:
        """Opinions on a disputed criterion, the first included, 1 to 5."""
        return self._whole_number("samples", 1, 5)

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
            None if self.get(name) is None else self._number(name, 0, _HIGHEST_PRICE) for name in _PRICES
        )
        from interviewer.llm.usage import Prices

        return Prices.model_validate({"input": price_in, "cached": price_cached, "output": price_out})

    def path(self, name: str) -> Path | None:
        """The value of `name` as a path, `~` expanded; None if it is unset."""
        value = self.get(name)
        return Path(value).expanduser() if value else None

    def _whole_number(self, name: str, low: int, high: int) -> int:
        number = self._number(name, low, high)
        if number != int(number):
            raise UsageError(f"{name} is {number:g}", hint=f"Give a whole number from {low} to {high}.")
        return int(number)

    def _number(self, name: str, low: float, high: float) -> float:
        text = self.get(name) or ""
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise UsageError(f"{name} is {text!r}", hint=f"Give a number from {low:g} to {high:g}.")
        return number


def folders(environment: Mapping[str, str]) -> Folders:
    """The folders of this person: INTERVIEWER_HOME moves them all, else the platform's own places."""
    home = environment.get("INTERVIEWER_HOME")
    if home:
        top = Path(home).expanduser()
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
    written = _read_config(places.config)
    resolved = tuple(_resolve_one(s, flags, environment, written) for s in SETTINGS)
    for one in resolved:
        if one.setting.choices and one.value not in one.setting.choices:
            raise UsageError(
                f"{one.setting.name} is {one.value!r} (from the {one.source})",
                hint=f"Choose one of: {', '.join(one.setting.choices)}.",
            )
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


def _read_config(path: Path) -> dict[str, str]:
    """The config file's settings as text; empty if there is no file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InvalidFileError(f"it cannot be read: {error.strerror or error}", file=path) from error
    except UnicodeDecodeError as error:
        raise InvalidFileError("not UTF-8 text", file=path, hint="Save it as UTF-8.") from error
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidFileError(f"not TOML: {error}", file=path) from error
    known = {s.name: s for s in SETTINGS}
    found: dict[str, str] = {}
    for key, value in values.items():
        line = next((n for n, row in enumerate(text.splitlines(), 1) if row.strip().startswith(key)), None)
        if key not in known:
            raise InvalidFileError(
                "unknown setting",
                file=path,
                line=line,
                field=key,
                expected=f"one of {', '.join(sorted(known))}",
            )
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            choices = known[key].choices
            expected = f"one of {', '.join(choices)}, in quotes" if choices else "text in quotes, or a number"
            raise InvalidFileError("wrong type", file=path, line=line, field=key, expected=expected)
        found[key] = str(value)
    return found
