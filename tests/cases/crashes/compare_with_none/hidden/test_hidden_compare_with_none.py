from alerts_rules import Rule, fires, firing


def test_rule_that_is_off():
    assert fires(Rule("cpu"), 99.0) is False
    assert firing([Rule("a"), Rule("b", 1.0)], 2.0) == ["b"]
