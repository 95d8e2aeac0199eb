"""The ablation table: what word overlap and the untrained encoder reach, and what each step of training adds.

    python -m training.compare --mohler FILE --beetle FILE --scientsbank FILE [--weights NAME=FILE ...]

Measured on answers by another hand and on the held-out questions of the human-graded sets. `--weights`
takes what `training.build --weights FILE` kept, such as a run with `--without-own`. The shipped model is
measured as it is shipped, quantized.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from interviewer.embedded.about import Chances
from interviewer.embedded.model import Asked, EmbeddedModel
from interviewer.text import Span
from training import measure
from training.build import (
    SETS,
    Data,
    Weights,
    arguments,
    base_folder,
    both_tried,
    data_of,
    measured,
    tried,
)
from training.examples import Example
from training.model import CrossEncoder, encoder_of

Scores = NDArray[np.float64]
_WORD = re.compile(r"[a-z0-9]{3,}")
_SMALL = frozenset(
    "and are but can for from has have how its not one that the their them then they this was what when "
    "which will with you".split()
)


def main() -> None:
    """Print the table."""
    parser = arguments()
    parser.add_argument("--weights", action="append", default=[], metavar="NAME=FILE")
    options = parser.parse_args()
    torch.set_num_threads(2)
    base = options.base or base_folder()
    data = data_of({name: path for name in SETS if (path := getattr(options, name)) is not None}, base)
    heads = ["other hand, r", "criteria right", "plain statements right", *map(_heading, data.held_out)]
    print("| what | " + " | ".join(heads) + " |")
    print("| --- | " + "---: | " * len(heads))
    _row("words shared with the requirement", data, overlaps)
    _row("all-MiniLM-L6-v2, cosine, untrained", data, _Cosines(base))
    encoder = encoder_of(base)
    for given in options.weights:
        name, _, file = given.partition("=")
        model, references, weights = CrossEncoder(base), CrossEncoder(base), Weights.kept_in(Path(file))
        model.load_state_dict(weights.last)
        _print(name, list(measured(tried(model, encoder, data), data).values()))
    if options.weights:
        references.load_state_dict(weights.references())
        trial = both_tried(model, references, encoder, data)
        _print(f"{name}, references by the early stages", list(measured(trial, data).values()))
        _print("and by their words", list(measured(trial, data, words=True).values()))
    _row("as shipped, int8", data, _Shipped())


def overlaps(rows: Sequence[Example]) -> Scores:
    """The share of the requirement's content words that the answer has, too."""
    return np.array([_overlap(row) for row in rows])


def _overlap(row: Example) -> float:
    wanted, said = _stems(row.requirement), _stems(row.answer)
    return len(wanted & said) / max(1, len(wanted))


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _WORD.findall(text.lower()) if word not in _SMALL}


class _Cosines:
    """Cosine of requirement and answer under the encoder that training starts from."""

    def __init__(self, base: Path) -> None:
        from transformers import AutoTokenizer, BertModel

        self._tokenizer = AutoTokenizer.from_pretrained(base)
        self._bert = BertModel.from_pretrained(base).eval()

    @torch.no_grad()
    def __call__(self, rows: Sequence[Example]) -> Scores:
        found = []
        for at in range(0, len(rows), 32):
            part = rows[at : at + 32]
            one, other = (
                self._embedded([r.requirement for r in part]),
                self._embedded([r.answer for r in part]),
            )
            found.append((one * other).sum(dim=1).double().numpy())
        return np.concatenate(found)

    def _embedded(self, texts: list[str]) -> torch.Tensor:
        tokens = self._tokenizer(texts, padding=True, truncation=True, max_length=256, return_tensors="pt")
        hidden = self._bert(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1)
        return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)


class _Shipped:
    """The expected credit under the model in the package, and the chance that the point is shown."""

    def __init__(self) -> None:
        self._model = EmbeddedModel()

    def __call__(self, rows: Sequence[Example]) -> Scores:
        return np.array([self._chances(row).expected for row in rows])

    def shown(self, rows: Sequence[Example]) -> Scores:
        """The chance of met or partial, by which a verdict is given."""
        return np.array([self._chances(row).shown for row in rows])

    def _chances(self, row: Example) -> Chances:
        from interviewer.text import sentences

        spans = sentences(row.answer) or [Span(0, len(row.answer))]
        asked = Asked(row.requirement, is_reference=row.source not in {"other-hand", "plain"})
        (opinion,) = self._model.opinions(row.question, [asked], row.answer, spans)
        return opinion.chances


def _row(name: str, data: Data, scores: Callable[[Sequence[Example]], Scores]) -> None:
    """A row of the table for what gives one number; it is cut into two classes where that is best on
    `data.learn`."""
    learnt = [e for e in data.learn if e.source != "mohler"]
    cut = 0.5 if isinstance(scores, _Shipped) else _best_cut(learnt[:: max(1, len(learnt) // 2000)], scores)
    shown = scores.shown if isinstance(scores, _Shipped) else scores
    told: list[object] = [
        round(_score_r(data.other_hand, scores(data.other_hand)), 3),
        round(_right(data.other_hand, shown(data.other_hand) > cut), 3),
        round(_right(data.plain_held_out, shown(data.plain_held_out) > cut), 3),
    ]
    for source, rows in data.held_out.items():
        found = scores(rows)
        as_chances = np.stack([found, 0 * found, 1 - found, 0 * found], axis=1)
        if source == "mohler":
            told.append(round(measure.score_correlation(rows, as_chances), 3))
        else:
            told.append(round(measure.correct_f1(rows, as_chances, cut), 3))
    _print(name, told)


def _right(rows: Sequence[Example], said: NDArray[np.bool_]) -> float:
    """The share of rows where met or partial against missing or wrong is as written."""
    return float(np.mean(said == np.array([e.verdict in {"met", "partial"} for e in rows])))


def _score_r(rows: Sequence[Example], scores: Scores) -> float:
    at = {id(row): i for i, row in enumerate(rows)}
    groups = list(measure.by_id(rows).values())
    return measure.pearson(
        [float(np.mean([scores[at[id(e)]] for e in group])) for group in groups],
        [float(group[0].credit or 0) for group in groups],
    )


def _best_cut(rows: Sequence[Example], scores: Callable[[Sequence[Example]], Scores]) -> float:
    found = scores(rows)
    truth = np.array([bool(e.is_met) or e.verdict == "met" for e in rows])
    return max(
        np.quantile(found, np.linspace(0.05, 0.95, 19)), key=lambda cut: measure.macro_f1(found > cut, truth)
    )


def _heading(name: str) -> str:
    return f"{name}, r" if name == "mohler" else f"{name}, macro-F1"


def _print(name: str, told: Sequence[object]) -> None:
    print(
        f"| {name} | " + " | ".join(str(value) for value in told if not isinstance(value, dict)) + " |",
        flush=True,
    )


if __name__ == "__main__":
    main()
