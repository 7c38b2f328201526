from state import load_state, next_offset, save_state


def test_round_trip(tmp_path):
    path = tmp_path / "state.json"
    save_state(path, {"offset": 4})
    assert load_state(path) == {"offset": 4}
    assert next_offset(path) == 5
