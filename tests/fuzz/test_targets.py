"""Whatever comes in by any way, the program has an answer to it; `python -m proofs fuzz` tries far more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.support.fuzz.every import TARGETS
from tests.support.fuzz.target import Place


@pytest.mark.parametrize("name", TARGETS)
def test_any_input_is_answered(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    target = TARGETS[name]
    check = target.prepared(Place(tmp_path_factory.mktemp("place")))

    @settings(
        max_examples=target.few,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def tried(value: Any) -> None:
        check(value)

    tried()
