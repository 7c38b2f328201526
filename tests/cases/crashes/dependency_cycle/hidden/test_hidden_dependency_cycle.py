from planner import requirements


def test_cycle_ends():
    assert set(requirements("a", {"a": ["b"], "b": ["a"]})) >= {"b"}


def test_diamond():
    graph = {"web": ["a", "b"], "a": ["db"], "b": ["db"]}
    assert requirements("web", graph) == ["a", "db", "b"]
