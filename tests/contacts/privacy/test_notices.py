"""The clock of Article 14: who is to be told, by when, and that it happens."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from base.roles import Role
from base.tasks import in_this_process
from contacts import people, purposes
from contacts.folding import fold
from contacts.importing import actions as importing
from contacts.models import Notice, Organisation, Person, ThemeBody
from contacts.privacy import notices, words
from events import actions as registering
from mail import outbox, suppression
from mail.models import Delivery, Suppression
from newsletters import subscriptions
from tests import factories

SCREEN = "/admin/contacts/notices/"


@pytest.fixture
def theme(db):
    theme = factories.make_theme()
    name_controller(theme)
    return theme


def name_controller(theme):
    body = Organisation.objects.create(theme=theme, key="controller", name_fi="Esimerkkivirasto", email="kirjaamo@esimerkki.example")
    ThemeBody.objects.create(theme=theme, organisation=body, part="coordinator", is_controller=True)


def bring(theme, *names, days_ago=0):
    """By a file, as the staff bring contacts that they got from others."""
    content = "first_name,last_name,email\n" + "".join(f"Aino,{name},{fold(name)}@example.org\n" for name in names)
    why = importing.Why("Kuntaliiton lista", purposes.usual(theme, purposes.COOPERATION))
    importing.bring(content.encode(), theme=theme, file_name="lista.csv", why=why)
    rows = Person.objects.filter(theme=theme, last_name__in=names)
    rows.update(obtained_at=timezone.now() - timedelta(days=days_ago))
    return list(rows.order_by("pk"))


def test_whoever_was_brought_from_others_is_due_within_a_month(theme):
    (person,) = bring(theme, "Esimerkki")
    (row,) = notices.owed()
    assert row == person
    assert row.due_at - row.obtained_at == timedelta(days=28)
    assert not notices.due().exists()
    assert notices.due(timezone.now() + timedelta(days=22)).get() == person


def test_the_first_message_ends_the_time(theme):
    (person,) = bring(theme, "Esimerkki")
    outbox.send(to=person.email, subject="s", text="t", html="h", language="fi", stream="events", recipient_key=person.key)
    assert notices.owed().get().due_at == Delivery.objects.get().created_at
    assert notices.due().get() == person


def test_who_wrote_to_us_themselves_is_not_due(theme):
    letter = factories.make_newsletter(theme)
    subscriptions.ask_subscription(newsletter=letter, email="tilaaja@example.org", language="fi")
    page = factories.make_event_page(factories.make_events_page(factories.make_home(theme)))
    registering.ask_registration(event=page.event, email="tulija@example.org", first_name="Aino", last_name="Tulija", language="fi")
    assert Person.objects.count() == 2
    assert not notices.owed().exists()


def test_the_notice_says_what_the_article_asks_for_and_goes_once(theme):
    (person,) = bring(theme, "Esimerkki")
    assert notices.send([person, person], by=None) == 1
    assert notices.send([person], by=None) == 0
    copy = Delivery.objects.get()
    text = message_from_bytes(bytes(copy.mime), policy=policy.default).get_body(("plain",)).get_content()
    for part in ("Esimerkkivirasto", "kirjaamo@esimerkki.example", "Kuntaliiton lista", "6(1)(e)", "tietosuoja.fi", "/own-data/"):
        assert part in text
    assert (copy.address, copy.recipient_key) == (person.email, person.key)
    kept = Notice.objects.get()
    assert (kept.how, kept.person) == ("mail", person)
    assert "Kuntaliiton lista" in kept.text
    assert ModelLogEntry.objects.filter(action="contacts.notice", object_id=str(person.pk)).count() == 1
    assert not notices.owed().exists()


def test_each_night_those_whose_time_runs_out_are_told(theme):
    old, fresh = bring(theme, "Vanha", days_ago=22)[0], bring(theme, "Uusi")[0]
    gone = bring(theme, "Palautunut", days_ago=40)[0]
    suppression.suppress(gone.email, Suppression.Reason.HARD_BOUNCE)
    assert notices.send_due() == 1
    assert Notice.objects.get().person == old
    assert set(notices.owed()) == {fresh, gone}
    # Of a theme that names no controller nothing goes: the notice could not say who answers.
    ThemeBody.objects.all().delete()
    fresh.obtained_at -= timedelta(days=30)
    fresh.save()
    assert notices.send_due() == 0


def test_the_list_sends_to_those_ticked_and_tells_the_day(theme, cast, django_capture_on_commit_callbacks):
    one, other = bring(theme, "Ensimmäinen", days_ago=40)[0], bring(theme, "Toinen")[0]
    client = cast.enter(Role.COORDINATORS)
    answer = client.get(SCREEN)
    assert [(row["person"], row["is_over"]) for row in answer.context["rows"]] == [(one, True), (other, False)]
    with in_this_process(), django_capture_on_commit_callbacks(execute=True):
        assert client.post(SCREEN, {"people": [one.pk], "send": "1"}).status_code == 302
    assert Notice.objects.get().person == one
    assert [row["person"] for row in client.get(SCREEN).context["rows"]] == [other]


def test_told_otherwise_needs_to_say_how_and_keeps_what_was_ticked(theme, cast):
    (person,) = bring(theme, "Esimerkki")
    client = cast.enter(Role.COORDINATORS)
    refused = client.post(SCREEN, {"people": [person.pk], "otherwise": "1", "how": ""})
    assert refused.status_code == 422
    assert refused.context["rows"][0]["is_ticked"]
    assert refused.context["form"].errors["how"]
    assert client.post(SCREEN, {"otherwise": "1", "how": "x"}).context["form"].errors["people"]
    client.post(SCREEN, {"people": [person.pk], "otherwise": "1", "how": "Puhelimessa 12.3."})
    assert Notice.objects.get().text == "Puhelimessa 12.3."
    assert not Delivery.objects.exists()


def test_without_a_controller_the_list_says_what_to_do(theme, cast):
    (person,) = bring(theme, "Esimerkki")
    ThemeBody.objects.all().delete()
    refused = cast.enter(Role.COORDINATORS).post(SCREEN, {"people": [person.pk], "send": "1"})
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.ORGANISERS])
def test_others_do_not_see_the_list(theme, cast, role):
    assert cast.enter(role).get(SCREEN).status_code in (302, 403)


def test_of_two_who_become_one_either_one_s_notice_counts(theme):
    winner, loser = bring(theme, "Pysyvä", "Poistuva")
    notices.send([loser], by=None)
    people.merge_people(winner=winner, loser=loser)
    assert Notice.objects.get().person == winner


def test_a_subscriber_s_source_and_purpose_stand_in_words(theme, cast):
    letter = factories.make_newsletter(theme)
    person = subscriptions.ask_subscription(newsletter=letter, email="tilaaja@example.org", language="fi").person
    assert letter.name in words.told(person.held_for.get().source)
    page = cast.enter(Role.COORDINATORS).get(f"/admin/snippets/contacts/person/inspect/{person.pk}/").content.decode()
    assert letter.purpose not in page
    assert letter.name in page
    assert words.told("Paperilista 2026") == "Paperilista 2026"
