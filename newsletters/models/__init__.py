from newsletters.models.letters import Newsletter, Subscription, SubscriptionQuerySet
from newsletters.models.pages import IssueBlocks, IssuePage, ItemBlock, NewsletterPage

__all__ = ["IssueBlocks", "IssuePage", "ItemBlock", "Newsletter", "NewsletterPage", "Subscription", "SubscriptionQuerySet"]
