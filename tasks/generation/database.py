"""Faults at a database: connections, queries, deadlocks, migrations."""

from __future__ import annotations

from typing import ClassVar

from tasks.generation.base import BaseCodeGenerator
from tasks.models import Domain


class DatabaseCodeGenerator(BaseCodeGenerator):
    """All techniques: pasted SQL and leaked connections are codemods' work, wrong rows are the search's."""

    domain: ClassVar[Domain] = Domain.DATABASE
