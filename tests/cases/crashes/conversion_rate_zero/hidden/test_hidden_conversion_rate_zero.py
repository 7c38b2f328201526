from stats import Campaign, report


def test_nothing_sent():
    assert Campaign("new").click_rate() == 0
    assert report([Campaign("new")]) == ["new: 0.0 %"]


def test_rate():
    assert Campaign("x", 4, 1).click_rate() == 25
