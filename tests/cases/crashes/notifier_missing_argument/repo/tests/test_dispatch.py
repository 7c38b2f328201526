from notify.dispatch import dispatch


def test_dispatch_sends_mail():
    outbox = []
    dispatch(outbox, "disk", "90 % full", "warning")
    assert outbox == [("mail", "[WARNING] disk: 90 % full")]
