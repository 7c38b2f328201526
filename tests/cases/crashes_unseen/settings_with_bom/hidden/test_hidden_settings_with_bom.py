import json

import pytest
from agent.settings import Settings, load_settings


def test_with_mark(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b"\xef\xbb\xbf" + '{"host": "kø"}'.encode())
    assert load_settings(path) == Settings(host="kø")


def test_without_mark(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes('{"host": "kø"}'.encode())
    assert load_settings(path) == Settings(host="kø")


def test_broken_file_is_still_an_error(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b"{")
    with pytest.raises(json.JSONDecodeError):
        load_settings(path)
