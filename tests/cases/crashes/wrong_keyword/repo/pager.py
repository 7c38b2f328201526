def page(recipient, text, *, priority="normal", retries=1):
    """One page as the gateway takes it."""
    return {"to": recipient, "text": text, "priority": priority, "retries": retries}


def page_team(team, text):
    """Pages for all members, the lead first and with high priority."""
    pages = []
    if team.get("lead"):
        pages.append(page(team["lead"], text, prio="high"))
    for member in team.get("members", []):
        pages.append(page(member, text))
    return pages
