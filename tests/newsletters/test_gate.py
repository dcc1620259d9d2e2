"""An issue passes the gate twice: when it is published, and when it is sent, for what it leads to may have changed."""

from __future__ import annotations

from copy import deepcopy

import pytest
from bs4 import BeautifulSoup

from base.gate import findings
from base.gate.guard import NotPublishable
from base.models import GateOverride
from newsletters import gate, issues
from newsletters.models import IssuePage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made_story(made_letter):
    return factories.make_story(factories.make_section(made_letter.get_parent().specific), title="Palautehetki")


@pytest.fixture
def story(db, made_story):
    return deepcopy(made_story)


def codes(page):
    return {finding.code for finding in findings(page) if finding.is_error}


def test_a_clean_issue_may_be_sent(letter, story):
    issue = factories.make_issue(letter, body=[("paragraph", f'<p>Lue <a linktype="page" id="{story.pk}">palautehetkestä</a>.</p>'), ("item", story)])
    assert codes(issue) == set()
    assert issues.why_not(issue) == ""


def test_an_issue_with_errors_is_not_published(letter):
    with pytest.raises(NotPublishable):
        factories.make_issue(letter, body=[("paragraph", '<p>Lue <a href="https://example.org">täältä</a>.</p>')])


def test_what_it_leads_to_is_looked_at_again_when_it_is_sent(letter, story):
    issue = factories.make_issue(letter, body=[("paragraph", "<p>Luettavaa</p>"), ("item", story)])
    story.unpublish()
    assert "Palautehetki" in issues.why_not(issue)
    with pytest.raises(issues.NotSendable):
        issues.send_issue(issue)
    assert IssuePage.objects.get(pk=issue.pk).mailing is None
    found = [finding.as_data() | {"key": finding.key} for finding in findings(issue) if finding.is_error]
    GateOverride.objects.create(page=issue, reason="Jutusta kerrotaan silti.", findings=found)
    assert issues.why_not(issue) == ""


def test_every_language_is_looked_at(letter, story):
    issue = factories.make_issue(letter, body=[("paragraph", "<p>Luettavaa</p>")])
    translation = issue.copy_for_translation(factories.Locale.objects.get(language_code="sv"), copy_parents=True)
    translation.body = [("paragraph", '<p><a href="https://example.org">här</a></p>')]
    IssuePage.objects.filter(pk=translation.pk).update(live=True, body=translation.body)
    assert "här" in issues.why_not(issue)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("cid:eu-emblem", "https://example.org/emblem.png", "mail.emblem"),
        ("Euroopan unionin osarahoittama", "EU:n tukema", "mail.statement"),
        ("Euroopan unionin osarahoittama", "Euroopan unionin osarahoittama ESR+", "mail.statement"),
    ],
)
def test_the_mails_own_eu_line(letter, old, new, code):
    html = gate.mail_of(factories.make_issue(letter))
    assert list(gate.check_eu_line(BeautifulSoup(html, "html.parser"), "fi")) == []
    assert old in html
    assert {finding.code for finding in gate.check_eu_line(BeautifulSoup(html.replace(old, new), "html.parser"), "fi")} == {code}


def test_links_and_pictures_of_the_mail(letter, monkeypatch):
    issue = factories.make_issue(letter)
    html = gate.mail_of(issue)
    for added, code in (
        ('<a href="juttu/1">Juttu</a>', "mail.link"),
        ('<a href="https://example.org"> </a>', "mail.link"),
        ('<img src="https://example.org/a.png">', "mail.picture"),
        ('<img src="https://example.org/a.png" alt="IMG_1.jpg">', "mail.picture"),
    ):
        monkeypatch.setattr(gate, "mail_of", lambda page, added=added: html.replace("</body>", f"{added}</body>"))
        assert codes(issue) == {code}, added
