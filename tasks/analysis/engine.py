"""What happened, where the fault most likely sits, and how to go about it."""

from __future__ import annotations

import logging

from tasks.analysis.classification import classify
from tasks.analysis.complexity import rate_complexity
from tasks.analysis.hypotheses import find_hypotheses
from tasks.analysis.strategy import choose_strategy
from tasks.models import Analysis, Evidence, Incident, RepositoryContext, TestRun

logger = logging.getLogger(__name__)

_NO_IDEA = 0.05


class WorkflowAnalysisEngine:
    """Analyses incidents by rules alone: no model, no network, the same answer for the same input."""

    def analyse(self, incident: Incident, repository: RepositoryContext, baseline: TestRun | None = None) -> Analysis:
        """The analysis by rules alone: no model, no network, the same answer for the same input."""
        issue_type, type_evidence = classify(incident)
        complexity, complexity_evidence = rate_complexity(repository)
        strategy, reason = choose_strategy(incident, repository, issue_type, baseline)
        hypotheses = find_hypotheses(incident, repository, baseline)
        confidence = hypotheses[0].confidence if hypotheses else _NO_IDEA
        logger.info("analysed %s: %s, %s, confidence %.2f", incident.id, issue_type, strategy, confidence)
        return Analysis(
            issue_type=issue_type,
            severity=incident.severity,
            domain=issue_type.domain,
            complexity=complexity,
            root_cause=hypotheses[0].statement
            if hypotheses
            else "nothing in the report points to a place in this code",
            hypotheses=hypotheses,
            suspects=repository.suspects,
            strategy=strategy,
            strategy_reason=reason,
            confidence=confidence,
            evidence={
                "issue_type": type_evidence,
                "severity": (Evidence(kind="label", detail=f"reported as {incident.severity}"),),
                "domain": (Evidence(kind="label", detail=f"{issue_type} belongs to {issue_type.domain}"),),
                "complexity": complexity_evidence,
            },
        )
