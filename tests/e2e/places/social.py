"""Accounts and posts; nothing leaves, as the account is out of use before its post is approved."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from base.models import User
from pages.models import StoryPage
from social import actions
from social.models import Account, Delivery, Hashtags, Post
from tests.e2e.places.rows import of_rows
from themes.models import Theme


def of_staff() -> dict[str, str]:
    story = StoryPage.objects.live().filter(locale__language_code="fi").first()
    theme = Theme.objects.get(pk=story.theme_id)
    account, _ = Account.objects.get_or_create(theme=theme, network="x", name="Esimerkki", defaults={"is_active": False})
    account.followers.get_or_create(day=timezone.localdate(), defaults={"number": 1234})
    Hashtags.objects.get_or_create(theme=theme, defaults={"words_fi": "#työelämä"})
    draft = actions.make_from_page(page=story, accounts=[account], by=None)
    refused = refused_post(story, account)
    found = {
        "post_draft": reverse("social_post", args=[draft.pk]),
        "post_queued": reverse("social_post", args=[refused.variant.post_id]),
        "post_settle": reverse("social_settle", args=[refused.pk]),
        "post_queue": reverse("social_queue"),
        "post_from_page": reverse("social_from_page", args=[story.pk]),
        "account_health": reverse("social_health", args=[account.pk]),
    }
    rows = of_rows(Account) | of_rows(Hashtags) | of_rows(Post)
    return found | rows | {"post_form": reverse(Post.snippet_viewset.get_url_name("edit"), args=[draft.pk])}


def refused_post(story: StoryPage, account: Account) -> Delivery:
    """Approved by a second person; what its network would answer is written down, as none is asked."""
    post = actions.make_from_page(page=story, accounts=[account], by=None)
    actions.ask(post=post, by=User.objects.get(username="viestija"))
    actions.approve(post=Post.objects.get(pk=post.pk), by=User.objects.get(username="hallinta"))
    row = Delivery.objects.filter(variant__post=post).first()
    Delivery.objects.filter(pk=row.pk).update(state="in_doubt", problem="unknown", words="500 Internal Server Error")
    return Delivery.objects.get(pk=row.pk)
