"""From the wish to post to the outbox: a page becomes variants, a second person approves, and what is in doubt or refused is settled by a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.pages import web_address
from base.tasks import enqueue
from contacts import outreach
from contacts.models import Outreach
from social import counting, ledger
from social.models import Account, Delivery, Hashtags, Post, Variant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.models import User
    from base.pages import Digest

DELIVER = "social.engine.deliver_now"
State = Delivery.State
# What an address of a post says of it, by network.
IN_ADDRESS = {
    "x": re.compile(r"/status/(?P<id>\d+)"),
    "mastodon": re.compile(r"/(?P<id>\d+)/?$"),
    "bluesky": re.compile(r"/profile/(?P<did>did:[\w:.]+)/post/(?P<id>\w+)"),
    "linkedin": re.compile(r"(?P<id>urn:li:\w+:\d+)"),
}


class NotPossible(Exception):
    """What was asked for does not go; the text says why, in the reader's language."""


# ---- writing
def text_of_page(page: Any, account: Account, tags: str) -> str:
    """Title, lead and hashtags; the lead is shortened at a sentence, and left out where nothing of it fits in one post."""
    rules = counting.rules_of(account.network, account.limits)
    digest: Digest = page.digest()
    head, tail = digest.title.strip(), f"\n\n{tags}" if tags else ""
    sentences = counting.SENTENCE.split(digest.lead.strip()) if digest.lead else []
    for number in range(len(sentences), -1, -1):
        lead = " ".join(sentences[:number])
        text = head + (f"\n\n{lead}" if lead else "") + tail
        if counting.fits(rules, text + counting.place_of_link()):
            return text
    return head


@transaction.atomic
def make_from_page(*, page: Any, accounts: Iterable[Account], by: User | None) -> Post:
    """A draft with a variant for each account in each language in which the page is live. Raises NotPossible where it is live in none."""
    versions = [version.specific for version in page.get_translations(inclusive=True).live().order_by("locale_id")]
    if not versions:
        raise NotPossible(_("The page is not published in any language yet."))
    first = next((version for version in versions if version.locale.language_code == "fi"), versions[0])
    post = Post(theme=first.theme, title=first.title[:200], item_key=first.translation_key, written_by=by)
    post.goals = first.goals.all()
    post.audiences = first.audiences.all()
    post.save()
    tags = Hashtags.objects.filter(theme=first.theme).first()
    for version in versions:
        language = version.locale.language_code
        picture = version.digest().picture
        for account in accounts:
            words = getattr(tags, f"words_{language}", "") if tags else ""
            Variant.objects.create(
                post=post,
                account=account,
                language=language,
                text=text_of_page(version, account, words),
                link=web_address(version),
                image=picture,
                alt=str(getattr(version, "picture_alt", "") if picture else "")[:1000],
            )
    log(post, "wagtail.create", user=by)
    return post


# ---- approving
def makers(post: Post) -> set[int]:
    return {pk for pk in (post.written_by_id, post.asked_by_id) if pk}


def may_approve(post: Post, user: Any) -> bool:
    return bool(user.has_perm("social.approve_post")) and user.pk not in makers(post)


@transaction.atomic
def ask(*, post: Post, by: User) -> None:
    """Asks for a second person's word. Raises NotPossible."""
    _refuse_queued(post)
    if not post.variants.exists():
        raise NotPossible(_("The post has no variant yet: choose an account and write the text."))
    for variant in post.variants.select_related("account"):
        try:
            variant.full_clean(exclude=["post"])
        except ValidationError as error:
            raise NotPossible(f"{variant}: {' '.join(error.messages)}") from None
    facts = {"asked_by": by, "asked_at": timezone.now(), "content": post.mark(), "approved_by": None, "approved_at": None}
    Post.objects.filter(pk=post.pk).update(**facts)
    log(post, "social.ask", user=by)


