from shipping.labels import label_lines
from shipping.model import Address, Customer


def test_name_alone():
    assert label_lines(Customer("Noor")) == ["Noor"]


def test_with_address():
    assert label_lines(Customer("Ada", Address("Mill Lane 3", "York"))) == ["Ada", "Mill Lane 3", "York"]
