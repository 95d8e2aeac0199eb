"""How far a grader agrees with people, on four sets of labelled answers, beside published results.

    python -m benchmarks.agreement [--interview FILE] [--mohler FILE] [--beetle FILE] [--scientsbank FILE]
        [--held-out] [--keep FOLDER] [--repeat N] [-- OPTIONS of `interviewer calibrate` such as --grader llm]

It runs `interviewer calibrate --json` on each file and prints the tables of docs/agreement.md; what comes
after `--` chooses the grader and its service. --held-out takes the questions that the local model was not
trained on: one in eight, by the rule of `training.build`. --keep keeps the grades, and a rerun grades only
what is missing. The sets are free for research and not part of this repository: docs/trust.md says where
they are.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
INTERVIEW = ROOT / "training" / "data" / "other-hand" / "answers-2.jsonl"
#: One question in so many is held out, as in `training.build`, which needs torch to be imported.
HELD_OUT = 8


@dataclass(frozen=True, slots=True)
class Published:
    """A result of others. on: how it compares with what is measured here. read: where the number was read."""

    set: str
    what: str
    value: str
    on: str
    source: str
    read: str


_TABLE = "README of Gaddipati's repository, which cites the others"
_SECOND_HAND = "cited by others; not checked against the paper"
PUBLISHED = (
    Published("mohler", "bag of words, SVMRank", "0.480", "all questions, trained on the set",
              "Mohler, Bunescu, Mihalcea 2011 (P11-1076)", _TABLE),
    Published("mohler", "word alignment and embeddings", "0.592", "all questions, trained on the set",
              "Sultan, Salazar, Sumner 2016 (N16-1123)", _TABLE),
    Published("mohler", "ELMo, cosine, isotonic regression", "0.485", "all questions, map trained on the set",
              "Gaddipati, Nair, Plöger 2020 (arXiv 2009.01303)", _TABLE),
    Published("mohler", "BERT, cosine, isotonic regression", "0.318", "all questions, map trained on the set",
              "Gaddipati, Nair, Plöger 2020 (arXiv 2009.01303)", _TABLE),
    Published("scientsbank", "best of nine teams", "0.77, 0.74, 0.71",
              "unseen answers, questions, domains; trained on the set",
              "Dzikovska et al. 2013 (S13-2045)", _SECOND_HAND),
    Published("scientsbank", "GPT-4, no training", "0.744", "test sets together; kind of F1 not verified",
              "Kortemeyer 2024 (arXiv 2309.09338)", _SECOND_HAND),
    Published("beetle", "GPT-4, no training", "0.611", "test sets together; kind of F1 not verified",
              "Kortemeyer 2024 (arXiv 2309.09338)", _SECOND_HAND),
)  # fmt: skip


def main() -> None:
    """Grade, compare, and print the tables."""
    ours, theirs = _split(sys.argv[1:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--interview", type=Path, default=INTERVIEW)
    for name in ("mohler", "beetle", "scientsbank"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args(ours)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        interview = _report(options.interview, folder / "interview.jsonl", options.repeat, theirs)
        sets = {}
        for name in ("mohler", "beetle", "scientsbank"):
            file = getattr(options, name)
            if file is not None and options.held_out:
                file = _held_out(name, file, folder / f"{name}.labels.jsonl")
            if file is not None:
                sets[name] = _report(file, folder / f"{name}.jsonl", options.repeat, theirs)
    _print_grader(interview)
    _print_interview(interview)
    if sets:
        _print_sets(sets)
    _print_repeats({"interview answers": interview, **sets})


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is for this program, and what is for `calibrate`."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return list(arguments[:at]), list(arguments[at + 1 :])


def _held_out(name: str, file: Path, target: Path) -> Path:
    rows = file.read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if _is_held_out(f"{name}:{json.loads(row)['question']}")]
    target.write_text("".join(f"{row}\n" for row in kept), encoding="utf-8")
    return target


def _is_held_out(group: str) -> bool:
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % HELD_OUT == 0


def _report(labels: Path, grades: Path, repeat: int, more: Sequence[str]) -> dict[str, Any]:
    print(f"{labels.name} ...", file=sys.stderr)
    command = [sys.executable, "-m", "interviewer", "calibrate", str(labels), "-o", str(grades), "--json"]
    done = subprocess.run(
        [*command, "--quiet", "--repeat", str(repeat), "--worst", "0", *more],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _print_grader(report: dict[str, Any]) -> None:
    grader = report["grader"]
    print(f"Grader: {grader['kind']}, {grader['model']}, version {grader['prompt_version']}.\n")


def _print_interview(report: dict[str, Any]) -> None:
    scores, verdicts, cover = report["scores"], report["verdicts"], report["coverage"]
    kinds = ", ".join(f"{one['title']} {one['machine']:.0f}" for one in _by_people(report["kinds"]))
    rows: list[tuple[str, str]] = [
        ("answers, questions", f"{cover['graded']} of {cover['labels']}, {report['bootstrap']['questions']}"),
        ("Pearson r of the score", _told(scores["pearson"], 3)),
        ("QWK over bands", _told(scores["qwk"], 3)),
        ("mean error, points", _told(scores["mean_error"], 1)),
        ("bias, points", _told(scores["bias"], 1)),
        ("same band; same or next", f"{scores['exact']['value']:.3f}; {scores['adjacent']['value']:.3f}"),
        (f"criteria right, of {verdicts['verdicts']}", _told(verdicts["accuracy"], 3)),
        ("kappa of shown or not", _told(verdicts["kappa"], 3)),
        ("precision, recall of shown",
         f"{verdicts['precision']['value']:.3f}, {verdicts['recall']['value']:.3f}"),
        ("not sure of", f"{cover['not_sure'] / cover['criteria']:.1%} of the criteria"),
        ("right where sure, where not", f"{_share(cover['sure'])}, {_share(cover['unsure'])}"),
        ("mean score by kind", kinds or "-"),
    ]  # fmt: skip
    _table("Interview answers", ("measure", "value [95 % interval]"), rows)


def _print_sets(sets: dict[str, dict[str, Any]]) -> None:
    rows = []
    for name, report in sets.items():
        cover = report["coverage"]
        head = (name, f"{cover['graded']} of {cover['labels']}", str(report["bootstrap"]["questions"]))
        if name == "mohler":
            rows.append((*head, "Pearson r", _told(report["scores"]["pearson"], 3), "this grader"))
            humans = report["humans"]
            if humans is not None:
                rows.append((*head, "Pearson r", _told(humans["people"]["pearson"], 3), "two people"))
                alpha = f"{humans['people']['alpha']:.3f}; {humans['both']['alpha']:.3f}"
                rows.append((*head, "alpha", alpha, "two people; this grader with their mean"))
            continue
        for one in report["correct"]:
            rule = "verdict met" if one["rule"] == "met" else "score over 50"
            for field, title in (("macro_f1", "macro-F1"), ("weighted_f1", "weighted F1")):
                rows.append((*head, title, _told(one[field], 3), f"this grader, {rule}"))
    _table("Human-graded sets", ("set", "graded", "questions", "measure", "value [95 %]", "who"), rows)
    published = [
        (one.set, one.what, one.value, one.on, one.source, one.read) for one in PUBLISHED if one.set in sets
    ]
    _table("Published beside", ("set", "what", "value", "on", "source", "read in"), published)


def _print_repeats(reports: dict[str, dict[str, Any]]) -> None:
    rows = [
        (name, str(told["runs"]), f"{told['flipped']:.3f}", f"{told['spread']:.1f}", f"{told['bands']:.3f}")
        for name, report in reports.items()
        if (told := report["repeats"]) is not None
    ]
    if rows:
        _table("Graded again", ("set", "runs", "verdicts changed", "spread, points", "bands changed"), rows)


def _by_people(groups: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    known = (one for one in groups if one["human"] is not None and one["machine"] is not None)
    return sorted(known, key=lambda one: -float(one["human"]))


def _told(measure: dict[str, float | None], decimals: int) -> str:
    value, low, high = measure["value"], measure["low"], measure["high"]
    if value is None:
        return "-"
    interval = f" [{low:.{decimals}f}, {high:.{decimals}f}]" if low is not None and high is not None else ""
    return f"{value:.{decimals}f}{interval}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print(f"{title}\n\n| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print()


if __name__ == "__main__":
    main()
