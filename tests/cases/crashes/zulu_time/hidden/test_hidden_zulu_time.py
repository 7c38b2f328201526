from feed import newest, published_at


def test_unreadable_time_is_no_time():
    assert published_at({"published": "yesterday"}) is None
    assert newest([{"published": "soon"}]) is None
