"""What a suspected file works with, as its imports tell."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tasks.context.outline import Sources
from tasks.models import Domain, Evidence, IssueType, Suspect

_LIBRARIES = {
    Domain.DATABASE: frozenset({
        "sqlite3", "sqlalchemy", "psycopg", "psycopg2", "asyncpg", "pymysql", "MySQLdb", "aiosqlite", "pymongo",
        "peewee", "tortoise", "duckdb", "alembic", "aiomysql", "oracledb",
    }),
    Domain.API: frozenset({
        "requests", "httpx", "aiohttp", "urllib3", "flask", "fastapi", "starlette", "rest_framework", "grpc", "boto3",
        "tornado", "sanic", "websockets",
    }),
    Domain.SECURITY: frozenset({
        "cryptography", "jwt", "bcrypt", "passlib", "argon2", "hmac", "ssl", "itsdangerous", "nacl", "Crypto",
    }),
}  # fmt: skip
_DOTTED = {
    "django.db": Domain.DATABASE, "urllib.request": Domain.API, "http.client": Domain.API, "django.http": Domain.API,
}  # fmt: skip


def libraries_of(suspect: Suspect, sources: Sources) -> tuple[tuple[str, Domain], ...]:
    """The imports of the suspected file that belong to a domain, in its order, each once."""
    outline = sources.outline(suspect.path)
    found: dict[str, Domain] = {}
    for module in _modules(outline.tree) if outline else ():
        domain = _domain_of(module)
        if domain:
            found.setdefault(module, domain)
    return tuple(found.items())


def domain_evidence(
    issue_type: IssueType, type_evidence: tuple[Evidence, ...], suspects: Sequence[Suspect], sources: Sources
) -> tuple[Evidence, ...]:
    """Why the issue type belongs to its domain, and which imports of the first suspect agree or disagree."""
    domain = issue_type.domain
    evidence = [Evidence(kind="label", detail=f"{issue_type} belongs to {domain}"), *type_evidence]
    for module, own in libraries_of(suspects[0], sources) if suspects else ():
        verdict = "speaks for" if own is domain else "also touches"
        evidence.append(
            Evidence(kind="import", detail=f"{suspects[0].path} imports {module}, which {verdict} {own}", weight=0.3)
        )
    return tuple(evidence)


def _modules(tree: ast.Module) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
    return found


def _domain_of(module: str) -> Domain | None:
    dotted = next((domain for name, domain in _DOTTED.items() if f"{module}.".startswith(f"{name}.")), None)
    root = module.partition(".")[0]
    return dotted or next((domain for domain, names in _LIBRARIES.items() if root in names), None)
