"""What a shell is offered, whatever was typed, and whatever the bank and the database hold."""

from __future__ import annotations

from interviewer.interview.events import InterviewStarted
from interviewer.store.store import Store
from tests.support.builders import interview
from tests.support.hostile.banks import bank_of_words
from tests.support.hostile.world import World

_LINES = (
    "show ",
    "resume ",
    "export ",
    "start -q ",
    "start -c ",
    "config set model ",
    "config set ",
    "start --grader ",
)
#: What a shell would obey in what it is told; no id has it, and no words about one.
_OBEYED = frozenset("$`\\;|&<>")
_SHELLS = ("bash", "zsh", "fish", "pwsh")


def offered_to_shells(world: World) -> None:
    """Each place that completes, in each shell."""
    bank_of_words(world)
    if "\0" not in world.payload:
        _keep(world)
    for shell in _SHELLS:
        for line in (*_LINES, f"show {world.as_argument}", f"start --bank {world.as_argument} -q "):
            words = f"interviewer {line}"
            environment = {
                "_INTERVIEWER_COMPLETE": f"complete_{shell}",
                "COMP_WORDS": words,
                "COMP_CWORD": str(words.count(" ")),
                "_TYPER_COMPLETE_ARGS": words,
                "_TYPER_COMPLETE_WORD_TO_COMPLETE": "",
                "INTERVIEWER_BANK": "bank.yaml",
            }
            told = world.call(environment=environment, codes={0, 1})
            assert not _OBEYED & set(told.out), told.out[:300]


def _keep(world: World) -> None:
    with Store.open(world.home / "data") as store:
        id = world.payload.encode("utf-8", "replace").decode()
        store.record(id, InterviewStarted(interview=interview(id=id)))


SCENES = (offered_to_shells,)
