"""What happened, where the fault most likely sits, and how to go about it."""

from __future__ import annotations

import logging

from tasks.analysis.classification import classify
from tasks.analysis.complexity import rate_complexity
from tasks.analysis.domain import domain_evidence
from tasks.analysis.failures import read_failures
from tasks.analysis.hypotheses import find_hypotheses
from tasks.analysis.localization import localize
from tasks.analysis.severity import rate_severity
from tasks.analysis.strategy import choose_strategy
from tasks.context.outline import Sources
from tasks.models import Analysis, Incident, RepositoryContext, TestRun

logger = logging.getLogger(__name__)

_NO_IDEA = 0.05


class WorkflowAnalysisEngine:
    """Analyses incidents by rules alone: no model, no network, the same answer for the same input."""

    def analyse(self, incident: Incident, repository: RepositoryContext, baseline: TestRun | None = None) -> Analysis:
        """What speaks for each kind, cause and place; `baseline`, the tests before any change, ranks suspects anew."""
        sources = Sources(repository.root)
        failures = read_failures(baseline)
        suspects = localize(repository, baseline, failures, sources)
        repository = repository.model_copy(update={"suspects": suspects})
        issue_type, type_evidence = classify(incident, suspects, sources, failures)
        severity, severity_evidence = rate_severity(incident)
        complexity, complexity_evidence = rate_complexity(repository)
        strategy, reason = choose_strategy(incident, repository, issue_type, baseline, failures)
        hypotheses = find_hypotheses(incident, repository, baseline, failures, sources)
        confidence = hypotheses[0].confidence if hypotheses else _NO_IDEA
        logger.info("analysed %s: %s, %s, confidence %.2f", incident.id, issue_type, strategy, confidence)
        return Analysis(
            issue_type=issue_type,
            severity=severity,
            domain=issue_type.domain,
            complexity=complexity,
            root_cause=hypotheses[0].statement
            if hypotheses
            else "nothing in the report points to a place in this code",
            hypotheses=hypotheses,
            suspects=suspects,
            strategy=strategy,
            strategy_reason=reason,
            confidence=confidence,
            evidence={
                "issue_type": type_evidence,
                "severity": severity_evidence,
                "domain": domain_evidence(issue_type, type_evidence, suspects, sources),
                "complexity": complexity_evidence,
            },
        )
