"""Thirty answers that try to be more than text, by name: for each format, to be read back as they were."""

from __future__ import annotations

STRINGS = {
    "script": "<script>document.title='run'; fetch('https://a.example')</script>",
    "image": "<img src=x onerror=\"console.log('run')\"><svg onload=alert(1)>",
    "closing tags": "</div></article></main></body></html><h1>not ours</h1>",
    "style": "</style><style>*{display:none}</style>",
    "attribute": '" onmouseover="alert(1)" x="',
    "comment": "<!-- x --><![CDATA[ y ]]> <?php z ?>",
    "entities": "&lt;b&gt; &amp;amp; &#60; &#x3c; &nbsp;",
    "link": '<a href="javascript:alert(1)">x</a> javascript:alert(2)',
    "frame": '<iframe srcdoc="<script>alert(1)</script>"></iframe><base href="//a">',
    "template": "{{ 7 * 7 }} {% raw %} {# x #} ${7*7} <%= 7*7 %>",
    "markdown": "# h\n\n- [x](https://a.example) ![y](z.png)\n\n```\ncode\n```\n| a | b |\n| - | - |",
    "indented": "def f():\n    if x:\n\treturn [1]\n\n\n    # end  ",
    "ansi": "\x1b[31mred\x1b[0m \x1b]8;;https://a.example\x07link\x1b]8;;\x07 \x9b2J",
    "bidi": "a \u202egnp.exe\u202c b \u2066x\u2069 \u200e\u200f\u061c",
    "right to left": "זמן ההשהיה הוא 5 שניות",
    "arabic": "زمن الوصول 5 ثوان",
    "emoji": "fast 🚀 👩‍💻 🇩🇪 👍🏽",
    "cjk": "延迟是一次请求所需的时间。",
    "combining": "e\u0301 a\u0300 Z̷͎a̵lgo",
    "nul": "before\x00after",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\x80\x85",
    "lone surrogates": "a\ud83d b\ude00 c",
    "pair of surrogates": "a\ud83d\ude00 b",
    "line ends": "one\r\ntwo\rthree\nfour\u2028five\u2029six",
    "invisible": "zero\u200bwidth\u200c\u200d\u2060\ufeff",
    "formula": '=HYPERLINK("https://a.example","x")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "apostrophe": "'=1+1\n-2+3\t+4",
    "quotes": "he said \"so\", and 'no'; a,b;c\td\\",
    "long": "The answer goes on and on, <b>and</b> on. " * 4762,
}
assert len(STRINGS) == 30
assert len(STRINGS["long"]) >= 200_000
