"""The seed document's entry point: one call from issue and repository to a validated result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flows.remediate_incident import remediate_incident
from tasks.context.incident import incident_from_context
from tasks.errors import RepositoryError
from tasks.models import Incident, RemediationResult


class UnifiedWorkflowOrchestrator:
    """Runs the remediation flow for callers that hold plain dictionaries.

    It uses the Prefect API that is configured, and Prefect's own temporary server where none is.
    """

    async def execute_workflow(
        self, issue_context: Incident | Mapping[str, object], repository_context: Mapping[str, object]
    ) -> RemediationResult:
        """The result with its `generated_code` (path to new text) and `validation_result`.

        `repository_context` needs `path`; `recent_commits` and `dependencies` add to what the repository itself says.
        Raises IncidentError or RepositoryError, in one line each, for a context that cannot be used.
        """
        incident = issue_context if isinstance(issue_context, Incident) else incident_from_context(issue_context)
        facts = dict(repository_context)
        path = facts.pop("path", None)
        if not isinstance(path, str | Path) or not Path(path).is_dir():
            raise RepositoryError(f"repository_context['path'] must name a folder, not {path!r}")
        return await remediate_incident(incident=incident, repository=str(path), repository_facts=facts or None)
