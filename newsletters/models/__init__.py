from newsletters.models.blocks import IssueBlocks, ItemBlock
from newsletters.models.dispatches import Dispatch
from newsletters.models.imports import COUNTED, SubscriberImport
from newsletters.models.letters import Newsletter, Subscription, SubscriptionQuerySet
from newsletters.models.pages import IssuePage, NewsletterPage

__all__ = [
    "COUNTED",
    "Dispatch",
    "IssueBlocks",
    "IssuePage",
    "ItemBlock",
    "Newsletter",
    "NewsletterPage",
    "SubscriberImport",
    "Subscription",
    "SubscriptionQuerySet",
]
