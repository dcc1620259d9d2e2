"""The link by which a person comes to their own data. The token is the right to do it: it goes to their address alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from base.bounds import everywhere
from contacts.models import Merge, Person
from mail import outbox, signing
from themes.mails import mail_look
from themes.places import address_of

if TYPE_CHECKING:
    from base.models import User

# Of the notices too.
STREAM = "contacts.notices"
PURPOSE = "contacts.own_data"


# A link in a mail that lies somewhere does not open the data for ever.
OLDEST = timedelta(days=90)
BETWEEN = timedelta(hours=1)


class Expired(signing.BadToken):
    """The link was good, and is too old: a fresh one may be sent to the person's own address."""

    def __init__(self, person: Person) -> None:
        super().__init__("too old")
        self.person = person


def own_data_url(person: Person) -> str:
    with translation.override(person.language):
        return address_of(person.theme) + path_of(person)


def path_of(person: Person, to: str = "own_data") -> str:
    """By the lasting key: numbers of people may be given again."""
    return path_by(signing.sign(PURPOSE, str(person.key), round(timezone.now().timestamp(), 3)), to)


def path_by(token: str, to: str = "own_data") -> str:
    """By the link that somebody came by: none is made younger by being used."""
    return reverse(f"contacts:{to}", args=[token])


def person_at(token: str) -> Person:
    """Of one who was merged, the person who was kept: as long as the merge stands, all that we hold is there.

    Raises BadToken, also for a person who was erased and for a link that the staff have made void; Expired for one that is too old.
    """
    key, *made = signing.read(PURPOSE, token)
    with everywhere():
        found = Person.objects.select_related("theme").filter(key=key).first() or _kept_of(key)
    if found is None:
        raise signing.BadToken("erased")
    # Those of before had no time in them.
    made_at = made[0] if made else 0
    if found.links_from and made_at < found.links_from.timestamp():
        raise signing.BadToken("void")
    if made_at < (timezone.now() - OLDEST).timestamp():
        raise Expired(found)
    return found


def _kept_of(key: str) -> Person | None:
    """Where that one was merged into a third, the merge is of the third by now."""
    merge = Merge.objects.standing().filter(gone_key=key).exclude(person=None).select_related("person__theme").order_by("-pk").first()
    return merge.person if merge else None


@transaction.atomic
def make_void(person: Person, *, by: User | None) -> None:
    """All links to the person's own data that are out there, in notices too."""
    Person.objects.filter(pk=person.pk).update(links_from=timezone.now())
    log(person, "contacts.links_void", user=by)


def send_fresh_link(person: Person) -> None:
    """For whoever has an old one: to the person's own address, at most once an hour. Who asks is not told which."""
    entries = ModelLogEntry.objects.get_for_model(Person).filter(object_id=str(person.pk), action="contacts.link")
    if person.email and not entries.filter(timestamp__gte=timezone.now() - BETWEEN).exists():
        send_link(person, by=None)


@transaction.atomic
def send_link(person: Person, *, by: User | None) -> None:
    """To the person's own address, whoever asks for it."""
    with translation.override(person.language):
        outbox.send_single(
            to=person.email, subject=_("Your data in our contact register"), language=person.language,
            heading=_("Your data in our contact register"),
            paragraphs=[
                _("By this link you see what we hold on you, correct it, take it along or have it erased. Keep the link to yourself."),
                _("It works for 90 days."),
            ],
            button=(_("See, correct or erase your data"), own_data_url(person)), stream=STREAM,
            recipient_key=person.key, look=mail_look(person.theme),
        )  # fmt: skip
    log(person, "contacts.link", user=by)
