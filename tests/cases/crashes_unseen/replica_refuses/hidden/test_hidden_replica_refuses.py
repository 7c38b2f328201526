import pytest
from storage.pool import NoNode, connect_any


class Cluster:
    def __init__(self, **errors):
        self.errors = errors

    def connect(self, node):
        if node in self.errors:
            raise self.errors[node]
        return node


def test_next_is_tried():
    cluster = Cluster(a=ConnectionRefusedError(111, "Connection refused"))
    assert connect_any(["a", "b"], cluster.connect) == "b"


def test_none_left():
    cluster = Cluster(a=ConnectionRefusedError(111, "Connection refused"), b=TimeoutError())
    with pytest.raises(NoNode):
        connect_any(["a", "b"], cluster.connect)


def test_faults_of_the_program_are_not_hidden():
    with pytest.raises(TypeError):
        connect_any(["a"], Cluster(a=TypeError("no")).connect)
