def format_message(title: str, body: str, severity: str) -> str:
    return f"[{severity.upper()}] {title}: {body}"


def send_mail(outbox: list, title: str, body: str, severity: str = "info") -> None:
    outbox.append(("mail", format_message(title, body, severity)))


def send_chat(outbox: list, title: str, body: str, severity: str = "info") -> None:
    outbox.append(("chat", format_message(title, body)))
