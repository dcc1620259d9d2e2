from __future__ import annotations

import json
from copy import deepcopy
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from base.models import User
from base.roles import Role
from contacts.models import Touch
from events import words
from mail import engine, links, streams, suppression
from mail.balance import balance
from mail.models import Click, Delivery, Link, Mailing, Suppression
from newsletters import issues, subscriptions
from newsletters.models import IssuePage, NewsletterPage, Subscription
from tests import factories
from tests.cast import Cast
from themes import measures

pytestmark = pytest.mark.django_db


class World:
    def __init__(self) -> None:
        self.theme = factories.make_theme()
        self.home = factories.make_home(self.theme)
        self.own, self.others, self.both = (factories.make_goal(self.theme) for _ in range(3))
        self.page = factories.make_newsletter_page(self.home, factories.make_newsletter(self.theme), goals=[self.own])
        self.story = factories.make_story(factories.make_section(self.home), goals=[self.others, self.both], title="Juttu & muut")
        body = [
            (
                "paragraph",
                f'<p>Lue <a linktype="page" id="{self.story.pk}">tämä</a> ja <a href="https://example.org/x?a=1&amp;b=2">tuo</a>.</p><ul><li>yksi</li></ul>',
            ),
            ("heading", "Otsikko <x>"),
            ("item", self.story),
            ("quote", {"text": "Hyvä", "source": "Aino"}),
            ("key_figures", {"items": [{"value": "3 %", "label": "kasvu", "source": "TK 2026"}]}),
        ]
        self.issue = factories.make_issue(self.page, goals=[self.own, self.both], body=body)

    def subscribe(self, number: int, language: str = "fi") -> None:
        for _ in range(number):
            person = factories.make_person(self.theme, language=language)
            Subscription.objects.create(newsletter=self.page.newsletter, person=person, language=language, state="confirmed", asked_at=timezone.now())

    def translate(self, language: str) -> IssuePage:
        locale = Locale.objects.get(language_code=language)
        for page in (self.home, self.page, self.story.get_parent().specific, self.story, self.issue):
            copy = page.copy_for_translation(locale, copy_parents=True)
            copy.title = f"{page.title} {language}"
            copy.save_revision().publish()
        return IssuePage.objects.get(locale=locale)

    def send(self) -> Mailing:
        mailing = issues.send_issue(self.issue)
        while Delivery.objects.open().exists():
            engine.deliver_now(mailing.pk)
        return mailing


@pytest.fixture(scope="module")
def made(shared_db: None) -> World:
    return World()


@pytest.fixture
def world(db: None, made: World) -> World:
    return deepcopy(made)


def total(measure: str, goal: Any) -> int:
    return sum(measures.get(measure).daily([goal.pk]).get(goal.pk, {}).values())


def sent_mails() -> dict[str, Any]:
    files = Path(settings.EMAIL_ADDRESS.path).glob("*.eml")
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return {mail["To"]: mail for mail in mails}


def test_goals_are_its_own_and_those_of_the_pages_in_it(world: World) -> None:
    assert {goal.pk for goal in issues.goals_of(world.issue)} == {world.own.pk, world.both.pk, world.others.pk}


def test_sending_freezes_once(world: World) -> None:
    world.subscribe(3)
    first = issues.send_issue(world.issue)
    world.subscribe(2)
    assert issues.send_issue(IssuePage.objects.get(pk=world.issue.pk)) == first
    # Also when the issue has forgotten, or two send at once.
    IssuePage.objects.update(mailing=None)
    assert issues.send_issue(IssuePage.objects.get(pk=world.issue.pk)) == first
    assert Delivery.objects.count() == first.frozen_count == 3
    assert IssuePage.objects.get().mailing == first


def test_drafts_translations_and_empty_lists_are_refused(world: World) -> None:
    with pytest.raises(issues.NotSendable):
        issues.send_issue(world.issue)
    world.subscribe(1)
    translated = world.translate("sv")
    with pytest.raises(issues.NotSendable):
        issues.send_issue(translated)
    world.issue.unpublish()
    with pytest.raises(issues.NotSendable):
        issues.send_issue(world.issue)
    assert not Mailing.objects.exists()


