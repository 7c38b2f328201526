from agent.settings import Settings, load_settings


def test_load(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"port": 9000, "colour": "red"}', encoding="utf-8")
    assert load_settings(path) == Settings(port=9000)
