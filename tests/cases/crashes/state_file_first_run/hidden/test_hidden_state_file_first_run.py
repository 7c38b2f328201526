import pytest
from state import load_state, next_offset


def test_first_run(tmp_path):
    assert load_state(tmp_path / "none.json") == {}
    assert next_offset(tmp_path / "none.json") == 1


def test_broken_state_is_reported(tmp_path):
    path = tmp_path / "s.json"
    path.write_text("{")
    with pytest.raises(ValueError):
        load_state(path)
