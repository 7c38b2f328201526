"""`mendflow validate`: the five levels, on files or on a change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deployments import rendering
from tasks.errors import InputError
from tasks.logs import configure_logging
from tasks.models import FileEdit, ValidationResult
from tasks.patches import read_source
from tasks.settings import load_settings
from tasks.validation.pipeline import CodeValidationPipeline

NOT_VALID = 3
