from notify.channels import send_chat, send_mail


def dispatch(outbox: list, title: str, body: str, severity: str, urgent: bool = False) -> None:
    """Mail for everything; chat as well when it is urgent."""
    send_mail(outbox, title, body, severity)
    if urgent:
        send_chat(outbox, title, body, severity)
