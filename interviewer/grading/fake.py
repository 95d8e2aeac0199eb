"""The fake model's default reply: well-formed, quoting the answer, and without any judgement.

It stands in for a language model in tests and demos. Verdicts follow the order of the criteria, not
the answer: `LlmGrader(kind="fake")` flags every grade as not judged, and the screen says so.
"""

from __future__ import annotations

import json
from typing import Any

from interviewer.grading.models import Verdict
from interviewer.llm.wire import ChatRequest
from interviewer.text import words

_VERDICTS = (Verdict.MET, Verdict.PARTIAL, Verdict.MISSING)


def default_reply(request: ChatRequest) -> str:
    """A reply to a grading request, the same for the same request."""
    question, answer = _parts(request)
    asked = set(answer.get("grade_only") or [c["id"] for c in question["criteria"]])
    sentences = [(name, text) for name, text in answer["sentences"].items() if len(words(text)) >= 3]
    criteria = []
    for position, criterion in enumerate(question["criteria"]):
        if criterion["id"] not in asked:
            continue
        verdict = _VERDICTS[position % len(_VERDICTS)] if sentences else Verdict.MISSING
        name, text = sentences[position % len(sentences)] if sentences else ("", "")
        proof = [] if verdict is Verdict.MISSING else [{"quote": _start_of(text), "s": name}]
        criteria.append(
            {
                "criterion_id": criterion["id"],
                "evidence": proof,
                "gap": "" if verdict is Verdict.MET else "Not judged: this is the fake grader.",
                "verdict": verdict.value,
            }
        )
    reply = {
        "criteria": criteria,
        "delivery": [{"aspect_id": d["id"], "level": "adequate"} for d in question["rubric"]["delivery"]],
        "feedback": "The fake grader does not judge: these verdicts only show how a grade looks.",
        "follow_up": "",
        "misconceptions": [],
    }
    return json.dumps(reply)


def _parts(request: ChatRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two JSON values of the prompt: question and answer."""
    found = [json.loads(line) for line in request.messages[-1].content.split("\n") if line.startswith("{")]
    return found[0], found[1]


def _start_of(sentence: str) -> str:
    """Up to the first six words of `sentence`, verbatim."""
    parts = sentence.split(" ")
    return " ".join(parts[:6])
