"""What posts are measured by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.measures import marks, tallied
from contacts.models import Outreach, Tally
from themes.measures import How, Measure, register

POSTS = (Outreach.Kind.POST,)


def register_all() -> None:
    register(
        Measure(
            "post_impressions", _("Impressions of posts"), pgettext_lazy("unit", "impressions"), "output", tallied(Tally.Kind.IMPRESSION,
            sources=POSTS),
            How.SUM, _("How often X and LinkedIn say that they have shown our posts; Mastodon and Bluesky do not count it."), marks,
        )
    )  # fmt: skip
    register(
        Measure(
            "post_engagement", _("Reactions to posts"), pgettext_lazy("unit", "reactions"), "outtake", tallied(Tally.Kind.ENGAGEMENT, sources=POSTS),
            How.SUM, _("Likes, reposts and replies to our posts, as the networks count them."), marks,
        )
    )  # fmt: skip
    register(
        Measure(
            "post_clicks", _("Clicks from posts"), pgettext_lazy("unit", "clicks"), "outtake", tallied(Tally.Kind.CLICK, sources=POSTS), How.SUM,
            _("How often people have followed the short links of our posts; machines that can be told apart are left out."), marks,
        )
    )  # fmt: skip
