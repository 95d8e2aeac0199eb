"""Every option and every argument of every command, with the payload as its value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from interviewer.cli.app import app_of
from tests.importing.model import PAGE
from tests.support.commands import commands
from tests.support.hostile.world import World
from tests.support.server import ScriptedServer, failure

#: What a command needs beside the option at hand.
_NEEDED = {
    "grade": ("in.jsonl",),
    "calibrate": ("labels.jsonl", "--bootstrap", "0"),
    "bank check": ("bank.yaml",),
    "bank new": ("new.yaml",),
    "bank import": ("page.txt", "--grader", "llm", "--base-url", "URL", "--model", "m"),
    "config get": ("model",),
    "config unset": ("model",),
    "config set": ("model", "m"),
}
#: What a command writes unasked, in the work folder.
_WRITTEN = {"bank new": ("new", "bank", "rubric"), "bank import": ("page.yaml", "bank.schema.json")}
#: Options whose value is where to write.
_OUTPUTS = frozenset({"--output", "--html", "--fit-to"})


def each_option(world: World) -> None:
    """The payload as the value of each option, one at a time."""
    value = _prepared(world)
    with ScriptedServer(behaviour=lambda received: failure(401, "no")) as server:
        for name, parameter in parameters():
            if parameter.param_type_name != "option" or getattr(parameter, "is_flag", False):
                continue
            option = max(parameter.opts, key=len)
            needed = [server.url if one == "URL" else one for one in _NEEDED.get(name, ())]
            writes = (*_WRITTEN.get(name, ()), *((value or ".",) if option in _OUTPUTS else ()))
            world.call(*name.split(), *needed, f"{option}={value}", writes=writes, stdin="/quit\n")


def each_argument(world: World) -> None:
    """The payload as each argument, as an option that is none, and as a command that is none."""
    value = _prepared(world)
    for name in commands():
        # A new bank's schema and rubrics stand beside it.
        beside = str(Path(value).parent / "bank.schema.json")
        writes = (*_WRITTEN.get(name, ()), value or ".", beside)
        world.call(*name.split(), "--", value, writes=writes, stdin="/quit\n")
        world.call(*name.split(), *_NEEDED.get(name, ()), f"--{value}", writes=writes, stdin="/quit\n")
        world.call(*name.split(), *_NEEDED.get(name, ()), value, value, writes=writes, stdin="/quit\n")
    if not value.startswith("-"):
        world.call(value, stdin="/quit\n")
    world.call(f"--{value}", stdin="/quit\n")


def parameters() -> Iterator[tuple[str, Any]]:
    """Each command with each of its options and arguments."""
    for name in commands():
        command: Any = typer.main.get_command(app_of())
        for word in name.split():
            command = command.commands[word]
        yield from ((name, one) for one in command.params if one.name != "help")


def _prepared(world: World) -> str:
    """The files that commands need; the payload as an argument, which leads nowhere outside the world."""
    line = {"id": "1", "question_id": "kv-cache", "answer": "It is kept.", "human_score": 1}
    for name in ("in.jsonl", "labels.jsonl"):
        world.write(name, f"{json.dumps(line)}\n{json.dumps(line | {'id': '2'})}\n")
    world.write("page.txt", PAGE)
    world.write("bank.yaml", "version: 1\n")
    value = world.as_argument
    return f"{world.top}{value}" if value.startswith("/") else value


SCENES = (each_option, each_argument)
