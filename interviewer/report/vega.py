"""Vega-Lite draws: a chart's description becomes SVG.

vl_convert is imported where a chart is drawn: it brings a JavaScript engine, and nothing else needs it. It
is allowed no address and gets no foreign text: titles are put into what it has drawn. (Vega cuts long ones
between the two halves of a character, and fails on what is left.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from markupsafe import Markup, escape
from rich.cells import cell_len

from interviewer.errors import InterviewerError
from interviewer.text import one_line

Spec: TypeAlias = dict[str, Any]

INK, QUIET, RULE = "#2a2f3a", "#5a6070", "#d9d5cc"

#: A Vega expression that leaves a mark where the title of that number is to stand.
TITLE_MARK = "'#' + datum.value + '#'"
_MARKED = re.compile(r">#(?P<n>\d+)#<")  # what such a mark looks like
_CELL = 6.2  # units of a chart that a narrow character takes; wide ones take two

_SVG = re.compile(r'<svg [^>]*viewBox="(?P<box>[0-9. -]+)"[^>]*>(?P<inner>.*)</svg>\s*', re.DOTALL)
_TAG = re.compile(r"<[^<>]+>")
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart. inner: what stands inside its svg element. view_box: the coordinates that it spans."""

    inner: Markup
    view_box: str

    @property
    def width(self) -> float:
        """In units of its coordinates."""
        return float(self.view_box.split()[2])


def label(text: str, width: float) -> str:
    """`text` on one line, as much of it as fits `width`, in units of a chart."""
    room = int(width / _CELL)
    line = one_line(text, room)
    while cell_len(line) > room:
        line = one_line(line, len(line) - 1)
    return line


def drawn(spec: Spec, titles: Sequence[str] = ()) -> Chart:
    """The chart of `spec`, without its own frame and background. titles: stand at the marks, by number.

    Raises InterviewerError if it cannot be drawn.
    """
    import vl_convert

    axis = {"labelColor": QUIET, "titleColor": QUIET, "gridColor": RULE, "domainColor": RULE}
    words = {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    config = {
        "aria": False,  # the svg element tells what the chart shows, and a table holds its numbers
        "font": "Arial, Liberation Sans, sans-serif",
        "view": {"stroke": None},
        "axis": axis | words,
    }
    try:
        told = vl_convert.vegalite_to_svg(
            {"background": None, "padding": 2, "config": config, **spec}, allowed_base_urls=[]
        )
    except ValueError as error:
        raise InterviewerError(f"a chart cannot be drawn: {error}") from error
    found = _SVG.fullmatch(told)
    if found is None:
        raise InterviewerError("a chart cannot be drawn: what came is no SVG")
    # Roles of its parts have no names that could be read out; the svg element speaks for all of them.
    inner = _TAG.sub(lambda tag: _ROLES.sub("", tag.group()), found["inner"])
    inner = _MARKED.sub(lambda mark: f">{escape(titles[int(mark['n'])])}<", inner)
    return Chart(inner=Markup(inner), view_box=found["box"])  # noqa: S704 - all text is escaped
