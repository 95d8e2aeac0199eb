"""Every command, with a key from each place, at a service that says it back: it is nowhere afterwards.

`python -m proofs secrets` runs every command with every place, way and service.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path

import pytest

from tests.support.commands import ANSWER, CALLS, COMPLETED, COMPLETION, commands
from tests.support.listening import (
    IDLE_KEY,
    OTHER_PLACES,
    PLACES,
    Folders,
    failures,
    folders_in,
    leaks,
    listened,
    on_screen,
    strangers,
)
from tests.support.marked import KEY, WAYS, Way, traces
from tests.support.server import ScriptedServer
from tests.support.telltale import TELLTALES, rotating

POSSIBLE = [
    call for call in CALLS if not call.is_slow and (call.needs is None or find_spec(call.needs) is not None)
]
SENDING = [call for call in POSSIBLE if not call.stays]
#: One call of each command that sends something.
FEW = list({call.command: call for call in reversed(SENDING)}.values())


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return folders_in(tmp_path)


def test_every_command_that_there_is_is_called() -> None:
    assert set(commands()) == {call.command for call in CALLS}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_key_is_seen_where_it_is(way: Way) -> None:
    assert traces(f"before {way(KEY)} after")


def test_no_reply_brings_the_key_into_anything_and_nobody_else_is_asked(folders: Folders) -> None:
    with ScriptedServer(behaviour=rotating("replies")) as server:
        places = cycle(PLACES.values())
        calls = [(call, next(places)(server.url)) for call in POSSIBLE]
        asked = [(COMPLETION, calls[-1][1].with_completion_of(line)) for line in COMPLETED]
        heard = listened([*calls, *asked], folders)

    assert leaks(heard, folders) == []
    assert strangers(heard, server.url) == []
    assert failures(heard) == []
    assert all(one.out for one in heard[len(calls) + 1 :])
    received = "".join(f"{one.path} {one.headers} {one.body}" for one in server.requests)
    assert IDLE_KEY not in received


def test_no_fault_of_a_service_brings_the_key_into_anything(folders: Folders) -> None:
    faults = [name for name in TELLTALES if name != "replies"]
    with ScriptedServer(behaviour=rotating(*faults)) as server:
        places = cycle([*PLACES.values()][::-1])
        heard = listened([(call, next(places)(server.url)) for call in FEW], folders)

    assert leaks(heard, folders) == []
    assert strangers(heard, server.url) == []


def test_a_proxy_and_azure_bring_the_key_into_nothing(folders: Folders) -> None:
    wanted = [call for call in FEW if call.command in {"doctor", "bank import"}]
    with ScriptedServer(behaviour=rotating("replies", "401")) as server:
        calls = [(call, place(server.url)) for place in OTHER_PLACES.values() for call in wanted]
        heard = listened(calls, folders)

    assert len(server.requests) >= len(calls)
    assert leaks(heard, folders) == []
    assert strangers(heard, server.url) == []


@pytest.mark.skipif(os.name != "posix", reason="a terminal of POSIX")
def test_the_screen_never_shows_the_key(folders: Folders) -> None:
    with ScriptedServer(behaviour=rotating("replies")) as server:
        settings = PLACES["OPENAI_API_KEY"](server.url)
        arguments = ("start", "-q", "kv-cache", "--follow-ups", "0")
        screen = on_screen(arguments, ANSWER, folders, settings)

    assert "[key]" in screen
    assert traces(screen) == []
    assert leaks((), folders) == []
