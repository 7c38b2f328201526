import pytest
from durations import parse_duration


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("1.5h", 5400), (" 2D ", 172800), ("10m", 600)])
def test_single_unit(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1d12h", 129600), ("1h30m", 5400), ("1d12h30m", 131400), ("2m3s", 123), ("1h 30m", 5400), ("1d0.5h1s", 88201)],
)
def test_combined_units(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "12", "1x", "1h2", "h1"])
def test_refuses_nonsense(text):
    with pytest.raises(ValueError):
        parse_duration(text)
