"""Secrets taken out of text before it is shown, stored or sent on."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)

# Formats that identify themselves. `secret` is what goes; without that group, the whole match.
_FORMATS: tuple[tuple[str, str], ...] = (
    (
        "private-key",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"
        r"(?P<secret>(?:[\s|>\"',+]|\\[nr]|(?:Proc-Type|DEK-Info|Version|Comment): [^\n\\]{1,80}"
        r"|[A-Za-z0-9+/]{16,}={0,2}|=?[A-Za-z0-9+/]{1,15}={0,2}(?=(?:\s|\\[nr]|[\"'+])*-----END))*+)",
    ),
    ("jwt", r"\beyJ[\w-]{10,}(?:\.[\w-]*){2,4}"),
    ("aws-key-id", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
    ("google-key", r"\bAIza[\w-]{35}(?![\w-])|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}"),
    ("github-token", r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b|\bgithub_pat_\w{22,255}\b"),
    ("gitlab-token", r"\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w-]{20,}"),
    ("slack-token", r"\bxox[abceoprs](?:\.xox[bp])?-[\w-]{10,}|\bxapp-\d-[\w-]{20,}"),
    ("webhook-url", r"https://hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/+-]{20,})"),
    ("webhook-url", r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/(?P<secret>\d+/[\w-]{20,})"),
    ("stripe-key", r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9+/]{24,}={0,2}"),
    ("model-key", r"\bsk-(?=[\w-]{0,120}\d)(?=[\w-]{0,120}[A-Z])[\w-]{20,200}|\bhf_[A-Za-z0-9]{30,}\b"),
    ("package-token", r"\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgE[\w-]{50,}|\bdckr_pat_[\w-]{20,}"),
    ("service-token", r"\bSG\.[\w-]{16,32}\.[\w-]{30,64}|\bSK[0-9a-f]{32}\b|\bkey-[0-9a-f]{32}\b|\blin_api_\w{32,}"),
    ("service-token", r"\bdo[opr]_v1_[0-9a-f]{64}\b|\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b|\bdapi[0-9a-f]{32}\b"),
    (
        "service-token",
        r"\bgl(?:c|sa)_[\w+/]{32,}={0,2}|\bhv[sbr]\.[\w-]{24,}|\bsntr[yu]s?_[\w+/=-]{32,}|\bpn[ub]_\w{36}\b",
    ),
    ("service-token", r"\b\d{8,10}:AA[\w-]{33}(?![\w-])|\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b"),
    ("azure-key", r"(?i:\b(?:AccountKey|SharedAccessKey)=)(?P<secret>[A-Za-z0-9+/]{40,}={0,2})"),
    ("azure-key", r"(?<=[?&]sig=)[A-Za-z0-9%+/=]{30,}"),
    ("url-password", r"://[^\s/:@\"'<>]{0,100}:(?P<secret>[^\s/\"'<>]{1,200})@"),
    ("sentry-dsn", r"(?<=://)[0-9a-f]{32}(?=@[\w.-]*sentry)"),
    (
        "authorization",
        r"(?i:\bauthorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:bearer|basic|token|digest|apikey|negotiate) {1,3})"
        r"(?P<secret>[^\s\"',;]{6,})",
    ),
    ("authorization", r"(?i:\bbearer {1,3})(?=[\w.~+/-]{0,100}\d)(?P<secret>[\w.~+/-]{16,}={0,2})"),
    ("cookie", r"(?i:\b(?:set-)?cookie[\"']?(?:: ?| )[\"']?)(?P<secret>[\w.-]{1,80}=[^\n\r\"']{6,})"),
    ("password", r"<(?i:[\w:.-]{0,40}(?:password|passwd|secret|token|api-?key))>(?P<secret>[^<\s]{3,200})(?=</)"),
    ("password", r"(?i:\bpassword )[\"'](?P<secret>(?=[^\"'\s]{0,80}\d)[^\"'\s]{4,80})[\"']"),
    ("password", r"\bcurl\b[^\n]{0,300}? (?:-u|--user)[ =][\"']?[^\s:\"']{1,80}:(?P<secret>[^\s\"']{1,200})"),
)
_NAMES = (
    r"passwords?|passwd|passphrase|pwd|(?<=[_-])pass|(?<![a-z])pass(?==)"
    r"|(?P<weaker>secret|token|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key"
    r"|signing[_-]?key|encryption[_-]?key|master[_-]?key|account[_-]?key|auth[_-]?key|credentials?)"
)
_ASSIGNMENT = re.compile(
    rf"(?i)(?<![A-Za-z0-9])(?P<name>(?:[\w.-]{{0,40}}[_.-])?[a-z]{{0,20}}?(?:{_NAMES}))(?P<close>\\?[\"']?\]?)"
    r"(?P<separator>\s{0,3}(?::=|=>|==?|:)\s{0,3})(?P<open>[bfru]{0,2}\\?[\"'])?"
    r"(?P<value>(?<=[\"'])[^\"'\n\\]{1,400}|[^\s\"',;&|)}\]]{1,400})"
)
_OPTION = re.compile(
    r"(?i)(?<!\S)--?(?P<name>password|passwd|pass|token|secret|api-?key|access-?key|client-secret|auth-token)"
    r"[ =][\"']?(?P<value>[^\s\"'<>$-][^\s\"']{3,400})"
)
_NO_SECRET_TOKEN = re.compile(
    r"(?i)(?:page|continuation|sync|cancel|cancellation|stop|eos|pad|unk|bos|mask)[_-]?token$"
)
_PLACEHOLDER = re.compile(
    r"(?i)^(?:none|null|nil|true|false|undefined|empty|missing|unset|required|optional|invalid|expired|wrong|str|string|bytes"
    r"|int|bool|any|example|changeit|redacted|hidden|masked|[*x.•#_-]+|<.*|\$.*|%.*|\{.*|\[.*|\(.*|@.*|your[_-].*)$"
)
_CODE = re.compile(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:[(\[].*)?$")


def redacted_model(model: Model) -> Model:
    """The model with every string in it redacted; numbers, names of fields and shape stay."""
    return type(model).model_validate(_redacted_strings(model.model_dump()))


def _redacted_strings(value: object) -> object:
    if isinstance(value, str):
        return redact(value) if type(value) is str else value
    if isinstance(value, dict):
        return {key: _redacted_strings(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_redacted_strings(item) for item in value)
    return value


def redact(text: str) -> str:
    """`text` with secrets replaced by `[redacted:kind]`: known formats first, then values of names such as `password`.

    Applied again, it changes nothing more. What is left may still hold a secret that looks like an ordinary word.
    """
    for kind, pattern in _PATTERNS:
        text = pattern.sub(_replacing(kind), text)
    text = _ASSIGNMENT.sub(_assignment, text)
    return _OPTION.sub(lambda found: _cut(found, "value", "option"), text)


def _replacing(kind: str) -> Callable[[re.Match[str]], str]:
    def replace(found: re.Match[str]) -> str:
        group: str | int = "secret" if "secret" in found.re.groupindex else 0
        return _cut(found, group, kind)

    return replace


def _cut(found: re.Match[str], group: str | int, kind: str) -> str:
    whole, start = found.group(), found.start()
    secret = found.group(group)
    if not secret or secret.startswith("[redacted:"):
        return whole
    return whole[: found.start(group) - start] + f"[redacted:{kind}]" + whole[found.end(group) - start :]


def _assignment(found: re.Match[str]) -> str:
    name, value = found["name"], found["value"]
    if _PLACEHOLDER.match(value) or _NO_SECRET_TOKEN.search(name) or value.lower() == name.lower():
        return found.group()
    if name.lower() == "pwd" and value.startswith("/"):  # the working directory
        return found.group()
    if found["open"]:
        is_secret = _random(value) if found["weaker"] else _chosen(value)
    else:
        is_secret = _secret_unquoted(found, value)
    kind = "token" if found["weaker"] else "password"
    return _cut(found, "value", kind) if is_secret else found.group()


def _secret_unquoted(found: re.Match[str], value: str) -> bool:
    """Without quotes the value may be code (`password = read(user)`) or the next word of a sentence."""
    if _CODE.match(value) and (re.search(r"[.(\[]", value) or " " in found["separator"].strip(":")):
        return _random(value) and not re.search(r"[(\[]", value)
    if found["weaker"]:
        return _random(value)
    return len(value) >= 3 and (found["separator"] == "=" or not value.isalpha())


def _chosen(value: str) -> bool:
    """Whether a quoted text is a password rather than a sentence about one: a single word, or letters with digits."""
    words = value.split()
    mixed = any(re.search(r"\d", word) and re.search(r"[^\W\d]", word) for word in words)
    return len(value) >= 3 and (len(words) == 1 or mixed)


def _random(value: str) -> bool:
    """Whether a text is drawn at random rather than written by a person: long, mixed, and spread over its letters."""
    if len(value) < 8 or " " in value:
        return False
    kinds = sum(any(test(letter) for letter in value) for test in (str.isdigit, str.islower, str.isupper))
    return kinds >= 2 and any(map(str.isdigit, value)) and _entropy(value) >= min(3.0, 0.75 * math.log2(len(value)))


def _entropy(value: str) -> float:
    """Bits a letter, by the letters' own frequencies."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())


_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _FORMATS)
