"""The seed document's three usage examples, import lines aside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tasks.generation.factory import CodeGeneratorFactory
from tasks.validation.pipeline import CodeValidationPipeline

CASES = Path(__file__).parent.parent / "cases"


@pytest.fixture
def issue_context() -> Mapping[str, object]:
    return {"type": "API_ERROR", "description": "Authentication failure in user service", "severity": "HIGH"}


@pytest.fixture
def repository_context() -> Mapping[str, object]:
    path: Path = CASES / "remediation" / "api_token_expiry" / "repo"
    return {"path": str(path), "recent_commits": [], "dependencies": []}


@pytest.mark.flow
@pytest.mark.usefixtures("prefect_server", "home")
async def test_basic_code_generation(
    issue_context: Mapping[str, object], repository_context: Mapping[str, object]
) -> None:
    from flows.orchestrator import UnifiedWorkflowOrchestrator

    orchestrator = UnifiedWorkflowOrchestrator()
    result = await orchestrator.execute_workflow(issue_context=issue_context, repository_context=repository_context)

    assert result.generated_code.keys() == {"partner_sync/tokens.py"}
    assert result.validation_result is not None and result.validation_result.is_valid


async def test_specialized_code_generation(
    issue_context: Mapping[str, object], repository_context: Mapping[str, object]
) -> None:
    factory = CodeGeneratorFactory()
    generator = factory.get_generator("API_ERROR")
    code = await generator.generate_code(issue_context=issue_context, repository_context=repository_context)

    assert code.keys() == {"partner_sync/tokens.py"}


async def test_validation_and_quality_assurance() -> None:
    pipeline = CodeValidationPipeline()
    generated_code = "import subprocess\n\n\ndef run(name):\n    return subprocess.run('ls ' + name, shell=True)\n"
    result = await pipeline.validate_code(code=generated_code, context={"path": "app/listing.py"})

    assert not result.is_valid
    assert any("shell" in issue.message for issue in result.issues)
