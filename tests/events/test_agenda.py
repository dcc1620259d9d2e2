"""What other pages bring to the calendar: when calls for projects open and close."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from wagtail_localize.models import StringSegment, TranslationSource

from desk.opening import translate
from tests import factories
from themes.models import AnyTheme

HELSINKI = ZoneInfo("Europe/Helsinki")
# Summer time ends between them.
OPENS, CLOSES = datetime(2026, 10, 5, 9, tzinfo=HELSINKI), datetime(2026, 11, 30, 16, 15, tzinfo=HELSINKI)


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel(OPENS - timedelta(days=30)):
        yield


@pytest.fixture
def section(db):
    return factories.make_calls_page(factories.make_home(factories.make_theme()))


@pytest.fixture
def calendar(section):
    return factories.make_events_page(section.get_parent())


@pytest.fixture
def call(section, calendar):
    return factories.make_call_page(section, title="Muutoskyky", opens_at=OPENS, closes_at=CLOSES)


def entries(client, language="fi", query=""):
    answer = client.get(f"/{language}/events/calendar.ics{query}")
    assert answer.status_code == 200
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_call_is_two_moments_in_the_feed(client, call):
    opens, closes = entries(client)
    assert [entry["SUMMARY"] for entry in (opens, closes)] == ["Haku avautuu: Muutoskyky", "Haku päättyy: Muutoskyky"]
    assert [entry.decoded("DTSTART") for entry in (opens, closes)] == [OPENS, CLOSES]
    assert closes["DTSTART"].params["TZID"] == "Europe/Helsinki"
    assert not {"DTEND", "DURATION", "LOCATION", "ATTENDEE"} & set(closes)
    assert closes["URL"] == f"http://localhost{call.url}"
    assert closes["TRANSP"] == "TRANSPARENT"
    assert client.get("/fi/events/calendar.ics").content == client.get("/fi/events/calendar.ics").content


def test_a_call_that_is_put_off_is_the_same_one_later(client, call):
    before = entries(client)[1]
    with time_machine.travel(OPENS + timedelta(days=3)):
        call.closes_at += timedelta(days=7)
        call.save_revision().publish()
        after = entries(client)[1]
    assert (after["UID"], after.decoded("DTSTART")) == (before["UID"], CLOSES + timedelta(days=7))
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTAMP") > before.decoded("DTSTAMP")
    call.unpublish()
    assert entries(client) == []


def texts_of(page):
    """Every text that waits for words, each as it is."""
    source, _made = TranslationSource.update_or_create_from_instance(page)
    segments = StringSegment.objects.filter(source=source).exclude(context__path="slug").select_related("string", "context")
    return {segment.context.path: segment.string.data for segment in segments}


def test_each_language_tells_the_same_moments(client, section, calendar, call):
    for page, title in ((section, "Utlysningar"), (calendar, "Evenemang"), (call, "Förmåga till förändring")):
        translate(page, {"fi": texts_of(page), "sv": texts_of(page) | {"title": title}})
    home = section.get_parent()
    translate(home, {"fi": texts_of(home), "en": texts_of(home) | {"title": "Home"}})
    finnish, swedish, english = (entries(client, language) for language in ("fi", "sv", "en"))
    assert {str(entry["UID"]) for entry in finnish} == {str(entry["UID"]) for entry in swedish} == {str(entry["UID"]) for entry in english}
    # Where there is no translation, the Finnish title stands behind words of one's own.
    assert [entries[1]["SUMMARY"] for entries in (swedish, english)] == [
        "Utlysningen stänger: Förmåga till förändring",
        "The call closes: Muutoskyky",
    ]
    assert "/sv/" in swedish[1]["URL"]


def test_a_joint_call_is_in_the_calendars_of_its_themes(client, section, calendar):
    other = factories.make_theme()
    theirs = factories.make_events_page(factories.make_front(other, section.get_parent()))
    call = factories.make_call_page(section, opens_at=OPENS, closes_at=CLOSES, further_themes=[AnyTheme.objects.get(pk=other.pk)])
    assert [entry["UID"] for entry in entries(client)] == [entry["UID"] for entry in entries(client, query=f"?theme={other.key}")]
    for page in (calendar, theirs):
        assert client.get(page.url).content.decode().count(f'href="{call.url}"') == 2


def test_the_page_shows_moments_among_events_until_they_are_over(client, calendar, call):
    starts = CLOSES - timedelta(days=10)
    for title, at in (("Infotilaisuus", starts), ("Loppuseminaari", CLOSES + timedelta(days=10))):
        factories.make_event_page(calendar, title=title, starts_at=at, ends_at=at + timedelta(hours=1))

    def rows(now):
        with time_machine.travel(now):
            text = client.get(calendar.url).content.decode()
        coming = text[text.index('id="coming"') :].split('id="past"')[0]
        return coming.split('<article class="event-row')[1:]

    assert len(rows(OPENS - timedelta(seconds=1))) == 4
    info, closing, seminar = rows(OPENS + timedelta(seconds=1))
    assert "Infotilaisuus" in info
    assert "Loppuseminaari" in seminar
    assert all(word in closing for word in ("Muutoskyky", "Haku päättyy", "16.15", 'datetime="2026-11-30T16:15+02:00"', call.url))
    assert len(rows(CLOSES + timedelta(seconds=1))) == 1
