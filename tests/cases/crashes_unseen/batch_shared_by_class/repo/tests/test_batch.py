from outbox.batch import batches


def test_one_batch():
    assert [batch.rows for batch in batches(["a", "b"])] == [["a", "b"]]
