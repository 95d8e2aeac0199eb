"""Files become a bank, or every fault is told with file, line, field and what would be right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from interviewer.bank.load import MAX_BYTES, check_bank, load_bank
from interviewer.bank.places import rubric_folder
from interviewer.errors import InvalidFileError
from tests.bank import BANK, RUBRIC, bank_file, line_with, write


def with_line(new: str, instead_of: str, *, text: str = BANK) -> str:
    """`text` with the piece `instead_of` of one line replaced."""
    assert text.count(instead_of) == 1
    return text.replace(instead_of, new)


def only_error(file: Path) -> InvalidFileError:
    (error,) = check_bank(file)
    return error


class TestValidBank:
    def test_it_holds_what_the_files_say(self, tmp_path: Path) -> None:
        bank = load_bank(bank_file(tmp_path))

        assert (bank.id, bank.title, bank.role) == ("tests", "Bank of the tests", "Tester")
        assert [category.difficulty for category in bank.categories] == [2, 5]
        question = bank.question("latency")
        assert (question.minutes, question.tags) == (2.5, ("basics", "latency"))
        assert [(c.id, c.weight, c.must_have) for c in question.criteria] == [
            ("one-request", 2.0, True),
            ("many-requests", 1.0, False),
        ]
        assert question.misconceptions[0].penalty == 15
        assert bank.rubric_of(question).bands[0].id == "strong"

    def test_it_has_no_faults(self, tmp_path: Path) -> None:
        assert check_bank(bank_file(tmp_path)) == ()

    def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(self, tmp_path: Path) -> None:
        windows = bank_file(tmp_path / "w", b"\xef\xbb\xbf" + BANK.replace("\n", "\r\n").encode())

        assert load_bank(windows) == load_bank(bank_file(tmp_path / "u"))

    def test_rubrics_that_nothing_names_are_left_out(self, tmp_path: Path) -> None:
        other = RUBRIC.replace("id: technical", "id: other")

        bank = load_bank(bank_file(tmp_path, technical=RUBRIC, other=other))

        assert [rubric.id for rubric in bank.rubrics] == ["technical"]

    def test_a_rubric_s_file_may_have_any_name(self, tmp_path: Path) -> None:
        assert load_bank(bank_file(tmp_path, house_rules=RUBRIC)).rubrics[0].id == "technical"

    def test_files_that_are_no_rubrics_are_passed_over(self, tmp_path: Path) -> None:
        file = bank_file(tmp_path)
        write(tmp_path / "rubrics" / "README.md", "not: [a rubric")
        write(tmp_path / "rubrics" / ".technical.yaml", "left by: [an editor")

        assert check_bank(file) == ()


class TestFingerprint:
    def test_it_is_twelve_hex_digits(self, tmp_path: Path) -> None:
        fingerprint = load_bank(bank_file(tmp_path)).fingerprint

        assert len(fingerprint) == 12
        assert int(fingerprint, 16) >= 0

    @pytest.mark.parametrize(
        ("new", "instead_of"),
        [
            ("version: 1  # a comment", "version: 1"),
            ("weight: 2.0", "weight: 2"),
            ("tags:\n      - basics\n      - 'latency'", "tags: [basics, latency]"),
            ("    text: >-\n      What is\n      the memory wall?", "    text: What is the memory wall?"),
            (
                "    difficulty: 5\n    rubric: technical\nquestions:",
                "    rubric: technical\nquestions:",
            ),
        ],
        ids=["comment", "number", "layout", "folding", "default"],
    )
    def test_writing_the_same_in_another_way_keeps_it(
        self, tmp_path: Path, new: str, instead_of: str
    ) -> None:
        changed = bank_file(tmp_path / "changed", with_line(new, instead_of))

        assert load_bank(changed).fingerprint == load_bank(bank_file(tmp_path / "plain")).fingerprint

    @pytest.mark.parametrize(
        ("new", "instead_of"),
        [("weight: 3", "weight: 2"), ("What is a memory wall?", "What is the memory wall?")],
    )
    def test_another_question_changes_it(self, tmp_path: Path, new: str, instead_of: str) -> None:
        changed = bank_file(tmp_path / "changed", with_line(new, instead_of))

        assert load_bank(changed).fingerprint != load_bank(bank_file(tmp_path / "plain")).fingerprint

    def test_another_rubric_changes_it(self, tmp_path: Path) -> None:
        changed = bank_file(tmp_path / "changed", technical=RUBRIC.replace("cap: 60", "cap: 50"))

        assert load_bank(changed).fingerprint != load_bank(bank_file(tmp_path / "plain")).fingerprint


class TestFaultsOfABank:
    @pytest.mark.parametrize(
        ("new", "instead_of", "field", "problem", "expected"),
        [
            ("weight: 0", "weight: 2", "questions[0].criteria[0].weight", "0 is out of range", "above 0"),
            ("weight: -1", "weight: 2", "questions[0].criteria[0].weight", "-1 is out of range", "above 0"),
            ("weight: 1e999", "weight: 2", "questions[0].criteria[0].weight", "inf", "above 0"),
            ("weight: .nan", "weight: 2", "questions[0].criteria[0].weight", "nan", "above 0"),
            ("weight: '2'", "weight: 2", "questions[0].criteria[0].weight", "the text '2'", "a number"),
            (f"weight: {'9' * 300}", "weight: 2", "questions[0].criteria[0].weight", "999…", "above 0"),
            ("wieght: 2", "weight: 2", "questions[0].criteria[0].wieght", "unknown key", "weight"),
            ("must_have: yes", "must_have: true", "questions[0].criteria[0].must_have", "'yes'", "true or"),
            ("role: ''", "role: Tester", "role", "the text is empty", "text"),
            ("role: '  '", "role: Tester", "role", "the text is empty", "text"),
            ("role:", "role: Tester", "role", "there is no value", "text"),
            ("role: 7", "role: Tester", "role", "this is 7", "text"),
            ("id: Memory Wall", "id: memory-wall", "questions[1].id", "'Memory Wall'", "an id"),
            (f"id: {'m' * 81}", "id: memory-wall", "questions[1].id", "81 characters", "at most 80"),
            ("version: 2", "version: 1", "version", "this is 2", "1"),
            ("minutes: 121", "minutes: 2.5", "questions[0].minutes", "121 is out of range", "at most 120"),
            ("tags: basics", "tags: [basics, latency]", "questions[0].tags", "'basics'", "a list"),
            ("category: hrad", "category: hard", "questions[1].category", "no category 'hrad'", "easy, hard"),
            ("difficulty: 2.5", "difficulty: 2", "categories[0].difficulty", "2.5", "a whole number"),
        ],
    )
    def test_it_names_line_field_problem_and_what_is_expected(
        self, tmp_path: Path, new: str, instead_of: str, field: str, problem: str, expected: str
    ) -> None:
        bank = with_line(new, instead_of)
        file = bank_file(tmp_path, bank)

        error = only_error(file)

        assert (error.file, error.line, error.field) == (str(file), line_with(new, bank), field)
        assert problem in error.problem
        assert expected in (error.expected or "")

    def test_a_key_that_is_missing_is_told_where_its_group_begins(self, tmp_path: Path) -> None:
        bank = with_line("", "    hint: The arithmetic waits for the memory.\n")

        error = only_error(bank_file(tmp_path, bank))

        assert (error.line, error.field) == (line_with("- id: memory-wall"), "questions[1].hint")
        assert error.problem == "the key is missing"

    def test_a_question_without_criteria_is_refused(self, tmp_path: Path) -> None:
        bank = BANK[: BANK.rindex("    criteria:")] + "    criteria: []\n"

        assert only_error(bank_file(tmp_path, bank)).problem == "the list is empty"

    @pytest.mark.parametrize(
        ("new", "instead_of", "first"),
        [
            ("id: latency", "id: memory-wall", "- id: latency"),
            ("- id: easy", "- id: hard", "- id: easy"),
            ("- id: one-request", "- id: many-requests", "- id: one-request"),
        ],
        ids=["questions", "categories", "criteria"],
    )
    def test_an_id_that_is_taken_is_told_with_both_lines(
        self, tmp_path: Path, new: str, instead_of: str, first: str
    ) -> None:
        bank = with_line(new, instead_of)

        error = check_bank(bank_file(tmp_path, bank))[0]

        assert error.line == line_with(new, bank, nth=2)
        assert f"is taken on line {line_with(first, bank)}" in error.problem

    def test_the_same_criterion_id_in_two_questions_is_fine(self, tmp_path: Path) -> None:
        assert check_bank(bank_file(tmp_path, with_line("id: one-request", "id: waiting"))) == ()

    def test_a_key_that_stands_twice_is_told_with_both_lines(self, tmp_path: Path) -> None:
        bank = with_line("partial: Names the time.\n        weight: 3", "partial: Names the time.")

        error = only_error(bank_file(tmp_path, bank))

        assert error.line == line_with("weight: 3", bank)
        assert f"on line {line_with('weight: 2', bank)}" in error.problem

    def test_a_near_miss_is_offered(self, tmp_path: Path) -> None:
        assert only_error(bank_file(tmp_path, with_line("category: hrad", "category: hard"))).hint == (
            "did you mean 'hard'?"
        )

    @pytest.mark.parametrize("text", ["just text", "- a\n- list", "7", "~"])
    def test_a_file_that_is_no_group_of_keys_is_refused_on_its_first_line(
        self, tmp_path: Path, text: str
    ) -> None:
        error = only_error(bank_file(tmp_path, text))

        assert (error.line, error.field) == (1, None)
        assert "questions" in (error.expected or "")

    @pytest.mark.parametrize(
        ("content", "line"),
        [
            (BANK.encode("utf-16"), 1),
            (BANK.replace("Tester", "Tes\0ter").encode(), 4),
            (BANK.replace("Tester", "Testér").encode("latin-1"), 4),
            (BANK.replace("Tester", "Tes\x1bter").encode(), 4),
            (BANK.replace("  - id: easy", "\t- id: easy").encode(), 6),
            (BANK.replace("Tester", "&role Tester").encode(), 4),
            (BANK.replace("Tester", "!!str Tester").encode(), 4),
            ((BANK + "---\n" + BANK).encode(), BANK.count("\n") + 1),
            (BANK.replace("Tester", "[" * 1000).encode(), 4),
        ],
        ids=["utf-16", "nul", "latin-1", "escape", "tab", "anchor", "tag", "documents", "nesting"],
    )
    def test_a_file_that_is_not_plain_yaml_is_refused_with_the_line(
        self, tmp_path: Path, content: bytes, line: int
    ) -> None:
        assert only_error(bank_file(tmp_path, content)).line == line

    def test_every_fault_is_told_by_line(self, tmp_path: Path) -> None:
        bank = with_line("role: ''", "role: Tester")
        bank = with_line("weight: 0", "weight: 2", text=bank)
        bank = with_line("id: latency\n    rubrik: x", "id: memory-wall", text=bank)
        bank = with_line("category: hrad", "category: hard", text=bank)

        errors = check_bank(bank_file(tmp_path, bank))

        fields = ["role", "questions[0].criteria[0].weight", "questions[1].id"]
        assert [error.field for error in errors] == [*fields, "questions[1].rubrik", "questions[1].category"]

    def test_a_category_without_id_does_not_make_its_questions_faulty(self, tmp_path: Path) -> None:
        bank = with_line("- title: Hard", "- id: hard\n    title: Hard")

        assert [error.field for error in check_bank(bank_file(tmp_path, bank))] == ["categories[1].id"]

    def test_loading_tells_the_first_fault_and_how_many_more(self, tmp_path: Path) -> None:
        bank = with_line("weight: 0", "weight: 2", text=with_line("role: ''", "role: Tester"))

        with pytest.raises(InvalidFileError, match=r"questions\.yaml:4: role: .* \(and 1 more\)$"):
            load_bank(bank_file(tmp_path, bank))

    def test_a_message_holds_nothing_that_a_terminal_obeys(self, tmp_path: Path) -> None:
        hostile = r'"\e[31m\u202e\a' + "x" * 200 + '"'
        bank = with_line(f"category: {hostile}", "category: hard")
        bank = with_line(f"{hostile}: 1\nrole: Tester", "role: Tester", text=bank)
        bank = with_line(f"id: {hostile}", "id: waiting", text=bank)

        errors = check_bank(bank_file(tmp_path, bank, technical=RUBRIC, other=f"id: {hostile}\n"))

        told = " ".join(f"{error.problem} {error.field} {error.expected} {error.hint}" for error in errors)
        assert len(errors) > 3
        assert told.isprintable()


class TestFaultsOfRubrics:
    @pytest.mark.parametrize(
        ("new", "instead_of", "field", "problem"),
        [
            ("credit: 2", "credit: 1", "verdicts.met.credit", "2 is out of range"),
            ("credit: 0", "credit: 0.5", "verdicts", "credits must fall"),
            ("floor: 10", "floor: 0", "bands", "down to floor 0"),
            ("id: strong", "id: weak", "bands[1].id", "the id 'strong' is taken on line"),
            ("cap: 101", "cap: 60", "must_have_cap", "101 is out of range"),
            ("guidance: []", "guidance:\n  - Judge the relation, not the word.", "guidance", "is empty"),
        ],
    )
    def test_they_are_told_with_the_rubric_s_file(
        self, tmp_path: Path, new: str, instead_of: str, field: str, problem: str
    ) -> None:
        file = bank_file(tmp_path, technical=RUBRIC.replace(instead_of, new))

        error = only_error(file)

        assert error.file == str(tmp_path / "rubrics" / "technical.yaml")
        assert (error.field, problem in error.problem) == (field, True), str(error)
        assert error.line is not None

    def test_a_rubric_that_is_not_there_is_told_with_those_that_are(self, tmp_path: Path) -> None:
        error = only_error(
            bank_file(tmp_path, with_line("    rubric: tecnical\n    c", "    rubric: technical\n    c"))
        )

        assert "no rubric 'tecnical'" in error.problem
        assert (error.expected, error.hint) == ("one of technical", "did you mean 'technical'?")

    def test_a_faulty_rubric_is_not_called_missing(self, tmp_path: Path) -> None:
        errors = check_bank(bank_file(tmp_path, technical="id: technical\ntitle: [never closed"))

        assert [error.line for error in errors] == [2]

    def test_two_rubrics_of_one_id_are_refused(self, tmp_path: Path) -> None:
        error = only_error(bank_file(tmp_path, technical=RUBRIC, zzz=RUBRIC))

        assert error.file.endswith("zzz.yaml")
        assert error.problem == "the rubric 'technical' is in technical.yaml, too"

    def test_faults_of_bank_and_rubrics_are_told_together(self, tmp_path: Path) -> None:
        errors = check_bank(
            bank_file(tmp_path, with_line("role: ''", "role: Tester"), technical="id: technical")
        )

        assert [Path(error.file).name for error in errors][:2] == ["questions.yaml", "technical.yaml"]

    def test_a_folder_without_rubrics_is_refused(self, tmp_path: Path) -> None:
        file = bank_file(tmp_path)
        (tmp_path / "rubrics" / "technical.yaml").unlink()

        assert only_error(file).problem == "no rubric is there"

    @pytest.mark.parametrize("name", ["nowhere", "questions.yaml"])
    def test_a_rubric_folder_that_is_none_is_refused(self, tmp_path: Path, name: str) -> None:
        (error,) = check_bank(bank_file(tmp_path), tmp_path / name)

        assert (error.file, error.expected) == (str(tmp_path / name), "a folder of rubric files")


class TestFilesThatCannotBeRead:
    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        bank_file(tmp_path)

        assert only_error(tmp_path / "nowhere.yaml").problem == "it is not there"

    def test_a_folder(self, tmp_path: Path) -> None:
        bank_file(tmp_path)

        assert only_error(tmp_path / "rubrics").problem == "this is a folder"

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        bank_file(tmp_path)
        os.mkfifo(tmp_path / "pipe")

        assert only_error(tmp_path / "pipe").problem == "this is a device or pipe"

    def test_a_name_that_no_file_can_have(self, tmp_path: Path) -> None:
        bank_file(tmp_path)

        assert only_error(tmp_path / "nul\0.yaml").problem.startswith("it cannot be read")

    def test_a_file_that_is_too_large(self, tmp_path: Path) -> None:
        file = bank_file(tmp_path)
        os.truncate(file, MAX_BYTES + 1)  # a hole: it takes no room on the disk

        assert only_error(file).problem == "the file is too large"

    @pytest.mark.parametrize("content", ["", "# nothing yet\n"])
    def test_an_empty_file(self, tmp_path: Path, content: str) -> None:
        assert only_error(bank_file(tmp_path, content)).problem == "the file holds nothing"


class TestRubricFolder:
    def test_the_one_that_is_named_is_taken(self, tmp_path: Path) -> None:
        assert rubric_folder(bank_file(tmp_path), tmp_path / "mine") == tmp_path / "mine"

    def test_else_the_one_beside_the_bank(self, tmp_path: Path) -> None:
        assert rubric_folder(bank_file(tmp_path)) == tmp_path / "rubrics"
