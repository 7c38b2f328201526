"""Faults at a database: connections, queries, deadlocks, migrations."""

from __future__ import annotations

from typing import ClassVar

from tasks.generation.base import BaseCodeGenerator
from tasks.models import Domain


class DatabaseCodeGenerator(BaseCodeGenerator):
    domain: ClassVar[Domain] = Domain.DATABASE
