from multigan.plugins.text.headlines import story
from multigan.plugins.text.pick import Pick


def test_leads_hold_what_their_headline_says():
    pick = Pick(0)
    for _ in range(300):
        headline, lead = story(pick)
        assert sum(word in lead for word in headline.split()) >= 2
