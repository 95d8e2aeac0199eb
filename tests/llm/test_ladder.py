"""What is tried next after a refusal, and what is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import BadRequestError
from interviewer.llm.ladder import DialectStore, next_dialect
from interviewer.llm.wire import Dialect, Rung

URL = "http://service.test/v1"
DIALECTS = st.builds(
    Dialect,
    rung=st.sampled_from(Rung),
    token_field=st.sampled_from(["max_tokens", "max_completion_tokens"]),
    sampling=st.booleans(),
)


def refusal(parameter: str | None, message: str = "not supported") -> BadRequestError:
    return BadRequestError(message, parameter=parameter)


@pytest.mark.parametrize("parameter", ["response_format", "tools", "tool_choice", "strict"])
def test_a_refused_format_leads_one_rung_down(parameter: str) -> None:
    rungs = [Rung.STRICT_SCHEMA]
    while step := next_dialect(Dialect(rung=rungs[-1]), refusal(parameter)):
        rungs.append(step.rung)

    assert rungs == list(Rung)


@pytest.mark.parametrize("parameter", ["response_format.json_schema.strict", "tools[0].function", "Strict"])
def test_a_part_of_the_format_counts_as_the_format(parameter: str) -> None:
    assert next_dialect(Dialect(), refusal(parameter)) == Dialect(rung=Rung.SCHEMA)


@pytest.mark.parametrize("parameter", [None, "", "messages", "model", "max_completion_tokens", "formats"])
def test_an_error_about_anything_else_leads_nowhere(parameter: str | None) -> None:
    assert next_dialect(Dialect(), refusal(parameter)) is None


def test_a_service_that_names_json_object_as_what_it_takes_is_given_that() -> None:
    said = refusal("response_format", "Input should be 'text' or 'json_object'")

    assert next_dialect(Dialect(), said) == Dialect(rung=Rung.JSON_OBJECT_SCHEMA)


def test_a_service_that_names_all_but_json_object_is_not_given_it_in_another_form() -> None:
    said = refusal("response_format", "'response_format.type' must be 'json_schema' or 'text'")

    assert next_dialect(Dialect(rung=Rung.JSON_OBJECT_SCHEMA), said) == Dialect(rung=Rung.PROMPT)


def test_an_output_cap_of_the_wrong_name_gets_the_other() -> None:
    other = Dialect(token_field="max_completion_tokens")

    assert next_dialect(Dialect(), refusal("max_tokens")) == other
    assert next_dialect(other, refusal("max_completion_tokens")) == Dialect()


def test_an_output_cap_that_is_too_large_is_not_renamed() -> None:
    said = refusal("max_tokens", "max_tokens is too large: 4416. The context length is 2048 tokens")

    assert next_dialect(Dialect(), said) is None


def test_a_refused_temperature_is_left_out() -> None:
    assert next_dialect(Dialect(), refusal("temperature")) == Dialect(sampling=False)
    assert next_dialect(Dialect(sampling=False), refusal("temperature")) is None


@given(DIALECTS, st.text(), st.text())
def test_each_step_changes_one_thing_and_never_climbs(dialect: Dialect, parameter: str, message: str) -> None:
    step = next_dialect(dialect, refusal(parameter, message))
    if step is None:
        return
    assert list(Rung).index(step.rung) >= list(Rung).index(dialect.rung)
    assert step.sampling <= dialect.sampling
    assert sum(a != b for a, b in zip(step, dialect, strict=True)) == 1


@given(DIALECTS)
def test_what_was_put_is_what_is_got(tmp_path_factory: pytest.TempPathFactory, dialect: Dialect) -> None:
    folder = tmp_path_factory.mktemp("cache")
    DialectStore(folder).put(URL, "m", dialect)

    assert DialectStore(folder).get(URL, "m") == dialect


def test_dialects_are_kept_by_service_and_model(tmp_path: Path) -> None:
    store = DialectStore(tmp_path / "not" / "yet")
    store.put(URL, "a", Dialect(rung=Rung.TOOL))
    store.put(URL, "b", Dialect(sampling=False))

    assert store.get(URL, "a") == Dialect(rung=Rung.TOOL)
    assert store.get(URL, "b") == Dialect(sampling=False)
    assert store.get(URL, "c") is None
    assert store.get("http://other.test/v1", "a") is None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"http://service.test/v1 m": {"rung": "no such"}}', b"[" * 99_999],
)
def test_a_broken_file_is_as_good_as_none_and_is_written_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "dialects.json").write_bytes(content)
    store = DialectStore(tmp_path)

    assert store.get(URL, "m") is None
    store.put(URL, "m", Dialect(sampling=False))
    assert store.get(URL, "m") == Dialect(sampling=False)


def test_a_folder_that_cannot_be_written_to_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    store = DialectStore(tmp_path / "cache")
    store.put(URL, "m", Dialect(sampling=False))

    assert store.get(URL, "m") is None


def test_nothing_but_the_file_is_left_behind(tmp_path: Path) -> None:
    DialectStore(tmp_path).put(URL, "m", Dialect())

    assert [p.name for p in tmp_path.iterdir()] == ["dialects.json"]
