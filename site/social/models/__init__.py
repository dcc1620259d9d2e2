"""Accounts on social networks (`accounts`), posts as they are written (`posts`), and the outbox with what came of it (`deliveries`)."""

from social.models.accounts import Account, Followers, Hashtags
from social.models.deliveries import Click, Delivery, Figure
from social.models.posts import Post, Variant

__all__ = ["Account", "Click", "Delivery", "Figure", "Followers", "Hashtags", "Post", "Variant"]
