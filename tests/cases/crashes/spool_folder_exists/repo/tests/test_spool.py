import os

from spool import put


def test_put(tmp_path):
    path = put(str(tmp_path), "mail", "m1", b"x")
    assert os.path.getsize(path) == 1
