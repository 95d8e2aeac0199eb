"""All scenes by name, and how one is played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support.hostile import (
    arguments,
    banks,
    candidate,
    completion,
    files,
    models,
    older,
    settings,
    terminals,
)
from tests.support.hostile.world import World

Scene = Callable[[World], None]

_SOURCES = (candidate, banks, models, files, settings, arguments, completion, older, terminals)


def _named(kind: str) -> dict[str, Scene]:
    """The scenes of that kind by source and name, such as `banks.practised_bank`."""
    return {
        f"{source.__name__.rpartition('.')[2]}.{scene.__name__}": scene
        for source in _SOURCES
        for scene in getattr(source, kind, ())
    }


SCENES = _named("SCENES")
#: Those that do not depend on the payload.
ONCE = _named("ONCE")


def played(scene: Scene, payload: str, folder: Path) -> World:
    """The world after `scene`. Raises AssertionError for the first thing that is not as it should be."""
    world = World(folder, payload)
    scene(world)
    return world
