"""Ciphers, keys, vectors, salts and password hashes that don't protect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.security.call_rules import (
    CallRule,
    Condition,
    any_argument_mentions,
    apply_rules,
    argument,
    keyword,
)
from tasks.validation.source import Source

_PASSWORD = re.compile(r"passw(or)?d|passphrase|\bpwd?\b|(^|_)pw(d)?($|_)", re.IGNORECASE)
_AES_GCM = "use AES-GCM with a fresh nonce for each message"


def _is_fixed(node: ast.expr | None, source: Source, depth: int = 2) -> bool:
    """A literal, a repeated literal, or a name that the file only ever sets to one."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes) and len(node.value) > 0
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Add):
        return _is_fixed(node.left, source, depth) or (
            isinstance(node.op, ast.Mult) and _is_fixed(node.right, source, depth)
        )
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"encode", "fromhex", "b64decode"}
    ):
        return _is_fixed(node.func.value, source, depth) or any(_is_fixed(item, source, depth) for item in node.args)
    if isinstance(node, ast.Name) and depth:
        values = _values_of(node.id, source)
        return bool(values) and all(_is_fixed(value, source, depth - 1) for value in values)
    return False


def _values_of(name: str, source: Source) -> list[ast.expr]:
    """What the file assigns to `name`; nothing when it is also a parameter or set in another way."""
    values: list[ast.expr] = []
    for node in source.nodes:
        if isinstance(node, ast.arg) and node.arg == name:
            return []
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            values.append(node.value)
    return values


def _fixed_argument(position: int, *names: str) -> Condition:
    def condition(call: ast.Call, source: Source) -> bool:
        given = [argument(call, position, names[0]), *(keyword(call, name) for name in names[1:])]
        return any(_is_fixed(item, source) for item in given)

    return condition


def _hashes_password(call: ast.Call, source: Source) -> bool:
    """The argument is called a password, and no key derivation is in sight."""
    parts = [*call.args, *(item.value for item in call.keywords)]
    names = [getattr(n, "id", None) or getattr(n, "attr", None) for part in parts for n in ast.walk(part)]
    return any(isinstance(name, str) and _PASSWORD.search(name) for name in names)


def _few_rounds(call: ast.Call, source: Source) -> bool:
    rounds = argument(call, 3, "iterations")
    return isinstance(rounds, ast.Constant) and isinstance(rounds.value, int) and rounds.value < 10_000


RULES = (
    CallRule(
        "broken-cipher",
        r"(.*\.)?(DES|DES3|ARC2|ARC4|Blowfish|CAST|XOR)\.new|.*\.algorithms\.(ARC4|TripleDES|Blowfish|IDEA|SEED|CAST5)|algorithms\.(ARC4|TripleDES|Blowfish)",
        "uses a cipher that is broken",
        _AES_GCM,
    ),
    CallRule(
        "ecb-mode",
        r"(.*\.)?(AES|DES|DES3|Blowfish)\.new",
        "encrypts each block alone, so equal blocks show",
        _AES_GCM,
        any_argument_mentions("^MODE_ECB$"),
    ),
    CallRule("ecb-mode", r"(.*\.)?modes\.ECB", "encrypts each block alone, so equal blocks show", _AES_GCM),
    CallRule(
        "fixed-iv",
        r"(.*\.)?modes\.(CBC|CFB|CTR|OFB|GCM)",
        "uses the same initialization vector every time",
        "take it from os.urandom for each message",
        _fixed_argument(0, "initialization_vector", "nonce"),
    ),
    CallRule(
        "fixed-iv",
        r"(.*\.)?(AES|DES|DES3|Blowfish|ChaCha20|Salsa20)\.new",
        "uses the same initialization vector every time",
        "take it from os.urandom for each message",
        _fixed_argument(2, "iv", "nonce"),
    ),
    CallRule(
        "fixed-key",
        r"(.*\.)?(AES|DES|DES3|Blowfish|ARC4|ChaCha20)\.new|(.*\.)?algorithms\.AES|cryptography\.fernet\.Fernet",
        "encrypts with a key that stands in the code",
        "read the key from a secret store",
        _fixed_argument(0, "key"),
    ),
    CallRule(
        "fixed-key",
        r"hmac\.(new|digest)",
        "signs with a key that stands in the code",
        "read the key from a secret store",
        _fixed_argument(0, "key"),
    ),
    CallRule(
        "fixed-key",
        r"(jose\.)?jwt\.encode",
        "signs tokens with a key that stands in the code",
        "read the key from a secret store",
        _fixed_argument(1, "key"),
    ),
    CallRule(
        "fixed-salt",
        r"hashlib\.(pbkdf2_hmac)",
        "salts every password alike, so equal passwords show",
        "take the salt from os.urandom for each password",
        _fixed_argument(2, "salt"),
    ),
    CallRule(
        "fixed-salt",
        r"hashlib\.scrypt|(.*\.)?(PBKDF2HMAC|Scrypt|PBKDF2|HKDF)|bcrypt\.hashpw|crypt\.crypt",
        "salts every password alike, so equal passwords show",
        "take the salt from os.urandom for each password",
        _fixed_argument(1, "salt"),
    ),
    CallRule(
        "few-rounds",
        r"hashlib\.pbkdf2_hmac",
        "derives a key in so few rounds that guessing is cheap",
        "use at least 600,000 rounds of SHA-256",
        _few_rounds,
    ),
    CallRule(
        "plain-password-hash",
        r"hashlib\.(md5|sha1|sha224|sha256|sha384|sha512|sha3_\w+|blake2\w|new)",
        "hashes a password with a function made to be fast",
        "use hashlib.scrypt, argon2 or bcrypt, with a salt for each password",
        _hashes_password,
    ),
    CallRule(
        "weak-key",
        r"(.*\.)?(RSA|DSA)\.generate",
        "makes a key that is too short",
        "use at least 2048 bits",
        lambda call, source: _below(argument(call, 0, "bits"), 2048),
    ),
    CallRule(
        "weak-key",
        r"(.*\.)?(rsa|dsa)\.generate_private_key",
        "makes a key that is too short",
        "use at least 2048 bits",
        lambda call, source: _below(keyword(call, "key_size"), 2048),
    ),
)


def _below(node: ast.expr | None, least: int) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value < least


def check_cryptography(source: Source, house: House) -> Iterator[ValidationIssue]:
    yield from apply_rules(RULES, source)
    yield from _encoded_password(source)


def _encoded_password(source: Source) -> Iterator[ValidationIssue]:
    """Base64 compared with a password: an encoding protects nothing."""
    for node in source.nodes:
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        sides = (node.left, node.comparators[0])
        decoded = any(isinstance(s, ast.Call) and source.qualified(s.func).startswith("base64.") for s in sides)
        if decoded and any(isinstance(s, ast.Name) and _PASSWORD.search(s.id) for s in sides):
            message = "keeps a password in base64, which anyone can decode"
            suggestion = "store a salted hash made by scrypt, argon2 or bcrypt"
            yield source.issue(Level.SECURITY, "encoded-password", "error", node, message, suggestion)
