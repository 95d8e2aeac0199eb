"""Options that several commands share, worded once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli import completion
from interviewer.errors import UsageError

_LONGEST_LIMIT = 24 * 60  # minutes


class ModeName(StrEnum):
    """How an interview is held; `interview.models.Mode` says more, and is slower to import."""

    PRACTICE = "practice"
    EXAM = "exam"
    DRILL = "drill"


Bank = Annotated[Path | None, typer.Option("--bank", help="A bank of your own instead of the shipped one.")]
Rubrics = Annotated[Path | None, typer.Option("--rubrics", help="The folder of rubrics for --bank.")]
Grader = Annotated[
    str | None,
    typer.Option(
        "--grader",
        help="Who grades: auto, llm, local or fake. Auto takes llm if a service is set, else local.",
        autocompletion=completion.graders,
    ),
]
Model = Annotated[str | None, typer.Option("--model", help="The language model to ask.")]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", help="Any OpenAI-compatible service instead of OpenAI's own.")
]
FollowUps = Annotated[
    int | None,
    typer.Option(
        "--follow-ups", min=0, max=3, help="Most follow-up questions after one answer [default: 1]."
    ),
]
WarmUp = Annotated[
    str | None,
    typer.Option(
        "--warm-up",
        help="Send what all answers share while you type: auto (where it is free), always or never.",
        autocompletion=completion.warm_ups,
    ),
]
Samples = Annotated[
    int | None,
    typer.Option(
        "--samples",
        min=1,
        max=5,
        help="Opinions on a disputed criterion; the majority decides, 1 takes no second one [default: 3].",
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Ask the grader even if the same answer was graded before.")
]
Mode = Annotated[
    ModeName,
    typer.Option(
        "--mode",
        help="practice: feedback after each answer; exam: none before the end; drill: only what was missed.",
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit", min=0.1, max=_LONGEST_LIMIT, help="Minutes for each question and each follow-up."
    ),
]
TotalTime = Annotated[
    float | None,
    typer.Option("--total-time", min=0.1, max=_LONGEST_LIMIT, help="Minutes for all answers together."),
]
Role = Annotated[
    str | None,
    typer.Option("--role", help='Choose questions for a job in a line, such as "inference engineer, CUDA".'),
]
JobDescription = Annotated[
    Path | None,
    typer.Option("--jd", help="Choose questions for a job description: a file of text or HTML."),
]
Plain = Annotated[
    bool, typer.Option("--plain", help="For screen readers: words in place of lines, bars and signs.")
]
Answers = Annotated[
    Path | None,
    typer.Option("--answers", help="Read the answers from a file; a line of --- ends each one."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Leave out what is not asked for.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
SessionId = Annotated[
    str | None,
    typer.Argument(
        metavar="[ID]",
        help="The interview, or the start of its id [default: the latest].",
        autocompletion=completion.session_ids,
    ),
]
UnfinishedId = Annotated[
    str | None,
    typer.Argument(
        metavar="[ID]",
        help="The interview, or the start of its id [default: the latest].",
        autocompletion=completion.unfinished_ids,
    ),
]


def file_of(output: Path | None) -> Path | None:
    """The file that `--output` names; None for standard output, which a single - names, too."""
    return None if output == Path("-") else output


def named_file(output: Path | None) -> Path | None:
    """The same, where other files are kept beside it. UsageError if it has no name to call them by."""
    file = file_of(output)
    if file is not None and not file.name:
        raise UsageError(f"-o names no file: {str(file)!r}", hint="Name one, such as -o graded.jsonl.")
    return file