def test_deliveries_and_clicks_count_once_for_each_goal(world: World) -> None:
    world.subscribe(50)
    mailing = world.send()
    link = Link.objects.get(mailing=mailing, item_key=world.story.translation_key)
    clicks = [Click.objects.create(delivery=row, link=link, is_human=True) for row in Delivery.objects.order_by("pk")[:10]]
    for click in [*clicks, *clicks]:
        streams.get("newsletters").on_click(click)
    for goal in (world.own, world.others, world.both):
        assert (total("mail_deliveries", goal), total("mail_clicks", goal)) == (50, 10)
    assert Touch.objects.filter(kind="clicked").count() == 20
    streams.get("newsletters").on_clicks_revoked(clicks[:4])
    assert total("mail_clicks", world.both) == 6


def test_a_batch_is_recorded_in_a_bounded_number_of_queries(world: World) -> None:
    world.subscribe(40)
    world.send()
    rows, counts = list(Delivery.objects.order_by("pk")), []
    for number in (5, 40):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            streams.get("newsletters").on_sent(rows[:number])
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_each_gets_the_language_chosen_or_the_source(world: World) -> None:
    world.translate("sv")
    for language in ("fi", "sv", "en"):
        world.subscribe(2, language)
    rows = {row.language: row.count for row in issues.language_rows(world.issue)}
    mailing = world.send()
    assert mailing.frozen_count == 6
    assert rows == {"fi": 4, "sv": 2}
    mails = sent_mails()
    for subscription in Subscription.objects.select_related("person"):
        mail = mails[subscription.person.email]
        assert mail["Content-Language"] == ("sv" if subscription.language == "sv" else "fi")
        text = mail.get_body(("plain",)).get_content()
        assert ("Juttu & muut sv" in text) is (subscription.language == "sv")
        assert "Juttu & muut" in text


def test_the_mail_has_tracked_links_text_and_one_click_leaving(world: World) -> None:
    world.subscribe(1)
    world.send()
    mail = sent_mails()[Delivery.objects.get().address]
    html, text = mail.get_body(("html",)).get_content(), mail.get_body(("plain",)).get_content()
    assert "Otsikko &lt;x&gt;" in html
    assert "kantama-slot" not in html + text
    assert "https://example.org/x" not in html + text
    assert set(Link.objects.values_list("url", flat=True)) >= {"https://example.org/x?a=1&b=2"}
    assert "- yksi" in text
    assert "/mail/l/" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/" + mail["List-Unsubscribe"].split(">")[0].split("/", 3)[3]
    assert path in html
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert Subscription.objects.get().state == "confirmed"
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert Subscription.objects.get().state == "ended"
    assert client.post(path).status_code == 200


def test_a_copy_that_waits_is_withheld_from_who_leaves(world: World) -> None:
    world.subscribe(2)
    mailing = issues.send_issue(world.issue)
    leaving, staying = Subscription.objects.order_by("pk")
    subscriptions.end_subscription(leaving, how="test")
    engine.deliver_now(mailing.pk)
    states = dict(mailing.deliveries.values_list("recipient_key", "state"))
    assert states == {leaving.person.key: "suppressed", staying.person.key: "sent"}
    found = balance(mailing)
    assert (found.frozen, found.sent, found.suppressed, found.waiting) == (2, 1, 1, 0)


def test_an_event_in_the_mail_says_when_and_where(world: World) -> None:
    event = factories.make_event_page(factories.make_events_page(world.home), goals=[world.own], place="Kouvola")
    world.issue.body = [("item", event)]
    world.issue.save_revision().publish()
    world.subscribe(1)
    issues.send_issue(IssuePage.objects.get())
    engine.deliver_now()
    mail = sent_mails()[Delivery.objects.get(mailing__isnull=False).address]
    for kind in ("html", "plain"):
        assert f", {words.clock_text(event)}, Kouvola" in mail.get_body((kind,)).get_content()


