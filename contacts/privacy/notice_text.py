"""What a person is told whose data came from others (GDPR, Article 14(1) and (2)): each purpose with its ground, who answers for it, and how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts import purposes
from contacts.privacy import words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from contacts.models import HeldFor, Organisation, Person


class NoController(Exception):
    """The notice has to say who the controller is (Article 14(1)(a)), and nobody has said it of a purpose."""


def text_of(person: Person) -> list[str]:
    """In the active language. Raises NoController."""
    rows, by_purpose = list(person.held_for.select_related("purpose")), purposes.controllers_of(person.theme)
    answering = [tuple(by_purpose[row.purpose_id]) for row in rows]
    if not answering or not all(answering):
        raise NoController
    are_the_same = len(set(answering)) == 1
    return [
        _("Your contact details are in the contact register of the theme %(theme)s. You did not give them to us yourself, so we tell you.")
        % {"theme": person.theme.name},
        *([_("Controller: %(controllers)s.") % {"controllers": _named(answering[0])}] if are_the_same else []),
        _("Where the data came from: %(source)s, %(day)s.") % {"source": _sources(rows), "day": _day(person.obtained_at)},
        _("What we hold: name, contact details, organisation and tasks, and what we have done together."),
        *(_purpose(row, None if are_the_same else bodies) for row, bodies in zip(rows, answering, strict=True)),
        _("No decision is made by machine alone."),
        _("By the link below you see what we hold, correct it, take it along or have it erased. You may object, or ask us to restrict its use."),
        _("You may complain to the Data Protection Ombudsman: tietosuoja.fi."),
    ]


def _purpose(row: HeldFor, bodies: Iterable[Organisation] | None) -> str:
    """`bodies` are named where they are not the same for all purposes."""
    purpose, months = row.purpose, row.purpose.months
    told = [_("What it is for: %(purpose)s. The ground is %(basis)s.") % {"purpose": purpose, "basis": words.basis_in_words(purpose.legal_basis)}]
    if bodies is not None:
        told.append(_("Controller: %(controllers)s.") % {"controllers": _named(bodies)})
    if months:
        kept = ngettext(
            "We hold it until nothing has happened between us for %(number)d month.",
            "We hold it until nothing has happened between us for %(number)d months.",
            months,
        )
        told.append(kept % {"number": months})
    else:
        told.append(_("We hold it as long as the cooperation in the programme goes on."))
    return " ".join(told)


def _sources(rows: Iterable[HeldFor]) -> str:
    said = words.in_words({row.source for row in rows})
    return "; ".join(dict.fromkeys(said[row.source] for row in rows))


def _named(bodies: Iterable[Organisation]) -> str:
    return "; ".join(", ".join(filter(None, [str(body), body.email, body.phone])) for body in bodies)


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")
