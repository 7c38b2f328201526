import os

from spool import put


def test_two_messages(tmp_path):
    put(str(tmp_path), "mail", "m1", b"x")
    put(str(tmp_path), "mail", "m2", b"yz")
    assert sorted(os.listdir(tmp_path / "mail")) == ["m1", "m2"]
