"""Plots of agreement as SVG for a page, in the page's own ink and accent."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from interviewer.evaluation.models import Confusion, Scores

#: Colours that stand for the page's.
_INK, _FAINT, _ACCENT = "#010203", "#010204", "#010205"
_PAGE = {_INK: "currentColor", _FAINT: "var(--line)", _ACCENT: "var(--accent)"}
_STYLE = {
    "svg.fonttype": "none",
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _FAINT,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_SIZE = (4.6, 4.0)  # inches
_SMALLEST, _LARGEST = 12.0, 260.0  # areas of points


def scatter(scores: Scores) -> str:
    """A point for each pair of scores, larger for more answers."""
    human, machine, counts = _columns(scores)

    def draw(axes: Axes) -> None:
        axes.plot([0, 100], [0, 100], color=_INK, linewidth=0.8, linestyle="--")
        axes.scatter(human, machine, s=_areas(counts), color=_ACCENT, alpha=0.45, linewidths=0)
        _to_hundred(axes, "people's score", "grader's score")

    told = f"{scores.answers} answers; points on the dashed line have the same score from both."
    return _svg("scatter", "People's scores and the grader's", told, draw)


def differences(scores: Scores) -> str:
    """Bland and Altman's plot: by how much the grader differs, against the mean of both scores."""
    human, machine, counts = _columns(scores)
    apart = machine - human
    mean = float(np.average(apart, weights=counts))
    spread = float(np.sqrt(np.average((apart - mean) ** 2, weights=counts)))

    def draw(axes: Axes) -> None:
        for height, style in ((mean, "-"), (mean - 1.96 * spread, ":"), (mean + 1.96 * spread, ":")):
            axes.axhline(height, color=_INK, linewidth=0.8, linestyle=style)
        axes.scatter((human + machine) / 2, apart, s=_areas(counts), color=_ACCENT, alpha=0.45, linewidths=0)
        axes.set(xlim=(-3, 103), ylim=(-103, 103), xlabel="mean of both", ylabel="grader less people")

    low, high = mean - 1.96 * spread, mean + 1.96 * spread
    told = f"The mean difference is {mean:.1f} points; 95 % would lie from {low:.1f} to {high:.1f}."
    return _svg("differences", "How far the grader is from people", told, draw)


def reliability(scores: Scores) -> str:
    """What people give, on the average, to answers that the grader scores alike."""
    machine = np.array([one.machine or 0.0 for one in scores.bins])
    human = np.array([one.human or 0.0 for one in scores.bins])
    counts = np.array([one.answers for one in scores.bins])

    def draw(axes: Axes) -> None:
        axes.plot([0, 100], [0, 100], color=_INK, linewidth=0.8, linestyle="--")
        axes.plot(machine, human, color=_ACCENT, linewidth=1.2)
        axes.scatter(machine, human, s=_areas(counts), color=_ACCENT, linewidths=0)
        _to_hundred(axes, "grader's score, by tens", "people's mean score")

    told = "On the dashed line a score means what it says; above it people are kinder, below it stricter."
    return _svg("reliability", "Does a score mean what it says?", told, draw)


def confusion(name: str, title: str, table: Confusion) -> str:
    """The counts as a grid; the shade is the share of the row."""
    counts = np.array(table.counts, dtype=np.float64)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))

    def draw(axes: Axes) -> None:
        size = len(table.labels)
        for row in range(size):
            for column in range(size):
                shade = 0.6 * float(shares[row, column])
                axes.add_patch(mpl.patches.Rectangle((column, row), 1, 1, color=_ACCENT, alpha=shade, lw=0))
                axes.text(column + 0.5, row + 0.5, f"{counts[row, column]:.0f}", ha="center", va="center")
        middles = np.arange(size) + 0.5
        axes.set(xlim=(0, size), ylim=(size, 0), xlabel="grader", ylabel="people")
        axes.set_xticks(middles, table.labels, rotation=20)
        axes.set_yticks(middles, table.labels)
        axes.tick_params(length=0)

    told = "A row is what people said, a column what the grader said; the darker, the more of the row."
    return _svg(name, title, told, draw)


def _svg(name: str, title: str, told: str, draw: Callable[[Axes], None]) -> str:
    """A figure for the inside of a page. name: makes its ids the only ones there."""
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):  # type: ignore[dict-item]
        figure = Figure(figsize=_SIZE, layout="constrained")
        figure.patch.set_alpha(0)
        axes = figure.add_subplot()
        axes.patch.set_alpha(0)
        draw(axes)
        out = io.StringIO()
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    svg = re.sub(r"<metadata>.*?</metadata>", "", out.getvalue(), flags=re.DOTALL)
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'(id="|url\(#|href="#)', rf"\1{name}-", svg)
    svg = re.sub(r"font: ([0-9.]+px) [^;\"]*", r"font: \1 system-ui, sans-serif", svg)
    for stand_in, colour in _PAGE.items():
        svg = svg.replace(stand_in, colour)
    head = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(told)}</desc>'
    label = f'<svg role="img" aria-labelledby="{name}-title {name}-desc"'
    start = svg.index(">") + 1
    picture = label + svg[len("<svg") : start] + head + svg[start:]
    caption = f"<figcaption><strong>{escape(title)}</strong> {escape(told)}</figcaption>"
    return f"<figure>{picture}{caption}</figure>"


def _columns(scores: Scores) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    human = np.array([one.human or 0.0 for one in scores.points])
    machine = np.array([one.machine or 0.0 for one in scores.points])
    return human, machine, np.array([one.answers for one in scores.points])


def _areas(counts: np.ndarray) -> np.ndarray:
    return np.clip(_SMALLEST * counts, _SMALLEST, _LARGEST)


def _to_hundred(axes: Axes, x: str, y: str) -> None:
    axes.set(xlim=(-3, 103), ylim=(-3, 103), xlabel=x, ylabel=y)
    axes.set_aspect("equal")
