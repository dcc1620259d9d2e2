"""Subscribing and leaving. Double opt-in: asking sends a link, and only a POST from the page behind it confirms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from base.languages import FALLBACK
from contacts import outreach, people, purposes
from contacts.models import Consent, Outreach, Touch
from mail import ledger, links, outbox, signing, suppression
from mail.signing import BadToken
from newsletters import tracking
from newsletters.measuring import CONFIRM_STREAM
from newsletters.models import IssuePage, Newsletter, NewsletterPage, Subscription
from themes.mails import mail_look
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mail.models import Delivery
    from themes.models import Region, SubTheme, TargetGroup

CONFIRM = "newsletters.confirm"

LINK_LIVES = timedelta(days=30)
PAUSE = timedelta(hours=1)
State = Subscription.State


@transaction.atomic
def ask_subscription(
    *,
    newsletter: Newsletter,
    email: str,
    language: str,
    first_name: str = "",
    last_name: str = "",
    region: Region | None = None,
    target_group: TargetGroup | None = None,
    sub_themes: Iterable[SubTheme] = (),
    regions: Iterable[Region] = (),
) -> Subscription:
    """Sends a link to confirm, at most one an hour. Nothing is sent to who is subscribed; the caller's answer must not tell which.

    Topics are those of the form that was sent last; where somebody is subscribed, a form that a stranger may have sent changes none.
    """
    # Two at once would both make the person.
    Newsletter.objects.select_for_update().get(pk=newsletter.pk)
    person = people.person_at(
        theme=newsletter.theme, email=email, source=newsletter.purpose, purpose=purposes.usual(newsletter.theme, purposes.NEWSLETTERS),
        language=language, first_name=first_name, last_name=last_name, region=region, target_group=target_group,
    )  # fmt: skip
    now = timezone.now()
    subscription, made = Subscription.objects.get_or_create(newsletter=newsletter, person=person, defaults={"language": language, "asked_at": now})
    if made or _may_be_asked(subscription, now):
        subscription.state, subscription.language, subscription.asked_at = State.PENDING, language, now
        subscription.save(update_fields=["state", "language", "asked_at"])
        subscription.sub_themes.set(sub_themes)
        subscription.regions.set(regions)
        _send_link(subscription)
    return subscription


def _may_be_asked(subscription: Subscription, now: datetime) -> bool:
    """Who has left and comes back at once gets a link: the link of before does not work any more."""
    if subscription.state == State.CONFIRMED:
        return False
    has_left_since = subscription.ended_at is not None and subscription.ended_at >= subscription.asked_at
    return has_left_since or subscription.asked_at <= now - PAUSE


def confirm_url(subscription: Subscription) -> str:
    token = signing.sign(CONFIRM, subscription.pk, subscription.asked_at.timestamp())
    with translation.override(subscription.language):
        return address_of(subscription.newsletter.theme) + reverse("newsletters:confirm", args=[token])


def _send_link(subscription: Subscription) -> None:
    person, newsletter = subscription.person, subscription.newsletter
    with translation.override(subscription.language):
        outbox.send_single(
            to=person.email,
            subject=_("Confirm your subscription: %(newsletter)s") % {"newsletter": newsletter.name},
            language=subscription.language,
            heading=_("Confirm your subscription"),
            paragraphs=[
                _("Somebody, we hope you, asked for the newsletter %(newsletter)s to this address.") % {"newsletter": newsletter.name},
                _("Open the page and confirm there. Until then we send you nothing."),
            ],
            button=(_("Confirm the subscription"), confirm_url(subscription)),
            small_print=[_("If you did not ask for this, do nothing: you will not be subscribed.")],
            stream=CONFIRM_STREAM,
            recipient_key=person.key,
            look=mail_look(newsletter.theme),
        )


def subscription_to_confirm(token: str) -> Subscription:
    """Raises BadToken, also for a link that is too old or of a subscription that has been ended since."""
    values = signing.read(CONFIRM, token)
    found = Subscription.objects.select_related("newsletter__theme", "person").filter(pk=values[0]).first() if len(values) == 2 else None
    if found is None:
        raise BadToken("no such subscription")
    asked_at = datetime.fromtimestamp(values[1], tz=timezone.get_current_timezone())
    if asked_at < timezone.now() - LINK_LIVES or (found.ended_at and asked_at <= found.ended_at) or found.state == State.ENDED:
        raise BadToken("too old")
    return found


@transaction.atomic
def confirm_subscription(subscription: Subscription, *, how: str, text_language: str = "") -> Subscription:
    """Writes the consent down as evidence, and counts the subscriber for the newsletter's goals. Once, however often it is called.

    `text_language` is the one in which the consent text was read, where that is not the subscription's own.
    """
    row = _locked(subscription)
    if row.state == State.CONFIRMED:
        return row
    now = timezone.now()
    row.consent = _consent_of(row, how, now, text_language or row.language)
    row.state, row.confirmed_at, row.ended_at, row.ended_by = State.CONFIRMED, now, None, None
    row.save(update_fields=["consent", "state", "confirmed_at", "ended_at", "ended_by"])
    suppression.lift(row.person.email)
    if act := outreach_of(row.newsletter):
        outreach.touch(act, row.person, Touch.Kind.SUBSCRIBED, cause=f"newsletters.subscription:{row.pk}", at=now, language=row.language)
    return row


def _locked(subscription: Subscription) -> Subscription:
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("newsletter__theme", "person__theme")
    return rows.get(pk=subscription.pk)


def consent_words(newsletter: Newsletter, language: str) -> tuple[str, str]:
    """The text as a reader of this language sees it, and the language that it is in."""
    own = getattr(newsletter, f"consent_{language}")
    return (own, language) if own else (getattr(newsletter, f"consent_{FALLBACK}"), FALLBACK)


def _consent_of(row: Subscription, how: str, now: datetime, language: str) -> Consent:
    in_force = Consent.objects.filter(person=row.person, purpose=row.newsletter.purpose, withdrawn_at=None).first()
    if in_force:
        return in_force
    text, language = consent_words(row.newsletter, language)
    values = {"text": text, "text_version": row.newsletter.consent_version, "language": language, "given_how": how[:200], "given_at": now}
    return Consent.objects.create(person=row.person, purpose=row.newsletter.purpose, **values)


def outreach_of(newsletter: Newsletter) -> Outreach | None:
    """The act that new subscribers count for: the newsletter's page. None for a newsletter without a page."""
    page = NewsletterPage.objects.filter(newsletter=newsletter, live=True).order_by("pk").first()
    return (outreach.of_item(page.translation_key) or page.record_outreach()) if page else None


