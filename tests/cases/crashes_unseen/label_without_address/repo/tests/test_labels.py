from shipping.labels import label_lines
from shipping.model import Address, Customer


def test_label():
    assert label_lines(Customer("Ada", Address("Mill Lane 3", "York"))) == ["Ada", "Mill Lane 3", "York"]
