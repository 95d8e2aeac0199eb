"""What the model's files say of themselves: name, version, calibration. Read without loading the model."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from interviewer.errors import EmbeddedModelError

MODEL, TOKENIZER, ABOUT = "judge.onnx", "tokenizer.json", "about.json"


@dataclass(frozen=True, slots=True)
class Chances:
    """Calibrated probabilities of the four verdicts; they add up to 1."""

    met: float
    partial: float
    missing: float
    wrong: float

    @property
    def shown(self) -> float:
        """The chance that the point is shown, in full or in part."""
        return self.met + self.partial

    @property
    def expected(self) -> float:
        """The expected credit, 0 to 1, where a partial verdict is worth a half."""
        return self.met + 0.5 * self.partial


@dataclass(frozen=True, slots=True)
class Scale:
    """How logits become calibrated chances: (logits + bias) / temperature, and what each feature of the words
    adds, then a softmax (Guo et al. 2017).

    overlap: for each feature of `overlap.Words` what it adds to the four verdicts; empty if none counts.
    """

    temperature: float
    bias: tuple[float, ...]
    overlap: tuple[tuple[float, ...], ...] = ()

    def chances(self, logits: Sequence[float], features: Sequence[float] = ()) -> Chances:
        """The chances under this scale; logits in the order met, partial, missing, wrong."""
        scaled = [(float(x) + b) / self.temperature for x, b in zip(logits, self.bias, strict=True)]
        for feature, added in zip(features, self.overlap, strict=True):
            scaled = [x + feature * more for x, more in zip(scaled, added, strict=True)]
        highest = max(scaled)
        shares = [math.exp(x - highest) for x in scaled]
        total = sum(shares)
        return Chances(*(x / total for x in shares))


@dataclass(frozen=True, slots=True)
class About:
    """version: 12 hex digits, equal only for equal weights, tokenizer and calibration.

    requirement, reference: the scales for what an answer is held against. sha256: by file name.
    """

    name: str
    version: str
    requirement: Scale
    reference: Scale
    sha256: Mapping[str, str]


def shipped() -> Traversable:
    """The folder of the model that comes with the package."""
    return files("interviewer.embedded") / "files"


def about(folder: Traversable) -> About:
    """What `folder` says of the model in it. Raises EmbeddedModelError."""
    try:
        text = (folder / ABOUT).read_text(encoding="utf-8")
        told = json.loads(text)
        scales = {
            kind: Scale(
                float(one["temperature"]),
                tuple(float(x) for x in one["bias"]),
                tuple(tuple(float(x) for x in row) for row in one["overlap"]),
            )
            for kind, one in told["calibration"].items()
        }
        return About(
            name=str(told["name"]),
            version=hashlib.sha256(text.encode()).hexdigest()[:12],
            requirement=scales["requirement"],
            reference=scales["reference"],
            sha256=dict(told["sha256"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged_files() from error


def not_installed(error: ImportError) -> EmbeddedModelError:
    """The error for a package that runs the model and cannot be imported."""
    return EmbeddedModelError(
        f"the embedded model cannot run: {error}",
        hint="Install the package again, with its requirements.",
    )


def damaged_files() -> EmbeddedModelError:
    """The error for files that are not there or cannot be read."""
    return EmbeddedModelError(
        "the embedded model cannot be loaded: its files are damaged or not there",
        hint="Install the package again.",
    )
