"""Blocks for a part of the readers: each gets the letter that is made for what they follow, in their language."""

from __future__ import annotations

from copy import deepcopy
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Locale

from base.environment import MailAddress
from mail import engine
from mail.models import Delivery, Variant
from newsletters import issues, recipients, segments
from newsletters.models import IssueBlocks, IssuePage, Subscription
from tests import factories
from themes.models import Region

pytestmark = pytest.mark.django_db
TEXT = ("paragraph", "<p>Kaikille</p>")


def only_for(words, *, sub_themes=(), regions=()):
    content = [{"type": "paragraph", "value": f"<p>{words}</p>"}]
    return "only_for", {"sub_themes": [row.key for row in sub_themes], "regions": [row.code for row in regions], "content": content}


class Letters:
    def __init__(self) -> None:
        self.theme = factories.make_theme()
        self.home = factories.make_home(self.theme)
        self.page = factories.make_newsletter_page(self.home, factories.make_newsletter(self.theme))
        self.skills, self.health = factories.make_sub_theme(self.theme), factories.make_sub_theme(self.theme)
        self.lapland, self.uusimaa = Region.objects.get(code="19"), Region.objects.get(code="01")

    def issue(self, *blocks):
        raw = [{"type": kind, "value": value} for kind, value in blocks]
        return factories.make_issue(self.page, body=IssueBlocks().to_python(raw))

    def subscribe(self, name, *, sub_themes=(), regions=(), language="fi"):
        person = factories.make_person(self.theme, email=f"{name}@example.org")
        values = {"newsletter": self.page.newsletter, "person": person, "language": language, "state": "confirmed", "asked_at": timezone.now()}
        row = Subscription.objects.create(**values)
        row.sub_themes.set(sub_themes)
        row.regions.set(regions)

    def received(self, issue):
        mailing = issues.send_issue(IssuePage.objects.get(pk=issue.pk))
        while Delivery.objects.open().exists():
            engine.deliver_now(mailing.pk)
        found = {}
        for file in Path(settings.EMAIL_ADDRESS.path).glob("*.eml"):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            text = mail.get_body(("plain",)).get_content()
            assert all((word in text) == (word in mail.get_body(("html",)).get_content()) for word in ("Kaikille", "Taidot", "Terveys", "Lappi"))
            found[mail["To"].removesuffix("@example.org")] = {word for word in ("Taidot", "Terveys", "Lappi") if word in text}
        return found


@pytest.fixture(scope="module")
def made(shared_db):
    return Letters()


@pytest.fixture
def letters(db, made, settings, tmp_path):
    settings.EMAIL_ADDRESS = MailAddress("outbox", path=str(tmp_path / "outbox"))
    return deepcopy(made)


def test_each_gets_what_they_follow_and_who_chose_nothing_gets_all(letters):
    letters.subscribe("all")
    letters.subscribe("skills", sub_themes=[letters.skills])
    letters.subscribe("health", sub_themes=[letters.health], regions=[letters.lapland])
    letters.subscribe("south", sub_themes=[letters.skills, letters.health], regions=[letters.uusimaa])
    issue = letters.issue(
        TEXT,
        only_for("Taidot", sub_themes=[letters.skills]),
        only_for("Terveys", sub_themes=[letters.health]),
        only_for("Lappi", regions=[letters.lapland], sub_themes=[letters.health]),
    )
    assert letters.received(issue) == {
        "all": {"Taidot", "Terveys", "Lappi"},
        "skills": {"Taidot"},
        "health": {"Terveys", "Lappi"},
        "south": {"Taidot", "Terveys"},
    }
    assert set(Variant.objects.values_list("language", "segment")) == {("fi", "abc"), ("fi", "a"), ("fi", "bc"), ("fi", "ab")}


def test_a_segment_has_its_letter_in_each_language_that_somebody_reads(letters):
    letters.subscribe("fi", sub_themes=[letters.skills])
    letters.subscribe("sv", sub_themes=[letters.skills], language="sv")
    letters.subscribe("none", sub_themes=[letters.health], language="sv")
    issue = letters.issue(TEXT, only_for("Taidot", sub_themes=[letters.skills]))
    for page in (letters.home, letters.page, issue):
        copy = page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
        copy.save_revision().publish()
    letters.received(issue)
    assert set(Variant.objects.values_list("language", "segment")) == {("fi", "a"), ("sv", "a"), ("sv", "")}
    rows = Delivery.objects.filter(mailing__isnull=False).values_list("address", "variant__language", "variant__segment")
    assert set(rows) == {("fi@example.org", "fi", "a"), ("sv@example.org", "sv", "a"), ("none@example.org", "sv", "")}


def test_a_word_that_is_gone_matches_nobody(letters):
    letters.subscribe("all")
    issue = letters.issue(TEXT, only_for("Taidot", sub_themes=[letters.skills]))
    letters.skills.delete()
    assert letters.received(issue) == {"all": set()}


def test_more_letters_than_can_be_kept_apart_are_refused_clearly(letters):
    themes = [factories.make_sub_theme(letters.theme) for _ in range(5)]
    for number in range(1, 26):
        letters.subscribe(f"r{number}", sub_themes=[row for bit, row in enumerate(themes) if number >> bit & 1])
    issue = letters.issue(TEXT, *(only_for(f"Osa {number}", sub_themes=[row]) for number, row in enumerate(themes)))
    with pytest.raises(issues.NotSendable, match=r"25 erilaista kirjettä, ja enintään 24"):
        issues.send_issue(IssuePage.objects.get(pk=issue.pk))
    assert IssuePage.objects.get(pk=issue.pk).mailing is None


def test_a_part_names_its_readers(letters):
    block = IssueBlocks().child_blocks["only_for"]
    with pytest.raises(ValidationError) as refusal:
        block.clean(block.to_python(only_for("Taidot")[1]))
    assert set(refusal.value.block_errors) == {"sub_themes"}


def test_staff_see_how_many_get_each_part_and_the_web_shows_all(letters, client):
    from base.models import User

    letters.subscribe("all")
    letters.subscribe("skills", sub_themes=[letters.skills])
    issue = letters.issue(TEXT, only_for("Taidot", sub_themes=[letters.skills]), only_for("Terveys", sub_themes=[letters.health]))
    rows = segments.audience_rows(recipients.subscribers(issue), segments.audiences_of([issue]), letters.theme.pk)
    assert [row.count for row in rows] == [2, 1]
    client.force_login(User.objects.create_superuser("boss", "boss@example.org", "x"))
    assert client.get(f"/admin/newsletters/issues/{issue.pk}/send/").context["audiences"] == rows
    assert "Terveys" in client.get(issue.get_url()).content.decode()
