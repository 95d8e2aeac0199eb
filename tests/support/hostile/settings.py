"""Settings from the environment and from the config file."""

from __future__ import annotations

import json

from interviewer.setting import SETTINGS
from tests.support.hostile.banks import as_yaml
from tests.support.hostile.world import World


def in_the_environment(world: World) -> None:
    """Each setting is the payload, in each of its variables."""
    value = world.as_argument
    for setting in SETTINGS:
        for name in setting.environment:
            environment = {name: value} | (
                {"INTERVIEWER_GRADER": "auto"} if name != "INTERVIEWER_GRADER" else {}
            )
            world.call("config", environment=environment)
        world.call("config", "get", setting.name, environment=environment)
        _used(world, setting.name, {setting.environment[0]: value})
    everything = {name: value for setting in SETTINGS for name in setting.environment}
    for command in ("config", "start", "sessions", "doctor", "questions"):
        world.call(command, environment=everything)


def in_the_config_file(world: World) -> None:
    """The same in the file, written as it should be, and as nobody should."""
    config = world.home / "config.toml"
    world.home.mkdir(exist_ok=True)
    payload = world.payload
    written = as_toml(payload)
    for setting in SETTINGS:
        config.write_text(f"{setting.name} = {written}\n", encoding="utf-8")
        world.call("config")
        _used(world, setting.name, {})
        world.call("config", "unset", setting.name)
    for text in (
        payload,
        f"model = {payload}\n",
        f"{written} = 1\n",
        f"[{written}]\nmodel = 1\n",
        f"# {payload}\n",
    ):
        config.write_bytes(text.encode("utf-8", "surrogatepass"))
        for command in (("config",), ("config", "--json"), ("start",), ("config", "set", "samples", "2")):
            world.call(*command)
        world.call("config", "unset", world.as_argument)


def set_by_command(world: World) -> None:
    """`config set`, `get`, `unset` and `path` with the payload as name and as value."""
    value = world.as_argument
    for setting in SETTINGS:
        world.call("config", "set", setting.name, "--", value, codes={0, 1, 2, 4})
        world.call("config", "set", setting.name, "-", stdin=world.payload, codes={0, 1, 2, 4})
        json.loads(world.call("config", "--json", codes={0}).out)
    world.call("config", "set", "--", value, value, codes={2})
    world.call("config", "get", "--", value, codes={2})
    world.call("config", "unset", "--", value, codes={2})
    world.call("config", "path", codes={0})


def _used(world: World, name: str, environment: dict[str, str]) -> None:
    """Have a command use the setting; those of a service with one that is not there."""
    if name in {"model", "api_key", "api_version"}:
        service = {"INTERVIEWER_BASE_URL": "http://127.0.0.1:1/v1", "INTERVIEWER_MODEL": "m"}
        asked = {"INTERVIEWER_GRADER": "auto", "INTERVIEWER_DEADLINE": "1", "INTERVIEWER_CACHE": "off"}
        if name == "model":
            del service["INTERVIEWER_MODEL"]
        world.call(
            "start", "-q", "kv-cache", stdin="It is kept there.\n", environment=service | asked | environment
        )
        return
    command = ("questions",) if name in {"bank", "rubrics"} else ("start", "-n", "1")
    world.call(*command, stdin="/quit\n", environment=environment)


def as_toml(text: str) -> str:
    """`text` as a string of TOML; lone surrogates become what TOML can hold."""
    return as_yaml(text.encode("utf-8", "replace").decode())


SCENES = (in_the_environment, in_the_config_file, set_by_command)
