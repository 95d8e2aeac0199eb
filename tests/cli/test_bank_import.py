"""`bank import`: a page goes in, a draft bank comes out, over real sockets to a scripted service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.bank.load import load_bank
from interviewer.importing.asking import Importer
from tests.importing.model import PAGE, good_reply
from tests.support.program import Outcome, Program
from tests.support.server import Answer, Received, ScriptedServer, completion, failure


def answers_well(received: Received) -> Answer:
    return completion(json.dumps(good_reply(received.body["messages"][-1]["content"])))


@pytest.fixture
def service() -> Iterator[ScriptedServer]:
    with ScriptedServer(behaviour=answers_well) as server:
        yield server


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page, in the folder that the program is called in."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "Coffee page.txt"
    file.write_text(PAGE, encoding="utf-8")
    return file


def imported(program: Program, service: ScriptedServer, *arguments: str) -> Outcome:
    return program("bank", "import", *arguments, "--base-url", service.url, "--model", "m1")


def test_a_page_becomes_a_bank_that_the_program_takes(
    program: Program, service: ScriptedServer, source: Path
) -> None:
    outcome = imported(program, service, str(source))

    assert (outcome.code, outcome.out) == (0, "coffee-page.yaml\n")
    bank = load_bank(Path("coffee-page.yaml"))
    assert (bank.title, bank.role, len(bank.questions)) == ("Coffee interview", "Coffee", 2)
    assert "item 2 of 2 (line 6)" in outcome.err
    assert "2 questions, 4 criteria, 4 of 4 facts traced, 0 items to be done by hand" in outcome.err
    assert "tokens: 200 in (128 cached), 40 out, 2 requests" in outcome.err
    assert program("bank", "check", "coffee-page.yaml").code == 0


def test_title_role_and_place_can_be_given(program: Program, service: ScriptedServer, source: Path) -> None:
    outcome = imported(
        program, service, str(source), "-o", "mine.yaml", "--title", "My: title", "--role", "#1", "--quiet"
    )

    bank = load_bank(Path("mine.yaml"))
    assert (outcome.code, outcome.err) == (0, "")
    assert (bank.title, bank.role, bank.id) == ("My: title", "#1", "my-title")


def test_an_existing_file_is_told_before_the_service_is_asked(
    program: Program, service: ScriptedServer, source: Path
) -> None:
    Path("coffee-page.yaml").write_text("mine", encoding="utf-8")

    assert imported(program, service, str(source)).code == 2
    assert service.requests == []
    assert Path("coffee-page.yaml").read_text(encoding="utf-8") == "mine"
    assert imported(program, service, str(source), "--force").code == 0
    assert len(load_bank(Path("coffee-page.yaml")).questions) == 2


def test_an_item_that_the_service_fails_on_is_in_the_file_to_be_done_by_hand(
    program: Program, service: ScriptedServer, source: Path
) -> None:
    service.enqueue(failure(400, "no"))
    outcome = imported(program, service, str(source))

    assert outcome.code == 1
    assert "the service failed on 1 of 2 items" in outcome.err
    text = Path("coffee-page.yaml").read_text(encoding="utf-8")
    assert "# CHECK: line 4, to be done by hand: " in text
    assert '# fact 1, line 4: "Explain that light roasts keep more acid,"' in text
    assert len(load_bank(Path("coffee-page.yaml")).questions) == 1


def test_a_service_that_fails_on_all_items_leaves_no_file(
    program: Program, service: ScriptedServer, source: Path
) -> None:
    service.enqueue(failure(400, "no"), failure(400, "no"))
    outcome = imported(program, service, str(source))

    assert (outcome.code, outcome.out) == (3, "")
    assert list(Path().iterdir()) != []
    assert not list(Path().glob("*.yaml"))


def test_a_service_that_takes_no_schema_is_asked_in_its_own_way(
    program: Program, service: ScriptedServer, source: Path
) -> None:
    service.enqueue(failure(400, "unknown field", param="response_format"))

    assert imported(program, service, str(source)).code == 0
    assert service.bodies[0]["response_format"] != service.bodies[1].get("response_format")


def test_without_a_language_model_the_way_to_one_is_told(program: Program, source: Path) -> None:
    outcome = program("bank", "import", str(source))

    assert outcome.code == 3
    assert "Set OPENAI_API_KEY, or give --base-url and --model" in outcome.err
    assert program("bank", "import", str(source), "--grader", "llm").code == 3
    for grader in ("fake", "local"):
        refused = program("bank", "import", str(source), "--grader", grader)
        assert refused.code == 2
        assert "cannot read a page" in refused.err


@pytest.mark.parametrize("text", ["", "# Only a heading", "a" * 200_001, "Why X?"])
def test_a_page_that_makes_no_bank_is_told_before_the_service_is_asked(
    program: Program, service: ScriptedServer, source: Path, text: str
) -> None:
    source.write_text(text, encoding="utf-8")
    outcome = imported(program, service, str(source))

    assert outcome.code == 4
    assert "Coffee page.txt" in outcome.err
    assert service.requests == []


def test_a_page_that_is_not_there_or_not_utf_8_is_told(
    program: Program, service: ScriptedServer, source: Path
) -> None:
    source.write_bytes("Erkläre es.".encode("latin-1"))

    assert imported(program, service, str(source)).code == 4
    assert imported(program, service, "nowhere.txt").code == 4


def test_an_interrupted_import_leaves_nothing(
    program: Program, service: ScriptedServer, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def interrupted(self: Importer, page: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Importer, "results", interrupted)

    assert imported(program, service, str(source)).code == 130
    assert [file.name for file in Path().iterdir() if file.name != "home"] == [source.name]
