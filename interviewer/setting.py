"""What can be set: each setting with its name, its default and what it may be."""

from __future__ import annotations

from typing import Literal, NamedTuple

from interviewer.errors import UsageError

#: Asked when a key is configured and nothing else is said. Any other name can be given with --model.
DEFAULT_MODEL = "gpt-5.4-mini"
GRADERS = ("auto", "llm", "local", "fake")


class Range(NamedTuple):
    """The numbers that a setting may be, both ends included. whole: whole numbers only."""

    low: float
    high: float
    whole: bool = False


_PRICE = Range(0, 100_000)


class Setting(NamedTuple):
    """One setting. default: as text; None means unset. environment: names, the first that is set wins.

    A setting has choices, or a range, or a kind of path, or it is any text.
    """

    name: str
    about: str
    environment: tuple[str, ...]
    default: str | None = None
    secret: bool = False
    choices: tuple[str, ...] = ()
    range: Range | None = None
    path: Literal["file", "folder"] | None = None

    def refuse_unknown_choice(self, value: str | None, origin: str = "") -> None:
        """Raise UsageError if there are choices and `value` is none. origin: words for where it stands."""
        if self.choices and value not in self.choices:
            raise UsageError(
                f"{self.name} is {value!r}{origin}", hint=f"Choose one of: {', '.join(self.choices)}."
            )

    def number(self, text: str) -> float:
        """The number that `text` is. Raises UsageError if it is none, or out of range."""
        low, high, whole = self.range or Range(float("-inf"), float("inf"))
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise UsageError(f"{self.name} is {text!r}", hint=f"Give a number from {low:g} to {high:g}.")
        if whole and number != int(number):
            raise UsageError(
                f"{self.name} is {number:g}", hint=f"Give a whole number from {low:g} to {high:g}."
            )
        return number


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
        range=Range(1, 3600),
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
        range=Range(1, 5, whole=True),
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
        range=_PRICE,
    ),
    Setting(
        name="price_cached",
        about="the same for input tokens that the service had in its cache; price_input if not set",
        environment=("INTERVIEWER_PRICE_CACHED",),
        range=_PRICE,
    ),
    Setting(
        name="price_output",
        about="the same for output tokens",
        environment=("INTERVIEWER_PRICE_OUTPUT",),
        range=_PRICE,
    ),
    Setting(name="bank", about="a bank of your own", environment=("INTERVIEWER_BANK",), path="file"),
    Setting(name="rubrics", about="a folder of rubrics", environment=("INTERVIEWER_RUBRICS",), path="folder"),
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
        range=Range(0, 3, whole=True),
    ),
    Setting(
        name="crash_details",
        about="on or off: the report of a fault of the program itself holds messages and values, too, and so "
        "perhaps words of yours; keys are left out of it",
        default="off",
        environment=("INTERVIEWER_CRASH_DETAILS",),
        choices=("on", "off"),
    ),
)


def setting_named(name: str) -> Setting:
    """The setting of that name; dashes do for underscores. Raises UsageError if there is none."""
    known = {setting.name: setting for setting in SETTINGS}
    wanted = name.replace("-", "_")
    if wanted not in known:
        from interviewer.text import did_you_mean, one_line

        raise UsageError(
            f"there is no setting {one_line(name, 40)!r}",
            hint=did_you_mean(wanted, known) or "`interviewer config` lists them.",
        )
    return known[wanted]
