from alerts_rules import Rule, fires, firing


def test_fires():
    assert fires(Rule("cpu", 0.9), 0.95)
    assert not fires(Rule("cpu", 0.9), 0.5)


def test_firing():
    assert firing([Rule("a", 1.0), Rule("b", 3.0)], 2.0) == ["a"]
