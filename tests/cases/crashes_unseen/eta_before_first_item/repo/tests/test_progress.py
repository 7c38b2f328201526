from importer.progress import Progress


def test_eta():
    progress = Progress(10)
    assert progress.eta is None
    progress.advance(5, 20.0)
    assert progress.eta == 20.0
