"""One attempt: the generator that suits the analysis, asked once."""

from __future__ import annotations

from tasks.generation.factory import CodeGeneratorFactory
from tasks.models import GenerationOutcome, GenerationTask
from tasks.protocols import GeneratorTools


class WorkflowCodeGenerator:
    """Picks the generator of the analysed domain and asks it for candidates."""

    def __init__(self, factory: CodeGeneratorFactory | None = None) -> None:
        self.factory = factory or CodeGeneratorFactory()

    def generate(self, task: GenerationTask, tools: GeneratorTools) -> GenerationOutcome:
        """Candidates from the generator of the analysis's domain; later attempts leave out what was turned away."""
        return self.factory.for_domain(task.analysis.domain).generate(task, tools)
