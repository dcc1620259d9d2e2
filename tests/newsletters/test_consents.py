"""Consent as evidence: what was agreed to stays what it was, and the staff read it."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.urls import reverse

from base.roles import Role
from newsletters import subscriptions, tracking
from newsletters.models import Newsletter, Subscription
from tests import factories
from tests.cast import Cast


@pytest.fixture
def newsletter(db: None) -> Newsletter:
    return factories.make_newsletter(factories.make_theme())


def subscribe(newsletter: Newsletter, language: str = "fi") -> Subscription:
    asked = subscriptions.ask_subscription(newsletter=newsletter, email="aino@example.org", language=language)
    return subscriptions.confirm_subscription(asked, how="test")


def refused(newsletter: Newsletter, **values: Any) -> set[str]:
    for name, value in values.items():
        setattr(newsletter, name, value)
    try:
        newsletter.full_clean()
    except ValidationError as error:
        return set(error.message_dict)
    newsletter.save()
    return set()


def test_a_text_that_somebody_agreed_to_needs_a_new_version(newsletter: Newsletter) -> None:
    assert refused(newsletter, consent_fi="Ennen kuin kukaan tilasi") == set()
    subscribe(newsletter)
    assert refused(newsletter, consent_fi="Toinen teksti") == {"consent_version"}
    assert refused(newsletter, consent_fi="Toinen teksti", consent_version="2") == set()
    # Nobody has agreed to the second yet; to go back is to go back to the words as well.
    assert refused(newsletter, consent_fi="Kolmas") == set()
    assert refused(newsletter, consent_version="1") == {"consent_version"}
    assert refused(newsletter, consent_version="1", consent_fi="Ennen kuin kukaan tilasi") == set()


def test_ends_of_lines_are_no_other_words(newsletter: Newsletter) -> None:
    assert refused(newsletter, consent_fi="Suostun.\nVoin perua tämän.") == set()
    subscribe(newsletter)
    assert refused(newsletter, consent_fi="Suostun.\r\nVoin perua tämän.") == set()


def test_a_newsletter_without_its_theme_is_told_at_the_theme(newsletter: Newsletter) -> None:
    newsletter.theme_id = None
    with pytest.raises(ValidationError) as told:
        newsletter.full_clean()
    assert set(told.value.message_dict) == {"theme"}


def test_a_language_that_nobody_agreed_in_may_change(newsletter: Newsletter) -> None:
    subscribe(newsletter, "sv")
    assert refused(newsletter, consent_fi="Suomeksi toisin") == set()
    assert refused(newsletter, consent_sv="") == {"consent_version"}


def test_the_key_stays_once_it_names_a_purpose(newsletter: Newsletter) -> None:
    assert refused(newsletter, key="toinen") == set()
    subscribe(newsletter)
    assert refused(newsletter, key="kolmas") == {"key"}


def test_the_form_tells_it_at_its_field_and_keeps_what_was_typed(newsletter: Newsletter, cast: Cast) -> None:
    subscribe(newsletter)
    client = cast.enter(Role.ADMINISTRATORS)
    path = reverse(Newsletter.snippet_viewset.get_url_name("edit"), args=[newsletter.pk])
    page = BeautifulSoup(client.get(path).content, "html.parser").select_one("form[data-edit-form]")
    values = {field["name"]: field.get("value", "") for field in page.select("input[name]")}
    values |= {field["name"]: field.text.strip() for field in page.select("textarea")} | {"scope": "external", "theme": newsletter.theme_id}
    answer = client.post(path, values | {"consent_fi": "Aivan muuta"})
    shown = BeautifulSoup(answer.content, "html.parser")
    assert "Aivan muuta" in shown.select_one("[name=consent_fi]").text
    assert set(answer.context["form"].errors) == {"consent_version"}
    newsletter.refresh_from_db()
    assert newsletter.consent_fi == "consent fi"


def test_the_staff_read_the_evidence_of_a_subscription_and_change_nothing(newsletter: Newsletter, cast: Cast) -> None:
    row = subscribe(newsletter, "sv")
    tracking.allow_opens(row.person, language="fi", how="preference centre by signed link")
    subscriptions.end_subscription(row, how="link in the mail, button on the page")
    row = subscribe(newsletter)
    path = reverse(Subscription.snippet_viewset.get_url_name("inspect"), args=[row.pk])
    client = cast.enter(Role.COMMUNICATIONS)
    page = BeautifulSoup(client.get(path).content, "html.parser")
    rows = page.select("main tbody tr")
    assert len(rows) == 3
    told = " ".join(row.text for row in rows)
    assert "consent sv" in told
    # The staff's language, where the words are our own.
    assert "linkki viestissä, painike sivulla" in told
    assert "test" in told
    assert tracking.consent_text("fi") in told
    assert path in client.get(reverse(Subscription.snippet_viewset.get_url_name("list"))).content.decode()
    assert client.post(path).status_code == 405
    assert cast.enter(Role.PROJECTS).get(path).status_code in {302, 403}
