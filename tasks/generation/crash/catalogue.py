"""All crash templates, in the order in which equals are tried."""

from __future__ import annotations

from tasks.generation.crash.proposal import Template
from tasks.generation.crash.templates import (
    call_arguments,
    changing_collection,
    closed_resource,
    deep_recursion,
    empty_sequence,
    encoding,
    lost_connection,
    missing_await,
    missing_file,
    missing_key,
    mixed_times,
    mixed_types,
    moved_import,
    mutable_default,
    names,
    none_value,
    parse_value,
    zero_division,
)

TEMPLATES: tuple[Template, ...] = (
    call_arguments.propose,
    changing_collection.propose,
    closed_resource.propose,
    deep_recursion.propose,
    empty_sequence.propose,
    encoding.propose,
    lost_connection.propose,
    missing_await.propose,
    missing_file.propose,
    missing_key.propose,
    mixed_times.propose,
    mixed_types.propose,
    moved_import.propose,
    mutable_default.propose,
    names.propose,
    none_value.propose,
    parse_value.propose,
    zero_division.propose,
)
