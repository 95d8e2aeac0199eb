"""From trained weights to what the package ships: int8 ONNX, tokenizer, and a file that says what they
are."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, compose, helper
from torch import Tensor, nn
from torch.nn import functional

from interviewer.embedded.about import ABOUT, MODEL, TOKENIZER
from training.model import SHARED, CrossEncoder

NAMES = (MODEL, TOKENIZER)
VERDICTS_AND_EVIDENCE = ("verdicts", "evidence")
_AXES = {0: "batch", 1: "length"}


class _Lower(nn.Module):
    """What the readers share: up to the last shared layer; and the vectors of words."""

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__()
        self.model = model
        self.center = nn.Parameter(vectors_of(model).mean(dim=0), requires_grad=False)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        bert = self.model.bert
        hidden, outside = bert.embeddings(input_ids=ids, token_type_ids=types), _outside(mask)
        for layer in bert.encoder.layer[:SHARED]:
            hidden = layer(hidden, outside)
        words = bert.embeddings.word_embeddings(ids) - self.center
        return hidden, functional.normalize(words, dim=-1)


class _Upper(nn.Module):
    """The rest of a reader, without dropout."""

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, hidden: Tensor, types: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        outside = _outside(mask)
        for layer in self.model.bert.encoder.layer[SHARED:]:
            hidden = layer(hidden, outside)
        return self.model.told(hidden, types, mask)


def _outside(mask: Tensor) -> Tensor:
    """What attention adds for each token: nothing, or as little as there is."""
    return (1.0 - mask[:, None, None, :].float()) * torch.finfo(torch.float32).min


def vectors_of(model: CrossEncoder) -> Tensor:
    """The vectors of the vocabulary, (tokens, width)."""
    return model.bert.embeddings.word_embeddings.weight.detach()


def export(
    model: CrossEncoder, references: CrossEncoder, base: Path, target: Path, *, name: str, calibration: object
) -> None:
    """Write both readers to `target`, quantized; `base` holds the tokenizer that they were trained with.

    Of `references` only what is not shared with `model` is written.
    """
    target.mkdir(parents=True, exist_ok=True)
    model.eval().float()
    references.eval().float()
    ids = torch.ones(2, 24, dtype=torch.long)
    hidden = torch.ones(2, 24, model.bert.config.hidden_size)
    whole = {"ids": ids, "types": ids, "mask": ids}
    rest = {"hidden": hidden, "types": ids, "mask": ids}
    both = _joined(
        _quantized(_Lower(model), whole, ("hidden", "words")),
        _quantized(_Upper(model), rest, VERDICTS_AND_EVIDENCE),
        _quantized(_Upper(references), rest, VERDICTS_AND_EVIDENCE),
    )
    onnx.save(both, target / MODEL)
    shutil.copyfile(base / TOKENIZER, target / TOKENIZER)
    hashes = {one: hashlib.sha256((target / one).read_bytes()).hexdigest() for one in NAMES}
    about = {"name": name, "calibration": calibration, "sha256": hashes}
    (target / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def _joined(
    lower: onnx.ModelProto, requirements: onnx.ModelProto, references: onnx.ModelProto
) -> onnx.ModelProto:
    """One model that reads on with one of two others; the input `references` (one truth value) says which.

    One session runs it, with one set of threads: those of several sessions would wait for each other.
    """
    whole = lower.graph

    def branch(model: onnx.ModelProto, prefix: str) -> onnx.GraphProto:
        graph = compose.add_prefix(model, prefix, rename_inputs=False).graph
        del graph.input[:]  # they are seen from the graph around it
        return graph

    yes, no = branch(references, "references/"), branch(requirements, "requirements/")
    whole.input.append(helper.make_tensor_value_info("references", TensorProto.BOOL, []))
    choice = helper.make_node(
        "If", ["references"], list(VERDICTS_AND_EVIDENCE), then_branch=yes, else_branch=no
    )
    whole.node.append(choice)
    kept = [one for one in whole.output if one.name != "hidden"]
    del whole.output[:]
    whole.output.extend([*requirements.graph.output, *kept])
    onnx.checker.check_model(lower)
    return lower


def _quantized(part: nn.Module, inputs: dict[str, Tensor], outputs: Sequence[str]) -> onnx.ModelProto:
    """`part` with its weights in 8 bits, of which 7 are used.

    Processors without VNNI add products of two pairs in 16 bits, which full 8 bits would overflow: the same
    answer would get other chances there.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        plain, path = Path(folder) / "plain.onnx", Path(folder) / "quantized.onnx"
        torch.onnx.export(
            part.eval(),
            tuple(inputs.values()),
            str(plain),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={
                name: {0: "batch"} if name == "verdicts" else _AXES for name in (*inputs, *outputs)
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            str(plain), str(path), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
        return onnx.load(path)
