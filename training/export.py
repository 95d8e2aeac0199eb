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

from training.model import CrossEncoder

NAMES = ("judge.onnx", "tokenizer.json")


class _Traced(nn.Module):
    """The model as it is exported: the softmax over evidence in full precision, no dropout."""

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        verdicts, pointed = self.model(ids, types, mask)
        return verdicts, pointed


def export(model: CrossEncoder, base: Path, target: Path, *, name: str, calibration: object) -> None:
    """Write the model to `target`, quantized; `base` holds the tokenizer that it was trained with."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target.mkdir(parents=True, exist_ok=True)
    model.eval().float()
    example = torch.ones(2, 24, dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _Traced(model),
            (example, example, example),
            str(whole),
            input_names=["ids", "types", "mask"],
            output_names=["verdicts", "evidence"],
            dynamic_axes={
                "ids": axes,
                "types": axes,
                "mask": axes,
                "verdicts": {0: "batch"},
                "evidence": axes,
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
