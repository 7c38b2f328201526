"""All crash templates, in the order in which equals are tried."""

from __future__ import annotations

from tasks.generation.crash.proposal import Template
from tasks.generation.crash.templates import empty_sequence, missing_key, none_value, parse_value, zero_division

TEMPLATES: tuple[Template, ...] = (
    none_value.propose,
    missing_key.propose,
    empty_sequence.propose,
    zero_division.propose,
    parse_value.propose,
)
