"""Training: batches, the loss, early stopping."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from interviewer.embedded.encoding import MAX_TOKENS, PAD, Encoder, pair_of
from training.examples import VERDICTS, Example
from training.model import CrossEncoder


@dataclass(frozen=True, slots=True)
class Item:
    """An encoded example; -1 stands for what is not known. evidence: 0 or 1 for each token, or None."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    verdict: int
    credit: float
    is_met: int
    evidence: tuple[int, ...] | None


def encoded(example: Example, encoder: Encoder) -> Item:
    """`example` as numbers."""
    answer = encoder.tokens(example.answer)
    head = encoder.head(example.requirement, example.question)
    answer = answer.part(0, MAX_TOKENS - len(head) - 1)
    pair = pair_of(head, answer.ids)
    evidence: tuple[int, ...] | None = None
    if example.evidence:
        marked = [
            int(any(s < end and start < e for s, e in example.evidence)) for start, end in answer.offsets
        ]
        evidence = (*(0,) * len(head), *marked, 0)
    return Item(
        ids=pair.ids,
        types=pair.types,
        verdict=-1 if example.verdict is None else VERDICTS.index(example.verdict),
        credit=-1.0 if example.credit is None or example.verdict is not None else example.credit,
        is_met=-1 if example.is_met is None else int(example.is_met),
        evidence=evidence,
    )


def batches(items: Sequence[Item], rng: random.Random, budget: int) -> list[list[Item]]:
    """`items` in batches of one width and about `budget` tokens, in random order.

    Widths are rounded up, so that the same shapes come again: kernels are built for a shape, once.
    """
    by_width: dict[int, list[Item]] = {}
    for item in items:
        by_width.setdefault(width_of(item), []).append(item)
    found: list[list[Item]] = []
    for width, same in by_width.items():
        rng.shuffle(same)
        size = max(1, budget // width)
        found.extend(same[at : at + size] for at in range(0, len(same), size))
    rng.shuffle(found)
    return found


def width_of(item: Item) -> int:
    """The length that `item` is padded to: the next multiple of 16."""
    return -(-len(item.ids) // 16) * 16


@dataclass(frozen=True, slots=True)
class Tensors:
    """A batch as tensors, all (batch, length) or (batch,)."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    verdict: Tensor
    credit: Tensor
    is_met: Tensor
    evidence: Tensor


def tensors_of(batch: Sequence[Item]) -> Tensors:
    """`batch`, padded."""
    width = max(width_of(item) for item in batch)

    def padded(rows: list[tuple[int, ...]], fill: int) -> Tensor:
        return torch.tensor([list(row) + [fill] * (width - len(row)) for row in rows])

    return Tensors(
        ids=padded([item.ids for item in batch], PAD),
        types=padded([item.types for item in batch], 0),
        mask=padded([(1,) * len(item.ids) for item in batch], 0),
        verdict=torch.tensor([item.verdict for item in batch]),
        credit=torch.tensor([item.credit for item in batch]),
        is_met=torch.tensor([item.is_met for item in batch]),
        evidence=padded([item.evidence or (-1,) * len(item.ids) for item in batch], -1),
    )


def loss_of(verdicts: Tensor, pointed: Tensor, batch: Tensors, smoothing: float = 0.05) -> Tensor:
    """Mean loss: cross-entropy where the verdict is known, of what is known where not; and of the
    evidence."""
    total = verdict_loss(verdicts, batch.verdict, batch.credit, batch.is_met, smoothing) / len(batch.verdict)
    marked = (batch.evidence >= 0) & (batch.types == 1)
    if marked.any():
        total = total + 0.5 * functional.binary_cross_entropy_with_logits(
            pointed[marked], batch.evidence[marked].float()
        )
    return total


def verdict_loss(
    verdicts: Tensor, verdict: Tensor, credit: Tensor, is_met: Tensor, smoothing: float = 0.0
) -> Tensor:
    """Summed loss of logits (n, 4). Unknown is -1 in verdict (class), credit (0 to 1) and is_met (0 or 1)."""
    total = torch.zeros(())
    chances = torch.softmax(verdicts, dim=-1)
    known = verdict >= 0
    if known.any():
        total = total + functional.cross_entropy(
            verdicts[known], verdict[known], reduction="sum", label_smoothing=smoothing
        )
    scored = credit >= 0
    if scored.any():
        expected = (chances[scored, 0] + 0.5 * chances[scored, 1]).clamp(1e-4, 1 - 1e-4)
        total = total + functional.binary_cross_entropy(expected, credit[scored], reduction="sum")
    told = is_met >= 0
    if told.any():
        met = chances[told, 0].clamp(1e-4, 1 - 1e-4)
        goal = is_met[told].float() * (1 - smoothing) + smoothing / 2
        total = total + functional.binary_cross_entropy(met, goal, reduction="sum")
    return total


@dataclass(slots=True)
class Plan:
    """How to train. tokens: in a batch."""

    epochs: int = 5
    rate: float = 1e-4
    tokens: int = 8192
    seed: int = 7
    warm_share: float = 0.06
    decay: float = 0.01


def train(
    model: CrossEncoder,
    encoder: Encoder,
    draw,
    check,
    plan: Plan,
    log=print,
) -> dict[str, Tensor]:
    """Train, and give the weights of the epoch that `check` liked best.

    draw(): the examples of an epoch. check(model): a number, more is better.
    """
    torch.manual_seed(plan.seed)
    rng = random.Random(plan.seed)
    trained = [p for p in model.parameters() if p.requires_grad]
    heads = {id(p) for m in (model.evidence, model.mix, model.verdict) for p in m.parameters()}
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in trained if id(p) not in heads], "lr": plan.rate},
            {"params": [p for p in trained if id(p) in heads], "lr": 5 * plan.rate},
        ],
        weight_decay=plan.decay,
        foreach=True,
    )
    first = batches([encoded(e, encoder) for e in draw()], rng, plan.tokens)
    steps = len(first) * plan.epochs
    warm = max(1, int(plan.warm_share * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, (steps - step) / max(1, steps - warm)))
    )
    best, kept = float("-inf"), {}
    for epoch in range(plan.epochs):
        todo = first if epoch == 0 else batches([encoded(e, encoder) for e in draw()], rng, plan.tokens)
        model.train()
        began, summed = time.time(), 0.0
        for batch in todo:
            t = tensors_of(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                verdicts, pointed = model(t.ids, t.types, t.mask)
            loss = loss_of(verdicts.float(), pointed.float(), t)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            summed += loss.item()
        liked = check(model)
        told = f"loss {summed / len(todo):.4f}, check {liked:.4f}, {time.time() - began:.0f} s"
        log(f"epoch {epoch + 1}: {told}, {len(todo)} batches")
        if liked > best:
            best = liked
            kept = {k: v.clone() for k, v in model.state_dict().items()}
    return kept


@torch.no_grad()
def logits_of(
    model: CrossEncoder, encoder: Encoder, examples: Sequence[Example], tokens: int = 8192
) -> Tensor:
    """Logits of the verdicts for each example, (examples, 4)."""
    model.eval()
    items = [encoded(e, encoder) for e in examples]
    order = sorted(range(len(items)), key=lambda i: len(items[i].ids))
    found = torch.zeros(len(items), 4)
    at = 0
    while at < len(order):
        size = max(1, tokens // (len(items[order[min(len(order) - 1, at + 63)]].ids)))
        part = order[at : at + size]
        t = tensors_of([items[i] for i in part])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            verdicts, _ = model(t.ids, t.types, t.mask)
        found[part] = verdicts.float()
        at += size
    return found
