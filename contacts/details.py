"""What is known of a contact, in sections, for its page. A fixed number of queries, whatever the contact has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from base.spoken import language_names
from contacts.models import HeldFor, Membership, Organisation, Person, ProjectParty, Role, ServiceNeed, Tie, WorkArea
from contacts.privacy.words import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model
    from django_stubs_ext import StrOrPromise

# Of a section: beyond these, a line says how many more there are.
MOST = 50


class Row(NamedTuple):
    text: str
    meta: str = ""
    url: str = ""
    is_past: bool = False


class Section(NamedTuple):
    heading: StrOrPromise
    rows: list[Row]
    empty: StrOrPromise
    add_url: str = ""
    add_label: StrOrPromise = ""
    more: int = 0


class Fact(NamedTuple):
    label: StrOrPromise
    value: str
    url: str = ""


def url_of(row: Model | None) -> str:
    return reverse(f"wagtailsnippets_contacts_{row._meta.model_name}:inspect", args=[row.pk]) if row else ""


def term(row: Any) -> str:
    """From when to when; empty when neither is known."""
    starts, ends = (date_format(day, "SHORT_DATE_FORMAT") if day else "" for day in (row.starts, row.ends))
    return f"{starts}–{ends}" if starts or ends else ""


def section(heading: str, rows: Iterable[Row], empty: str, add: tuple[str, str] = ("", "")) -> Section:
    """What goes on stands before what is over."""
    found = sorted(rows, key=lambda row: row.is_past)
    return Section(heading, found[:MOST], empty, *add, max(0, len(found) - MOST))


def adding(user: Any, model: type[Model], label: str, **values: object) -> tuple[str, str]:
    """Where a row of the contact is added, for whoever may."""
    options = model._meta
    if not user.has_perm(f"contacts.add_{options.model_name}"):
        return "", ""
    given = "&".join(f"{name}={value}" for name, value in values.items())
    return f"{reverse(f'wagtailsnippets_contacts_{options.model_name}:add')}?{given}", label


def _facts(*pairs: tuple[str, Any] | tuple[str, Any, str]) -> list[Fact]:
    return [Fact(label, str(value), *url) for label, value, *url in pairs if value]


def facts_of(contact: Person | Organisation) -> list[Fact]:
    return facts_of_person(contact) if isinstance(contact, Person) else facts_of_organisation(contact)


def sections_of(contact: Person | Organisation, user: Any) -> list[Section]:
    """`user` reads: they are offered what they may add."""
    return sections_of_person(contact, user) if isinstance(contact, Person) else sections_of_organisation(contact, user)


# ---- a person
def facts_of_person(person: Person) -> list[Fact]:
    held_for = list(person.held_for.select_related("purpose"))
    said = in_words([row.source for row in held_for])
    points = [(_in_words(point), point.value, f"mailto:{point.value}" if point.medium == "email" else "") for point in person.contact_points.all()]
    return _facts(
        (_("E-mail"), person.email, f"mailto:{person.email}"),
        *points,
        (_("Language of our messages"), person.get_language_display()),
        (_("Speaks"), ", ".join(language_names(person.languages))),
        (_("Municipality"), person.city),
        (_("Region"), person.region),
        (_("Target group"), person.target_group),
        (_("Tags"), ", ".join(tag.name for tag in person.tags.all())),
        *[(_("Held for"), _held(row, said[row.source])) for row in held_for],
    )


def _held(row: HeldFor, source: str) -> str:
    facts = {"purpose": row.purpose, "basis": row.purpose.get_legal_basis_display().lower(), "source": source}
    since = date_format(timezone.localtime(row.since), "SHORT_DATE_FORMAT")
    return _("%(purpose)s (%(basis)s), since %(since)s: %(source)s") % (facts | {"since": since})


def _in_words(point: Any) -> str:
    words = f"{point.get_medium_display()}, {point.get_kind_display().lower()}"
    return f"{words} ({held})" if (held := term(point)) else words


def sections_of_person(person: Person, user: Any) -> list[Section]:
    today = timezone.localdate()
    roles = person.roles.select_related("organisation").order_by("-starts", "pk")
    return [
        section(
            _("Roles"),
            (Row(str(row.organisation), _joined(row.title, term(row)), url_of(row.organisation), not row.is_current(today)) for row in roles),
            _("No roles yet: add them in the form of the person."),
        ),
        _networks(Membership.objects.filter(person=person)),
        _ties(Tie.objects.of_person(person), person, adding(user, Tie, _("Add a tie"), person=person.pk, theme=person.theme_id)),
        _work(WorkArea.objects.filter(person=person)),
        _needs(
            ServiceNeed.objects.filter(person=person),
            adding(user, ServiceNeed, _("Write down a need"), person=person.pk, theme=person.theme_id),
        ),
        _projects(person),
    ]


# ---- an organisation
def facts_of_organisation(organisation: Organisation) -> list[Fact]:
    above = organisation.above()
    business_id = organisation.business_id or next((row.business_id for row in above if row.business_id), "")
    return _facts(
        (_("Part of"), " › ".join(str(row) for row in reversed(above)), url_of(organisation.parent)),
        (_("Business ID"), business_id),
        (_("Sector"), organisation.get_sector_display()),
        (_("Size"), organisation.get_size_display()),
        (_("Region"), organisation.region),
        (_("Target group"), organisation.target_group),
        (_("Address"), ", ".join(filter(None, [organisation.address, organisation.city]))),
        (_("E-mail"), organisation.email, f"mailto:{organisation.email}"),
        (_("Telephone"), organisation.phone),
        (_("Website"), organisation.website, organisation.website),
        (_("Tags"), ", ".join(tag.name for tag in organisation.tags.all())),
    )


def sections_of_organisation(organisation: Organisation, user: Any) -> list[Section]:
    today, units = timezone.localdate(), organisation.with_units()
    roles = Role.objects.filter(organisation__in=units).select_related("person", "organisation").order_by("person__last_name", "pk")[: 10 * MOST]
    below = Organisation.objects.filter(parent=organisation).order_by("name_fi", "pk")
    given: dict[str, object] = {"organisation": organisation.pk, "theme": organisation.theme_id}
    return [
        section(
            _("People"),
            (
                Row(
                    str(row.person),
                    _joined(row.title, term(row), "" if row.organisation_id == organisation.pk else str(row.organisation)),
                    url_of(row.person),
                    not row.is_current(today),
                )
                for row in roles
            ),
            _("Nobody yet: people get a role here in the form of the person."),
        ),
        section(
            _("Units"),
            (Row(str(row), "", url_of(row)) for row in below),
            _("No units."),
            adding(user, Organisation, _("Add a unit"), parent=organisation.pk, theme=organisation.theme_id, sector=organisation.sector),
        ),
        _networks(Membership.objects.filter(organisation__in=units)),
        _work(WorkArea.objects.filter(organisation__in=units), adding(user, WorkArea, _("Add an area of work"), organisation=organisation.pk)),
        _ties(Tie.objects.of_organisation(organisation), organisation, adding(user, Tie, _("Add a tie"), **given)),
        _needs(ServiceNeed.objects.filter(organisation__in=units), adding(user, ServiceNeed, _("Write down a need"), **given)),
        _projects(organisation),
    ]


# ---- what both have
def _networks(rows: Any) -> Section:
    today = timezone.localdate()
    found = rows.select_related("network", "person", "organisation").order_by("network__name_fi", "pk")
    return section(
        _("Networks"),
        (
            Row(str(row.network), _joined(row.get_part_display(), str(row.person or ""), term(row)), url_of(row.network), not row.is_current(today))
            for row in found
        ),
        _("In no network."),
    )


def _ties(rows: Any, of: Person | Organisation, add: tuple[str, str]) -> Section:
    """The strongest first. Seen from this end."""
    today = timezone.localdate()
    related = ("person", "organisation", "other_person", "other_organisation")
    found = list(rows.select_related(*related).order_by("-strength", "-pk")[: MOST + 1])
    return section(_("Ties"), (_tie(row, of, today) for row in found), _("No ties yet."), add)


def _tie(row: Tie, of: Person | Organisation, today: Any) -> Row:
    other = row.other if row.one == of else row.one
    shared = _("%(number)d shared") % {"number": row.shared} if row.shared else ""
    percent = _("strength %(percent)d %%") % {"percent": round(row.strength * 100)}
    return Row(str(other), _joined(row.get_kind_display(), shared, percent, row.evidence, term(row)), url_of(other), not row.is_current(today))


def _work(rows: Any, add: tuple[str, str] = ("", "")) -> Section:
    today = timezone.localdate()
    found = rows.select_related("organisation", "sub_theme", "region").order_by("sub_theme__name_fi", "pk")
    return section(
        _("Works on"),
        (
            Row(
                str(row.sub_theme),
                _joined(str(row.region or _("the whole country")), row.service, row.meter, term(row)),
                "",
                not row.is_current(today),
            )
            for row in found
        ),
        _("Nothing is written down yet."),
        add,
    )


def _needs(rows: Any, add: tuple[str, str]) -> Section:
    found = rows.select_related("sub_theme", "region").order_by("-heard_on", "-pk")
    meta = (Row(row.need, _joined(row.get_state_display(), str(row.sub_theme), str(row.region or "")), url_of(row)) for row in found)
    return section(_("Service needs"), meta, _("No needs were heard yet."), add)


def _projects(contact: Person | Organisation) -> Section:
    rows = ProjectParty.objects.filter(**{contact._meta.model_name or "": contact}).select_related("project").order_by("-project__ends", "pk")
    today = timezone.localdate()
    return section(
        _("Projects"),
        (Row(str(row.project), row.get_part_display(), "", row.project.ends < today) for row in rows),
        _("In no project."),
    )


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
