from audit import AuditLog


def test_actions_of():
    log = AuditLog()
    log.record("ada", "login")
    log.record("ada", "logout")
    assert log.actions_of("ada") == ["login", "logout"]


def test_last_action():
    log = AuditLog()
    log.record("ada", "login")
    assert log.last_action("ada") == "login"
