"""The five levels on a change: what it brings is reported, what was there before is not."""

import textwrap

from tasks.models import FileEdit, Level, ValidationResult
from tasks.validation.options import ValidationOptions
from tasks.validation.pipeline import CodeValidationPipeline

PIPELINE = CodeValidationPipeline()

SINFUL = textwrap.dedent(
    """
    import subprocess


    def list_files(folder):
        return subprocess.run(f"ls {folder}", shell=True, capture_output=True)


    def count(items):
        total = 0
        for item in items:
            total += item
        return total
    """
).lstrip()


def validate(before: str | None, after: str, path: str = "app/tool.py") -> ValidationResult:
    edit = FileEdit(path=path, before=before and textwrap.dedent(before), after=textwrap.dedent(after))
    return PIPELINE.validate_change([edit])


def failed(result: ValidationResult) -> set[Level]:
    return {level for level, outcome in result.levels.items() if not outcome.passed}


def test_leaves_old_sins_of_the_file_alone():
    result = validate(SINFUL, SINFUL.replace("total = 0", "total = 0.0"))
    assert result.is_valid
    assert result.issues == ()
    assert result.score == 1.0


def test_leaves_an_old_sin_alone_that_moved_down():
    assert validate(SINFUL, SINFUL.replace("def list_files", "LIMIT = 3\n\n\ndef list_files")).issues == ()


def test_leaves_an_old_sin_alone_that_moved_to_a_renamed_file():
    edits = [
        FileEdit(path="app/tool.py", before=SINFUL, after=None),
        FileEdit(path="app/shell.py", before=None, after=SINFUL + "\n\nLIMIT = 3\n"),
    ]
    assert PIPELINE.validate_change(edits).issues == ()


def test_reports_a_second_instance_of_an_old_sin():
    again = "\n\ndef remove(folder):\n    subprocess.run(f'rm -r {folder}', shell=True)\n"
    result = validate(SINFUL, SINFUL + again)
    assert failed(result) == {Level.SECURITY}
    assert [(issue.code, issue.line) for issue in result.issues if issue.severity == "error"] == [("B602", 16)]


def test_says_what_the_change_mended():
    mended = SINFUL.replace('f"ls {folder}", shell=True', '["ls", folder]')
    result = validate(SINFUL, mended)
    assert result.is_valid
    assert "B602" in {issue.code for issue in result.fixed_issues}


def test_names_the_level_of_an_undefined_name():
    result = validate(SINFUL, SINFUL.replace("return total", "return totl"))
    assert failed(result) == {Level.SYNTAX}
    assert "undefined-name" in {issue.code for issue in result.issues}


def test_reports_a_name_whose_import_was_removed():
    result = validate(SINFUL, SINFUL.replace("import subprocess\n", ""))
    assert failed(result) == {Level.SYNTAX}


def test_switches_levels_off():
    pipeline = CodeValidationPipeline(ValidationOptions(security_review=False, concurrent=False))
    result = pipeline.validate_change([FileEdit(path="a.py", before=None, after="import os\nos.system(input())\n")])
    assert result.is_valid
    assert Level.SECURITY not in result.levels


def test_strict_mode_fails_on_a_warning():
    edit = FileEdit(path="a.py", before=None, after="import os\nimport os\n\nprint(os)\n")
    assert CodeValidationPipeline().validate_change([edit]).is_valid
    assert not CodeValidationPipeline(ValidationOptions(strict_mode=True)).validate_change([edit]).is_valid


async def test_the_usage_of_the_design_document():
    result = await PIPELINE.validate_code(code="def f(x):\n    return eval(x)\n", context={"path": "f.py"})
    assert not result.is_valid
    assert any("literal_eval" in issue.suggestion for issue in result.issues)
