from audit import AuditLog


def test_last_action_of_stranger():
    assert AuditLog().last_action("bob") is None


def test_last_action():
    log = AuditLog()
    log.record("ada", "login")
    log.record("ada", "logout")
    assert log.last_action("ada") == "logout"
