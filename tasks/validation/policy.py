"""What a patch may touch at all, whatever it does there."""

from __future__ import annotations

import configparser
import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from tasks.models import FileEdit, Frozen, Level, RepositoryContext, ValidationIssue
from tasks.validation.checks.best_practices.placeholder import notes
from tasks.validation.checks.best_practices.weakened_test import assertions, weakening
from tasks.validation.source import Source


class PatchPolicy(Frozen):
    """The defaults let a patch change source files and add tests, nothing else."""

    allow_test_edits: bool = False
    """Existing tests may change; weakening or deleting one stays refused."""
    allow_new_tests: bool = True
    allow_ci_edits: bool = False
    allow_lock_file_edits: bool = False
    allow_secret_edits: bool = False
    allowed_paths: tuple[str, ...] = ()
    """Globs that a path must match; empty for any."""
    protected_paths: tuple[str, ...] = ()
    """Patterns as in `.gitignore` that no patch may touch."""
    max_files: int = 10
    max_changed_lines: int = 400
    """Added and removed, tests included."""
    max_file_bytes: int = 1_000_000


_CI = (
    ".github/*", ".gitlab-ci.yml", ".gitlab/*", ".circleci/*", ".travis.yml", "azure-pipelines*.yml", "Jenkinsfile",
    ".ci/*", "ci/*", ".buildkite/*", ".drone.yml", "appveyor.yml", "bitbucket-pipelines.yml", "tox.ini", "noxfile.py",
    ".pre-commit-config.yaml", ".pre-commit-hooks.yaml", "cloudbuild.yaml", ".woodpecker*", "buildspec.yml",
    ".tekton/*", ".teamcity/*", "CODEOWNERS", "*/CODEOWNERS",
)  # fmt: skip
_LOCKS = frozenset({
    "poetry.lock", "pipfile.lock", "uv.lock", "pdm.lock", "pixi.lock", "conda-lock.yml", "pylock.toml",
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "cargo.lock", "go.sum", "gemfile.lock",
    "composer.lock", "constraints.txt",
})  # fmt: skip
_SECRETS = (
    ".env", ".env.*", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "id_rsa*", "id_ed25519*", "id_ecdsa*",
    ".netrc", ".pypirc", ".npmrc", ".htpasswd", "credentials", "credentials.json", "secrets.y*ml", "secrets.json",
    "secrets.toml", "secrets.env", "*.kdbx", "*.gpg",
)  # fmt: skip
_SECRET_EXAMPLES = ("*.example", "*.sample", "*.template", "*.dist")
_GIT = re.compile(r"\.git([ .].*)?$|git~\d+$|\.git(ignore|attributes|modules|keep)$", re.IGNORECASE)
_HARMLESS_GIT = frozenset({".gitignore", ".gitkeep"})


def check_policy(
    edits: Sequence[FileEdit], repository: RepositoryContext | None, policy: PatchPolicy
) -> tuple[ValidationIssue, ...]:
    """What the patch may not do; empty when it keeps the policy. Every issue is an error."""
    return (*_sizes(edits, policy), *(issue for edit in edits for issue in _edit(edit, repository, policy)))


def _edit(edit: FileEdit, repository: RepositoryContext | None, policy: PatchPolicy) -> Iterator[ValidationIssue]:
    escape = _escape(edit.path, repository.root if repository else None)
    if escape:
        yield _refuse(Level.SECURITY, "path-outside", edit.path, escape, "touch only files inside the repository")
        return
    for code, reason in _forbidden_kinds(edit.path, policy):
        yield _refuse(Level.SECURITY, code, edit.path, reason, "leave this file alone")
    if policy.allowed_paths and not any(fnmatch(edit.path, glob) for glob in policy.allowed_paths):
        yield _refuse(
            Level.BEST_PRACTICES, "path-not-allowed", edit.path, "lies outside the paths that patches may touch", ""
        )
    if edit.after is not None and len(edit.after.encode("utf-8", "replace")) > policy.max_file_bytes:
        reason = f"would be larger than {policy.max_file_bytes} bytes"
        yield _refuse(Level.BEST_PRACTICES, "file-too-large", edit.path, reason, "")
    if policy.protected_paths and GitIgnoreSpec.from_lines(policy.protected_paths).match_file(edit.path):
        yield _refuse(Level.BEST_PRACTICES, "protected-path", edit.path, "is protected by the team's policy", "")
    yield from _unfinished(edit)
    yield from _tests(edit, policy)


def _unfinished(edit: FileEdit) -> Iterator[ValidationIssue]:
    """A candidate is finished or it is none: maintainers may leave themselves notes, a patch may not."""
    if not edit.path.endswith(".py") or edit.after is None:
        return
    left = Counter(notes(edit.after)) - Counter(notes(edit.before or ""))
    if left:
        reason = f"leaves something to be done: {next(iter(left))[:80]!r}"
        yield _refuse(Level.BEST_PRACTICES, "placeholder", edit.path, reason, "finish it, or leave this part out")


