"""What it takes to export an interview of a thousand turns: whole commands, in each format.

An interview of graded turns over the shipped bank, each with evidence, reasons and feedback, is written to a
store in a temporary folder, and `interviewer export` writes it to a file. Beside it a Python of its own reads
the same interview as JSON and writes it again with `json.dumps`. The bar is 2 s for md, html, json, jsonl and
csv. Told without a bar: an export of all of a hundred interviews more, and a PDF of 50 turns where WeasyPrint
is installed. JSON is read back and written again, and must be the same bytes.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from benchmarks._command import main
from benchmarks._interviews import A_SITTING, interview_of, turns_of
from benchmarks._measure import Bar, Measure, beside, in_turn
from benchmarks._running import must, run, seconds
from interviewer.bank.load import load_bank
from interviewer.interview.events import InterviewStarted
from interviewer.report.json_format import from_json, to_json
from interviewer.store.store import Store

COMMAND = "python -m benchmarks export"
QUICK = {"turns": 20, "runs": 1, "several": 2, "few": 2}
BAR = Bar(2.0)
# From the JSON file to one of the same content.
PLAIN = """\
import json, pathlib, sys
text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
pathlib.Path(sys.argv[2]).write_text(json.dumps(json.loads(text), indent=2), encoding="utf-8")
"""


def measured(turns: int = 1_000, runs: int = 5, several: int = 100, few: int = 50) -> Iterator[Measure]:
    """Seconds for each format. several: interviews of ten turns more. few: turns of the PDF."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _fill(home / "data", {"large": turns, "few": few})
        file = home / "x.json"
        seconds(home, "export", "large", "-f", "json", "-o", str(file))
        text = file.read_text(encoding="ascii")
        assert to_json(from_json(text)) == text, "JSON does not come back"
        plain = (sys.executable, "-c", PLAIN, str(file), str(home / "again.json"))
        for format in ("md", "html", "json", "jsonl", "csv"):
            arguments = ("export", "large", "-f", format, "-o", str(home / f"y.{format}"), "--force")
            yield beside(
                f"export of {turns:,} turns as {format}",
                in_turn(runs, partial(seconds, home, *arguments), lambda: must(run(plain, home)).seconds),
                "s", "Python's json reads and writes it", command=COMMAND, bar=BAR,
            )  # fmt: skip
        if find_spec("weasyprint"):
            taken = seconds(home, "export", "few", "-f", "pdf", "-o", str(home / "x.pdf"))
            yield Measure(f"export of {few} turns as pdf", taken, "s", COMMAND)
        _fill(home / "data", {f"one-{number:03}": A_SITTING for number in range(several)})
        for format, target in (("csv", "all.csv"), ("jsonl", "all.jsonl"), ("md", "md"), ("html", "html")):
            taken = seconds(home, "export", "--all", "-f", format, "-o", str(home / target))
            yield Measure(f"export of {several + 2} interviews as {format}", taken, "s", COMMAND)


def _fill(folder: Path, interviews: dict[str, int]) -> None:
    """Store interviews of so many turns, by id."""
    bank = load_bank()
    with Store.open(folder) as store:
        for id, turns in interviews.items():
            store.record(id, InterviewStarted(interview=interview_of(bank, id, tuple(turns_of(bank, turns)))))


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
