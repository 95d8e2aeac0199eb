"""Helpers for tests of the model that comes with the package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from interviewer.embedded.encoding import Encoder
from interviewer.embedded.model import EmbeddedModel


@cache
def real_model() -> EmbeddedModel:
    """The shipped model, loaded once for all tests."""
    return EmbeddedModel()


@cache
def real_encoder() -> Encoder:
    """Its encoder."""
    from tokenizers import Tokenizer

    text = (files("interviewer.embedded") / "files" / "tokenizer.json").read_text(encoding="utf-8")
    return Encoder(Tokenizer.from_str(text))
