from ranking import Node, busiest


def test_silent_node_is_idle():
    assert busiest([Node("a"), Node("b", 0.9), Node("c", 0.2)]) == ["b", "c", "a"]
