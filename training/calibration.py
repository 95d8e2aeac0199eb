"""Calibration: a temperature, and a bias for each verdict, fitted on answers that were not trained on.

Guo et al. 2017, "On Calibration of Modern Neural Networks": temperature and vector scaling. For reference
answers what the words alone say is weighed in beside the model's logits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from interviewer.embedded.overlap import FEATURES
from training.examples import CREDIT, VERDICTS, Example
from training.train import verdict_loss

_FOLDS = 4
_PULL = 0.02  # towards no bias: the rows are few
_PULL_WORDS = 0.005
_PULL_LINE = 5e-4


@dataclass(frozen=True, slots=True)
class Scale:
    """chances = softmax((logits + bias) / temperature + features @ overlap), as the product computes them."""

    temperature: float
    bias: tuple[float, ...]
    overlap: tuple[tuple[float, ...], ...] = ()

    def chances(self, logits: Tensor, features: Tensor | None = None) -> Tensor:
        """Calibrated chances, (rows, 4). features: (rows, features), where the words count."""
        scaled = (logits + torch.tensor(self.bias)) / self.temperature
        if features is not None:
            scaled = scaled + features @ torch.tensor(self.overlap)
        return torch.softmax(scaled, dim=-1)


@dataclass(frozen=True, slots=True)
class Line:
    """What the words alone say of the credit: a logit, features @ weights + bias."""

    weights: Tensor
    bias: float

    def of(self, features: Tensor) -> Tensor:
        """The logit of each row, (rows,)."""
        return features @ self.weights + self.bias


def line_for(features: Tensor, rows: Sequence[Example]) -> Line:
    """The line under which the credit that humans gave for `rows` is likeliest; each set counts as much."""
    truth, share = torch.tensor([_credit(e) for e in rows]), _by_set(rows)
    mean, spread = features.mean(dim=0), features.std(dim=0) + 1e-6
    scaled = (features - mean) / spread
    weights, bias = torch.zeros(features.shape[1], requires_grad=True), torch.zeros((), requires_grad=True)

    def loss() -> Tensor:
        each = functional.binary_cross_entropy_with_logits(scaled @ weights + bias, truth, reduction="none")
        return (each * share).sum() + _PULL_LINE * (weights**2).sum()

    _fit([weights, bias], loss)
    told = weights.detach() / spread
    return Line(told, float(bias.detach() - told @ mean))


def scale_for(logits: Tensor, rows: Sequence[Example]) -> Scale:
    """The scale under which what humans said of `rows` is likeliest."""
    known = _known(rows)
    stretch, bias = torch.zeros((), requires_grad=True), torch.zeros(len(VERDICTS), requires_grad=True)

    def loss() -> Tensor:
        scaled = (logits + bias - bias.mean()) / stretch.exp()
        return verdict_loss(scaled, *known) / len(rows) + _PULL * (bias**2).sum()

    _fit([stretch, bias], loss)
    told = bias.detach() - bias.detach().mean()
    return Scale(_told(stretch.detach().exp()), tuple(map(_told, told)))


def reference_scale_for(
    logits: Tensor, rows: Sequence[Example], features: Tensor | None = None, line: Line | None = None
) -> Scale:
    """The scale for reference answers: a temperature, and what `line`, if given, adds to each verdict.

    Without a bias for each verdict: the sets disagree on how strict a teacher is, and one that is fitted on
    all of them fits none. Each set counts as much.
    """
    known = _known(rows)
    said = torch.zeros(len(rows)) if features is None or line is None else line.of(features)
    names = [e.source for e in rows]
    parts = [torch.tensor([name == one for name in names]) for one in dict.fromkeys(names)]
    stretch, added = torch.zeros((), requires_grad=True), torch.zeros(len(VERDICTS), requires_grad=True)

    def loss() -> Tensor:
        scaled = logits / stretch.exp() + said[:, None] * (added - added.mean())
        total = torch.zeros(())
        for part in parts:
            total = total + verdict_loss(scaled[part], *(k[part] for k in known)) / int(part.sum())
        return total / len(parts) + _PULL_WORDS * (added**2).sum()

    _fit([stretch, added], loss)
    each = added.detach() - added.detach().mean()
    temperature = float(stretch.detach().exp())
    if line is None:
        return Scale(_told(temperature), (0.0,) * len(VERDICTS), ((0.0,) * len(VERDICTS),) * FEATURES)
    return Scale(
        _told(temperature),
        tuple(_told(line.bias * temperature * x) for x in each),
        tuple(tuple(_told(w * x) for x in each) for w in line.weights),
    )


def cross_fitted(
    rows: Sequence[Example], fit: Callable[[Tensor, Sequence[Example]], Callable[[Tensor], Tensor]]
) -> Tensor:
    """Chances under scales that were fitted on other questions than they are used for, (rows, 4).

    fit(which, their rows): gives what turns other row numbers into chances.
    """
    fold = torch.tensor([_fold_of(e.group) for e in rows])
    found = torch.zeros(len(rows), len(VERDICTS))
    for one in range(_FOLDS):
        (fitted,), (used,) = torch.where(fold != one), torch.where(fold == one)
        if len(used):
            found[used] = fit(fitted, [rows[i] for i in fitted.tolist()])(used)
    return found


def _fit(parameters: list[Tensor], loss: Callable[[], Tensor]) -> None:
    optimizer = torch.optim.LBFGS(parameters, max_iter=200, line_search_fn="strong_wolfe")

    def step() -> Tensor:
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    optimizer.step(step)


def _known(rows: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """Verdict, credit and whether it is met, as `verdict_loss` takes them."""
    return (
        torch.tensor([-1 if e.verdict is None else VERDICTS.index(e.verdict) for e in rows]),
        torch.tensor([-1.0 if e.credit is None or e.verdict is not None else e.credit for e in rows]),
        torch.tensor([-1 if e.is_met is None else int(e.is_met) for e in rows]),
    )


def _credit(row: Example) -> float:
    if row.verdict is not None:
        return CREDIT[row.verdict]
    return float(row.is_met) if row.is_met is not None else float(row.credit or 0.0)


def _by_set(rows: Sequence[Example]) -> Tensor:
    """The weight of each row: equal sums for all sets, 1 in all."""
    names = [e.source for e in rows]
    count = {name: names.count(name) for name in dict.fromkeys(names)}
    return torch.tensor([1 / (len(count) * count[name]) for name in names])


def _told(value: float | Tensor) -> float:
    return round(float(value), 4)


def _fold_of(group: str) -> int:
    """Which fold a question is in; other bits of the hash than those that chose the held-out ones."""
    return int(hashlib.sha256(f"fold:{group}".encode()).hexdigest(), 16) % _FOLDS
