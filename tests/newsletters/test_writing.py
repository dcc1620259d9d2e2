"""The blocks of an issue, each as HTML, as text and on the web."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO

import PIL.Image
import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone, translation
from django.utils.formats import date_format
from wagtail.models import Locale

from base.gate import findings
from events import inside
from events.models import Event, Pool
from mail import slots
from mail.links import Links
from newsletters import issues
from newsletters.library import Library
from newsletters.making import mail_of
from newsletters.models import IssueBlocks, IssuePage, Subscription
from newsletters.writing import Writer, mail_rendition
from tests import factories
from themes.models import Scope

TEXT = ("paragraph", "<p>Luettavaa</p>")
pytestmark = pytest.mark.django_db


def text_of(issue):
    issue = IssuePage.objects.get(pk=issue.pk)
    with translation.override(issue.locale.language_code):
        writer = Writer(issue.locale.language_code, Library.of([issue]), Links())
        writer.write(issue)
    return slots.without_slots(writer.text, writer.links.urls)


def web_of(issue, client):
    return client.get(IssuePage.objects.get(pk=issue.pk).get_url()).content.decode()


def subscribe(letter):
    person = factories.make_person(letter.newsletter.theme)
    Subscription.objects.create(newsletter=letter.newsletter, person=person, language="fi", state="confirmed", asked_at=timezone.now())


def by_rule(name, **values):
    return name, {"title": "", "sub_theme": "", "region": "", "number": 3} | values


def picture_block(**values):
    image = factories.make_image(2000, 1300)
    return {"image": {"image": image.pk, "alt_text": "Neljä ihmistä pöydän ääressä", "decorative": False}, "caption": "Työpaja"} | values


def test_a_picture_has_an_address_a_size_a_description_and_its_credit(letter, settings, client):
    issue = factories.make_issue(letter)
    issue.body = IssueBlocks().to_python([{"type": "picture", "value": picture_block()}])
    issue.save_revision().publish()
    picture = BeautifulSoup(mail_of(IssuePage.objects.get(pk=issue.pk)), "html.parser").find("img", alt="Neljä ihmistä pöydän ääressä")
    assert picture["src"].startswith(f"{settings.BASE_URL}/")
    assert picture["src"].endswith((".jpg", ".jpeg"))
    assert (picture["width"], picture["height"]) == ("552", "359")
    text = text_of(issue)
    assert "[Neljä ihmistä pöydän ääressä]\nTyöpaja. Kuva: Kuvaaja" in text
    assert "Neljä ihmistä pöydän ääressä" in web_of(issue, client)


def test_a_picture_of_twelve_megabytes_makes_a_light_mail(letter):
    noise = BytesIO()
    PIL.Image.frombytes("RGB", (3800, 2500), os.urandom(3800 * 2500 * 3)).save(noise, "JPEG", quality=97)
    assert len(noise.getvalue()) > 12_000_000
    image = factories.make_image()
    image.file = ContentFile(noise.getvalue(), name="kohina.jpg")
    image._set_image_file_metadata()
    image.save()
    issue = factories.make_issue(letter)
    block = picture_block(image={"image": image.pk, "alt_text": "Kohinaa", "decorative": False})
    issue.body = IssueBlocks().to_python([{"type": "picture", "value": block}])
    html = mail_of(issue)
    assert len(html.encode()) < 102 * 1024
    rendition = mail_rendition(image)
    assert rendition.width == 1200
    assert rendition.file.size < 1_500_000


def test_a_picture_without_a_description_is_refused():
    block = IssueBlocks().child_blocks["picture"]
    value = block.to_python(picture_block(image={"image": factories.make_image().pk, "alt_text": "", "decorative": True}))
    with pytest.raises(ValidationError) as refusal:
        block.clean(value)
    assert set(refusal.value.block_errors) == {"image"}


def test_a_picture_whose_file_is_gone_is_left_out(letter):
    issue = factories.make_issue(letter)
    value = picture_block()
    issue.body = IssueBlocks().to_python([{"type": "picture", "value": value}, {"type": "paragraph", "value": "<p>Jää</p>"}])
    image = issue.body[0].value["image"]
    image.file.storage.delete(image.file.name)
    html = mail_of(issue)
    assert [finding.code for finding in findings(issue) if finding.is_error] == ["mail.file"]
    assert "Jää" in html
    assert "Neljä ihmistä" not in html


def test_coming_events_say_when_where_and_how_to_register(letter, home, client):
    calendar = factories.make_events_page(home)
    sub_theme = factories.make_sub_theme(letter.theme)
    now = timezone.now()
    later, sooner, past = (
        factories.make_event_page(calendar, place=place, starts_at=now + timedelta(days=days), ends_at=now + timedelta(days=days, hours=1))
        for place, days in (("Oulu", 9), ("Pori", 2), ("Rauma", -2))
    )
    internal = factories.make_event_page(calendar, scope="internal")
    later.sub_themes = [sub_theme]
    later.save_revision().publish()
    Pool.objects.filter(event=sooner.event).update(taken=30)
    issue = factories.make_issue(letter, body=[by_rule("coming_events"), by_rule("coming_events", title="Osaaminen", sub_theme=sub_theme.key)])
    text = text_of(issue)
    assert text.index("Tulevat tapahtumat") < text.index("Pori") < text.index("Oulu") < text.index("Osaaminen")
    assert past.title not in text
    assert internal.title not in text
    assert f"Ilmoittaudu: {later.title}: " in text
    assert f"/{later.slug}/#register" in text
    assert f"Ilmoittaudu: {sooner.title}" not in text  # all seats are taken
    assert text.count("Oulu") == 2
    assert text[text.index("Osaaminen") :].count("Pori") == 0
    html = BeautifulSoup(mail_of(IssuePage.objects.get(pk=issue.pk)), "html.parser")
    assert [heading.get_text() for heading in html.find_all(["h2", "h3"])] == [
        "Tulevat tapahtumat",
        sooner.title,
        later.title,
        "Osaaminen",
        later.title,
    ]
    assert later.title in web_of(issue, client)


def test_what_a_rule_lists_is_frozen_when_the_issue_is_sent(letter, home, client):
    calendar = factories.make_events_page(home)
    first = factories.make_event_page(calendar)
    issue = factories.make_issue(letter, body=[TEXT, by_rule("coming_events")])
    subscribe(letter)
    issues.send_issue(IssuePage.objects.get(pk=issue.pk))
    second = factories.make_event_page(calendar)
    Event.objects.filter(item_key=first.translation_key).update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1)
    )
    shown = web_of(issue, client)
    assert first.title in shown
    assert second.title not in shown
    assert second.title in text_of(factories.make_issue(letter, body=[TEXT, by_rule("coming_events")]))


def test_open_calls_say_until_when_and_leave_out_what_the_issue_shows_anyway(letter, home):
    section = factories.make_calls_page(home)
    soon, late = factories.make_call_page(section, closes=5), factories.make_call_page(section, closes=40)
    closed, coming = factories.make_call_page(section, opens=-9, closes=-1), factories.make_call_page(section, opens=3)
    text = text_of(factories.make_issue(letter, body=[TEXT, by_rule("open_calls")]))
    assert text.index("Avoimet haut") < text.index(soon.title) < text.index(late.title)
    assert closed.title not in text
    assert coming.title not in text
    with translation.override("fi"):
        assert f"– {date_format(timezone.localtime(soon.closes_at), 'DATE_FORMAT')} kello 12.00" in text
    text = text_of(factories.make_issue(letter, body=[("item", soon), by_rule("open_calls")]))
    assert text.count(soon.title) == 1
    assert text.index(soon.title) < text.index("Avoimet haut") < text.index(late.title)
    text = text_of(factories.make_issue(letter, body=[("item", soon), ("item", late), by_rule("open_calls")]))
    assert "Avoimet haut" not in text


def test_cards_stand_in_pairs_and_a_button_leads_on(letter, home, client):
    section = factories.make_section(home)
    stories = [factories.make_story(section) for _ in range(3)]
    button = {"title": "Tule mukaan", "text": "Kaksi päivää.", "label": "Hae paikkaa", "page": stories[0], "url": ""}
    issue = factories.make_issue(letter, body=[TEXT, ("cards", {"pages": stories}), ("call_to_action", button)])
    html, text = mail_of(IssuePage.objects.get(pk=issue.pk)), text_of(issue)
    assert [heading.get_text() for heading in BeautifulSoup(html, "html.parser").find_all("h3")] == [story.title for story in stories]
    assert html.count("mj-column-per-50") >= 3
    assert "Tule mukaan\nKaksi päivää.\nHae paikkaa: http" in text
    assert f"/{stories[0].slug}/" in text
    shown = web_of(issue, client)
    assert all(story.title in shown for story in stories)
    assert "Hae paikkaa" in shown


def test_goals_are_those_of_what_its_blocks_show_too(letter, home):
    own, of_event = factories.make_goal(letter.theme), factories.make_goal(letter.theme)
    factories.make_event_page(factories.make_events_page(home), goals=[of_event])
    issue = factories.make_issue(letter, goals=[own], body=[TEXT, by_rule("coming_events")])
    assert {goal.pk for goal in IssuePage.objects.get(pk=issue.pk).outreach_goals()} == {own.pk, of_event.pk}


def test_many_events_are_read_at_once(letter, home, django_assert_max_num_queries):
    calendar = factories.make_events_page(home)
    pages = [factories.make_event_page(calendar) for _ in range(9)]
    issue = factories.make_issue(letter, body=[("item", page) for page in pages])
    text_of(issue)
    with django_assert_max_num_queries(22):
        text_of(issue)


def test_a_sent_issue_stays_sent_when_its_draft_is_published_and_its_copy_is_not(letter):
    issue = factories.make_issue(letter)
    subscribe(letter)
    draft = IssuePage.objects.get(pk=issue.pk)
    draft.title = "Korjattu otsikko"
    revision = draft.save_revision()
    mailing = issues.send_issue(IssuePage.objects.get(pk=issue.pk))
    revision.publish()
    again = IssuePage.objects.get(pk=issue.pk)
    assert (again.title, again.mailing) == ("Korjattu otsikko", mailing)
    assert again.copy(update_attrs={"slug": "kopio", "title": "Kopio"}, keep_live=False).mailing is None
    assert again.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True).mailing is None


def test_an_internal_newsletter_leads_its_readers_into_internal_events_and_a_public_one_leads_nobody(letter, home, client):
    inner = factories.make_newsletter_page(home, factories.make_newsletter(home.theme, scope=Scope.INTERNAL))
    event = factories.make_event_page(factories.make_events_page(home), title="Oman väen kahvi", scope=Scope.INTERNAL)
    issue = factories.make_issue(inner, body=[TEXT, by_rule("coming_events")])
    address = inside.url(event)
    assert address in text_of(issue)
    assert "Oman väen kahvi" in client.get(f"/{address.split('/', 3)[3]}").content.decode()
    # On the web the issue gives nobody the link.
    assert inside.token(event) not in web_of(issue, client)
    assert inside.token(event) not in text_of(factories.make_issue(letter, body=[TEXT, ("item", event)]))
