import pytest
from auth.header import InvalidHeader, credentials


def test_scheme_alone():
    with pytest.raises(InvalidHeader):
        credentials("Bearer")


def test_good():
    assert credentials("Bearer t0") == "t0"
