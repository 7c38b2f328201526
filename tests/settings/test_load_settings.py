from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import deployments
from tasks.errors import ConfigurationError
from tasks.settings import Settings, home_folder, load_settings

DEFAULT_FILE = Path(deployments.__file__).parent / "config.yaml"

SEED_EXAMPLE = """
unified_code_generation:
  enabled: true
  validation:
    enabled: true
    strict_mode: true
    security_review: true
    performance_check: true
  performance:
    async_optimization: true
    rate_limiting: true
    cost_tracking: true
  learning:
    enabled: true
    history_tracking: true
    pattern_learning: true
logging:
  level: DEBUG
  unified_code_generation: true
"""


@pytest.fixture
def load(tmp_path: Path):
    def from_text(text: str) -> Settings:
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path, {})

    return from_text


def test_documented_default_file_equals_the_defaults():
    assert load_settings(DEFAULT_FILE, {}).model_dump() == load_settings(None, {}).model_dump()


def test_documented_default_file_names_every_key():
    assert yaml.safe_load(DEFAULT_FILE.read_text()) == Settings().model_dump(mode="json")


def test_seed_example_is_accepted_and_differs_from_the_defaults_in_logging_only(load):
    settings = load(SEED_EXAMPLE)
    assert settings.unified_code_generation == Settings().unified_code_generation
    assert (settings.logging.level, settings.logging.unified_code_generation) == ("DEBUG", True)


def test_empty_file_means_defaults(load):
    assert load("# nothing set\n").model_dump() == Settings().model_dump()


def test_environment_names_the_file_and_the_home(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("unified_code_generation:\n  attempts: 7\n")
    settings = load_settings(None, {"MENDFLOW_CONFIG": str(path), "MENDFLOW_HOME": str(tmp_path / "home")})
    assert settings.unified_code_generation.attempts == 7
    assert settings.home == tmp_path / "home"
    assert settings.source == path


def test_file_given_by_the_caller_wins_over_the_environment(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("")
    assert load_settings(path, {"MENDFLOW_CONFIG": str(tmp_path / "missing.yaml")}).source == path


def test_home_without_the_variable_is_a_per_user_folder():
    assert home_folder({"MENDFLOW_HOME": ""}) == home_folder({})
    assert home_folder({}).is_absolute()


def test_team_rules_are_found_beside_the_file(load, tmp_path):
    settings = load("unified_code_generation:\n  validation:\n    team_rules: rules/house.yaml\n")
    assert settings.unified_code_generation.validation.team_rules == tmp_path / "rules" / "house.yaml"


def test_jobs_given_are_the_processes_used(load):
    assert load("unified_code_generation: {generation: {jobs: 3}}").unified_code_generation.generation.processes == 3
    assert Settings().unified_code_generation.generation.processes >= 1


COMPLAINTS = {
    "misspelt key": (
        "unified_code_generation:\n  validation:\n    stict_mode: true\n",
        3,
        "unknown key 'stict_mode' below 'unified_code_generation.validation'; did you mean 'strict_mode'?",
    ),
    "key at the wrong level": (
        "strict_mode: true\n",
        1,
        "unknown key 'strict_mode' at the top level; known keys: logging, unified_code_generation",
    ),
    "home in the file": ("home: /data\n", 1, "unknown key 'home' at the top level"),
    "misspelt choice": (
        "unified_code_generation:\n\n  engine: embeded\n",
        3,
        "'embeded' is not one of auto, embedded, model; did you mean 'embedded'?",
    ),
    "choice in the wrong case": ("logging:\n  level: debug\n", 2, "did you mean 'DEBUG'?"),
    "text for a truth value": (
        "logging:\n  unified_code_generation: 'yes'\n",
        2,
        "expected true or false, found 'yes'",
    ),
    "number as text": ("unified_code_generation:\n  attempts: '3'\n", 2, "expected a whole number, found '3'"),
    "number out of range": ("unified_code_generation:\n  attempts: 0\n", 2, "0 is out of range: must be at least 1"),
    "not a number": ("unified_code_generation:\n  time_limit_s: .nan\n", 2, "unified_code_generation.time_limit_s"),
    "endless time": ("unified_code_generation:\n  time_limit_s: .inf\n", 2, "unified_code_generation.time_limit_s"),
    "value for a section": ("logging: true\n", 1, "logging: expected keys and values, found true"),
    "section left empty": ("logging:\n", 1, "logging: expected keys and values, found nothing"),
    "list for a value": ("logging:\n  level: [INFO]\n", 2, "logging.level: expected a word, found a list"),
    "wrong item of a list": (
        "unified_code_generation:\n  patch_policy:\n    protected_paths:\n      - a/**\n      - 3\n",
        5,
        "unified_code_generation.patch_policy.protected_paths[1]: expected text, found 3",
    ),
    "list as the file": ("- a\n- b\n", 1, "expected keys and values, found a list"),
    "text as the file": ("just words\n", 1, "expected keys and values, found a single value ('just words')"),
    "key set twice": ("logging:\n  level: INFO\n  level: DEBUG\n", 3, "'logging.level' is already set on line 2"),
    "tab": ("logging:\n\tlevel: INFO\n", 2, "a tab where YAML wants spaces"),
    "broken syntax": ("logging: [a\n", 2, "not valid YAML"),
    "two documents": ("logging: {}\n---\nlogging: {}\n", 2, "not valid YAML"),
    "object of a program": ("logging: !!python/name:os.system\n", 1, "not valid YAML"),
    "impossible date": ("logging:\n  level: 2020-13-45\n", 2, "month must be in 1..12"),
    "list as a key": ("? [a]\n: b\n", 1, "a key must be a plain word"),
    "alias within itself": ("logging: &loop\n  level: *loop\n", 1, "nested deeper than 20 levels"),
    "control character": ("logging:\n  level: \x07\n", 2, "is not allowed in YAML"),
}


@pytest.mark.parametrize(("text", "line", "complaint"), COMPLAINTS.values(), ids=COMPLAINTS.keys())
def test_wrong_file_is_explained_with_its_line(load, tmp_path, text, line, complaint):
    with pytest.raises(ConfigurationError) as caught:
        load(text)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'config.yaml'}:{line}: ")
    assert complaint in message
    assert "\n" not in message


def test_first_of_several_mistakes_is_named_and_the_rest_counted(load):
    text = "unified_code_generation:\n  engine: none\n  attempts: many\nlogging:\n  level: LOUD\n"
    with pytest.raises(ConfigurationError, match=r"config\.yaml:2: .* \(and 2 more\)$"):
        load(text)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"nowhere\.yaml': no such file"):
        load_settings(None, {"MENDFLOW_CONFIG": str(tmp_path / "nowhere.yaml")})


def test_folder_instead_of_a_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="is a directory"):
        load_settings(tmp_path, {})


def test_text_in_another_encoding_is_named_with_its_line(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_bytes(b"logging:\n  level: INFO # caf\xe9\n")
    with pytest.raises(ConfigurationError, match=r"config\.yaml:2: not UTF-8"):
        load_settings(path, {})


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Settings().logging.level = "DEBUG"
