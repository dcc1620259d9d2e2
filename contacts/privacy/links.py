"""The link by which a person comes to their own data. The token is the right to do it: it goes to their address alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.bounds import everywhere
from contacts.models import Person
from mail import outbox, signing
from themes.mails import mail_look
from themes.places import address_of

if TYPE_CHECKING:
    from base.models import User

# Of the notices too.
STREAM = "contacts.notices"
PURPOSE = "contacts.own_data"


def own_data_url(person: Person) -> str:
    with translation.override(person.language):
        return address_of(person.theme) + path_of(person)


def path_of(person: Person, to: str = "own_data") -> str:
    """By the lasting key: numbers of people may be given again."""
    return reverse(f"contacts:{to}", args=[signing.sign(PURPOSE, str(person.key))])


def person_at(token: str) -> Person:
    """Raises BadToken, also for a person who was erased."""
    values = signing.read(PURPOSE, token)
    with everywhere():
        found = Person.objects.select_related("theme").filter(key=values[0]).first()
    if found is None:
        raise signing.BadToken("erased")
    return found


@transaction.atomic
def send_link(person: Person, *, by: User | None) -> None:
    """To the person's own address, whoever asks for it."""
    with translation.override(person.language):
        outbox.send_single(
            to=person.email, subject=_("Your data in our contact register"), language=person.language,
            heading=_("Your data in our contact register"),
            paragraphs=[_("By this link you see what we hold on you, correct it, take it along or have it erased. Keep the link to yourself.")],
            button=(_("See, correct or erase your data"), own_data_url(person)), stream=STREAM,
            recipient_key=person.key, look=mail_look(person.theme),
        )  # fmt: skip
    log(person, "contacts.link", user=by)
