from web.sessions import Sessions


def test_nothing_to_sweep():
    sessions = Sessions()
    sessions.start("ada", 0.0)
    sessions.sweep(30.0)
    assert sessions.until == {"ada": 60.0}


def test_end():
    sessions = Sessions()
    sessions.start("ada", 0.0)
    sessions.end("ada")
    assert sessions.ended == ["ada"]
