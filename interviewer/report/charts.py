"""The charts of reports: what they show, told in numbers and colours.

Colours are those of a light page. The page's style sheet puts others in their place on a dark one, so each
stands in report/templates/style.css, too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from interviewer.grading.models import Verdict
from interviewer.report.vega import INK, TITLE_MARK, Chart, Spec, drawn, label

#: Units of a chart's width; a page shows them at one pixel or a little more.
WIDTH = 360
_LABEL_WIDTH = 110

FIRST, LATER, GUIDE, LIMIT = "#3d5a9e", "#93aad9", "#2b303b", "#a8322b"
#: A verdict's colour, and that of the text on it.
VERDICT_COLOURS = {
    Verdict.MET: ("#1f7a4d", "#fffffe"),
    Verdict.PARTIAL: ("#eebc4b", "#211c0f"),
    Verdict.MISSING: ("#c9c6be", "#20211f"),
    Verdict.WRONG: ("#b4362d", "#fffffd"),
}

_NARROWEST = 0.08  # share of a bar that has room for its number


@dataclass(frozen=True, slots=True)
class Coverage:
    """A bar. counts: how many points came to each verdict."""

    title: str
    counts: dict[Verdict, int]


@dataclass(frozen=True, slots=True)
class Spent:
    """The time of a question, in seconds. label: our own words. limit: for each answer; None without one."""

    label: str
    first: float
    follow_ups: float
    guide: float
    limit: float | None


@dataclass(frozen=True, slots=True)
class Weekly:
    """A panel. scores: mean scores by the Monday of their week, 0 to 100; None in a week without any."""

    title: str
    scores: tuple[tuple[date, float | None], ...]


def coverage_chart(bars: Sequence[Coverage]) -> Chart:
    """A bar for each of `bars`, cut into the shares of its verdicts, each with sign and number."""
    values = [part for position, bar in enumerate(bars) for part in _parts(position, bar)]
    order = [str(position) for position in range(len(bars))]
    y = {
        "field": "row",
        "type": "nominal",
        "sort": order,
        "scale": {"domain": order},
        "axis": {
            "title": None,
            "labelExpr": TITLE_MARK,
            "minExtent": _LABEL_WIDTH,
            "maxExtent": _LABEL_WIDTH,
            "domain": False,
            "ticks": False,
        },
    }
    colour = [VERDICT_COLOURS[verdict] for verdict in Verdict]
    names = [verdict.value for verdict in Verdict]
    return drawn(
        {
            "width": WIDTH - _LABEL_WIDTH - 10,
            "height": {"step": 30},
            "data": {"values": values},
            "encoding": {"y": y},
            "resolve": {"scale": {"color": "independent"}},
            "layer": [
                {
                    "mark": {"type": "bar", "height": 20},
                    "encoding": {
                        "x": _share_axis("from"),
                        "x2": {"field": "to"},
                        "color": _colours("verdict", names, [fill for fill, _ in colour]),
                    },
                },
                {
                    "transform": [{"filter": f"datum.to - datum.from > {_NARROWEST}"}],
                    "mark": {"type": "text", "fontSize": 11, "fontWeight": "bold"},
                    "encoding": {
                        "x": _share_axis("middle"),
                        "text": {"field": "told"},
                        "color": _colours("verdict", names, [text for _, text in colour]),
                    },
                },
            ],
        },
        [label(bar.title, _LABEL_WIDTH) for bar in bars],
    )


def timeline_chart(turns: Sequence[Spent]) -> Chart:
    """A column for each turn: its first answer, its follow-ups on top; ticks for guide and limit."""
    width = WIDTH - 50
    step = min(36.0, width / max(1, len(turns)))  # what a column takes of the width, at most
    rows = [
        {
            "n": position,
            "first": one.first / 60,
            "all": (one.first + one.follow_ups) / 60,
            "guide": one.guide / 60,
            "limit": one.limit and one.limit / 60,
        }
        for position, one in enumerate(turns)
    ]
    every = max(1, len(turns) // 12)
    labels = {str(position): one.label for position, one in enumerate(turns) if position % every == 0}
    x = {
        "field": "n",
        "type": "ordinal",
        "axis": {
            "title": "Question",
            "labelExpr": _lookup(labels),
            "labelAngle": 0,
            "ticks": False,
            "labelOverlap": False,
        },
    }

    def column(low: str | None, high: str, colour: str) -> Spec:
        bottom: Spec = {"datum": 0} if low is None else {"field": low}
        return {
            "mark": {"type": "bar", "width": max(0.3, 0.62 * step), "color": colour},
            "encoding": {"y": _minutes(high), "y2": bottom},
        }

    def tick(field: str, colour: str, thickness: float) -> Spec:
        return {
            "transform": [{"filter": f"datum.{field} !== null"}],
            "mark": {
                "type": "tick",
                "width": max(0.3, 0.9 * step),
                "thickness": thickness,
                "color": colour,
                "opacity": 1,
            },
            "encoding": {"y": _minutes(field)},
        }

    return drawn(
        {
            "width": width,
            "height": 150,
            "data": {"values": rows},
            "encoding": {"x": x},
            "layer": [
                column(None, "first", FIRST),
                column("first", "all", LATER),
                tick("guide", GUIDE, 2),
                tick("limit", LIMIT, 3),
            ],
        }
    )


def weekly_chart(panels: Sequence[Weekly]) -> Chart:
    """A panel for each category, side by side, with its scores week by week on the same scale."""
    columns = min(3, len(panels))
    values = [
        {"panel": position, "week": monday.isoformat(), "score": score}
        for position, panel in enumerate(panels)
        for monday, score in panel.scores
        if score is not None
    ]
    mondays = {monday.isoformat(): f"{monday.day} {monday:%b}" for monday, _ in panels[0].scores}
    first, last = next(iter(mondays)), next(reversed(mondays))
    panel_width = (WIDTH - 40) / columns - 18
    return drawn(
        {
            "data": {"values": values},
            "facet": {
                "field": "panel",
                "type": "ordinal",
                "sort": list(range(len(panels))),
                "header": {
                    "title": None,
                    "labelExpr": TITLE_MARK,
                    "labelAnchor": "start",
                    "labelFontWeight": "bold",
                    "labelFontSize": 11,
                    "labelPadding": 4,
                    "labelColor": INK,
                },
            },
            "columns": columns,
            "spacing": 18,
            "resolve": {"axis": {"x": "independent"}},
            "spec": {
                "width": panel_width,
                "height": 70,
                "mark": {
                    "type": "line",
                    "color": FIRST,
                    "strokeWidth": 2,
                    "point": {"color": FIRST, "filled": True, "size": 26},
                },
                "encoding": {
                    "x": {
                        "field": "week",
                        "type": "ordinal",
                        "scale": {"domain": list(mondays)},
                        "axis": {
                            "title": None,
                            "labelAngle": 0,
                            "ticks": False,
                            "values": [first, last],
                            "labelExpr": _lookup(mondays),
                            "labelAlign": {"expr": f"datum.value === '{first}' ? 'left' : 'right'"},
                            "labelOverlap": False,
                        },
                    },
                    "y": {
                        "field": "score",
                        "type": "quantitative",
                        "scale": {"domain": [0, 100]},
                        "axis": {"title": None, "values": [0, 50, 100], "domain": False, "ticks": False},
                    },
                },
            },
        },
        [label(panel.title, panel_width) for panel in panels],
    )


def _parts(position: int, bar: Coverage) -> list[Spec]:
    """The pieces of a bar, from left to right."""
    total = sum(bar.counts.values())
    parts, at = [], 0
    for verdict in Verdict:
        many = bar.counts.get(verdict, 0)
        if many:
            parts.append(
                {
                    "row": str(position),
                    "verdict": verdict.value,
                    "from": at / total,
                    "to": (at + many) / total,
                    "middle": (at + many / 2) / total,
                    "told": f"{verdict.sign} {many}",
                }
            )
        at += many
    return parts


def _share_axis(field: str) -> Spec:
    axis = {"title": None, "format": ".0%", "values": [0, 0.5, 1], "domain": False, "ticks": False}
    return {"field": field, "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": axis}


def _minutes(field: str) -> Spec:
    axis = {"title": "Minutes", "tickCount": 4, "domain": False, "ticks": False}
    return {"field": field, "type": "quantitative", "axis": axis}


def _colours(field: str, names: Sequence[str], colours: Sequence[str]) -> Spec:
    scale = {"domain": list(names), "range": list(colours)}
    return {"field": field, "type": "nominal", "scale": scale, "legend": None}


def _lookup(labels: dict[str, str]) -> str:
    """A Vega expression that gives the label of an axis value, our own words; none where there is none."""
    return f"{json.dumps(labels)}[datum.value] || ''"
