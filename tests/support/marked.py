"""A key that is found again wherever it turns up, and the ways in which it may be written."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from urllib.parse import quote

#: A key with signs that URLs and JSON write otherwise. It is no real one.
KEY = "sk-Zq7mark/0+Qx9vLr4Tb2Wn8Ky6Hd3Fs5Jg1Pc="
_HALF = len(KEY) // 2

Way = Callable[[str], str]
#: How a service may say a key, by what is done to it.
WAYS: Mapping[str, Way] = {
    "whole": lambda key: key,
    "in two parts": lambda key: f"{key[:_HALF]} and {key[_HALF:]}",
    "first half": lambda key: key[:_HALF],
    "last half": lambda key: key[_HALF:],
    "in capitals": lambda key: key.upper(),
    "backwards": lambda key: key[::-1],
    "JSON escapes": lambda key: "".join(f"\\u{ord(c):04x}" for c in key),
    "JSON in JSON": lambda key: "".join(f"\\\\u{ord(c):04X}" for c in key),
    "escaped slashes": lambda key: json.dumps(key)[1:-1].replace("/", "\\/"),
    "URL": lambda key: quote(key, safe=""),
    "every sign as in a URL": lambda key: "".join(f"%{ord(c):02x}" for c in key),
    "hex digits": lambda key: key.encode().hex(),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 of a header": lambda key: base64.urlsafe_b64encode(f"Bearer {key}".encode()).decode(),
}


def traces(text: str | bytes, key: str = KEY) -> list[str]:
    """The ways in which `key`, or half of it, stands in `text`, whatever the case of its letters."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    folded = data.lower()
    wanted: dict[str, tuple[bytes, ...]] = {
        name: (way(key).encode(),) for name, way in WAYS.items() if name != "in two parts"
    }
    code = base64.b64encode(key.encode())
    wanted["base64"] = (code.rstrip(b"=")[:-1], code[: len(code) // 2], code[len(code) // 2 :])
    return [name for name, forms in wanted.items() if any(form.lower() in folded for form in forms)]
