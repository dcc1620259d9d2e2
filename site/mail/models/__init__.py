from mail.models.copies import Click, Delivery, DeliveryQuerySet, Flight, Link, Mailing, Variant
from mail.models.returns import Bounce, BounceQuerySet, Lift, ReceivingDomain, Suppression
from mail.models.sums import MailingSums

__all__ = [
    "Bounce",
    "BounceQuerySet",
    "Click",
    "Delivery",
    "DeliveryQuerySet",
    "Flight",
    "Lift",
    "Link",
    "Mailing",
    "MailingSums",
    "ReceivingDomain",
    "Suppression",
    "Variant",
]
