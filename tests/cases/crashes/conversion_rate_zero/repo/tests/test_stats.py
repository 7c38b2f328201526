import unittest

from stats import Campaign, report


class CampaignTest(unittest.TestCase):
    def setUp(self):
        self.campaign = Campaign("spring", sent=200, clicks=5)

    def test_click_rate(self):
        self.assertEqual(self.campaign.click_rate(), 2.5)

    def test_report(self):
        self.assertEqual(report([self.campaign]), ["spring: 2.5 %"])
