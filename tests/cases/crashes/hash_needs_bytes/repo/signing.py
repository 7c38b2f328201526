import hashlib
import hmac


def sign(body: bytes, secret: bytes) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def digest_of(text: str) -> str:
    """SHA-256 of the text, as hex."""
    return hashlib.sha256(text).hexdigest()


def etag(text: str) -> str:
    return f'"{digest_of(text)[:16]}"'
