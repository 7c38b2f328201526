import pytest
from outbox.batch import Batch, BatchFull, batches


def test_three_rows():
    assert [batch.rows for batch in batches(["a", "b", "c"])] == [["a", "b"], ["c"]]


def test_batches_are_apart():
    one, other = Batch(), Batch()
    one.add(1)
    assert other.rows == []


def test_limit_holds():
    batch = Batch()
    batch.add(1)
    batch.add(2)
    with pytest.raises(BatchFull):
        batch.add(3)