@transaction.atomic
def end_subscription(subscription: Subscription, *, how: str, copy: Delivery | None = None) -> Subscription:
    """Withdraws the consent, with the last newsletter the one to counting opens too. Ending what has ended changes nothing.

    `copy` is the one that the reader left by: its issue's results count it.
    """
    row = _locked(subscription)
    if row.state == State.ENDED:
        return row
    now = timezone.now()
    row.state, row.ended_at, row.ended_by = State.ENDED, now, copy
    # Without the signals of `save`: mail programs wait for the answer, and none of Wagtail's references has changed.
    Subscription.objects.filter(pk=row.pk).update(state=row.state, ended_at=now, ended_by=copy)
    in_force = Consent.objects.filter(person=row.person, purpose=row.newsletter.purpose, withdrawn_at=None)
    in_force.update(withdrawn_at=now, withdrawn_how=how[:200])
    if waiting := ledger.waiting_mailings(row.person.key):
        ledger.withhold(mailing_ids=_of_newsletter(row.newsletter, waiting), recipient_key=row.person.key)
    if not Subscription.objects.filter(person=row.person, state=State.CONFIRMED).exists():
        tracking.forbid_opens(row.person, how=how)
    return row


def _of_newsletter(newsletter: Newsletter, mailing_ids: Iterable[int]) -> list[int]:
    """Those of the mailings that are issues of the newsletter."""
    above = {mailing: _parent_path(path) for path, mailing in IssuePage.objects.filter(mailing__in=mailing_ids).values_list("path", "mailing_id")}
    own = set(NewsletterPage.objects.filter(newsletter=newsletter, path__in=above.values()).values_list("path", flat=True))
    return [mailing for mailing, path in above.items() if path in own]


def _parent_path(path: str) -> str:
    return path[: -IssuePage.steplen]


def copy_at(token: str) -> Delivery:
    """The copy that an unsubscribe token came with. Raises BadToken."""
    return links.delivery_of(links.UNSUBSCRIBE, token)


def subscriptions_of(delivery: Delivery) -> list[Subscription]:
    """What a copy was sent for; nothing once the person is erased.

    One, unless the issue's page is gone: then all of the person's, so that leaving still does what it says.
    """
    if delivery.recipient_key is None:
        return []
    rows = Subscription.objects.filter(person__key=delivery.recipient_key).select_related("newsletter__theme", "person")
    newsletter = _newsletter_of(delivery)
    return list(rows.filter(Q(newsletter=newsletter) if newsletter else Q()))


def _newsletter_of(delivery: Delivery) -> Newsletter | None:
    issue = IssuePage.objects.filter(mailing=delivery.mailing_id).values_list("path", flat=True).first() if delivery.mailing_id else None
    page = NewsletterPage.objects.select_related("newsletter").filter(path=_parent_path(issue)).first() if issue else None
    return page.newsletter if page else None
