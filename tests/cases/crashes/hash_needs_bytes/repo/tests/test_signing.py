from signing import sign


def test_sign():
    assert len(sign(b"x", b"k")) == 64
