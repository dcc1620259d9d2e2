"""Subscribing from any page: the short form works by itself, and its answers are the newsletter's own."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from newsletters.models import Subscription
from tests import factories
from themes.models import Scope


@pytest.fixture
def home(db):
    return factories.make_home(factories.make_theme())


def page_with(client, home, newsletter):
    body = [("paragraph", "<p>Teksti</p>"), ("sign_up", {"newsletter": newsletter.key, "title": "", "text": ""})]
    story = factories.make_story(factories.make_section(home), body=body)
    return BeautifulSoup(client.get(story.url).content, "html.parser").select_one("form#sign-up")


def test_a_reader_subscribes_from_a_story(client, home, mailoutbox):
    newsletter = factories.make_newsletter(home.theme)
    factories.make_newsletter_page(home, newsletter)
    form = page_with(client, home, newsletter)
    sent = {field["name"]: field.get("value", "") for field in form.select("input")} | {"email": "lukija@example.org", "consent": "on"}
    assert client.post(form["action"], sent).status_code == 200
    subscription = Subscription.objects.get()
    assert (subscription.language, subscription.newsletter) == ("fi", newsletter)


def test_an_error_comes_back_on_the_newsletters_own_page(client, home):
    newsletter = factories.make_newsletter(home.theme)
    factories.make_newsletter_page(home, newsletter)
    form = page_with(client, home, newsletter)
    answer = client.post(form["action"], {"email": "lukija", "token": form.select_one("[name=token]")["value"]})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


@pytest.mark.parametrize("scope", [Scope.INTERNAL, Scope.EXTERNAL])
def test_a_newsletter_without_a_public_page_has_no_form(client, home, scope):
    newsletter = factories.make_newsletter(home.theme, scope=scope)
    if scope == Scope.INTERNAL:
        factories.make_newsletter_page(home, newsletter)
    assert page_with(client, home, newsletter) is None
