import hashlib

from signing import digest_of, etag


def test_digest():
    assert digest_of("häl") == hashlib.sha256("häl".encode()).hexdigest()
    assert etag("a") == '"' + hashlib.sha256(b"a").hexdigest()[:16] + '"'
