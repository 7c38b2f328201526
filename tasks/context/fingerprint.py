"""What makes two reports the same fault: their words with everything that changes from time to time masked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from tasks.models import Incident

MASK_VERSION = 1
"""Part of every fingerprint made here: a new mask never meets keys of an old one."""
MAX_MASKED_CHARS = 20_000

# Kept, since the number is the fault: HTTP status, SQLSTATE, errno, exit code, CVE and CWE, ports, quoted names.
_KEPT = "|".join(
    [
        r"\bCVE-\d{4}-\d{4,7}\b",
        r"\bCWE-\d+\b",
        r"\b(?i:SQLSTATE|errno|exit (?:code|status)|signal|ORA|error code)\W{0,3}[0-9A-Z]{1,6}\b",
        r"\bHTTP(?:/[\d.]+)?[ :]+\d{3}\b",
        r"\b(?i:status(?:[ _]code)?|returned|code|port)\W{1,3}\d{1,5}\b",
        r"(?<=[\w\]]:)\d{2,5}\b(?![:.]\d)",
        r"\b[45]\d\d\b(?= [A-Z])",
        r"\b[45]xx\b",
    ]
)
_MASKS: tuple[tuple[str, str], ...] = (
    ("time", r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?(?: ?(?:Z\b|UTC\b|[+-]\d\d:?\d\d))?"),
    (
        "time",
        r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{2} \d{1,2}|\d{1,2} [A-Z][a-z]{2})[ \d:]{0,12} \d{4}\b",
    ),
    ("time", r"\b\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?\b"),
    ("uuid", r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"),
    ("email", r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b"),
    ("ip", r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
    ("ip", r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}\b"),
    ("address", r"\b0x[0-9a-fA-F]+\b"),
    ("pod", r"(?<=[a-z0-9]-)[a-f0-9]{6,10}-[a-z0-9]{5}\b"),
    ("hash", r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}\b"),
    ("line", r"(?<=\bline )\d+"),
    ("line", r"(?<=\.(?:py|js|ts|go|rb)):\d+"),
    ("line", r"(?<=\.java):\d+"),
    ("value", r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?: ?(?:%|ms|s|m|h|[kKMGT]i?B|B)\b|%)?(?![\w])"),
    ("value", r"(?<=[a-zA-Z][_-])\d+\b"),
)
_QUOTED = r"(?P<quoted>'[^'\n]{1,80}'|\"[^\"\n]{1,80}\"|`[^`\n]{1,80}`)"
_GROUPS = [f"(?P<{kind}{number}>{mask})" for number, (kind, mask) in enumerate(_MASKS)]
_ALL = re.compile("|".join([f"(?P<kept>{_KEPT})", _QUOTED, *_GROUPS]))
_INSIDE_QUOTES = re.compile("|".join(_GROUPS[:10]))


def masked(text: str) -> str:
    """`text` with times, addresses, ids, pod names, line numbers and values replaced by what they are.

    Status codes, SQLSTATE, errno, CVE numbers, ports and quoted names stay, for they tell faults apart. Versioned by
    `MASK_VERSION`.
    """
    return " ".join(_ALL.sub(_mask, text[:MAX_MASKED_CHARS]).split())


def _mask(found: re.Match[str]) -> str:
    kind = (found.lastgroup or "").rstrip("0123456789")
    if kind == "kept":
        return found.group()
    if kind == "quoted":
        return _INSIDE_QUOTES.sub(_mask, found.group())
    return f"<{kind}>"


def stable_key(prefix: str, parts: Iterable[str | None]) -> str:
    """A short key, equal for equal parts, on every machine and at any time."""
    text = "\0".join(part or "" for part in parts)
    return f"{prefix}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def fault_fingerprint(incident: Incident) -> str:
    """The fingerprint of an incident whose reporter gave none: its last exception and its frames, else its words."""
    return stable_key(
        f"m{MASK_VERSION}",
        [incident.source, incident.service, incident.type, *sorted(incident.failing_tests), *_what_failed(incident)],
    )


def _what_failed(incident: Incident) -> list[str]:
    if not incident.exceptions:
        return [masked(incident.title), masked(incident.description or incident.logs[-2000:])]
    last = incident.exceptions[-1]
    places = [f"{PurePosixPath(frame.path.replace(chr(92), '/')).name}:{frame.function}" for frame in last.frames[-5:]]
    return [last.type, masked(last.message), *places]
