"""Every Prefect task of a run, in run order. Each is one call into the domain, off the event loop.

Retries and task timeouts live here and nowhere else. A timeout here is the last resort: it cannot end a thread, so
every stage also keeps limits of its own, and what it starts in the sandbox ends with them.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from prefect import get_run_logger, task
from prefect.cache_policies import RUN_ID, TASK_SOURCE
from prefect.context import TaskRunContext

from analytics.collector import WorkflowMetricsCollector
from analytics.ledger import Ledger
from tasks.analysis.engine import WorkflowAnalysisEngine
from tasks.context.manager import WorkflowContextManager
from tasks.generation.reproduction import Reproduction, write_reproducing_test
from tasks.generation.workflow import WorkflowCodeGenerator
from tasks.models import (
    Analysis,
    CandidatePatch,
    GenerationOutcome,
    GenerationTask,
    Incident,
    Judgement,
    RemediationResult,
    RepositoryContext,
    TestRun,
)
from tasks.protocols import GeneratorTools
from tasks.sandbox import choose_sandbox
from tasks.settings import Settings
from tasks.validation.engine import WorkflowValidationEngine
from tasks.validation.test_suite import TestSuite
