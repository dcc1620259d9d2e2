"""An issue is tried out before it goes: previews, a test, one subscriber's letter."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import Locale, PageLogEntry

from base.models import User
from base.roles import Role
from mail import engine, slots
from mail.models import Delivery, Link
from newsletters import issues, making, previews
from newsletters.models import IssueBlocks, IssuePage, Subscription
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made_issue(made_letter):
    story = factories.make_story(factories.make_section(made_letter.get_parent().specific))
    picture = {"image": {"image": factories.make_image().pk, "alt_text": "Työpaja käynnissä", "decorative": False}, "caption": "Työpaja"}
    raw = [{"type": "item", "value": story.pk}, {"type": "picture", "value": picture}]
    return factories.make_issue(made_letter, body=IssueBlocks().to_python(raw))


@pytest.fixture
def issue(db, made_issue):
    return IssuePage.objects.get(pk=made_issue.pk)


@pytest.fixture
def staff(client):
    cast = Cast(client)
    cast.enter(Role.COMMUNICATIONS)
    return cast


def subscribe(letter, language="fi", **values):
    person = factories.make_person(letter.newsletter.theme, **values)
    return Subscription.objects.create(
        newsletter=letter.newsletter, person=person, language=language, state="confirmed", asked_at=timezone.now(), confirmed_at=timezone.now()
    )


def part(mime, kind):
    return message_from_bytes(mime, policy=policy.default).get_body((kind,)).get_content()


def test_the_preview_is_what_goes_out(letter, issue, client, staff):
    subscribe(letter)
    shown = {mode: client.get(f"/admin/pages/{issue.pk}/view_draft/?mode={mode}").content.decode() for mode in ("mail", "text", "dark", "narrow")}
    issues.send_issue(issue)
    variant = Delivery.objects.get().variant
    urls = dict(Link.objects.values_list("pk", "url"))

    def straight(kind):
        return slots.PATTERN.sub(lambda found: urls[int(found[1][6:])] if found[1].startswith("click-") else "#", part(bytes(variant.mime), kind))

    sent = {kind: straight(kind) for kind in ("html", "plain")}
    assert previews.shown(sent["html"]).split() == shown["mail"].split()
    assert BeautifulSoup(shown["text"], "html.parser").pre.get_text().split() == sent["plain"].split()
    assert "@media all" in shown["dark"]
    frame = BeautifulSoup(shown["narrow"], "html.parser").iframe
    assert frame["sandbox"] == []
    assert frame["srcdoc"].split() == shown["mail"].split()


def test_no_preview_runs_anything_or_asks_another_host(issue, client, staff):
    for mode in sorted(previews.MAIL_MODES):
        answer = client.get(f"/admin/pages/{issue.pk}/view_draft/?mode={mode}")
        assert answer.status_code == 200
        rules = answer["Content-Security-Policy"]
        assert "sandbox allow-same-origin;" in rules
        assert "default-src 'none'" in rules
        assert "script" not in rules
    assert client.get(f"/admin/pages/{issue.pk}/view_draft/?mode=").status_code == 200


def test_without_pictures_their_descriptions_stand_there(issue, client, staff):
    soup = BeautifulSoup(client.get(f"/admin/pages/{issue.pk}/view_draft/?mode=no_pictures").content.decode(), "html.parser")
    assert [picture.get("src") for picture in soup.find_all("img")] == [None, None]
    assert soup.find("img", alt="Työpaja käynnissä")


def test_a_test_is_marked_leads_straight_and_is_no_delivery_of_the_issue(letter, issue, client, staff):
    swedish, title = Locale.objects.get(language_code="sv"), str(issue.title)
    for page in (letter.get_parent().specific, letter, issue):
        page.copy_for_translation(swedish, copy_parents=True).save_revision().publish()
    draft = issue.get_latest_revision_as_object()
    draft.title = "Luonnoksen otsikko"
    draft.save_revision()
    colleague = User.objects.create_superuser("kollega", "kollega@example.org", "x")
    me = staff.user(Role.COMMUNICATIONS)
    path = f"/admin/newsletters/issues/{issue.pk}/test/"
    assert str(me.email) in client.get(path).content.decode()
    answer = client.post(path, {"languages": ["fi", "sv"], "to": [me.pk, colleague.pk]})
    assert answer.status_code == 302
    rows = list(Delivery.objects.order_by("pk"))
    assert {(row.address, row.stream, row.mailing_id) for row in rows} == {(user.email, "newsletters.test", None) for user in (me, colleague)}
    assert len(rows) == 4
    assert [row.subject for row in rows[::2]] == ["[Testi] Luonnoksen otsikko", f"[Test] {title}"]
    for row in rows:
        html, text = part(bytes(row.mime), "html"), part(bytes(row.mime), "plain")
        assert "kantama-slot" not in html + text
        assert "/mail/l/" not in html + text
        assert "unsubscribe/" not in html + text
    assert not Link.objects.exists()
    assert IssuePage.objects.get(pk=issue.pk).mailing is None
    engine.deliver_now()
    assert not Delivery.objects.open().exists()


def test_a_test_reaches_staff_alone_and_five_at_most(letter, issue, client, staff):
    outsider = User.objects.create_user("ulkona", "ulkona@example.org", "x")
    many = [User.objects.create_superuser(f"u{number}", f"u{number}@example.org", "x").pk for number in range(6)]
    path = f"/admin/newsletters/issues/{issue.pk}/test/"
    wrong = [({"languages": ["fi"], "to": [outsider.pk]}, "to"), ({"languages": ["fi"], "to": many}, "to"), ({"to": many[:1]}, "languages")]
    for data, field in wrong:
        answer = client.post(path, data)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
    assert not Delivery.objects.exists()
    Cast(client).enter(Role.ORGANISERS)
    assert client.post(path, {"languages": ["fi"], "to": many[:1]}).status_code == 403


def test_the_letter_of_a_subscriber_is_the_one_that_they_get_and_the_look_is_logged(letter, issue, client, staff):
    reader = subscribe(letter, language="sv", first_name="Aino", last_name="Lukija")
    other = Subscription.objects.get(pk=subscribe(letter).pk)
    path = f"/admin/newsletters/issues/{issue.pk}/as-reader/"
    assert [row.pk for row in client.get(path, {"q": "lukija aino"}).context["found"]] == [reader.pk]
    shown = client.post(path, {"reader": reader.pk})
    assert (shown.context["subject"], shown.context["language_name"]) == (issue.title, "suomi")
    assert shown.context["html"].split() == previews.shown(making.mail_of(issue)).split()
    assert BeautifulSoup(shown.content.decode(), "html.parser").find("iframe")["sandbox"] == []
    entry = PageLogEntry.objects.get(action="newsletters.preview_as")
    assert entry.data == {"subscription": reader.pk}
    assert client.post(path, {"reader": "x"}).status_code == 404
    elsewhere = factories.make_newsletter_page(letter.get_parent().specific, factories.make_newsletter(letter.theme))
    Subscription.objects.filter(pk=other.pk).update(newsletter=elsewhere.newsletter)
    assert client.post(path, {"reader": other.pk}).status_code == 404


def test_the_search_for_a_subscriber_takes_as_many_queries_for_many(letter, issue, client, staff, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    path = f"/admin/newsletters/issues/{issue.pk}/as-reader/?q=Henkil"
    counts = []
    for _ in range(2):
        for _number in range(5):
            subscribe(letter)
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        counts.append(len(found))
    assert counts[0] == counts[1]
