"""`doctor`: is everything in place, and if not, what to do."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import AsyncIterator
from typing import Literal

import typer

from interviewer.cli import graders, hooks, options, wiring
from interviewer.cli.edge import Exit, code_of
from interviewer.cli.unencrypted import RISK, WAY_OUT, is_key_clear
from interviewer.errors import EmbeddedModelError, InterviewerError
from interviewer.models import Frozen
from interviewer.private import is_open
from interviewer.settings import Settings
from interviewer.text import one_line, printable

_MODELS_NAMED = 8
_SIGNS = {"ok": "ok  ", "note": "note", "failed": "FAIL"}


class Finding(Frozen):
    """What one check came to. code: the exit code that a failure gives the program."""

    name: str
    state: Literal["ok", "note", "failed"] = "ok"
    told: str
    hint: str | None = None
    code: int = Exit.DONE


def doctor(
    grader: options.Grader = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    bank: options.Bank = None,
    rubrics: options.Rubrics = None,
    as_json: options.AsJson = False,
) -> None:
    """Check bank, storage, key, service and model, and have one tiny answer graded."""
    settings = wiring.settings_of(bank=bank, rubrics=rubrics, grader=grader, model=model, base_url=base_url)
    findings = hooks.run(_examine(settings, aloud=not as_json))
    if as_json:
        typer.echo(json.dumps([f.model_dump(exclude={"code"}) for f in findings], indent=2))
    failed = [f for f in findings if f.state == "failed"]
    if failed:
        raise typer.Exit(code=failed[0].code)


async def _examine(settings: Settings, *, aloud: bool) -> list[Finding]:
    findings = []
    async for finding in _findings(settings):
        findings.append(finding)
        if aloud:
            _tell(finding)
    return findings


def _tell(finding: Finding) -> None:
    typer.echo(f"{_SIGNS[finding.state]}  {finding.name}: {printable(finding.told)}")
    if finding.hint:
        typer.echo(f"      {printable(finding.hint)}")


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    """The checks in order; those of the service end at the first that fails."""
    for check in (_bank, _storage, _embedded):
        try:
            yield check(settings)
        except InterviewerError as error:
            yield _failed(check.__name__.strip("_"), error)
    if wiring.kind_of(settings) == "local":
        yield Finding(
            name="grader",
            told="the local grader is at work: the embedded model, without a network",
            hint=wiring.how_to_change(settings),
        )
        return
    if wiring.kind_of(settings) == "fake":
        yield Finding(
            name="grader",
            state="note",
            told="the fake grader is at work: interviews run, and nothing is judged",
            hint=wiring.how_to_change(settings),
        )
        return
    try:
        wiring.refuse_missing_key(settings)
        yield _key(settings)
        yield await _model(settings)
        yield await _sample(settings)
    except InterviewerError as error:
        yield _failed("grader", error)


def _failed(name: str, error: InterviewerError) -> Finding:
    return Finding(name=name, state="failed", told=error.message, hint=error.hint, code=code_of(error))


def _bank(settings: Settings) -> Finding:
    from interviewer.bank.load import load_bank

    bank = load_bank(settings.path("bank"), settings.path("rubrics"))
    return Finding(name="bank", told=f"{bank.id}, {len(bank.questions)} questions")


def _storage(settings: Settings) -> Finding:
    from interviewer.store.store import Store

    with Store.open(settings.folders.data) as store:
        pending = len(store.pending())
    told = f"interviews are kept in {settings.folders.data}"
    if not pending:
        return Finding(name="storage", told=told)
    hint = f"{pending} answers have no grade yet, or a provisional one: interviewer grade --pending"
    return Finding(name="storage", state="note", told=told, hint=hint)


def _embedded(settings: Settings) -> Finding:
    """The model that comes with the package: whole, and judging the sample as it should."""
    from interviewer.bank.load import load_bank
    from interviewer.grading.local import LocalGrader
    from interviewer.grading.sample import judged_well, sample_task

    model = graders.embedded_model().load()
    damaged = model.damaged()
    if damaged:
        raise EmbeddedModelError(
            f"files of the embedded model are not as published: {', '.join(damaged)}",
            hint="Install the package again.",
        )
    grade = LocalGrader(model, worker=graders.model_worker(), clock=time.monotonic).judge(
        sample_task(load_bank().first_rubric)
    )
    told = f"{model.name}, {model.version}, judged a sample in {grade.latency_ms or 0:.0f} ms"
    if judged_well(grade):
        return Finding(name="embedded model", told=f"{told}; the verdicts are right")
    return Finding(
        name="embedded model", state="note", told=f"{told}; the verdicts are not what they should be"
    )


def _key(settings: Settings) -> Finding:
    key = next(r for r in settings.resolved if r.setting.name == "api_key")
    told = f"set (from the {key.source})" if key.value else "none set; most local servers need none"
    risks, hints = [], []
    config = settings.folders.config
    if is_key_clear(settings):
        risks.append(RISK)
        hints.append(WAY_OUT)
    if key.value and key.source == "config file" and is_open(config):
        risks.append(f"others can read the file {config}")
        hints.append(f"Close it with: chmod 600 {shlex.quote(str(config))}")
    if not risks:
        return Finding(name="key", told=told)
    return Finding(name="key", state="note", told=f"{told}; {' and '.join(risks)}", hint=" ".join(hints))


async def _model(settings: Settings) -> Finding:
    """Whether the service can be reached and has the model."""
    from interviewer.llm.probe import models_of

    wire = wiring.wire_of(settings)
    where = wire.name
    models = await models_of(wire, timeout=wiring.deadline_of(settings))
    if models is None:
        return Finding(name="service", state="note", told=f"{where} answers, but lists no models")
    if settings.model in models:
        return Finding(name="service", told=f"{where} answers and has the model {settings.model}")
    named = ", ".join(one_line(m, 60) for m in models[:_MODELS_NAMED])
    return Finding(
        name="service",
        state="note",
        told=f"{where} answers, but does not list the model {settings.model!r}",
        hint=f"It lists: {named or 'none'}{', …' if len(models) > _MODELS_NAMED else ''}",
    )


async def _sample(settings: Settings) -> Finding:
    """One tiny answer, graded by the whole path."""
    from interviewer.bank.load import load_bank
    from interviewer.grading.llm import LlmGrader
    from interviewer.grading.sample import judged_well, sample_task

    client = wiring.client_of(settings)
    deadline = wiring.deadline_of(settings)
    judge = LlmGrader(client, model=settings.model, clock=time.monotonic, deadline=deadline)
    started = time.monotonic()
    try:
        grade = await judge.grade(sample_task(load_bank().first_rubric))
    finally:
        await judge.aclose()
    seconds = time.monotonic() - started
    told = f"graded in {seconds:.1f} s with {grade.usage.requests if grade.usage else 1} request(s)"
    asked = f"asked by {client.dialect.rung}" if client.dialect else "asked as usual"
    if judged_well(grade):
        return Finding(name="sample", told=f"{told}, {asked}; the verdicts are right")
    verdicts = ", ".join(f"{c.id} {c.verdict}" for c in grade.criteria)
    return Finding(
        name="sample",
        state="note",
        told=f"{told}, {asked}; but the verdicts are not what they should be ({verdicts})",
        hint="This model judges badly: expect poor grades from it, or choose a larger one.",
    )