def _escape(path: str, root: Path | None) -> str | None:
    """Why `path` leads out of the repository or into git's own folder; None when it does neither."""
    pure = PurePosixPath(path)
    if not path or pure.is_absolute() or ".." in pure.parts or "\\" in path or re.match(r"[A-Za-z]:", path):
        return "is not a plain path below the repository's root"
    if any(ord(char) < 32 or ord(char) == 127 for char in path):
        return "holds control characters"
    if any(_GIT.match(part) and part not in _HARMLESS_GIT for part in pure.parts):
        return "belongs to git itself"
    return _leaves(root, path) if root is not None else None


def _leaves(root: Path, path: str) -> str | None:
    target = root / path
    if any(place.is_symlink() for place in (target, *target.parents) if place != root and place.is_relative_to(root)):
        return "is, or lies behind, a symbolic link"
    if not target.resolve().is_relative_to(root.resolve()):
        return "lies outside the repository"
    return None


def _forbidden_kinds(path: str, policy: PatchPolicy) -> Iterator[tuple[str, str]]:
    name = PurePosixPath(path).name
    if not policy.allow_ci_edits and any(fnmatch(path, glob) for glob in _CI):
        yield "ci-edit", "decides how changes are checked"
    if not policy.allow_lock_file_edits and name.lower() in _LOCKS:
        yield "lock-file-edit", "pins what gets installed"
    if not policy.allow_secret_edits and _may_hold_secrets(name.lower()):
        yield "secret-edit", "may hold secrets"


def _may_hold_secrets(name: str) -> bool:
    example = any(fnmatch(name, glob) for glob in _SECRET_EXAMPLES)
    return not example and any(fnmatch(name, glob) for glob in _SECRETS)


def _tests(edit: FileEdit, policy: PatchPolicy) -> Iterator[ValidationIssue]:
    if _test_settings(edit.path, edit.before) != _test_settings(edit.path, edit.after):
        yield _refuse(Level.BEST_PRACTICES, "test-settings", edit.path, "changes how the tests are run", "leave them")
    side = Source(edit.path, edit.after if edit.after is not None else edit.before or "")
    if not side.is_test:
        return
    if PurePosixPath(edit.path).name == "conftest.py" and not policy.allow_test_edits:
        yield _refuse(
            Level.BEST_PRACTICES, "test-edit", edit.path, "decides how all tests run", "mend the code instead"
        )
        return
    if edit.before is None:
        if not policy.allow_new_tests:
            yield _refuse(Level.BEST_PRACTICES, "test-edit", edit.path, "is a new test, which the policy forbids", "")
        return
    reason = _weakening(Source(edit.path, edit.before), edit.after)
    if reason:
        yield _refuse(Level.BEST_PRACTICES, "weakened-test", edit.path, reason, "mend the code, not its tests")
    elif not policy.allow_test_edits and edit.before != edit.after:
        yield _refuse(
            Level.BEST_PRACTICES, "test-edit", edit.path, "is a test that exists", "mend the code, not its tests"
        )


def _test_settings(path: str, text: str | None) -> object:
    """What a project file says about pytest; None for a file that says nothing."""
    name = PurePosixPath(path).name
    if name in {"pytest.ini", ".pytest.ini", "pytest.toml"}:
        return text
    try:
        if name == "pyproject.toml":
            return tomllib.loads(text or "").get("tool", {}).get("pytest")
        if name == "setup.cfg":
            parser = configparser.ConfigParser(interpolation=None)
            parser.read_string(text or "")
            return dict(parser["tool:pytest"]) if parser.has_section("tool:pytest") else None
    except (ValueError, AttributeError, configparser.Error):
        return text
    return None


def _weakening(before: Source, after: str | None) -> str | None:
    if after is None:
        return "is a test file that the patch deletes"
    new = Source(before.path, after)
    for name, function in before.functions.items():
        if not name.rpartition(".")[2].startswith("test"):
            continue
        if name not in new.functions:
            return f"loses the test {name}"
        reason = weakening(function, new.functions[name])
        if reason:
            return f"{name} {reason}"
        if len(assertions(new.functions[name])) < len(assertions(function)):
            return f"{name} asserts less than before"
    return None


def _sizes(edits: Sequence[FileEdit], policy: PatchPolicy) -> Iterator[ValidationIssue]:
    if len(edits) > policy.max_files:
        reason = f"touches {len(edits)} files, more than {policy.max_files}"
        yield _refuse(Level.BEST_PRACTICES, "too-many-files", None, reason, "split the change")
    changed = sum(changed_line_count(edit) for edit in edits)
    if changed > policy.max_changed_lines:
        reason = f"changes {changed} lines, more than {policy.max_changed_lines}"
        yield _refuse(Level.BEST_PRACTICES, "too-many-lines", None, reason, "change only what mends the fault")


def changed_line_count(edit: FileEdit) -> int:
    """Lines added plus lines removed."""
    before, after = (edit.before or "").splitlines(), (edit.after or "").splitlines()
    matcher = difflib.SequenceMatcher(None, before, after)
    return sum((i2 - i1) + (j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal")


def _refuse(level: Level, code: str, path: str | None, reason: str, suggestion: str) -> ValidationIssue:
    message = f"{path!r} {reason}" if path else f"the patch {reason}"
    return ValidationIssue(level=level, code=code, severity="error", message=message, path=path, suggestion=suggestion)
