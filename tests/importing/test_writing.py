"""The draft is YAML that loads again as the same questions, whatever the page and the model say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviewer.bank.load import load_bank
from interviewer.importing.believing import believed
from interviewer.importing.drafting import ByHand, Draft, drafted, with_unique_ids
from interviewer.importing.reply import read_reply
from interviewer.importing.source import Page
from interviewer.importing.writing import About, bank_text, categories_of, count_of
from interviewer.importing.yaml_style import field
from tests.importing.model import criterion, page, reply

ABOUT = About(title="Coffee: an interview", role="Barista", source="page.txt", model="m1")
RUBRICS = ("technical", "scenario", "behavioral")


def drafts(cut: Page, **more: object) -> list[Draft | ByHand]:
    categories = categories_of(cut)
    found: list[Draft | ByHand] = []
    for item in cut.items:
        criteria = [criterion(f.number, must_show=f"Shows anew that {f.text}") for f in item.facts]
        said = read_reply(json.dumps(reply(*criteria, id=f"q {item.number}") | more))
        kept = believed(item, said)
        category = categories[item.heading].id
        found.append(
            drafted(kept, said, category=category, title="Coffee") if item.facts else ByHand(item, "so")
        )
    return list(with_unique_ids(found))


def written(folder: Path, text: str, **more: object) -> tuple[Path, list[Draft | ByHand], str]:
    cut = page(text)
    results = drafts(cut, **more)
    file = folder / "bank.yaml"
    draft = bank_text(cut, results, ABOUT, RUBRICS)
    file.write_text(draft, encoding="utf-8")
    return file, results, draft


def test_it_loads_as_what_was_drafted(tmp_path: Path) -> None:
    file, results, _ = written(
        tmp_path, "# Beans\nExplain light roasts, and dark ones.\n# Milk\nWhy 60 degrees? It is sweet."
    )
    bank = load_bank(file)

    assert list(bank.questions) == [one.question for one in results if isinstance(one, Draft)]
    assert [(c.id, c.title) for c in bank.categories] == [("beans", "Beans"), ("milk", "Milk")]
    assert (bank.title, bank.role, bank.id) == ("Coffee: an interview", "Barista", "coffee-an-interview")


def test_each_criterion_tells_the_facts_that_it_is_made_from(tmp_path: Path) -> None:
    _, _, text = written(tmp_path, "# Beans\n\nExplain light roasts, and dark ones.")

    assert '      # fact 1, line 3: "Explain light roasts,"\n      - id: criterion-1\n' in text
    assert '      # fact 2, line 3: "and dark ones."\n      - id: criterion-2\n' in text


def test_marks_stand_beside_their_place(tmp_path: Path) -> None:
    cut = page("# Beans\nExplain light roasts, and dark ones.")
    said = read_reply(json.dumps(reply(criterion(1, id="roasts", must_show="Says that GPT roasts light."))))
    (item,) = cut.items
    draft = drafted(believed(item, said), said, category="beans", title="Coffee")
    text = bank_text(cut, [draft], ABOUT, RUBRICS)

    assert '  # CHECK: fact 2 (line 2) is in no criterion: "and dark ones."\n  - id: some-question\n' in text
    assert '      # CHECK: "GPT" does not stand in the facts that it cites\n      - id: roasts\n' in text
    assert "2 places marked with CHECK" in " ".join(text.replace("#", " ").split())
    assert count_of([draft]).checks == 2


def test_an_item_to_be_done_by_hand_is_a_comment_with_its_facts(tmp_path: Path) -> None:
    cut = page("# A\nExplain it all.\n# B\nExplain it: again, and then once more.")
    results = drafts(cut)
    by_hand = ByHand(results[1].item, "the service\nis down: \x1b[31m")
    text = bank_text(cut, [results[0], by_hand], ABOUT, RUBRICS)

    assert "  # CHECK: line 4, to be done by hand: the service is down: ␛[31m\n" in text
    assert '  # fact 1, line 4: "Explain it: again,"' in text
    file = tmp_path / "bank.yaml"
    file.write_text(text, encoding="utf-8")
    assert len(load_bank(file).questions) == 1


def test_a_kind_without_a_rubric_takes_the_first(tmp_path: Path) -> None:
    cut = page("# A\nExplain it all.")
    text = bank_text(cut, drafts(cut, kind="behavioral"), ABOUT, ("own",))

    assert "rubric: own" in text


def test_a_category_takes_the_rubric_of_most_and_the_others_their_own(tmp_path: Path) -> None:
    cut = page("# A\nExplain one thing.\n\nExplain another.\n\nExplain a third.")
    first, second, third = drafts(cut)
    assert isinstance(second, Draft)
    text = bank_text(
        cut, [first, Draft(second.item, second.question, "scenario", second.facts, ()), third], ABOUT, RUBRICS
    )

    assert text.count("rubric: technical") == 1
    assert text.count("    rubric: scenario") == 1


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "- a",
        "# a",
        "a #b",
        "true",
        "No",
        "null",
        "123",
        "1e3",
        "'",
        '"',
        "{a}",
        "[a]",
        "*a",
        "&a",
        "!a",
        "|",
        ">-",
        "%",
        "@a",
        "`a`",
        "a\\b",
        "...",
        "---",
        "?",
        ": ",
        "é ü 缓存 🙂",
        "x" * 300,
        ("- a: 'b' # c " * 20).strip(),
        "--- " * 40 + "x",
        "only letters and blanks for as long as a line may be, and at its end an <",
    ],
)
def test_any_text_comes_back_from_yaml_as_it_was(text: str) -> None:
    lines = "\n".join(field("key", text, 4))

    assert yaml.safe_load(f"top:\n{lines}\n") == {"top": {"key": " ".join(text.split())}}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.text(min_size=1, max_size=150), hint=st.text(max_size=150))
def test_whatever_is_said_makes_a_bank_that_loads(tmp_path: Path, said: str, hint: str) -> None:
    file, results, _ = written(
        tmp_path, f"# {said}\n\nExplain this: {hint}", question=f"Why {said}?", nudge=said, id=said
    )
    bank = load_bank(file)

    assert list(bank.questions) == [one.question for one in results if isinstance(one, Draft)]
