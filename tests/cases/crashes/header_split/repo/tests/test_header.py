import pytest
from auth.header import InvalidHeader, credentials, scheme


def test_credentials():
    assert credentials("Bearer abc") == "abc"


def test_scheme():
    assert scheme("Basic eA==") == "basic"


def test_empty():
    with pytest.raises(InvalidHeader):
        credentials("")
