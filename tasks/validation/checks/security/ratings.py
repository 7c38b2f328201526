"""How much weight a finding of bandit (or of ruff's copy of its rules) has, by the rule's number.

An `error` stands for what a reviewer would send back whatever the surroundings; a `warning` for what depends on them;
an `info` for what is only worth knowing. Bandit's own severity is not used: it rates the class of a weakness, not how
often a finding is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Rating:
    severity: Weight
    suggestion: str = ""


_RATINGS = {
    "102": Rating("error", "call the code directly, or dispatch through a table of functions"),
    "103": Rating("error", "grant no more than the owner needs, e.g. 0o600 or 0o700"),
    "104": Rating("warning", "bind to 127.0.0.1 unless the service must be reachable from outside"),
    "105": Rating("warning", "read the secret from the environment or a secret store"),
    "106": Rating("warning", "read the secret from the environment or a secret store"),
    "107": Rating("warning", "make the secret a required argument"),
    "108": Rating("warning", "use the tempfile module"),
    "110": Rating("info"),
    "112": Rating("info"),
    "113": Rating("warning", "pass timeout="),
    "201": Rating("error", "leave debug off; the debugger runs code for whoever reaches it"),
    "202": Rating("error", 'pass filter="data" to extractall'),
    "301": Rating("error", "use json, or verify a signature before unpickling"),
    "302": Rating("error", "use json"),
    "303": Rating("error", "use hashlib.sha256"),
    "304": Rating("error", "use AES-GCM"),
    "305": Rating("error", "use an authenticated mode such as GCM"),
    "306": Rating("error", "use tempfile.mkstemp or NamedTemporaryFile"),
    "307": Rating("error", "use ast.literal_eval"),
    "308": Rating("warning", "use format_html"),
    "310": Rating("info"),
    "311": Rating("info"),
    "312": Rating("error", "use SSH"),
    "321": Rating("warning", "use SFTP or FTPS"),
    "323": Rating("error", "use ssl.create_default_context()"),
    "324": Rating("warning", "use hashlib.sha256, or say usedforsecurity=False"),
    "501": Rating("error", "leave certificate verification on"),
    "502": Rating("error", "use ssl.PROTOCOL_TLS_CLIENT with minimum_version TLSv1_2"),
    "503": Rating("error", "default to a current TLS version"),
    "504": Rating("warning", "name a TLS version"),
    "505": Rating("error", "use at least 2048 bits for RSA and DSA, 256 for elliptic curves"),
    "506": Rating("error", "use yaml.safe_load"),
    "507": Rating("error", "use RejectPolicy and known host keys"),
    "508": Rating("error", "use SNMPv3"),
    "509": Rating("error", "use authentication and privacy"),
    "601": Rating("warning", "quote what goes into the remote command"),
    "602": Rating("error", "pass a list of arguments and leave shell off"),
    "603": Rating("info"),
    "604": Rating("warning", "leave shell off"),
    "605": Rating("error", "use subprocess.run with a list of arguments"),
    "606": Rating("info"),
    "607": Rating("info"),
    "608": Rating("error", "bind the values as parameters"),
    "609": Rating("error", "name the files, or expand the pattern in Python"),
    "610": Rating("warning", "bind the values through params"),
    "611": Rating("error", "bind the values through params"),
    "612": Rating("error", "pass verify= to logging.config.listen"),
    "613": Rating("error", "remove the bidirectional control characters"),
    "614": Rating("error", "pass weights_only=True"),
    "701": Rating("error", "pass autoescape=True or select_autoescape()"),
    "702": Rating("error", 'pass default_filters=["h"]'),
    "703": Rating("warning", "use format_html"),
    "704": Rating("warning", "escape the value, or use Markup.format"),
}
_SOFTER: dict[Weight, Weight] = {"error": "warning", "warning": "info", "info": "info"}


def softer(weight: Weight) -> Weight:
    """One step less: for what is only a guess, and for tests, which misuse things on purpose."""
    return _SOFTER[weight]


_XML = Rating("warning", "use defusedxml")
_IMPORT = Rating("info")


def rate(number: str) -> Rating:
    """The rating of rule `number`, e.g. `608` for bandit's B608 and ruff's S608."""
    if number in _RATINGS:
        return _RATINGS[number]
    if number.startswith("3"):
        return _XML
    return _IMPORT
