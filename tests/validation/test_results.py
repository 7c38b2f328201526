"""What comes out: scores, explanation, SARIF, the engine's judgement, files on their own."""

from pathlib import Path

import pytest

from tasks.errors import InputError
from tasks.models import CandidatePatch, FileEdit, Level, RepositoryContext, Status, Technique
from tasks.validation.engine import WorkflowValidationEngine
from tasks.validation.options import WEIGHTS, ValidationOptions
from tasks.validation.pipeline import CodeValidationPipeline
from tasks.validation.sarif import to_sarif

BAD = "import subprocess\n\n\ndef f(x):\n    subprocess.run(f'ls {x}', shell=True, check=True)\n"
GOOD = BAD.replace("f'ls {x}', shell=True", "['ls', x]")


def change(before: str, after: str, path: str = "app/a.py") -> FileEdit:
    return FileEdit(path=path, before=before, after=after)


def test_weights_are_documented_and_sum_to_one():
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert set(WEIGHTS) == set(Level)


def test_a_failed_level_costs_its_weight():
    result = CodeValidationPipeline().validate_change([change("", BAD)])
    assert result.levels[Level.SECURITY].score < 0.5
    assert 1 - WEIGHTS[Level.SECURITY] <= result.score < 1
    assert all(result.levels[level].passed for level in Level if level is not Level.SECURITY)


def test_the_explanation_names_place_rule_and_remedy():
    text = CodeValidationPipeline().validate_change([change("", BAD)]).explanation
    assert text.startswith("Rejected by security")
    assert "app/a.py:5 [B602]" in text
    assert "pass a list of arguments" in text
    assert len(text.splitlines()) < 15


def test_levels_side_by_side_find_what_they_find_in_turn():
    edits = [change("", BAD)]
    together = CodeValidationPipeline(ValidationOptions(concurrent=True)).validate_change(edits)
    in_turn = CodeValidationPipeline(ValidationOptions(concurrent=False)).validate_change(edits)
    assert together.issues == in_turn.issues
    assert together.score == in_turn.score


def test_sarif_has_the_shape_of_version_2_1():
    result = CodeValidationPipeline().validate_change([change(BAD, GOOD + "\n\ndef g():\n    return missing\n")])
    sarif = to_sarif(result)
    assert sarif["version"] == "2.1.0"
    (run,) = sarif["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    for item in run["results"]:
        assert rules[item["ruleIndex"]] == item["ruleId"]
        assert item["level"] in {"error", "warning", "note"}
        assert item["message"]["text"]
    states = {(item["ruleId"], item["baselineState"]) for item in run["results"]}
    assert ("undefined-name", "new") in states
    assert ("B602", "absent") in states
    place = next(item for item in run["results"] if item["ruleId"] == "undefined-name")["locations"][0][
        "physicalLocation"
    ]
    assert place == {"artifactLocation": {"uri": "app/a.py"}, "region": {"startLine": 9}}


def candidate(*edits: FileEdit) -> CandidatePatch:
    return CandidatePatch(
        edits=edits, technique=Technique.CODEMOD, rule="r", description="d", confidence=0.9, resolves=("B602",)
    )


def test_the_engine_judges_policy_first(tmp_path):
    engine = WorkflowValidationEngine()
    judgement = engine.judge(candidate(change("a", "b", "../x.py")), RepositoryContext(root=tmp_path))
    assert judgement.status is Status.UNFIXED
    assert "[path-outside]" in judgement.reason
    assert judgement.feedback.items[0].code == "path-outside"
    assert judgement.validation.levels[Level.SYNTAX].skipped


def test_the_engine_calls_a_finding_fixed_that_a_codemod_removes(tmp_path):
    judgement = WorkflowValidationEngine().judge(candidate(change(BAD, GOOD)), RepositoryContext(root=tmp_path))
    assert judgement.status is Status.FIXED
    assert "removes B602 by construction" in judgement.reason


def test_files_are_judged_as_they_are(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(BAD, encoding="utf-8")
    result = CodeValidationPipeline().validate_files([path])
    assert [issue.line for issue in result.issues if issue.code == "B602"] == [5]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00x", b"# coding: nonsense\n"])
def test_names_a_file_that_it_cannot_read(tmp_path, content):
    path = tmp_path / "a.py"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.py"):
        CodeValidationPipeline().validate_files([path])
    with pytest.raises(InputError, match="cannot read"):
        CodeValidationPipeline().validate_files([Path("/nowhere/b.py")])


async def test_validate_code_takes_texts_by_path_and_a_repository(tmp_path):
    (tmp_path / "a.py").write_text(BAD, encoding="utf-8")
    pipeline = CodeValidationPipeline()
    context = {"repository_path": str(tmp_path)}
    assert (await pipeline.validate_code({"a.py": BAD + "\nx = 1\n"}, context)).is_valid
    assert not (await pipeline.validate_code({"b.py": BAD}, context)).is_valid
    assert (await pipeline.validate_code(BAD, {"path": "a.py", "before": BAD})).issues == ()
    assert (await pipeline.validate_code({"a.py": GOOD}, {"before": {"a.py": BAD}})).fixed_issues


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "(" * 5_000,
        "x = " + "-" * 20_000 + "1\n",
        "\x00",
        "x = " + "1 + " * 3_000 + "1\n",
        "if a:\n    b\n" + "elif c:\n    d\n" * 700,
        "def f():\n" + "    " * 50 + "x\n",
    ],
)
def test_survives_hostile_texts(text):
    result = CodeValidationPipeline().validate_change([change("x = 1\n", text)])
    assert set(result.levels) == set(Level)
