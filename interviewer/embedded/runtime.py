"""The engine that the model runs on, kept from telling anybody that it does."""

from __future__ import annotations

import os
from typing import Any

# The engine's own switch. Set before the engine is loaded, it leaves no device id, and sends nothing.
_SWITCH = "ORT_DISABLE_TELEMETRY"


def runtime() -> Any:
    """The module onnxruntime, silenced. Raises ImportError where it cannot be loaded.

    Since 1.29 it keeps an id of this machine and reports to its makers over the network, unless it is told
    not to. The local grader promises that nothing leaves the machine, so nobody is asked.
    """
    os.environ[_SWITCH] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # on Windows the switch alone is not enough for every build
    return onnxruntime
