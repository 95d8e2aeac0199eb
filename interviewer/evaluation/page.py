"""The report as one page that needs neither network nor script. All text from outside is escaped."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from interviewer.evaluation import plots, wording
from interviewer.evaluation.models import Agreement
from interviewer.text import printable

_TEMPLATE = "page.html.j2"
_MOST_ROWS = 100


def page_of(report: Agreement) -> str:
    """The page, as text of an HTML file."""
    environment = Environment(
        loader=PackageLoader("interviewer.evaluation", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["number"] = wording.number
    environment.filters["value"] = wording.value_of
    return environment.get_template(_TEMPLATE).render(
        report=report, words=wording, plots=_plots(report), most=_MOST_ROWS
    )


def _plots(report: Agreement) -> list[Markup]:
    """The plots that there is something for. Their words are this program's own, but for escaped names."""
    found: list[str] = []
    if report.scores is not None:
        found += [plots.scatter(report.scores), plots.differences(report.scores)]
        found += [plots.reliability(report.scores)]
        found += [plots.confusion("bands", "Bands", report.scores.bands)]
    if report.verdicts is not None:
        found += [plots.confusion("verdicts", "Verdicts on criteria", report.verdicts.confusion)]
    return [Markup(svg) for svg in found]  # noqa: S704 - made by plots.py, which escapes


def _shown(value: Any) -> Any:
    """Text without what a reader's screen would obey; it is escaped after this."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
