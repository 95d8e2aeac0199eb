"""Training: what is drawn in each epoch, the loss, early stopping."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional

from interviewer.embedded.encoding import PAD, Encoder, pair_of
from training.examples import VERDICTS, Example, Written, by_id
from training.model import CrossEncoder

MAX_TOKENS = 384
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9+-]{2,}")


@dataclass(frozen=True, slots=True)
class Item:
    """An encoded example. target: distribution over classes, or None; evidence: 0/1 for each token, -1
    unknown."""

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


class Course:
    """What is drawn from the written data in an epoch: never twice quite the same."""

    def __init__(
        self, written: Sequence[Written], seed: int, skip: frozenset[tuple[str, str, str]] = frozenset()
    ):
        self._written = [w for w in written if w.criteria]
        self._rng = random.Random(seed)
        self._skip = skip  # (question, criterion, statement): says more than its label for another criterion

    def epoch(self) -> list[Example]:
        """Statements, whole answers, and answers put together."""
        rng = self._rng
        found: list[Example] = []
        for question in self._written:
            for criterion in question.criteria.values():
                found.extend(
                    self._example(question, criterion.id, text, verdict, "statement")
                    for verdict, texts in criterion.statements.items()
                    for text in texts
                )
            for answer in question.answers:
                for id, verdict in answer.verdicts.items():
                    spans = tuple((m.start, m.end) for m in answer.marks if m.criterion == id)
                    one = self._example(question, id, answer.text, verdict, answer.kind)
                    found.append(replace(one, evidence=spans))
            found.extend(self._composed(question) for _ in range(8 * len(question.criteria)))
            found.extend(self._neighbour(question) for _ in range(8 * len(question.criteria)))
            found.extend(self._listed(question) for _ in range(3 * len(question.criteria)))
            found.extend(self._elsewhere(question) for _ in range(10 * len(question.criteria)))
        rng.shuffle(found)
        return found

    def _example(self, question: Written, id: str, text: str, verdict: str, kind: str) -> Example:
        wordings = question.criteria[id].wordings
        asked = wordings[0] if self._rng.random() < 0.4 else self._rng.choice(wordings)
        return Example("own", question.id, question.text, asked, text, verdict=verdict, kind=kind)

    def _statement(self, question: Written, id: str, verdict: str) -> str | None:
        texts = question.criteria[id].statements[verdict]
        return self._rng.choice(texts) if texts else None

    def _any(self, besides: str) -> Written:
        while True:
            other = self._rng.choice(self._written)
            if _topic(other.id) != _topic(besides) or len(self._written) == 1:
                return other

    def _composed(self, question: Written) -> Example:
        """An answer of several statements, one of which decides about the criterion."""
        rng = self._rng
        id = rng.choice(list(question.criteria))
        verdict = rng.choices(VERDICTS, (3, 2, 2, 3))[0]
        text = self._statement(question, id, verdict) or ""
        parts = [(text, True)] if text else []
        others = [c for c in question.criteria if c != id]
        rng.shuffle(others)
        for other in others[: rng.randint(1, 4)]:
            said = rng.choices(VERDICTS, (4, 1, 1, 3))[0]
            more = self._statement(question, other, said)
            if more and (question.id, id, more) not in self._skip:
                parts.append((more, False))
        if rng.random() < 0.3:
            far = self._any(question.id)
            more = self._statement(far, rng.choice(list(far.criteria)), rng.choice(VERDICTS))
            if more:
                parts.append((more, False))
        rng.shuffle(parts)
        spans, answer = [], ""
        for part, decides in parts:
            start = len(answer)
            answer += part + rng.choice((" ", " ", "\n", " And ", " Also, "))
            if decides and verdict != "missing":
                spans.append((start, start + len(part)))
        one = self._example(question, id, answer.strip(), verdict if text else "missing", "composed")
        return replace(one, evidence=tuple(spans))

    def _neighbour(self, question: Written) -> Example:
        """A statement on another criterion of the same question: true or false, and beside the point."""
        rng = self._rng
        ids = list(question.criteria)
        if len(ids) < 2:
            return self._elsewhere(question)
        for _ in range(8):
            id, other = rng.sample(ids, 2)
            text = self._statement(question, other, rng.choices(VERDICTS, (4, 1, 1, 3))[0])
            if text and (question.id, id, text) not in self._skip:
                return self._example(question, id, text, "missing", "neighbour")
        return self._elsewhere(question)

    def _elsewhere(self, question: Written) -> Example:
        """A statement or an answer to another question."""
        rng = self._rng
        far = self._any(question.id)
        if far.answers and rng.random() < 0.5:
            text = rng.choice(far.answers).text
        else:
            text = self._statement(far, rng.choice(list(far.criteria)), rng.choice(VERDICTS)) or far.text
        return self._example(question, rng.choice(list(question.criteria)), text, "missing", "elsewhere")

    def _listed(self, question: Written) -> Example:
        """A list of the words that a good answer would hold."""
        rng = self._rng
        id = rng.choice(list(question.criteria))
        pool: list[str] = []
        for criterion in question.criteria.values():
            pool += _WORD.findall(" ".join(criterion.wordings))
            pool += _WORD.findall(
                " ".join(rng.sample(criterion.statements["met"], min(3, len(criterion.statements["met"]))))
            )
        words = [w for w in dict.fromkeys(w.lower() for w in pool) if len(w) > 3]
        chosen = rng.sample(words, min(len(words), rng.randint(6, 26)))
        text = rng.choice((", ", ", ", " / ", "; ", " ", "\n- ")).join(chosen)
        return self._example(question, id, text, "missing", "listed")


def _topic(question_id: str) -> str:
    """What a question is about: claims on a question are about the same."""
    return question_id.removeprefix("claims-")


class Graded:
    """What is drawn from the human-graded sets in an epoch: each answer once, and some answers astray.

    A correct answer is as good a reference as the official one: in half of the draws another student's
    correct answer stands for the requirement, so that the model compares meanings instead of learning 135
    references by heart.
    """

    def __init__(self, examples: Sequence[Example], seed: int) -> None:
        self._rng = random.Random(seed)
        self._answers = list(by_id(examples).values())
        self._good: dict[str, list[Example]] = {}
        for group in self._answers:
            one = group[0]
            if is_correct(one) and len(one.answer.split()) >= 4:
                self._good.setdefault(one.group, []).append(one)

    def epoch(self) -> list[Example]:
        """One example for each answer, and one in twelve to a question that it does not answer."""
        rng = self._rng
        found = []
        for group in self._answers:
            one = rng.choice(group)
            peers = self._good.get(one.group, [])
            if peers and rng.random() < 0.5:
                peer = rng.choice(peers)
                if peer.id != one.id:
                    one = replace(one, requirement=peer.answer)
            found.append(one)
            if rng.random() < 1 / 12:
                far = rng.choice(self._answers)[0]
                if far.group != one.group:
                    found.append(replace(one, answer=far.answer, verdict="missing", credit=None, is_met=None))
        return found


def is_correct(one: Example) -> bool:
    """Whether humans took the answer for right."""
    if one.verdict is not None:
        return one.verdict == "met"
    return one.is_met if one.is_met is not None else (one.credit or 0.0) >= 0.9


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
