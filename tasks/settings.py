"""What a team may configure, with the defaults; `deployments/config.yaml` is the same, explained for people."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, ValidationError

from tasks.errors import ConfigurationError
from tasks.settings_file import SettingsFile, read_settings_file

Glob = Annotated[str, StringConstraints(min_length=1)]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class Section(BaseModel):
    """YAML has types of its own, so none is guessed: `"3"` is no number and `1` no truth value."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ValidationSettings(Section):
    enabled: bool = True
    """False: candidates are judged by their tests alone, and nothing is called `fixed`."""
    strict_mode: bool = True
    """Warnings fail their level too."""
    security_review: bool = True
    performance_check: bool = True
    team_rules: Annotated[Path, Strict(False)] | None = None
    """A YAML file of patterns that the team forbids; relative to the configuration file."""
    profiles: tuple[str, ...] = ()
    """Names of compliance profiles whose rules apply besides the five levels."""


class PerformanceSettings(Section):
    async_optimization: bool = True
    """Independent steps and incidents run at the same time."""
    rate_limiting: bool = True
    cost_tracking: bool = True


class LearningSettings(Section):
    enabled: bool = True
    """What was learned steers strategy, generator and operator order."""
    history_tracking: bool = True
    """Finished runs are written to the ledger."""
    pattern_learning: bool = True
    """The learning flow mines success and failure patterns."""


class GenerationSettings(Section):
    jobs: Annotated[int, Field(ge=0, le=256)] = 0
    """Processes that the search may keep busy; 0: one for each processor that this process may use."""

    @property
    def processes(self) -> int:
        if self.jobs:
            return self.jobs
        if sys.platform == "linux":
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1


class PatchPolicySettings(Section):
    allow_tests: bool = False
    allow_ci: bool = False
    max_files: Annotated[int, Field(ge=1)] = 5
    max_lines: Annotated[int, Field(ge=1)] = 200
    """Added and removed lines together."""
    protected_paths: tuple[Glob, ...] = ()
    """Globs, as in `.gitignore`, that no patch may touch, besides those that always hold."""


class CodeGenerationSettings(Section):
    enabled: bool = True
    """False: every run is refused."""
    engine: Literal["auto", "embedded", "model"] = "auto"
    """`auto`: the embedded engine first, a model (where one is configured) for what it could not fix."""
    time_limit_s: Annotated[float, Field(gt=0, le=86_400)] = 300.0
    """For one incident, from context to verdict."""
    attempts: Annotated[int, Field(ge=1, le=20)] = 3
    """Rounds of generation and validation before a run gives up."""
    sandbox: Literal["auto", "bubblewrap", "rlimits"] = "auto"
    """`auto`: bubblewrap where it works, else rlimits, which is said in the result."""
    retention_days: Annotated[int, Field(ge=0)] = 0
    """History older than this is removed by the analytics flow; 0 keeps it."""
    validation: ValidationSettings = ValidationSettings()
    performance: PerformanceSettings = PerformanceSettings()
    learning: LearningSettings = LearningSettings()
    generation: GenerationSettings = GenerationSettings()
    patch_policy: PatchPolicySettings = PatchPolicySettings()


class LoggingSettings(Section):
    level: LogLevel = "WARNING"
    unified_code_generation: bool = False
    """Lines of the pipeline below INFO, each with process, file and line; they need `level: DEBUG`."""


class Settings(Section):
    unified_code_generation: CodeGenerationSettings = CodeGenerationSettings()
    logging: LoggingSettings = LoggingSettings()
    home: Annotated[Path, Field(exclude=True)] = Field(default_factory=lambda: user_data_path("mendflow"))
    """Holds ledger, history, live state and caches; from MENDFLOW_HOME, never from the file. May not exist yet."""
    source: Annotated[Path | None, Field(exclude=True)] = None
    """The file that was read; None: defaults."""


FILE_KEYS = ("unified_code_generation", "logging")


def load_settings(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of `path`, else of the file that MENDFLOW_CONFIG names, else the defaults.

    Raises ConfigurationError (one line, with file and line number) for a file that cannot be read, an unknown key or
    a wrong value.
    """
    home = home_folder(environ)
    if path is None and environ.get("MENDFLOW_CONFIG"):
        path = Path(environ["MENDFLOW_CONFIG"]).expanduser()
    if path is None:
        return Settings(home=home)
    file = read_settings_file(path)
    _refuse_reserved_keys(file)
    try:
        settings = Settings.model_validate({**file.values, "home": home, "source": path.absolute()})
    except ValidationError as error:
        raise ConfigurationError(file.explain(error, Settings)) from None
    return _with_absolute_team_rules(settings, path.absolute().parent)


def home_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The absolute path of MENDFLOW_HOME, or of the per-user data folder."""
    named = environ.get("MENDFLOW_HOME")
    return Path(named).expanduser().absolute() if named else user_data_path("mendflow")


def _refuse_reserved_keys(file: SettingsFile) -> None:
    for key in file.values:
        if key not in FILE_KEYS:
            raise ConfigurationError(file.unknown_key((key,), FILE_KEYS))


def _with_absolute_team_rules(settings: Settings, folder: Path) -> Settings:
    rules = settings.unified_code_generation.validation.team_rules
    if rules is None:
        return settings
    section = settings.unified_code_generation
    validation = section.validation.model_copy(update={"team_rules": folder / rules.expanduser()})
    return settings.model_copy(
        update={"unified_code_generation": section.model_copy(update={"validation": validation})}
    )
