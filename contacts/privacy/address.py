"""A person corrects the address that our mail goes to: the new one proves itself by a link and a button, and the old one hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.bounds import everywhere
from contacts import search
from contacts.models import AddressChange, ContactPoint, Person
from contacts.privacy import links
from mail import outbox, signing, suppression
from mail.models import Delivery, Suppression
from themes.mails import mail_look
from themes.places import address_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

PURPOSE, KEY = "contacts.address", "contacts.address:"
STANDS = timedelta(days=3)
# A stranger's mailbox is not filled by a form.
A_DAY = 3
# These are of a mailbox. All else says that somebody wants no mail, whichever address they have.
OF_A_MAILBOX = (Suppression.Reason.HARD_BOUNCE, Suppression.Reason.SOFT_BOUNCES)


class TooMany(Exception):
    """The day's links have been sent."""


class Taken(Exception):
    """Somebody else in the theme has this address by now."""


@transaction.atomic
def ask(person: Person, email: str) -> None:
    """A link to the new address; where somebody else of the theme has it, a mail to them that says so. Whoever asks cannot tell. Raises TooMany."""
    locked = Person.objects.select_for_update(of=("self",)).select_related("theme").get(pk=person.pk)
    forget(AddressChange.objects.filter(person=locked, asked_at__lt=timezone.now() - STANDS))
    if AddressChange.objects.filter(person=locked, asked_at__gte=timezone.now() - timedelta(days=1)).count() >= A_DAY:
        raise TooMany
    change = AddressChange.objects.create(person=locked, email=email)
    other = _holder(locked, email)
    with translation.override(locked.language):
        if other:
            _tell_holder(other)
        else:
            _send_link(change)


def _holder(person: Person, email: str) -> Person | None:
    with everywhere():
        found: Person | None = Person.objects.filter(theme=person.theme).with_address(email).exclude(pk=person.pk).select_related("theme").first()
    return found


def _send_link(change: AddressChange) -> None:
    person = change.person
    url = address_of(person.theme) + reverse("contacts:new_address", args=[signing.sign(PURPOSE, str(change.key))])
    # Not the person's yet: on the page of their data nobody sees whether this mail or the other one went.
    outbox.send_single(
        to=change.email, key=f"{KEY}{change.key}", subject=_("Is this your new address?"), language=person.language,
        heading=_("Is this your new address?"),
        paragraphs=[
            _("Somebody has asked us to send our mail to this address from now on. If it was you, press the button, and confirm on the page."),
            _("If it was not you, do nothing: then nothing changes. The link works for three days."),
        ],
        button=(_("Confirm the address"), url), stream=links.STREAM, look=mail_look(person.theme),
    )  # fmt: skip


def forget(changes: QuerySet[AddressChange]) -> None:
    """With the mails to addresses that are nobody's yet."""
    Delivery.objects.filter(key__in=[f"{KEY}{change.key}" for change in changes]).delete()
    changes.delete()


def _tell_holder(other: Person) -> None:
    """In the language of who has the address."""
    with translation.override(other.language):
        outbox.send_single(
            to=other.email, subject=_("This address is in our contact register already"), language=other.language,
            heading=_("This address is in our contact register already"),
            paragraphs=[
                _("Somebody has asked us to write to this address from now on. It is in the register already, so nothing was changed."),
                _("If it was you, and we have you twice, answer this message: we make the two one. If it was not you, do nothing."),
            ],
            button=(_("See, correct or erase your data"), links.own_data_url(other)), stream=links.STREAM, recipient_key=other.key,
            look=mail_look(other.theme),
        )  # fmt: skip


def asked_by(token: str) -> AddressChange:
    """Raises BadToken, also for one that is too old or was used."""
    values = signing.read(PURPOSE, token)
    with everywhere():
        rows = AddressChange.objects.filter(key=values[0], asked_at__gte=timezone.now() - STANDS)
        found: AddressChange | None = rows.select_related("person__theme").first()
    if found is None:
        raise signing.BadToken("used, or too old")
    return found


def confirm(change: AddressChange) -> None:
    """The old address stays among the further ones, until today. Who wants no mail there gets none here. Raises Taken."""
    try:
        with transaction.atomic(), everywhere():
            _confirm(change)
    except IntegrityError:
        raise Taken from None


def _confirm(change: AddressChange) -> None:
    person = Person.objects.select_for_update(of=("self",)).select_related("theme").get(pk=change.person_id)
    if _holder(person, change.email):
        raise Taken
    old, person.email = person.email, change.email
    person.save(update_fields=["email"])
    points = ContactPoint.objects.filter(person=person, medium=ContactPoint.Medium.EMAIL)
    points.filter(value__iexact=change.email).delete()
    if old and old.lower() != change.email.lower():
        if not points.filter(value__iexact=old).exists():
            today = timezone.localdate()
            ContactPoint.objects.create(person=person, medium=ContactPoint.Medium.EMAIL, kind=ContactPoint.Kind.OTHER, value=old, ends=today)
        for reason in Suppression.objects.filter(hash=suppression.hash_of(old)).exclude(reason__in=OF_A_MAILBOX).values_list("reason", flat=True):
            suppression.suppress(change.email, reason)
        _tell_old(person, old)
    Delivery.objects.filter(key=f"{KEY}{change.key}").update(recipient_key=person.key)
    forget(AddressChange.objects.filter(person=person).exclude(pk=change.pk))
    change.delete()
    search.index_people([person.pk])
    # Which field, never what stood in it.
    log(person, "contacts.corrected", data={"fields": ["email"]})


def _tell_old(person: Person, old: str) -> None:
    with translation.override(person.language):
        outbox.send_single(
            to=old, subject=_("Our mail goes to another address of yours"), language=person.language,
            heading=_("Our mail goes to another address of yours"),
            paragraphs=[
                _("You have given us another e-mail address and confirmed it. From now on our mail goes there."),
                _("If it was not you, answer this message at once: we put it right."),
            ],
            stream=links.STREAM, recipient_key=person.key, look=mail_look(person.theme),
        )  # fmt: skip
