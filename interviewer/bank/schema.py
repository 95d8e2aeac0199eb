"""JSON Schemas of the files that people write, made from the models: editors check and complete with them."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from pydantic import BaseModel

from interviewer.bank.models import BankFile, Rubric

#: A JSON Schema, or a part of one.
Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def bank_schema() -> Schema:
    """The schema of a bank file, such as questions.yaml.

    docs/bank.schema.json holds it; `interviewer bank schema > docs/bank.schema.json` writes it anew.
    """
    return schema_of(BankFile)


def rubric_schema() -> Schema:
    """The schema of a rubric file, such as rubrics/technical.yaml.

    docs/rubric.schema.json holds it; `interviewer bank schema --rubric > docs/rubric.schema.json` writes
    it anew.
    """
    return schema_of(Rubric)


def schema_of(model: type[BaseModel]) -> Schema:
    """The schema of what people may write for `model`."""
    return {"$schema": DIALECT, **model.model_json_schema()}


def schema_text(schema: Schema) -> str:
    """The schema as the text of a file: indented JSON that ends with a line break."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
