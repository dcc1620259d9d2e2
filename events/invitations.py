"""Invitations to meetings: the page, its papers and an answer by a signed link, for people who have no login.

Whoever the page names among who takes part has an invitation from when it is published. Who is named no more has none, and the link leads nowhere.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from events import words
from events.models import Invitation, MeetingPage
from mail import outbox, signing
from themes.mails import mail_look
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from base.models import User

PURPOSE, STREAM = "events.meeting", "events"


class MeetingOver(Exception):
    """Nobody can answer any more, and nobody is invited."""


def pages_of(key: UUID) -> dict[str, MeetingPage]:
    """Its live pages by language, the source's first."""
    pages = MeetingPage.objects.live().filter(translation_key=key).select_related("locale", "theme").order_by("pk")
    return {page.locale.language_code: page for page in pages}


def page_in(language: str, key: UUID) -> MeetingPage | None:
    """In the language, else in that of the source; None where it is not published."""
    pages = pages_of(key)
    return pages.get(language) or next(iter(pages.values()), None)


def token_of(invitation: Invitation) -> str:
    return signing.sign(PURPOSE, invitation.pk)


def url_of(invitation: Invitation) -> str:
    with translation.override(invitation.person.language):
        return address_of(invitation.theme) + reverse("events:meeting", args=[token_of(invitation)])


def at(token: str) -> Invitation:
    """Raises BadToken, also for somebody who takes part no more."""
    found = Invitation.objects.select_related("person", "theme").filter(pk=signing.read(PURPOSE, token)[0]).first()
    if found is None:
        raise signing.BadToken("not invited any more")
    return found


def follow(page: MeetingPage) -> None:
    """One for each who takes part, as the page is published. What was answered stays."""
    people = [child.value["person"] for child in page.attendance if child.value["person"]]
    Invitation.objects.filter(meeting_key=page.translation_key).exclude(person__in=people).delete()
    for person in people:
        Invitation.objects.get_or_create(meeting_key=page.translation_key, person=person, defaults={"theme_id": page.theme_id})


def facts_key(page: MeetingPage) -> str:
    """Tells one time and place from another."""
    facts = f"{page.starts_at.timestamp()} {page.ends_at.timestamp()} {page.time_zone} {page.place} {page.online_link}"
    return sha256(facts.encode()).hexdigest()


def of_meeting(page: MeetingPage) -> list[Invitation]:
    return list(Invitation.objects.filter(meeting_key=page.translation_key).select_related("person", "theme"))


def untold(page: MeetingPage, rows: Iterable[Invitation]) -> list[Invitation]:
    """Who has an address and does not know yet, or knows another time or place."""
    return [row for row in rows if row.person.email and row.told != facts_key(page)]


@transaction.atomic
def send(*, page: MeetingPage, rows: Iterable[Invitation], text: str = "", by: User | None = None) -> int:
    """Mails each of them the link; how many there were. `text` stands first. Raises MeetingOver."""
    if page.ends_at <= timezone.now():
        raise MeetingOver
    sent = [row for row in rows if row.person.email]
    for row in sent:
        # Of two at once, one writes this number, and the key of the mail is unique.
        row.number, was_told = row.number + 1, row.told
        row.told, row.sent_at = facts_key(page), timezone.now()
        _mail(row, page_in(row.person.language, page.translation_key) or page, text, was_told)
        row.save(update_fields=["number", "told", "sent_at"])
    log(page, "wagtail.edit", user=by, data={"invited": [row.pk for row in sent]})
    return len(sent)


