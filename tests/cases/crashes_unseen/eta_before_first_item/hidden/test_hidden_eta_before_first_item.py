from importer.progress import Progress


def test_time_passed_but_nothing_done():
    progress = Progress(10)
    progress.advance(0, 1.5)
    assert progress.eta is None


def test_all_done():
    progress = Progress(4)
    progress.advance(4, 2.0)
    assert progress.eta == 0
