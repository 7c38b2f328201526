class DuplicateTag(ValueError):
    pass


class Ticket:
    def __init__(self, title, tags=[]):
        self.title = title
        self.tags = tags

    def add_tag(self, tag):
        """Attach a tag; a ticket carries each tag once."""
        if tag in self.tags:
            raise DuplicateTag(f"{self.title!r} already has tag {tag!r}")
        self.tags.append(tag)


def open_incident(title):
    ticket = Ticket(title)
    ticket.add_tag("incident")
    return ticket
