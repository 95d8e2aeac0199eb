"""Every target there is, by its name."""

from __future__ import annotations

from tests.support.fuzz import answers, models, stored, typed, written
from tests.support.fuzz.target import Target

TARGETS: dict[str, Target] = {
    target.name: target for part in (written, models, answers, typed, stored) for target in part.TARGETS
}
