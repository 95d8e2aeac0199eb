"""Secrets taken out of foreign text: whole, in part, and in the ways in which text is written elsewhere.

A service that was given a key may say it: by mistake in an error, or with intent in a reply. No code can find
every way of writing it; these are the ones that come about by themselves.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

#: What stands in place of a secret.
MARK = "[key]"
_SHORTEST = 6  # shorter ones, such as "none", are words and hide nothing
_SURELY = 20  # so long, or with a digit in it: no placeholder such as "ollama" or "lm-studio"
#: So many characters in a row of a secret of twice as many are hidden, too. Each such piece holds one of the
#: secret's own pieces of half as many, counted from its beginning, which are quickly looked for.
_PART, _PIECE = 12, 6

_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})|\\+(?=[\"/])|\\(?=\\)")
_CUT_ESCAPE = re.compile(r"(?:\\+(?:u[0-9a-fA-F]{0,3})?|%[0-9a-fA-F]?)\Z")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_MORE_HEADERS = "OPENAI_CUSTOM_HEADERS"  # sent along by the openai package


class Secrets:
    """The secrets among `values`, as text can hold them.

    in_replies: leave out what may be a plain word, which a reply must be able to say and to quote.
    """

    def __init__(self, values: Iterable[str], *, in_replies: bool = False) -> None:
        known = {v for v in values if len(v) >= _SHORTEST and (not in_replies or _is_surely_secret(v))}
        forms = {form.translate(_LOWER) for value in known for form in _forms(value)}
        self._windows: dict[int, set[str]] = {}
        self._pieces: set[str] = set()
        for form in forms:
            size = _PART if len(form) >= 2 * _PART else len(form)
            step = _PIECE if size < len(form) else size
            self._windows.setdefault(size, set()).update(_cuts(form, size, 1))
            self._pieces.update(_cuts(form, step, step))
        self._all = "\0".join(sorted(forms))

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._all)

    def hide(self, text: str) -> str:
        """`text` with a mark in place of each secret."""
        if not self._all:
            return text
        return self._hide(self._hide(text, unescapes=True), unescapes=False)

    def hide_in(self, value: object) -> object:
        """The same for all text in a value of JSON. Raises RecursionError where it is nested too deep."""
        if not self._all:
            return value
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, Mapping):
            return {self.hide(str(name)): self.hide_in(one) for name, one in value.items()}
        return [self.hide_in(one) for one in value] if isinstance(value, list) else value

    def open_end(self, text: str) -> int:
        """Where in `text` a secret may have begun that ends in what follows; its length if nowhere."""
        if not self._all:
            return len(text)
        cut = _CUT_ESCAPE.search(text)
        end = cut.start() if cut else len(text)
        return min(self._open_end(text[:end], unescapes) for unescapes in (False, True))

    def _open_end(self, text: str, unescapes: bool) -> int:
        view, places = _read(text, unescapes=unescapes)
        begun = len(view)
        while begun > 0 and view[begun - 1 :] in self._all:
            begun -= 1
        return places[begun]

    def _hide(self, text: str, *, unescapes: bool) -> str:
        if unescapes and "\\" not in text and "%" not in text:
            return text
        plain = _ESCAPE.sub(_unescaped, text) if unescapes else text
        view = plain.translate(_LOWER)
        if not any(piece in view for piece in self._pieces):
            return text
        view, places = _read(text, unescapes=unescapes)
        out: list[str] = []
        at = 0
        for start, end in _merged(self._found(view)):
            out += (text[at : places[start]], MARK)
            at = places[end]
        return "".join((*out, text[at:]))

    def _found(self, view: str) -> list[tuple[int, int]]:
        return sorted(
            (at, at + size)
            for size, windows in self._windows.items()
            for at in range(len(view) - size + 1)
            if view[at : at + size] in windows
        )


class HidingStream:
    """Passes the pieces of a text on to `tell` without the secrets, which may be cut between two pieces."""

    def __init__(self, secrets: Secrets, tell: Callable[[str], None]) -> None:
        self._secrets = secrets
        self._tell = tell
        self._held = ""

    def feed(self, piece: str) -> None:
        """Take `piece`; what may be the beginning of a secret is held back."""
        self._held += piece
        self._pass_on(self._secrets.open_end(self._held))

    def end(self) -> None:
        """Nothing follows."""
        self._pass_on(len(self._held))

    def _pass_on(self, end: int) -> None:
        if end:
            self._tell(self._secrets.hide(self._held[:end]))
            self._held = self._held[end:]


def secrets_of_environment(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What the packages underneath send along by themselves: passwords of proxies, headers of one's own."""
    found: list[str] = []
    for name in (*_PROXIES, *(name.upper() for name in _PROXIES)):
        try:
            parts = urlsplit(environment.get(name, ""))
            found += secrets_of_user(parts.username or "", parts.password or "")
        except ValueError:  # no address: the client says so
            continue
    lines = environment.get(_MORE_HEADERS, "").splitlines()
    return (*found, *(line.partition(":")[2].strip() for line in lines))


def secrets_of_user(user: str, password: str) -> tuple[str, ...]:
    """What must not be shown of a URL's user and password, as they stand there; empty without them.

    The user is no less secret: some services take the key there.
    """
    if not user and not password:
        return ()
    return (basic_token(user, password), user, unquote(user), password, unquote(password))


def basic_token(user: str, password: str) -> str:
    """What a header says of a URL's user and password."""
    pair = f"{unquote(user)}:{unquote(password)}"
    return base64.b64encode(pair.encode("utf-8", "replace")).decode("ascii")


def _is_surely_secret(value: str) -> bool:
    return len(value) >= _SURELY or any(c.isdigit() for c in value)


def _forms(value: str) -> Iterator[str]:
    """How `value` may stand in a text: as it is, backwards, in hex digits, within something in base64."""
    data = value.encode("utf-8", "replace")
    yield from (value, value[::-1], data.hex())
    for before in range(3):
        code = base64.b64encode(bytes(before) + data)
        whole = code[-(-before * 4 // 3) : (before + len(data)) * 4 // 3].decode("ascii")
        yield whole
        yield whole.replace("+", "-").replace("/", "_")


def _cuts(text: str, size: int, step: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text) - size + 1, step))


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans, sorted by where they start, with those that touch made one."""
    start = end = -1
    for one, other in spans:
        if one > end:
            if end > 0:
                yield start, end
            start, end = one, other
        end = max(end, other)
    if end > 0:
        yield start, end


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else ""


def _read(text: str, *, unescapes: bool) -> tuple[str, list[int]]:
    """`text` as it is compared, and where each of its characters stands in `text`, with the end of all."""
    if not unescapes:
        return text.translate(_LOWER), list(range(len(text) + 1))
    view: list[str] = []
    places: list[int] = []
    at = 0
    for match in _ESCAPE.finditer(text):
        view += text[at : match.start()]
        places += range(at, match.start())
        if read := _unescaped(match):
            view.append(read)
            places.append(match.start())
        at = match.end()
    view += text[at:]
    places += range(at, len(text) + 1)
    return "".join(view).translate(_LOWER), places