def _mail(row: Invitation, page: MeetingPage, text: str, was_told: str) -> None:
    with translation.override(row.person.language):
        subject, first = _words(is_first=not was_told, is_changed=was_told != row.told)
        agenda = [f"{number}. {child.value['title']}" for number, child in enumerate(page.agenda, 1)]
        facts = "\n".join(f"{label}: {value}" for label, value in words.facts_of_meeting(page))
        outbox.send_single(
            to=row.person.email,
            subject=subject % {"title": page.title},
            language=row.person.language,
            heading=subject % {"title": page.title},
            paragraphs=[*filter(None, [text, first, facts, "\n".join([_("Agenda"), *agenda]) if agenda else ""])],
            button=(_("See the meeting and answer"), url_of(row)),
            small_print=[_("The link is yours alone: whoever has it sees the papers of the meeting.")],
            stream=STREAM,
            key=f"events.meeting:{row.pk}:{row.number}",
            recipient_key=row.person.key,
            headers={"Reply-To": settings.DEFAULT_FROM_EMAIL},
            look=mail_look(page.theme),
            thread=f"events.meeting:{row.pk}",
        )


def tell_unpublished(key: UUID, mark: str) -> None:
    """Everybody to whom the link was sent, once for each publication that ends. Nobody while it is published in any language, or once it is over."""
    pages = {
        page.locale.language_code: page for page in MeetingPage.objects.filter(translation_key=key).select_related("locale", "theme").order_by("-pk")
    }
    if not pages or any(page.live for page in pages.values()):
        return
    source = list(pages.values())[-1]
    if source.ends_at <= timezone.now():
        return
    for row in Invitation.objects.filter(meeting_key=key, sent_at__isnull=False).select_related("person", "theme").order_by("pk"):
        if row.person.email:
            _mail_unpublished(row, pages.get(row.person.language, source), mark)


def _mail_unpublished(row: Invitation, page: MeetingPage, mark: str) -> None:
    with translation.override(row.person.language):
        subject = _("The meeting is taken off the site: %(title)s") % {"title": page.title}
        told = _(
            "The secretary has taken the meeting off the site, and your link shows nothing for now. Ask the secretary whether the meeting is held."
        )
        facts = "\n".join(f"{label}: {value}" for label, value in words.facts_of_meeting(page))
        outbox.send_single(
            to=row.person.email,
            subject=subject,
            language=row.person.language,
            heading=subject,
            paragraphs=[told, facts],
            stream=STREAM,
            key=f"events.meeting_unpublished:{row.pk}:{mark}",
            recipient_key=row.person.key,
            headers={"Reply-To": settings.DEFAULT_FROM_EMAIL},
            look=mail_look(page.theme),
            thread=f"events.meeting:{row.pk}",
        )


def _words(*, is_first: bool, is_changed: bool) -> tuple[str, str]:
    """Subject and first paragraph."""
    if is_first:
        return _("Invitation to a meeting: %(title)s"), _("You are invited to this meeting. Its agenda and papers are behind the link.")
    if is_changed:
        told = _("The time or the place has changed. Tell us by the link whether you can come.")
        return _("The meeting has changed: %(title)s"), told
    return _("About the meeting: %(title)s"), _("The agenda and the papers are behind the link.")


def answer(*, invitation: Invitation, answer: str, message: str, page: MeetingPage) -> None:
    """What they say, as often as they change their mind, until the meeting is over. Raises MeetingOver."""
    if page.ends_at <= timezone.now():
        raise MeetingOver
    invitation.answer, invitation.message, invitation.answered_at = answer, message, timezone.now()
    invitation.save(update_fields=["answer", "message", "answered_at"])


@transaction.atomic
def record_attendance(*, page: MeetingPage, states: Mapping[int, str], by: User) -> bool:
    """Who came, by the numbers of the people, into the page's own list; whether that is published too. A draft that somebody is at work on gets it as
    well, and waits for them to publish it."""
    draft: MeetingPage = page.get_latest_revision_as_object()
    is_published = page.live and not page.has_unpublished_changes
    for child in draft.attendance:
        person = child.value["person"]
        if person and person.pk in states:
            child.value["state"] = states[person.pk]
    revision = draft.save_revision(user=by, log_action=True)
    if is_published:
        revision.publish(user=by)
    return is_published
