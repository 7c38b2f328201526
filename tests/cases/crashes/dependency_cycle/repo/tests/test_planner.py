from planner import requirements


def test_requirements():
    assert requirements("web", {"web": ["api"], "api": ["db"]}) == ["api", "db"]


def test_none():
    assert requirements("db", {}) == []
