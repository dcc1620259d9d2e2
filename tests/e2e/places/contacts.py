"""The register, its network, and whom it reached."""

from __future__ import annotations

from django.urls import reverse

from contacts import purposes
from contacts.importing import actions as contact_importing
from contacts.importing import forms as contact_files
from contacts.importing import looking as contact_looking
from contacts.models import (
    ContactImport,
    Merge,
    Network,
    Organisation,
    Outreach,
    Pair,
    Person,
    ProjectParty,
    Purpose,
    Segment,
    ServiceNeed,
    Tag,
    ThemeBody,
    Tie,
    WorkArea,
)
from contacts.models import Role as Post
from contacts.privacy import retention
from tests.e2e.places.rows import of_list, of_page, of_rows
from themes.models import Goal, Theme

FORMS = (Person, Organisation, Network, ServiceNeed, WorkArea, Tie, ProjectParty, ThemeBody, Purpose, Outreach)


def of_staff() -> dict[str, str]:
    found = {**of_list(Tag), **of_list(Segment)}
    for model in FORMS:
        found |= of_rows(model)
    for row in (Person.objects.filter(notes__isnull=False).first(), Organisation.objects.filter(units__isnull=False).first(), Network.objects.last()):
        found |= of_page(row)
    return found | of_work() | of_network() | of_duties() | of_contact_imports()


def of_work() -> dict[str, str]:
    """Searching, logging, segments, needs, and who was reached."""
    need = ServiceNeed.objects.open().first()
    return {
        "need": reverse(need.snippet_viewset.get_url_name("inspect"), args=[need.pk]),
        "search_contacts": f"{reverse('contacts_search')}?q=ka",
        "need_counts": reverse("contacts_need_counts"),
        "coverage": reverse("contacts_coverage", args=[Goal.objects.filter(audiences__isnull=False).first().pk]),
        "coverage_reached": reverse("contacts_coverage_reached", args=[Goal.objects.filter(outreaches__touches__isnull=False).first().pk]),
        "log": f"{reverse('contacts_log')}?people={Person.objects.first().pk}",
        "logged": reverse("contacts_logged", args=[Outreach.objects.logged().first().pk]),
        "segment": reverse("contacts_segment", args=[Segment.objects.order_by("-pk")[1].pk]),
        "segment_new": reverse("contacts_segment_new"),
        "write_to_people": f"{reverse('wagtail_bulk_action', args=['contacts', 'person', 'write'])}?id={Person.objects.exclude(email='').first().pk}",
        "take_along": f"{reverse('wagtail_bulk_action', args=['contacts', 'person', 'take_along'])}?id={Person.objects.first().pk}",
    }


def of_network() -> dict[str, str]:
    """Who connects; and who may stand there twice."""
    return {
        "whole_network": reverse("contacts_network"),
        "network_of_a_person": reverse("contacts_network_of", args=["person", Person.objects.filter(ties__isnull=False).first().pk]),
        "network_of_an_organisation": reverse("contacts_network_of", args=["organisation", Organisation.objects.last().pk]),
        "pairs": reverse("contacts_pairs"),
        "pair": reverse("contacts_pair", args=[Pair.objects.waiting().first().pk]),
        "merges": reverse("contacts_merges"),
        "undo_merge": reverse("contacts_undo_merge", args=[Merge.objects.standing().first().pk]),
    }


def of_duties() -> dict[str, str]:
    """What the law asks of who keeps a register."""
    return {
        "notices": reverse("contacts_notices"),
        "contacts_forgotten_next": of_the_forgotten(),
        "contacts_log_of": reverse("contacts_audit"),
    }


def of_the_forgotten() -> str:
    """With people of whom nothing has been heard for a month."""
    purpose = purposes.usual(Theme.objects.order_by("pk")[0], purposes.COOPERATION)
    purpose.months = 1
    purpose.save()
    retention.renew(purpose.theme)
    assert retention.ending().exists()
    return reverse("contacts_retention")


def of_contact_imports() -> dict[str, str]:
    """One that waits, with an error and a possible duplicate; one that was brought; one that was taken back."""
    theme, role = Theme.objects.order_by("pk")[0], Post.objects.filter(person__theme=Theme.objects.order_by("pk")[0]).first()
    why = {"source": "Messut 2026", "purpose": purposes.usual(theme, purposes.COOPERATION)}
    waits = ContactImport.objects.filter(file_name="odottaa.csv").first()
    if waits is None:
        known = f"{role.person.first_name};{role.person.last_name};;{role.organisation.name_fi}"
        lines = f"Etunimi;Sukunimi;Sähköposti;Työhyvinvointikoordinaatiohankkeen organisaatio\nÄijä;Esimerkki;ei osoite;\n{known}\n;;;\n"
        waits = ContactImport(theme=theme, file_name="odottaa.csv", content=f"Messut;;;\n{lines}".encode(), **why)
        contact_files.read_heading(waits)
        waits.columns = {"first_name": [0], "last_name": [1], "email": [2], "organisation": [3]}
        waits.save()
        contact_looking.start(waits)
    made = []
    for name in ("tuotu.csv", "peruttu.csv"):
        row = ContactImport.objects.filter(file_name=name).first()
        if row is None:
            file = f"last_name\nTuotu{name[0]}\n".encode()
            told = contact_importing.Why("Messut 2026", purposes.usual(theme, purposes.COOPERATION))
            row = contact_importing.bring(file, theme=theme, file_name=name, why=told).bringing
        made.append(row)
    contact_importing.undoing.undo(made[1])
    return {
        "contact_import_start": reverse("contacts_import_start"),
        "contact_import_look": reverse("contacts_import", args=[waits.pk]),
        "contact_import_done": reverse("contacts_import", args=[made[0].pk]),
        "contact_import_undo": reverse("contacts_import_undo", args=[made[0].pk]),
        "contact_import_undone": reverse("contacts_import", args=[made[1].pk]),
        "contact_imports": reverse("contacts_imports"),
    }
