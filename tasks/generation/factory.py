"""Which generator suits an issue."""

from __future__ import annotations

from tasks.context.issue_types import parse_issue_type
from tasks.generation.api import APICodeGenerator
from tasks.generation.base import BaseCodeGenerator
from tasks.generation.database import DatabaseCodeGenerator
from tasks.generation.performance import PerformanceCodeGenerator
from tasks.generation.security import SecurityCodeGenerator
from tasks.models import Domain, IssueType

GENERATORS: dict[Domain, type[BaseCodeGenerator]] = {
    generator.domain: generator
    for generator in (
        APICodeGenerator,
        DatabaseCodeGenerator,
        SecurityCodeGenerator,
        PerformanceCodeGenerator,
        BaseCodeGenerator,
    )
}


class CodeGeneratorFactory:
    """Makes the generator for an issue type or domain."""

    def get_generator(self, issue_type: str | IssueType) -> BaseCodeGenerator:
        """The generator for the domain of `issue_type`, e.g. `"API_ERROR"`; the general one where none is special.

        Raises IncidentError for a word that is no issue type.
        """
        kind = issue_type if isinstance(issue_type, IssueType) else parse_issue_type(issue_type)
        return self.for_domain(kind.domain)

    def for_domain(self, domain: Domain) -> BaseCodeGenerator:
        return GENERATORS[domain]()
