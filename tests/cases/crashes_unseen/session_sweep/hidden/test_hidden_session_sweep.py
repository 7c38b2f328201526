from web.sessions import Sessions


def test_sweep():
    sessions = Sessions()
    for number, user in enumerate(["ada", "bo", "cy", "di"]):
        sessions.start(user, number * 10.0)
    kept = sessions.until
    sessions.sweep(75.0)
    assert sessions.ended == ["ada", "bo"]
    assert sessions.until == {"cy": 80.0, "di": 90.0}
    assert sessions.until is kept
