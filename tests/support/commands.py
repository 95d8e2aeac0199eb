"""Every command of the program as a person calls it, in an order in which each finds what it needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer.main
from typer.core import TyperGroup

from interviewer.cli.app import app_of
from interviewer.grading.fake import default_reply
from interviewer.llm.wire import ChatRequest, Message
from tests.importing.model import PAGE, good_reply
from tests.support.batches import BatchService
from tests.support.server import Answer, Behaviour, Received, completion, models, stream

ANSWER = "The cache keeps the keys and values of earlier tokens, so that they are not computed again."
#: What would have a page fetch something, if it did.
_FETCHED = (
    '<img src="http://bait.test/a.png"> ![b](http://bait.test/b.png) [c](file:///etc/hostname) '
    '<link rel="stylesheet" href="//bait.test/d.css"> <style>@import url(http://bait.test/e.css);</style> '
    'http://bait.test/f <iframe src="file:///etc/hostname"></iframe>'
)
_LINES = [
    {"id": "a", "question_id": "kv-cache", "answer": ANSWER},
    {"id": "b", "question_id": "memory-wall", "answer": "Decoding waits for the weights to be read."},
]
_STATISTICS = "sklearn"
#: What is piped in: the answer to each question and each follow-up.
SAID = f"{ANSWER} {_FETCHED}\n---\n" * 6

#: The files that the commands read, by name.
FILES = {
    "answers.jsonl": "".join(f"{json.dumps(line)}\n" for line in _LINES),
    "labels.jsonl": "".join(
        f"{json.dumps(line | {'human_score': score})}\n" for line, score in zip(_LINES, (1, 0.5), strict=True)
    ),
    "page.md": PAGE,
    "answers.txt": SAID,
    "job.txt": "An engineer for inference: KV caches, batching, GPU kernels.",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the program. stdin: what is piped in. needs: the package that an extra brings, if any.

    stays: nothing may be sent, whatever is set. is_slow: for long runs; a quicker call has the same command.
    """

    line: str
    stdin: str = ""
    needs: str | None = None
    stays: bool = False
    is_slow: bool = False

    @property
    def arguments(self) -> list[str]:
        """As a shell would split the line."""
        return self.line.split()

    @property
    def command(self) -> str:
        """The command, as `commands` names it."""
        words = self.arguments
        named = [name for name in commands() if words[: len(name.split())] == name.split()]
        return max(named, key=len, default="start")


#: The calls but for those on a Ray cluster, which starts processes of its own.
CALLS: tuple[Call, ...] = (
    Call("--version", stays=True),
    Call("--help", stays=True),
    Call("config", stays=True),
    Call("config --json", stays=True),
    Call("config path", stays=True),
    Call("config get base_url", stays=True),
    Call("config get api_key", stays=True),
    Call("config set samples 2", stays=True),
    Call("config unset samples", stays=True),
    Call("bank new bank.yaml", stays=True),
    Call("bank check bank.yaml", stays=True),
    Call("bank schema", stays=True),
    Call("bank schema --rubric", stays=True),
    Call("bank import page.md -o imported.yaml"),
    Call("bank import page.md -o quiet.yaml --quiet --title T --role R", is_slow=True),
    Call("questions", stays=True),
    Call("questions --json -c beginner", stays=True),
    Call("doctor"),
    Call("doctor --json", is_slow=True),
    Call("doctor --grader local", stays=True, is_slow=True),
    Call("start -q kv-cache -q memory-wall", SAID),
    Call("-q kv-cache --quiet --plain --no-cache --samples 1", SAID),
    Call("start -q gpu-kernel --mode exam --time-limit 1 --total-time 5", SAID, is_slow=True),
    Call("start -q gpu-kernel --warm-up always", SAID, is_slow=True),
    Call("start --role inference --jd job.txt -n 1 --answers answers.txt"),
    Call("start -q kv-cache", ""),
    Call("resume", SAID),
    Call("start --mode drill -n 1", SAID),
    Call("start --due -n 1 --follow-ups 0", SAID, is_slow=True),
    Call("start -q kv-cache --grader local", SAID, stays=True),
    Call("start -q kv-cache --grader fake", SAID, stays=True),
    Call("grade --pending"),
    Call("grade answers.jsonl"),
    Call("grade - --format jsonl --no-cache", FILES["answers.jsonl"]),
    Call("grade answers.jsonl -o graded.jsonl --concurrency 2 --requests-per-minute 600"),
    Call("grade answers.jsonl -o graded.csv --tokens-per-minute 1000000 --no-cache", is_slow=True),
    Call("grade answers.jsonl -o local.jsonl --grader local", stays=True),
    Call("grade answers.jsonl -o batched.jsonl --batch --no-cache"),
    Call("grade --batch-status -o batched.jsonl"),
    Call("grade --batch-collect -o batched.jsonl --no-cache"),
    Call("calibrate labels.jsonl -o agreed.jsonl --bootstrap 0", needs=_STATISTICS),
    Call("calibrate labels.jsonl --grades local.jsonl --html a", "", _STATISTICS, stays=True, is_slow=True),
    Call("calibrate labels.jsonl --grader local --fit --json", "", _STATISTICS, stays=True, is_slow=True),
    Call("sessions", stays=True),
    Call("sessions --json", stays=True),
    Call("show", stays=True),
    Call("show --json", stays=True),
    Call("export", stays=True),
    Call("export --schema", stays=True),
    Call("export --format html -o one.html", stays=True),
    Call("export --format pdf -o one.pdf", needs="weasyprint", stays=True, is_slow=True),
    Call("export --all --format md -o transcripts", stays=True),
    Call("export --all --format jsonl --redact", stays=True),
    Call("export --all --format csv -o all.csv", stays=True),
    Call("progress", stays=True),
    Call("progress --json", stays=True),
    Call("progress --html progress.html", stays=True),
)  # fmt: skip


#: What a shell may ask to have completed; the call itself is without arguments.
COMPLETED = ("config set api_key ", "config get ", "start -q ", "export ", "grade --grader ")
COMPLETION = Call("", stays=True)


def commands() -> list[str]:
    """Every command that there is, as it is called: `start`, `config set` and so on."""
    root = typer.main.get_command(app_of())
    return sorted(_leaves(root, ()))


def _leaves(command: object, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        if path and command.invoke_without_command:
            yield " ".join(path)
        for name, one in command.commands.items():
            yield from _leaves(one, (*path, name))
    else:
        yield " ".join(path)


def lay_out(folder: Path) -> None:
    """Put the files that the commands read into `folder`."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")


def service(model: Behaviour | None = None) -> BatchService:
    """A service with a list of models, streams and batches. model: says what a request gets."""
    return _Service(model=model or well)


class _Service(BatchService):
    def __call__(self, received: Received) -> Answer:
        if received.method == "GET" and received.path.split("?")[0].endswith("/models"):
            return models("m", "m2")
        return super().__call__(received)


def well(received: Received) -> Answer:
    """What a model says that does as it is asked: a grade, or the draft of a question."""
    said = said_well(received)
    return stream(*_pieces(said)) if received.body.get("stream") else completion(said)


def said_well(received: Received) -> str:
    """The text of that reply."""
    messages = tuple(Message(role=m["role"], content=m["content"]) for m in received.body["messages"])
    if '"entry"' in messages[-1].content:
        return json.dumps(good_reply(messages[-1].content))
    return default_reply(ChatRequest(messages=messages, schema_name="g", reply_schema={}, max_tokens=1))


def _pieces(text: str, size: int = 7) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]
