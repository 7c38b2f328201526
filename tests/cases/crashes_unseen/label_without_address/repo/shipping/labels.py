from shipping.model import Customer


def label_lines(customer: Customer) -> list[str]:
    """What is printed on the label: the name, and the address below it when there is one."""
    return [customer.name, customer.address.street, customer.address.city]
