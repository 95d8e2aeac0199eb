"""Calibration: a temperature, and a bias for each verdict, fitted on answers that were not trained on.

Guo et al. 2017, "On Calibration of Modern Neural Networks": temperature and vector scaling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from training.examples import VERDICTS, Example
from training.train import verdict_loss

_FOLDS = 4
_PULL = 0.02  # towards no bias: the rows are few


@dataclass(frozen=True, slots=True)
class Scale:
    """chances = softmax((logits + bias) / temperature)."""

    temperature: float
    bias: tuple[float, ...]

    def chances(self, logits: Tensor) -> Tensor:
        """Calibrated chances, (rows, 4)."""
        return torch.softmax((logits + torch.tensor(self.bias)) / self.temperature, dim=-1)


def scale_for(logits: Tensor, rows: Sequence[Example], *, has_bias: bool = True) -> Scale:
    """The scale under which what humans said of `rows` is likeliest. Without a bias it is a temperature."""
    verdict = torch.tensor([-1 if e.verdict is None else VERDICTS.index(e.verdict) for e in rows])
    credit = torch.tensor([-1.0 if e.credit is None or e.verdict is not None else e.credit for e in rows])
    is_met = torch.tensor([-1 if e.is_met is None else int(e.is_met) for e in rows])
    stretch = torch.zeros((), requires_grad=True)
    bias = torch.zeros(len(VERDICTS), requires_grad=has_bias)
    fitted = [stretch, bias] if has_bias else [stretch]
    optimizer = torch.optim.LBFGS(fitted, max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        scaled = (logits + bias - bias.mean()) / stretch.exp()
        value = verdict_loss(scaled, verdict, credit, is_met) / len(rows) + _PULL * (bias**2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    told = bias.detach() - bias.detach().mean()
    return Scale(round(float(stretch.detach().exp()), 4), tuple(round(float(x), 4) for x in told))


def cross_fitted(logits: Tensor, rows: Sequence[Example], *, has_bias: bool = True) -> Tensor:
    """Chances under scales that were fitted on other questions than they are used for, (rows, 4)."""
    fold = torch.tensor([_fold_of(e.group) for e in rows])
    found = torch.zeros_like(logits)
    for one in range(_FOLDS):
        fitted = [e for e, f in zip(rows, fold.tolist(), strict=True) if f != one]
        scale = scale_for(logits[fold != one], fitted, has_bias=has_bias)
        found[fold == one] = scale.chances(logits[fold == one])
    return found


def _fold_of(group: str) -> int:
    """Which fold a question is in; other bits of the hash than those that chose the held-out ones."""
    return int(hashlib.sha256(f"fold:{group}".encode()).hexdigest(), 16) % _FOLDS
