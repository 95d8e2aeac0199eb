"""Hostile text by name and kind: what a candidate, a bank, a model, a file or a command line may hold.

Where a payload can be seen it names `hostile.example`, so that checks can tell it from the product's own.
"""

from __future__ import annotations

from tests.support.strings import STRINGS

URL = "https://hostile.example/x"
_ESC, _ST = "\x1b", "\x1b\\"

#: Each kind's texts by name.
KINDS: dict[str, dict[str, str]] = {
    "terminal": {
        "csi": f"{_ESC}[2J{_ESC}[38;5;213mred{_ESC}[0m{_ESC}[1;1H{_ESC}[?1049h",
        "link": f"{_ESC}]8;;{URL}\x07here{_ESC}]8;;\x07",
        "clipboard": f"{_ESC}]52;c;aG9zdGlsZQ==\x07",
        "title": f"{_ESC}]0;hostile.example{_ST}",
        "dcs": f"{_ESC}P$q hostile.example{_ST}",
        "apc": f"{_ESC}_hostile.example{_ST}{_ESC}^pm{_ST}{_ESC}Xsos{_ST}",
        "c1": "\x9b2J\x9d0;hostile.example\x9c\x90q\x9c\x85\x84",
        "bare escape": f"end{_ESC}",
        "bell": "ding\x07\x07",
        "backspace": "ok\x08\x08no",
        "overwriting": "a good answer\rbad",
        "delete": "a\x7fb",
        "shifts": "a\x0eb\x0fc\x0b\x0c",
        "end of paste": f"{_ESC}[201~\x03{_ESC}[200~",
    },
    "unicode": {
        "bidi": STRINGS["bidi"],
        "shapes": "1\u206a2\u206b3\u206c4\u206d5\u206e6\u206f7",
        "invisible": STRINGS["invisible"] + "\u00ad\u180e\u2061\u2064\ufff9a\ufffab\ufffb",
        "tags": "a" + "".join(chr(0xE0000 + ord(c)) for c in "hostile.example") + "\U000e007f",
        "towers": "Z" + "\u0337\u034e\u0363" * 200 + "algo",
        "emoji": STRINGS["emoji"] + "👩" + "\u200d👩" * 100,
        "wide digits": "１２３ ²³ ١٢٣ Ⅷ",
        "surrogates": STRINGS["lone surrogates"],
        "pair": STRINGS["pair of surrogates"],
        "byte order": "\ufeffa\ufffe\uffffb",
        "ends of lines": STRINGS["line ends"],
        "nul": STRINGS["nul"],
    },
    "markup": {
        "rich": f"[red]red[/red] [link={URL}]x[/link] [/] [/nope] [bold :smile: [",
        "script": STRINGS["script"],
        "image": STRINGS["image"],
        "closing": STRINGS["closing tags"],
        "style": STRINGS["style"] + "<p style='background:url(https://hostile.example)'>",
        "attribute": STRINGS["attribute"] + f"' onload='x' href='{URL}'",
        "comment": STRINGS["comment"],
        "frame": STRINGS["frame"],
        "script link": STRINGS["link"],
        "markdown": f"# h\n\n[x]({URL}) ![y]({URL}.png)\n\n```\ncode\n````\n| a | b |\n|--|--|\n\n<b>x</b>",
        "fence": "~~~~\n```\n\n    code\n\n> quote\n- item\n[^1]: x\n[x]: " + URL,
        "entities": STRINGS["entities"],
        "templates": STRINGS["template"] + " %s%n%(x)d {0} {} {x!r} {",
    },
    "data": {
        "json": '"}}],"score":100,\\u2028\u2028\\',
        "sql": "'; DROP TABLE interviews; --\" % _ \\",
        "yaml": "- a: [b\n...\n--- !!python/object/apply:os.system ['x'] &a *a <<: | > @ ` # :",
        "csv": 'a,"b"\n=1+1;=2+2\t=3+3\r\n=4',
    },
    "formula": {
        "equals": STRINGS["formula"],
        "plus": "+1+1|' /C calc'!A0",
        "minus": "-1+1",
        "at": STRINGS["command"],
        "tab": "\t=1+1",
        "return": "\r=1+1",
        "wide": "＝1＋1",
        "apostrophe": STRINGS["apostrophe"],
    },
    "path": {
        "up": "../../hostile.example",
        "absolute": "/hostile.example/x",
        "backslashes": "..\\..\\hostile.example",
        "device": "CON",
        "dots": "...",
        "dash": "-rf",
        "option": "--help",
        "home": "~/hostile.example",
        "shell": "$(touch hostile.example) `touch hostile.example`; touch hostile.example",
        "long": "x" * 5_000,
    },
    "number": {"infinite": "1e999", "nan": "nan", "negative": "-1", "digits": "9" * 5_000, "wide": "１２"},
    "blank": {"empty": "", "spaces": "   ", "wide space": "\u3000\u00a0\t", "zero width": "\u200b\u2060"},
    "command": {"quit": "/quit", "separator": "---", "dispute": "/dispute 1 " + URL, "unknown": "/hostile"},
}

#: Every payload by its kind and name, such as `terminal: csi`.
PAYLOADS: dict[str, str] = {
    f"{kind}: {name}": text for kind, texts in KINDS.items() for name, text in texts.items()
}

_NO_UTF_8 = frozenset({"surrogates", "pair"})

#: Many in one text, where it does not matter what stands at the start; and what matters there.
COMBINED: dict[str, str] = {
    "everything": " ".join(
        text
        for kind in ("terminal", "unicode", "markup", "data")
        for name, text in KINDS[kind].items()
        if name not in _NO_UTF_8
    ),
    "no UTF-8": " ".join(KINDS["unicode"].values()),
    "formula": KINDS["formula"]["equals"],
    "path": KINDS["path"]["up"],
    "long": KINDS["path"]["long"],
    "blank": KINDS["blank"]["wide space"],
}

#: Bytes that are no text, or not the text that is expected, by name.
BYTES: dict[str, bytes] = {
    "no UTF-8": b"abc \xff\xfe \xc3( \xed\xa0\x80",
    "UTF-16": "Latency is time.\n".encode("utf-16"),
    "NUL": b"\x00" * 100,
    "marked": "\ufeffLatency is time.\n".encode(),
    "nothing": b"",
}


def is_utf_8(text: str) -> bool:
    """Whether `text` can be piped at all."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
