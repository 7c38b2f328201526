"""Planted secrets go, look-alikes stay. Secrets are put together here so that no scanner takes this file for a leak."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.context.redaction import redact


def noise(
    length: int, alphabet: str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", seed: str = ""
) -> str:
    """Letters that look random and are the same in every run."""
    digest = b"".join(hashlib.sha256(f"{seed}{length}{n}".encode()).digest() for n in range(length // 32 + 1))
    return "".join(alphabet[byte % len(alphabet)] for byte in digest[:length])


HEX = "0123456789abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
B64 = base64.b64encode(noise(120).encode()).decode()
JWT = f"ey{'J'}hbGciOiJIUzI1NiJ9.{noise(40)}.{noise(43)}"
PEM = (
    "-----BEGIN "
    + "RSA PRIVATE KEY-----\n"
    + "\n".join(B64[n : n + 64] for n in range(0, 160, 64))
    + "\n-----END RSA PRIVATE KEY-----"
)

PLANTED = [
    ("AWS_ACCESS_KEY_ID=@", "AK" + "IA" + noise(16, UPPER)),
    ("assumed role with @ in eu-west-1", "AS" + "IA" + noise(16, UPPER)),
    ("aws_secret_access_key = @", noise(20) + "/" + noise(19)),
    ('{"key": "@"}', "AI" + "za" + noise(35)),
    ("Authorization: Bearer @", "ya" + "29." + noise(60)),
    ("remote: https://x-access-token:@@github.com/a/b", "gh" + "s_" + noise(36)),
    ("git push failed for @", "gh" + "p_" + noise(36)),
    ("using @", "github" + "_pat_" + noise(22) + "_" + noise(59)),
    ("PRIVATE-TOKEN: @", "gl" + "pat-" + noise(20)),
    ("slack said no to @", "xo" + "xb-" + "123456789012-" + noise(24)),
    ("POST https://hooks.slack.com/services/@ 404", "T00000000/B00000000/" + noise(24)),
    ("stripe.api_key = '@'", "sk" + "_live_" + noise(24)),
    ("signature mismatch for @", "wh" + "sec_" + noise(32)),
    ("openai.AuthenticationError: Incorrect API key provided: @.", "sk" + "-proj-" + noise(48)),
    ("HF_TOKEN=@", "hf" + "_" + noise(34)),
    ("//registry.example.org/:_authToken=@", "npm" + "_" + noise(36)),
    ("sendgrid key @ was refused", "SG" + "." + noise(22) + "." + noise(43)),
    ("export VAULT_TOKEN=@", "hv" + "s." + noise(24)),
    ("cookie session=@; path=/", noise(40)),
    ("id_token @ expired", JWT),
    ("could not connect: postgresql://app:@@db:5432/orders", "s3cr%40et!pw"),
    ("redis://:@@cache:6379/0", "topsecret99"),
    ("amqp://guest:@@mq//", "a@b@c"),
    ("curl -H 'authorization: Basic @' https://x", base64.b64encode(b"user:pass word").decode()),
    ("password=@ user=app", "hunter2"),
    ("PASSWORD=@", "correcthorse"),
    ('{"user": "app", "password": "@"}', "p4$$w0rd with spaces"[:12]),
    ("db:\n  password: @\n  host: x", "Tr0ub4dor&3"),
    ('{\\"client_secret\\": \\"@\\"}', noise(32)),
    ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=@;EndpointSuffix=x", noise(86) + "=="),
    ("https://a.blob.core.windows.net/c?sv=2022&sig=@&se=1", noise(40) + "%3D"),
    ("GET /v1/items?api_key=@&page=2", noise(32, HEX)),
    ("X-Api-Key: @", noise(40)),
    ("mysqldump --password @ -u root", "dumpme77"),
    ("django SECRET_KEY='@'", noise(50)),
    ("headers={'Authorization': 'Token @'}", noise(40, HEX)),
    ("Set-Cookie: sessionid=@; HttpOnly", noise(32)),
    # Written after the patterns, to measure them: 29 of 30 were found.
    ('dsn=mysql://root:@@10.0.0.1/db', 'R00t!pass'),
    ('{"Authorization": "Bearer @"}', 'abc123def456ghi789'),
    ("'x-api-key': '@'", 'k3y-9f8e7d6c5b4a'),
    ('DB_PASS=@', 's3cret'),
    ('PGPASSWORD=@ psql -h db', 'abc123'),
    ('curl -sS -u admin:@ https://x', 'S3cret!'),
    ('AWS_SESSION_TOKEN=@', 'FwoGZXIvYXdzEBYaDH+/x9Yk2Q=='),
    ('token="@"', 'abcdef0123456789'),
    ('private_key: "@"', '0x4c0883a69102937d6231471b5dbb6204'),
    ("SECRET_KEY = '@'", 'django-insecure-#x$9vq2'),
    ('<password>@</password>', 'hunter2'),
    ('POST /login user=admin&pass=@&x=1', 'abc123'),
    ('data:\n  password: @\n', 'cGFzc3dvcmQ='),
    ('client-secret: @', 'abc~DEF8Q~xyzW12'),
    ('Proxy-Authorization: Basic @', 'dXNlcjpwYXNz'),
    ('sqlalchemy.exc.OperationalError: (psycopg2) connection to postgres://svc:@@db failed', 'x9!kQz'),
    ("{'db': {'user': 'a', 'passwd': '@'}}", 'Zx12'),
    ("env: REDIS_PASSWORD: '@'", 'qwerty'),
    ('smtp_password => "@"', 'Mail#2024'),
    ('auth_token: @', '8f14e45fceea167a5a36dedd4bea2543'),
    ('ENCRYPTION_KEY=@', 'bXlzZWNyZXRrZXkxMjM0NTY3ODkw'),
    ('--api-key @ --verbose', 'a8f5f167f44f4964'),
    ('refresh_token=@&grant_type=x', '1//0gFakeRefresh9TokenXyz'),
    ('"accessKey":"@"', 'Kd83jfLs02mdQ9'),
    ('[db]\npassword = @\nhost=x', 's0me-Pass'),
    ("Login failed for user 'sa' with password '@'", 'Winter2024!'),
    ("password: '@'", 'letmein'),
    ('ftp://user:@@files.example.com', 'ftp-pw-1'),
    ('JWT_SECRET=@', '9c1e6f0ab72d'),
    ('Cookie: sid=@; theme=dark', 's%3Aabc123.def456'),
]  # fmt: skip

LOOK_ALIKES = [
    # Written after the patterns: 22 of 24 were left alone.
    'password reset email sent to user 12',
    'secret santa list: 5 names',
    'token bucket: 100/s',
    'api_key missing',
    'access_key: AccessKeyType',
    'apiKeyVersion: 2',
    'password_min_length=12',
    'token = next(tokens)',
    'key: value1234',
    'private_key_path=/etc/ssl/key.pem',
    'passphrase: enter it',
    'credentials: loaded from file',
    'password field is required',
    '{"detail": "password: This field is required."}',
    'token=%s user=%s',
    'pass: 12 fail: 3',
    'bypass=true',
    'secretsmanager:GetSecretValue',
    'csrf_token = generate()',
    'pwd=/home/app/src',
    'auth_key in payload',
    'tests_passed=120',
    'commit=9c1e6f0ab72d token_count=12',
    'compass=N32',
    f"commit {noise(40, HEX)} on main",
    f"request {uuid.UUID(noise(32, HEX))} took 3 ms",
    f"image app@sha256:{noise(64, HEX)}",
    "token expired, please log in again",
    "Error: invalid token: expected identifier",
    "password must be at least 12 characters",
    "password: required",
    "Bearer authentication failed for user app",
    "max_tokens=4096 total_tokens: 12345678",
    "token_type=bearer expires_in=3600",
    "next_page_token=" + noise(20),
    "password=None token=null api_key=<your key> secret=***",
    "password=${DB_PASSWORD} token=$TOKEN key={api_key}",
    'token = os.environ["API_TOKEN"]',
    "password = read_password(user)",
    "self.password=self._config.password",
    "    def login(self, password: str, token: bytes) -> None:",
    "raise ValueError('secret: not found in vault')",
    "GET http://host:8080/a@b?x=1",
    "postgresql://app@db:5432/orders",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + noise(43) + " me@host",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "monkey=banana1234 turkey: Gobble99x",
    "sk-learn-contrib-extensions is not a package",
    "public_key: " + noise(30),
    "author: Jane123 authority=R00tServer1",
    "KeyError: 'password'",
    "secret_name=orders-db-credentials",
    "passwordless login enabled",
    "cookies: 3 set",
    "AKIA is the prefix of AWS keys",
    "error in tokenizer: token 'else' at line 12",
    '  File "/srv/app/token.py", line 3, in password',
    "assert check_password(hash, password) == expected",
]  # fmt: skip


@pytest.mark.parametrize(("text", "secret"), PLANTED, ids=range(len(PLANTED)))
def test_takes_a_secret_out(text: str, secret: str) -> None:
    before, _, after = text.partition("@")
    redacted = redact(f"first line\n{before}{secret}{after}\nlast line")
    assert secret not in redacted
    assert "[redacted:" in redacted
    assert redacted.startswith("first line\n")
    assert redacted.endswith("\nlast line")
    assert redact(redacted) == redacted


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_leaves_a_look_alike_alone(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text", [PEM, json.dumps({"k": PEM}), PEM.replace("\n", "\r\n"), PEM.rpartition("-----END")[0]]
)
def test_takes_a_private_key_out_and_leaves_what_follows(text: str) -> None:
    redacted = redact(f"{text}\nINFO went on\n")
    assert B64[:40] not in redacted
    assert B64[130:150] not in redacted
    assert redacted.endswith("INFO went on\n")


def test_keeps_what_locates_the_fault() -> None:
    assert (
        redact("postgresql://app:hunter2@db:5432/orders") == "postgresql://app:[redacted:url-password]@db:5432/orders"
    )


@given(st.text())
def test_is_stable_on_any_text(text: str) -> None:
    redacted = redact(text)
    assert redact(redacted) == redacted


@pytest.mark.parametrize(
    "text", ["sk-", "eyJ", "password=", "a.", "a_", "://a:", "-----BEGIN PRIVATE KEY-----", "token: ", "--p "]
)
def test_reads_hostile_repetition(text: str) -> None:
    assert redact(text * (100_000 // len(text)))
