"""The report as JSON. docs/agreement.md describes the shape; keys are added, never changed or taken away."""

from __future__ import annotations

import json

from interviewer.evaluation.models import Agreement


def agreement_json(report: Agreement) -> str:
    """The report, indented, plain ASCII."""
    return json.dumps(report.model_dump(mode="json"), indent=2)
