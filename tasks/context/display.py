"""Text from strangers made safe to show: no control, bidirectional or invisible characters, bounded length."""

from __future__ import annotations

import re

MAX_LINE_CHARS = 300
MAX_TEXT_CHARS = 1_000_000

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,500}(?:\x07|\x1b\\))")
# Unicode 'Cf' that can reorder, join or hide text, tag characters, and lone surrogates that no encoder takes.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def neutralised(text: str) -> str:
    """`text` with its lines and tabs, without colours, control and invisible characters."""
    return _INVISIBLE.sub("", _CONTROL.sub("", _LINE_BREAK.sub("\n", _ANSI.sub("", text))))


def shortened(text: str, limit: int = MAX_TEXT_CHARS) -> str:
    """`text` of at most about `limit` characters, with a line that says how much of its middle was cut.

    What failed stands at the end of a log, what started it at the beginning.
    """
    if len(text) <= limit:
        return text
    head, tail = limit // 4, limit - limit // 4
    return f"{text[:head]}\n[... {len(text) - limit} characters cut ...]\n{text[-tail:]}"


def one_line(text: str, limit: int = MAX_LINE_CHARS) -> str:
    """Neutralised text on a single line, white space collapsed, its end cut with `…` beyond `limit`."""
    line = " ".join(neutralised(text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def escaped_key(key: str, limit: int = MAX_LINE_CHARS) -> str:
    """A label's name with hidden characters spelled out: a look-alike never equals the name that it imitates."""

    def spelled(found: re.Match[str]) -> str:
        return found.group().encode("unicode_escape").decode("ascii")

    return one_line(_INVISIBLE.sub(spelled, _CONTROL.sub(spelled, key)), limit)
