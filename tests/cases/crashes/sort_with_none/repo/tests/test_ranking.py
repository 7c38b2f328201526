from ranking import Node, busiest


def test_busiest():
    assert busiest([Node("a", 0.1), Node("b", 0.9)]) == ["b", "a"]
