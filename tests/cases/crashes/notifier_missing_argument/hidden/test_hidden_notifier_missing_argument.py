from notify.channels import send_chat
from notify.dispatch import dispatch


def test_urgent_goes_to_both():
    outbox = []
    dispatch(outbox, "db", "down", "critical", urgent=True)
    assert outbox == [("mail", "[CRITICAL] db: down"), ("chat", "[CRITICAL] db: down")]


def test_chat_default_severity():
    outbox = []
    send_chat(outbox, "a", "b")
    assert outbox == [("chat", "[INFO] a: b")]
