from dataclasses import dataclass


@dataclass
class Rule:
    name: str
    limit: float | None = None
    """None switches the rule off."""


def fires(rule: Rule, value: float) -> bool:
    return value > rule.limit


def firing(rules: list[Rule], value: float) -> list[str]:
    return [rule.name for rule in rules if fires(rule, value)]
