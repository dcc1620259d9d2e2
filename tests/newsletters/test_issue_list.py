"""All issues in one list: how far each is, and its next step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from base.roles import Role
from newsletters import dispatching, issues
from newsletters.models import Dispatch, IssuePage, NewsletterPage, Subscription
from tests import factories
from tests.translations.making import translated

pytestmark = pytest.mark.django_db


def rows(client):
    page = BeautifulSoup(client.get(reverse("issues:index")).content, "html.parser")
    found = {}
    for row in page.select("table.listing tbody tr"):
        cell = row.find_all("td")[2]
        found[row.select_one(".title-wrapper a").get_text(strip=True)] = (cell.find(string=True).strip(), cell.a and cell.a["href"])
    return found


def make(letter, title):
    # Each parent is read anew: the tree keeps in it where the next child stands.
    return factories.make_issue(NewsletterPage.objects.get(pk=letter.pk), title=title)


def test_each_issue_stands_once_with_its_stage_and_next_step(cast):
    client = cast.enter(Role.COMMUNICATIONS)
    theme = factories.make_theme()
    home = factories.make_home(theme)
    letter = factories.make_newsletter_page(home, factories.make_newsletter(theme))
    person = factories.make_person(theme)
    Subscription.objects.create(newsletter=letter.newsletter, person=person, language="fi", state="confirmed", asked_at=timezone.now())
    sent, planned, asked, ready, late, draft = (make(letter, title) for title in ("Lähtenyt", "Ajastettu", "Pyydetty", "Valmis", "Jäänyt", "Luonnos"))
    translated(home)
    translated(letter)
    translated(sent)
    issues.send_issue(IssuePage.objects.get(pk=sent.pk))
    due_at, writer = timezone.now() + timedelta(days=2), cast.user(Role.COMMUNICATIONS)
    dispatching.schedule(issue=IssuePage.objects.get(pk=planned.pk), by=writer, due_at=due_at)
    Dispatch.objects.create(issue=late, reason="Sivu puuttuu")
    IssuePage.objects.get(pk=draft.pk).unpublish()
    found = rows(client)
    assert set(found) == {"Lähtenyt", "Ajastettu", "Pyydetty", "Valmis", "Jäänyt", "Luonnos"}
    assert found["Lähtenyt"][0].startswith("Lähetetty ")
    assert found["Lähtenyt"][1] == reverse("newsletters_results", args=[sent.pk])
    assert found["Ajastettu"][0].startswith("Lähtee ")
    assert found["Valmis"] == ("Julkaistu, lähettämättä", reverse("newsletters_send_issue", args=[ready.pk]))
    assert found["Jäänyt"][0] == "Ei lähtenyt ajallaan"
    assert found["Luonnos"] == ("Luonnos, lähettämättä", None)
    # With a second person's word that is still to come.
    letter.newsletter.needs_approval = True
    letter.newsletter.save()
    dispatching.ask(issue=IssuePage.objects.get(pk=asked.pk), by=writer, due_at=due_at)
    assert rows(client)["Pyydetty"][0] == "Odottaa toisen hyväksyntää"


def test_an_organiser_sees_no_sending(cast):
    theme = factories.make_theme()
    letter = factories.make_newsletter_page(factories.make_home(theme), factories.make_newsletter(theme))
    make(letter, "Valmis")
    assert rows(cast.enter(Role.ORGANISERS))["Valmis"][1] is None
