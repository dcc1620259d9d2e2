"""The looks before sending: links of the site and of others, size, headers, languages, fields that nobody has."""

from __future__ import annotations

import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache
from django.utils import timezone

from base.gate import findings, words
from base.roles import Role
from newsletters import issues, preflight
from newsletters.models import IssuePage, Subscription
from newsletters.preflight import letters, links
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


class Site(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        name = self.path.strip("/").split("/")[0]
        if name == "slow":
            time.sleep(6)
        if name == "get" and self.command == "HEAD":
            return self.say(405)
        if name in {"moved", "brief", "loop"}:
            return self.say(301 if name == "moved" else 302, "/loop" if name == "loop" else "/fine")
        return self.say({"gone": 410, "missing": 404, "broken": 500}.get(name, 200))

    def say(self, status, location=""):
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(autouse=True)
def followed(settings):
    cache.clear()
    settings.CHECK_LINKS, settings.CHECK_LINKS_OF_INNER_NETWORK = True, True


def linked(letter, *urls):
    text = "".join(f'<p><a href="{url}">Kuntien uusi opas {number}</a></p>' for number, url in enumerate(urls))
    # As it came into the database before the gate looked: what is looked at here is the look before sending.
    issue = factories.make_issue(letter)
    issue.body = [("paragraph", text)]
    IssuePage.objects.filter(pk=issue.pk).update(body=issue.body)
    return IssuePage.objects.get(pk=issue.pk)


@pytest.fixture
def public(monkeypatch):
    """The gate refuses addresses of this machine; here it stands for another site."""
    monkeypatch.setattr(words, "PRIVATE_HOST", re.compile("(?!)"))


def subscribe(letter, language="fi"):
    person = factories.make_person(letter.newsletter.theme)
    Subscription.objects.create(newsletter=letter.newsletter, person=person, language=language, state="confirmed", asked_at=timezone.now())


def levels(issue, subject):
    return {result.level for result in preflight.run(issue) if str(result.subject).startswith(subject)}


def test_links_to_other_sites_are_followed_at_once_and_in_time(letter, site):
    names = ["fine", "get", "brief", "moved", "gone", "missing", "broken", "loop", "slow"]
    issue = linked(letter, *(f"{site}/{name}" for name in names), "http://nowhere.invalid/")
    began = time.monotonic()
    found = {result.reason: result.level for result in preflight.run(issue) if str(result.subject).startswith("Linkit muille")}
    assert time.monotonic() - began < 5
    told = {name: [(reason, level) for reason, level in found.items() if f"/{name}:" in reason] for name in names}
    assert [name for name in names if not told[name]] == ["fine", "get", "brief"]
    assert {name: level.value for name in names for _reason, level in told[name]} == {
        "moved": "warns", "gone": "blocks", "missing": "blocks", "broken": "warns", "loop": "warns", "slow": "warns",
    }  # fmt: skip
    assert f"{site}/fine" in told["moved"][0][0]
    assert [level for reason, level in found.items() if "nowhere.invalid" in reason] == [preflight.Level.BLOCKS]


def test_a_dead_link_that_was_found_keeps_the_issue_back(letter, site, public):
    subscribe(letter)
    issue = linked(letter, f"{site}/gone")
    preflight.run(issue)
    with pytest.raises(issues.NotSendable, match="/gone"):
        issues.send_issue(issue)
    assert IssuePage.objects.get(pk=issue.pk).mailing is None


def test_nothing_is_followed_where_the_settings_do_not_allow_it(letter, settings, monkeypatch):
    settings.CHECK_LINKS = False
    monkeypatch.setattr(links, "ask", lambda url: pytest.fail(f"{url} was asked"))
    assert levels(linked(letter, "https://example.org/x"), "Linkit muille") == {preflight.Level.UNCHECKED}


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://10.1.2.3/", "http://169.254.169.254/latest/", "http://[::1]/"])
def test_no_door_into_an_inner_network_is_opened(settings, url, monkeypatch):
    settings.CHECK_LINKS_OF_INNER_NETWORK = False
    monkeypatch.setattr(links, "_fetch", lambda address: pytest.fail(f"{address} was fetched"))
    assert links.ask(url).problem == "inner"


def test_being_sent_on_opens_none_either(settings, site, monkeypatch):
    settings.CHECK_LINKS_OF_INNER_NETWORK = False
    real, asked = links._unreachable, []
    monkeypatch.setattr(links, "_unreachable", lambda url: "" if url.endswith("/brief") else asked.append(url) or real(url))
    assert links.ask(f"{site}/brief").problem == "inner"
    assert asked == [f"{site}/fine"]


def test_links_within_the_site_are_looked_up(letter, settings):
    story = factories.make_story(factories.make_section(letter.get_parent().specific))
    there = [f"{settings.BASE_URL}{story.get_url()}", f"{settings.BASE_URL}/media/a.pdf"]
    assert levels(linked(letter, *there), "Linkit sivuston") == {preflight.Level.PASSED}
    story.unpublish()
    assert levels(linked(letter, *there), "Linkit sivuston") == {preflight.Level.BLOCKS}
    assert levels(linked(letter, f"{settings.BASE_URL}/fi/ei-ole/"), "Linkit sivuston") == {preflight.Level.BLOCKS}


def test_a_letter_that_gmail_would_cut_is_kept_back(letter, monkeypatch):
    subscribe(letter)
    issue = factories.make_issue(letter, body=[("paragraph", f"<p>{'Työelämä muuttuu. ' * 60}</p>")] * 4)
    assert levels(issue, "Koko") == {preflight.Level.PASSED}
    monkeypatch.setattr(letters, "CLIPPED_AT", 8 * 1024)
    assert levels(issue, "Koko") == {preflight.Level.BLOCKS}
    with pytest.raises(issues.NotSendable, match="Gmail"):
        issues.send_issue(issue)


def test_headers_say_how_to_leave_and_the_eu_line_stands_there(letter, settings):
    issue = factories.make_issue(letter)
    assert levels(issue, "Viestin otsakkeet") == {preflight.Level.WARNS}  # http, on this machine
    settings.BASE_URL = "https://example.org"
    assert levels(issue, "EU-rivi") == {preflight.Level.PASSED}
    assert levels(issue, "Kontrasti") == {preflight.Level.PASSED}


@pytest.mark.parametrize(
    "field",
    [
        "{etunimi}",
        "{{ name }}",
        '{{ contact.NIMI | default: "sinä" }}',
        "{% if x %}",
        "%recipient.name%",
        "*|FNAME|*",
        "[[nimi]]",
        "%%nimi%%",
        "«Nimi»",
    ],
)
def test_a_field_that_nobody_has_is_an_error_at_its_place(letter, field):
    issue = IssuePage(title="Numero", slug="numero", preview_text="Esikatselu", lead=f"Hei {field}", body=[("paragraph", "<p>Teksti</p>")])
    issue.locale, issue.theme, issue.path, issue.depth = letter.locale, letter.theme, letter.path + "0001", letter.depth + 1
    found = [finding for finding in findings(issue) if finding.code == "mail.merge_field"]
    assert [(finding.field, finding.excerpt) for finding in found] == [("lead", field)]


def test_the_gate_and_the_languages_speak_here_too(letter, client):
    story = factories.make_story(factories.make_section(letter.get_parent().specific))
    swedish = factories.Locale.objects.get(language_code="sv")
    for page in (letter.get_parent().specific, letter):
        page.copy_for_translation(swedish, copy_parents=True).save_revision().publish()
    issue = factories.make_issue(letter, body=[("paragraph", "<p>Luettavaa</p>"), ("item", story)])
    assert levels(issue, "Käännökset") == {preflight.Level.WARNS}
    story.unpublish()
    found = [result for result in preflight.run(issue) if str(result.subject).startswith("Julkaisutarkistukset") and result.level == "blocks"]
    assert story.title in str(found[0].reason)
    assert found[0].url.startswith(f"/admin/pages/{issue.pk}/edit/#block-")
    Cast(client).enter(Role.COMMUNICATIONS)
    shown = client.get(f"/admin/newsletters/issues/{issue.pk}/check/").content.decode()
    assert "k-check--blocks" in shown
    Cast(client).enter(Role.ORGANISERS)
    assert client.get(f"/admin/newsletters/issues/{issue.pk}/check/").status_code == 403


def test_an_issue_of_twenty_items_is_looked_at_within_five_seconds(letter, site, public):
    section = factories.make_section(letter.get_parent().specific)
    text = "".join(f'<p><a href="{site}/slow/{number}">Kuntien uusi opas {number}</a></p>' for number in range(10))
    body = [*(("item", factories.make_story(section)) for _ in range(20)), ("paragraph", text)]
    issue = factories.make_issue(letter, body=body)
    subscribe(letter)
    began = time.monotonic()
    results = preflight.run(issue)
    took = time.monotonic() - began
    print(f"preflight of 20 items with 10 links that do not answer: {took:.2f} s")
    assert took < 5
    assert results