@transaction.atomic
def approve(*, post: Post, by: User) -> int:
    """The second person's word: the post stands in the outbox, and leaves at its times. Returns how many posts. Raises NotPossible."""
    _refuse_queued(post)
    if not post.is_asked:
        raise NotPossible(_("The post has changed since it was asked for. It must be asked for again."))
    if not may_approve(post, by):
        raise NotPossible(_("Whoever wrote the post or asked for it does not approve it. Another person must."))
    now = timezone.now()
    rows = [row for variant in post.variants.select_related("account") for row in _rows_of(variant, now)]
    # Of two who approve at once, one finds nothing to approve.
    facts = {"approved_by": by, "approved_at": now, "queued_at": now, "queued_count": len(rows)}
    if not Post.objects.filter(pk=post.pk, queued_at=None, content=post.mark()).update(**facts):
        raise NotPossible(_("Another person has approved it meanwhile."))
    Delivery.objects.bulk_create(rows)
    if outreach.of_item(post.key) is None:
        day = timezone.localdate(min(row.planned_at for row in rows))
        outreach.plan(
            theme=post.theme,
            kind=Outreach.Kind.POST,
            title=post.title,
            goals=post.goals.all(),
            audiences=post.audiences.all(),
            planned_on=day,
            responsible=post.asked_by,
            item_key=post.key,
            by=by,
        )
    log(post, "social.approve", user=by, data={"posts": len(rows)})
    enqueue(DELIVER)
    return len(rows)


def _rows_of(variant: Variant, now: Any) -> list[Delivery]:
    at = max(variant.due_at or now, now)
    return [
        Delivery(variant=variant, account=variant.account, part=number, text=text, link=variant.link if number == 1 else "", planned_at=at, due_at=at)
        for number, text in enumerate(variant.parts(), 1)
    ]


@transaction.atomic
def take_back(*, post: Post, by: User) -> int:
    """The request, or what has not left yet: it never will. Returns how many posts stay here. What is unsure is not taken back: it may be there."""
    if post.queued_at is None:
        Post.objects.filter(pk=post.pk).update(asked_by=None, asked_at=None, content="")
        log(post, "social.take_back", user=by)
        return 0
    waiting = Delivery.objects.filter(variant__post=post, state=State.WAITING, is_unsure=False)
    count = waiting.update(state=State.CANCELLED)
    if count:
        log(post, "social.take_back", user=by, data={"posts": count})
    return count


def _refuse_queued(post: Post) -> None:
    if post.queued_at:
        raise NotPossible(_("The post has been approved already."))


# ---- settling
@transaction.atomic
def say_sent(*, delivery: Delivery, url: str, by: User | None) -> bool:
    """A person's word on a row in doubt: it is there, at this address. False if it is not in doubt any more. Raises NotPossible."""
    number = remote_id_in(url, delivery.account.network)
    if number and Delivery.objects.filter(account=delivery.account_id, remote_id=number).exclude(pk=delivery.pk).exists():
        raise NotPossible(_("This address is that of another post of ours."))
    values: dict[str, Any] = {"state": State.SENT, "url": url, "reply": {"id": number} if number else {}, "remote_id": number}
    values |= {"problem": "", "is_unsure": False, "sent_at": timezone.now(), "looks": 0, "due_at": timezone.now()}
    if not Delivery.objects.filter(pk=delivery.pk, state=State.IN_DOUBT).update(**values):
        return False
    ledger.tell(delivery.variant.post, timezone.now())
    log(delivery.variant.post, "social.say_sent", user=by, data={"delivery": delivery.pk, "url": url})
    enqueue(DELIVER)
    return True


def remote_id_in(url: str, network: str) -> str:
    """By which the network knows the post; "" where the address does not say it."""
    found = IN_ADDRESS[network].search(url)
    if found is None:
        return ""
    return f"at://{found['did']}/app.bsky.feed.post/{found['id']}" if network == "bluesky" else found["id"]


@transaction.atomic
def send_again(*, delivery: Delivery, by: User | None, text: str | None = None) -> bool:
    """A person has looked: it is not there. It waits as if never tried, with another text where one is given. False where nothing is to be
    decided.
    """
    now = timezone.now()
    fresh = {"state": State.WAITING, "planned_at": now, "due_at": now, "key": uuid4(), "key_at": now, "remote_id": "", "url": "", "reply": {}}
    fresh |= {"problem": "", "words": "", "is_unsure": False, "looks": 0, "attempts": 0, "sent_at": None, "confirmed_at": None, "lease_until": None}
    values = fresh | ({"text": text} if text is not None else {})
    if not Delivery.objects.filter(pk=delivery.pk, state__in=Delivery.FOR_A_PERSON).update(**values):
        return False
    log(delivery.variant.post, "social.send_again", user=by, data={"delivery": delivery.pk, "changed": text is not None})
    enqueue(DELIVER)
    return True


@transaction.atomic
def leave(*, delivery: Delivery, by: User | None) -> bool:
    """It stays unsent, as a person says."""
    if not Delivery.objects.filter(pk=delivery.pk, state__in=Delivery.FOR_A_PERSON).update(state=State.CANCELLED, lease_until=None):
        return False
    log(delivery.variant.post, "social.leave", user=by, data={"delivery": delivery.pk})
    return True
