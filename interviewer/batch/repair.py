"""How further replies are had where the one of a batch is not enough."""

from __future__ import annotations

from enum import StrEnum


class Repair(StrEnum):
    """What is done about quotes that do not hold, criteria in dispute, and a reply that cannot be read.

    direct: ask at once. batch: in another batch. none: the criteria stay unproven, and are flagged.
    """

    DIRECT = "direct"
    BATCH = "batch"
    NONE = "none"
