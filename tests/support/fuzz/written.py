"""What people write for the program: banks, rubrics, the config file, the environment, pages to import."""

from __future__ import annotations

import json
from unittest.mock import patch

from hypothesis import strategies as st

from interviewer.bank.places import rubric_folder
from interviewer.cli import wiring
from interviewer.llm.fake_wire import FakeWire
from interviewer.llm.wire import ChatRequest
from interviewer.setting import SETTINGS
from tests.importing.model import PAGE, good_reply
from tests.support.fuzz.changes import JSON_CHANGE, ODD, PIECE, Change, one_of_bytes
from tests.support.fuzz.target import Check, Place, Target

_BANK = """\
id: small
title: "Small"
role: tester
categories:
  - {id: first, title: First, difficulty: 1, rubric: technical}
questions:
  - id: one
    category: first
    minutes: 2.5
    text: >-
      What is
      latency?
    hint: The time that one request takes.
    nudge: Think of one request.
    criteria:
      - {id: time, requirement: says that it is a time, weight: 2, must_have: true, probe: "A time of what?"}
      - id: request
        requirement: says of what
        partial: names it
    misconceptions:
      - {id: rate, claim: It is a rate., correction: It is a time., penalty: 5}
"""
_SAID = b"It is the time that one request takes to be answered.\n---\n/why 1\n/skip\n"
_FLOW = json.dumps(
    {
        "id": "j",
        "title": "J",
        "role": "r",
        "categories": [{"id": "c", "title": "C", "difficulty": 1, "rubric": "technical"}],
        "questions": [
            {
                "id": "q",
                "category": "c",
                "text": "Why?",
                "hint": "So.",
                "criteria": [{"id": "x", "requirement": "y"}],
            }
        ],
    }
)
#: What YAML has and a bank must not: aliases that multiply, merged and doubled keys, dates, odd numbers.
_BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
_ODD_YAML = """\
id: &x 2026-01-01
<<: *x
id: 2
title: !!binary aGk=
role: [.nan, -.inf, 0x1F, 1e999, 0o17, 12:30]
? {a: 1}
: b
"""
_RUBRIC = (rubric_folder(None, None) / "technical.yaml").read_text(encoding="utf-8")
_HTML = "<h1>Coffee &amp; tea</h1><ul><li>Explain why light roasts keep acid.<li>What is milk?</ul>"


def _used(place: Place) -> None:
    """Have the bank checked and, where it is valid, listed and asked from."""
    outcome = place.call("bank", "check", "bank.yaml", codes={0, 4})
    if outcome.code == 0:
        json.loads(place.call("questions", "--bank", "bank.yaml", "--json", codes={0}).out)
        place.call("start", "--bank", "bank.yaml", "-n", "1", "--plain", stdin=_SAID, codes={0})
    else:
        assert "bank.yaml" in outcome.err or "rubrics" in outcome.err, outcome.err


def _banks(place: Place) -> Check:
    def check(content: bytes) -> None:
        place.write("bank.yaml", content)
        _used(place)

    return check


def _rubrics(place: Place) -> Check:
    place.call("bank", "new", "bank.yaml", "--force", codes={0})
    (place.work / "rubrics").mkdir(exist_ok=True)

    def check(content: bytes) -> None:
        place.write("rubrics/technical.yaml", content)
        _used(place)

    return check


def _imports(place: Place) -> Check:
    def check(tried: tuple[bytes, Change]) -> None:
        page, change = tried
        place.write("page.txt", page)
        (place.work / "bank.yaml").unlink(missing_ok=True)

        def says(request: ChatRequest) -> str:
            return change.of(good_reply(request.messages[-1].content))

        service = ("--base-url", "http://127.0.0.1:1/v1", "--model", "m")
        with patch.object(wiring, "wire_of", lambda _: FakeWire(default=says)):
            outcome = place.call("bank", "import", "page.txt", "-o", "bank.yaml", "--grader", "llm", *service)
        if outcome.code == 0:
            place.call("bank", "check", "bank.yaml", codes={0})

    return check


_NAMES = [setting.name for setting in SETTINGS]
_VARIABLES = [name for setting in SETTINGS for name in setting.environment]
#: What an environment can hold: no NUL, and bytes that are no UTF-8 as Python shows them.
_VALUE = st.one_of(
    PIECE,
    ODD.filter(lambda odd: not isinstance(odd, list | dict)).map(str),
    st.sampled_from(["on", "llm", "local"]),
).map(lambda text: text.replace("\0", "").encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"))
_NAME = st.one_of(st.sampled_from(_NAMES), _VALUE)
_TOML = """\
grader = "fake"
model = "m"
base_url = "http://127.0.0.1:1/v1"
deadline = 30
follow_ups = 1
# note
"""
_TOML_ODD = """\
samples = 3.5
plain = true
bank = [1, {a = 1979-05-27}]
price_input = inf
[rubrics]
a."b".c = '''x'''
"""


def _settings(place: Place) -> Check:
    config = place.home / "config.toml"

    def check(tried: tuple[bytes, dict[str, str], tuple[str, ...]]) -> None:
        content, environment, command = tried
        place.home.mkdir(exist_ok=True)
        config.write_bytes(content)
        listed = place.call("config", "--json", environment=environment, codes={0, 2, 4})
        if listed.code == 0:
            json.loads(listed.out)
        place.call(*command, environment=environment)

    return check


TARGETS = (
    Target("banks", one_of_bytes(_BANK, _BANK, _BANK, _FLOW, _BOMB, _ODD_YAML), _banks),
    Target("rubrics", one_of_bytes(_RUBRIC), _rubrics),
    Target(
        "settings",
        st.tuples(
            one_of_bytes(_TOML, _TOML_ODD),
            st.dictionaries(st.sampled_from(_VARIABLES), _VALUE, max_size=3),
            st.one_of(
                st.just(("grade", "-")),
                st.tuples(st.just("config"), st.sampled_from(["get", "unset"]), st.just("--"), _NAME),
                st.tuples(st.just("config"), st.just("set"), st.just("--"), _NAME, _VALUE),
            ),
        ),
        _settings,
    ),
    Target("pages to import", st.tuples(one_of_bytes(PAGE, _HTML), JSON_CHANGE), _imports),
)
