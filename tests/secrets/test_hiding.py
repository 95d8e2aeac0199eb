"""A secret is taken out of foreign text however it is written, and plain words are left in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.llm.secrets import MARK, HidingStream, Secrets, secrets_of_environment
from tests.support.marked import KEY, WAYS, Way, traces

SECRETS = Secrets((KEY,), in_replies=True)
ANYTHING = st.text(st.characters(exclude_characters="[]"), max_size=30)
SECRET = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='[]"'), min_size=6)


def said(pieces: list[str], secrets: Secrets = SECRETS) -> str:
    heard: list[str] = []
    stream = HidingStream(secrets, heard.append)
    for piece in pieces:
        stream.feed(piece)
    stream.end()
    return "".join(heard)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_key_is_hidden_in_every_way_of_writing_it(way: Way) -> None:
    hidden = SECRETS.hide(f"your key {way(KEY)} is known")

    assert traces(hidden) == []
    assert MARK in hidden
    assert hidden.startswith("your key ")
    assert hidden.endswith(" is known")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("size", [1, 2, 5, 7])
def test_a_stream_hides_a_key_that_is_cut_anywhere(way: Way, size: int) -> None:
    text = f"sk- your key {way(KEY)} is known, sk"
    heard = said([text[at : at + size] for at in range(0, len(text), size)])

    assert traces(heard) == []
    assert heard.endswith(" is known, sk")


@given(ANYTHING, SECRET, ANYTHING)
def test_no_secret_is_left_whatever_stands_around_it(before: str, secret: str, after: str) -> None:
    hidden = Secrets((secret,)).hide(before + secret + after)

    assert secret not in hidden.replace(MARK, "\n")


@given(st.lists(ANYTHING, max_size=8))
def test_text_without_a_secret_passes_as_it_is(pieces: list[str]) -> None:
    assert SECRETS.hide("".join(pieces)) == "".join(pieces)
    assert said(pieces) == "".join(pieces)


def test_all_text_of_a_value_is_looked_at() -> None:
    value = {"model": KEY, KEY: [f"a{KEY}", 1, None, {"b": (KEY,)}], "n": 2.5}

    hidden = SECRETS.hide_in(value)

    assert hidden == {"model": MARK, MARK: [f"a{MARK}", 1, None, {"b": (KEY,)}], "n": 2.5}


@pytest.mark.parametrize("word", ["ollama", "lm-studio", "not-needed", "EMPTY", "none", ""])
def test_a_reply_may_say_a_word_that_stands_in_for_a_key(word: str) -> None:
    assert Secrets((word,), in_replies=True).hide(f"You run {word} here.") == f"You run {word} here."


def test_a_long_hostile_text_takes_no_more_than_linear_time() -> None:
    text = (KEY[:11] + "\\") * 20_000

    assert SECRETS.hide(text) == text


def test_the_passwords_of_proxies_and_more_headers_are_secrets() -> None:
    environment = {
        "HTTPS_PROXY": "http://me:pr0xy%2Bword@proxy:3128",
        "all_proxy": "http://[",
        "OPENAI_CUSTOM_HEADERS": "x-gateway: g4teway-token\nx-other:another-1",
    }

    found = secrets_of_environment(environment)

    assert {"pr0xy%2Bword", "pr0xy+word", "g4teway-token", "another-1"} <= set(found)
