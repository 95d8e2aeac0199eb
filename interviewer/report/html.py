"""Pages of HTML: one file each, which needs no network, runs no script and shows foreign text as itself.

Three things see to that. Jinja escapes all that is put into a template. What a screen would obey (controls,
bidirectional controls, lone surrogates) becomes a visible sign before that, in one place for all templates.
And the page carries a Content-Security-Policy that allows its own style sheet, by its hash, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from interviewer.numbers import counted
from interviewer.report.phrases import duration, moment, number
from interviewer.text import printable

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, **told: object) -> str:
    """The page that `template`, a file of templates/, makes of `told`."""
    return _environment().get_template(template).render(told)


def exact(text: str) -> Markup:
    """`text` as HTML that keeps every character; for an element with `white-space: pre-wrap`.

    Whatever is not shown as itself becomes `<span class="sign" data-c="1b">␛</span>`, which tells its code;
    before a line feed a carriage return shows nothing and is kept in the same way.
    """
    hidden = {c for c in set(text) if printable(c) != c}
    if not hidden:
        return escape(text)
    signs = {found: _sign(found) for found in (*hidden, "\r\n")}
    pattern = rf"\r\n|[{''.join(map(re.escape, sorted(hidden)))}]"
    return Markup(re.sub(pattern, lambda found: signs[found.group()], escape(text)))  # noqa: S704 - escaped


def _sign(found: str) -> Markup:
    shown, after = ("", "\n") if found == "\r\n" else (printable(found), "")
    return Markup('<span class="sign" data-c="{:x}">{}</span>{}').format(ord(found[0]), shown, after)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals |= {"style": Markup(style), "style_hash": f"sha256-{digest}"}  # noqa: S704 - our own file
    environment.filters |= {
        "exact": exact,
        "number": number,
        "duration": duration,
        "moment": moment,
        "count": counted,
    }
    return environment


def _shown(value: object) -> object:
    """What a template puts out, before it is escaped."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
