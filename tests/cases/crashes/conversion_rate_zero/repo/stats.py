class Campaign:
    def __init__(self, name, sent=0, clicks=0):
        self.name = name
        self.sent = sent
        self.clicks = clicks

    def click_rate(self):
        """Clicks per mail sent, in percent; 0 before anything was sent."""
        return 100 * self.clicks / self.sent

    def summary(self):
        return f"{self.name}: {self.click_rate():.1f} %"


def report(campaigns):
    return [campaign.summary() for campaign in campaigns]