def test_preferences_change_the_language_and_leave(world: World) -> None:
    world.subscribe(1)
    world.send()
    path = f"/fi/newsletters/preferences/{links.token(links.PREFERENCES, Delivery.objects.get())}/"
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert client.post(path, {"language": "xx"}).status_code == 422
    assert client.post(path, {"language": "sv"}).status_code == 302
    assert Subscription.objects.get().language == "sv"
    assert client.post(path, {"leave": "1"}).status_code == 302
    assert Subscription.objects.get().state == "ended"


def test_the_commands(world: World) -> None:
    world.subscribe(5)
    suppression.suppress(Subscription.objects.first().person.email, Suppression.Reason.BY_HAND)
    call_command("send_issue", str(world.issue.pk), "--wait", stdout=StringIO())
    expected = {"issue": world.issue.pk, "frozen": 5, "sent": 4, "failed": 0, "suppressed": 1, "in_doubt": 0, "waiting": 0}
    for arguments in ([str(world.issue.pk)], ["--all"]):
        out = StringIO()
        call_command("issue_ledger", *arguments, "--json", stdout=out)
        assert json.loads(out.getvalue()) == [expected]
    out = StringIO()
    call_command("issue_ledger", "--all", stdout=out)
    assert "in_doubt" in out.getvalue()
    for name in ("send_issue", "issue_ledger"):
        with pytest.raises(CommandError, match="999999"):
            call_command(name, "999999")


def test_staff_see_who_gets_it_and_then_the_ledger(world: World, client: Client) -> None:
    world.subscribe(3)
    path = f"/admin/newsletters/issues/{world.issue.pk}/send/"
    client.force_login(User.objects.create_superuser("boss", "boss@example.org", "x"))
    shown = client.get(path)
    assert shown.context["label"].split()[2] == "3" or "3" in shown.context["label"]
    assert client.get(f"/admin/pages/{world.issue.pk}/edit/").content.decode().count(path) >= 1
    assert client.post(path).status_code == 302
    assert client.get(path).context["balance"].frozen == 3
    assert client.get("/admin/snippets/newsletters/subscription/").status_code == 200
    assert client.get("/admin/snippets/newsletters/subscription/?export=csv").status_code == 200
    assert client.get("/admin/snippets/newsletters/newsletter/").status_code == 200


def test_who_may_not_publish_may_not_send(world: World, client: Client) -> None:
    from django.contrib.auth.models import Permission

    world.subscribe(1)
    user = User.objects.create_user("guest", "guest@example.org", "x")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    for method in (client.get, client.post):
        assert method(f"/admin/newsletters/issues/{world.issue.pk}/send/").status_code == 403
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_which_role_may_send(world: World, cast: Cast, role: Role) -> None:
    status = 200 if role in {Role.COMMUNICATIONS, Role.ADMINISTRATORS} else 403
    world.subscribe(1)
    client = cast.enter(role)
    assert client.get(f"/admin/newsletters/issues/{world.issue.pk}/send/").status_code == status
    client.post(f"/admin/newsletters/issues/{world.issue.pk}/send/")
    assert Mailing.objects.exists() is (status == 200)


def test_pages_show_issues_that_were_sent(world: World, client: Client) -> None:
    world.subscribe(1)
    assert world.issue.title not in client.get(world.page.get_url()).content.decode()
    issues.send_issue(world.issue)
    assert world.issue.title in client.get(world.page.get_url()).content.decode()
    shown = client.get(world.issue.get_url()).content.decode()
    assert "Juttu &amp; muut" in shown


def test_the_list_takes_as_many_queries_for_many_issues(world: World, client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(world.page.get_url()).status_code == 200
        return len(found)

    world.subscribe(1)
    issues.send_issue(world.issue)
    queries()
    few = queries()
    for _ in range(8):
        issues.send_issue(factories.make_issue(NewsletterPage.objects.get(pk=world.page.pk), goals=[world.own]))
    assert queries() == few


def test_the_staff_list_takes_as_many_queries_for_many_subscribers(world: World, client: Client) -> None:
    client.force_login(User.objects.create_superuser("boss", "boss@example.org", "x"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get("/admin/snippets/newsletters/subscription/")
        return len(found)

    world.subscribe(2)
    queries()
    few = queries()
    world.subscribe(20)
    assert queries() == few
