"""What the register itself tells of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contacts.models import Consent, HeldFor, Membership, NeedTurn, Note, Person, ProjectParty, Role, Touch
from contacts.privacy.words import told
from contacts.timeline import Moment, Source, midnight, register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contacts.timeline import Sheet, Whose


def named(whose: Whose, person: Person | None) -> Person | None:
    """On an organisation's timeline it is said who it was."""
    return person if whose.organisation else None


def touches(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    rows = whose.of_people(Touch.objects.select_related("outreach", "person"), "at")
    for row in sheet.newest(rows, "at"):
        url = reverse("desk:outreach", args=[row.outreach_id])
        yield Moment(row.at, sheet.source, row.pk, row.get_kind_display(), row.outreach.title, url, named(whose, row.person))


def notes(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    """An organisation's own: what is written on a person stays with the person."""
    for row in sheet.newest(Note.objects.filter(whose.of_either()).select_related("by"), "at"):
        yield Moment(row.at, sheet.source, row.pk, _by(_("Note"), row.by), row.text)


def roles_began(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    return _roles(whose, sheet, "starts", pgettext("role", "Began"))


def roles_ended(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    return _roles(whose, sheet, "ends", pgettext("role", "Ended"))


def _roles(whose: Whose, sheet: Sheet, name: str, what: str) -> Iterator[Moment]:
    rows = Role.objects.filter(whose.of_either()).select_related("person", "organisation")
    for row in sheet.newest(rows, name, is_date=True):
        text = ", ".join(filter(None, [row.title, "" if whose.organisation else str(row.organisation)]))
        yield Moment(midnight(getattr(row, name)), sheet.source, row.pk, what, text, person=named(whose, row.person))


def memberships_began(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    return _memberships(whose, sheet, "starts", _("Became a member"))


def memberships_ended(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    return _memberships(whose, sheet, "ends", _("Membership ended"))


def _memberships(whose: Whose, sheet: Sheet, name: str, what: str) -> Iterator[Moment]:
    rows = Membership.objects.filter(whose.of_either()).select_related("person", "network")
    for row in sheet.newest(rows, name, is_date=True):
        url = reverse("wagtailsnippets_contacts_network:inspect", args=[row.network_id])
        yield Moment(midnight(getattr(row, name)), sheet.source, row.pk, what, str(row), url, named(whose, row.person))


def consents_given(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    rows = Consent.objects.filter(person__in=whose.people if whose.person else ())
    for row in sheet.newest(rows, "given_at"):
        yield Moment(row.given_at, sheet.source, row.pk, _("Consent given"), row.given_how)


def consents_withdrawn(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    rows = Consent.objects.filter(person__in=whose.people if whose.person else ())
    for row in sheet.newest(rows, "withdrawn_at"):
        yield Moment(row.withdrawn_at or row.given_at, sheet.source, row.pk, _("Consent withdrawn"), row.withdrawn_how)


def needs(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    """Of an organisation, those that were passed on to it too."""
    said = Q(need__person__in=whose.people) if whose.person else Q(need__organisation__in=whose.organisations)
    rows = NeedTurn.objects.filter(said | Q(passed_to__in=whose.organisations))
    for row in sheet.newest(rows.select_related("need"), "at"):
        url = reverse("wagtailsnippets_contacts_serviceneed:inspect", args=[row.need_id])
        what = _("Service need: %(state)s") % {"state": row.get_state_display()}
        yield Moment(row.at, sheet.source, row.pk, what, row.need.need, url)


def parties(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    for row in sheet.newest(ProjectParty.objects.filter(whose.of_either()).select_related("project"), "listed_on", is_date=True):
        yield Moment(midnight(row.listed_on), sheet.source, row.pk, row.get_part_display(), str(row.project))


def obtained(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    rows = HeldFor.objects.filter(person__in=whose.people if whose.person else ()).select_related("purpose")
    for row in sheet.newest(rows, "since"):
        yield Moment(row.since, sheet.source, row.pk, _("Came into the register"), f"{row.purpose}: {told(row.source)}")


def _by(what: str, user: Any) -> str:
    return f"{what}, {user.get_full_name() or user.username}" if user else what


def register_all() -> None:
    for key, read in (
        ("touches", touches),
        ("notes", notes),
        ("roles_began", roles_began),
        ("roles_ended", roles_ended),
        ("memberships_began", memberships_began),
        ("memberships_ended", memberships_ended),
        ("consents_given", consents_given),
        ("consents_withdrawn", consents_withdrawn),
        ("needs", needs),
        ("parties", parties),
        ("obtained", obtained),
    ):
        register(Source(f"contacts.{key}", read))
