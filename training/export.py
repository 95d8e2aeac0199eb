"""From trained weights to what the package ships: int8 ONNX, tokenizer, and a file that says what they
are."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.model import SHARED, CrossEncoder

NAMES = ("judge.onnx", "tokenizer.json")
OUTPUTS = ["verdicts", "evidence", "reference_verdicts", "reference_evidence", "words"]


class _Traced(nn.Module):
    """Both readers as they are exported: over one lower half, without dropout; and the vectors of words."""

    def __init__(self, model: CrossEncoder, references: CrossEncoder) -> None:
        super().__init__()
        self.model = model
        self.references = references
        self.center = nn.Parameter(vectors_of(model).mean(dim=0), requires_grad=False)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        told = self.model.bert(
            input_ids=ids, token_type_ids=types, attention_mask=mask, output_hidden_states=True
        )
        hidden = told.hidden_states[SHARED]
        outside = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * torch.finfo(hidden.dtype).min
        for layer in self.references.bert.encoder.layer[SHARED:]:
            hidden = layer(hidden, outside)
        words = self.model.bert.embeddings.word_embeddings(ids) - self.center
        return (
            *self.model.told(told.last_hidden_state, types, mask),
            *self.references.told(hidden, types, mask),
            functional.normalize(words, dim=-1),
        )


def vectors_of(model: CrossEncoder) -> Tensor:
    """The vectors of the vocabulary, (tokens, width)."""
    return model.bert.embeddings.word_embeddings.weight.detach()


def export(
    model: CrossEncoder, references: CrossEncoder, base: Path, target: Path, *, name: str, calibration: object
) -> None:
    """Write both readers to `target`, quantized; `base` holds the tokenizer that they were trained with.

    Of `references` only what is not shared with `model` is written.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target.mkdir(parents=True, exist_ok=True)
    model.eval().float()
    references.eval().float()
    example = torch.ones(2, 24, dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _Traced(model, references),
            (example, example, example),
            str(whole),
            input_names=["ids", "types", "mask"],
            output_names=OUTPUTS,
            dynamic_axes={
                name: {0: "batch"} if name.endswith("verdicts") else axes
                for name in ("ids", "types", "mask", *OUTPUTS)
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            str(whole), str(target / "judge.onnx"), weight_type=QuantType.QInt8, per_channel=True
        )
    shutil.copyfile(base / "tokenizer.json", target / "tokenizer.json")
    hashes = {one: hashlib.sha256((target / one).read_bytes()).hexdigest() for one in NAMES}
    about = {"name": name, "calibration": calibration, "sha256": hashes}
    (target / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
