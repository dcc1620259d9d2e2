"""Our calendars as other programs read them: ical.js, which Thunderbird has, and node-ical, both run by node."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from tests.e2e.server import ROOT

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

NODE = Path(sys.executable).parent / "node"
ZONE = "Europe/Helsinki"


def read(calendar: bytes, program: str = "calendar.mjs") -> dict[str, Any]:
    done = subprocess.run([NODE, ROOT / "tests/e2e" / program], input=calendar, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def invitation(mail: EmailMessage) -> tuple[str, dict[str, Any]]:
    """The METHOD that the mail's part names, and the calendar in it."""
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return part.get_param("method"), read(part.get_payload(decode=True))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_feed_holds_every_public_event_and_call_at_its_own_moment(language: str, server: Server) -> None:
    with urlopen(f"{server.url}/{language}/events/calendar.ics", timeout=10) as answer:
        feed = read(answer.read())
    expected = server.call("tests.e2e.places.events.public_events", language=language)
    moments = server.call("tests.e2e.places.public.moments_of_calls", language=language)
    assert feed["method"] == "PUBLISH"
    assert {event["uid"].split("@")[0]: (event["summary"], event["start"], event["end"]) for event in feed["events"]} == {
        uid: (title, {"zone": ZONE, "moment": starts}, {"zone": ZONE, "moment": ends}) for uid, title, starts, ends in expected
    } | {uid: (summary, {"zone": ZONE, "moment": at}, None) for uid, summary, at in moments}
    for event in feed["events"]:
        assert event["status"] == "CONFIRMED"
        assert event["sequence"] >= 0
        assert event["stamp"]
        # A moment is nowhere.
        assert bool(event["location"]) == bool(event["end"])
        assert event["organizer"] is None
        assert event["attendees"] == []


def test_the_invitation_and_its_cancellation_are_about_one_event(server: Server, open_page: OpenPage) -> None:
    address = "kutsuttu@example.org"
    cancel = server.call("tests.e2e.places.events.invite", email=address, language="fi")
    part, asked = invitation(server.wait_for_mail(address, number=2))
    [event] = asked["events"]
    assert part == asked["method"] == "REQUEST"
    assert event["start"]["zone"] == event["end"]["zone"] == ZONE
    assert event["organizer"] == {"cn": "Työelämän kehittäminen", "address": "mailto:kantama@example.org"}
    assert event["attendees"] == [
        {"address": f"mailto:{address}", "cn": "Maija Esimerkki", "partstat": "ACCEPTED", "role": "REQ-PARTICIPANT", "rsvp": "TRUE"}
    ]
    page = open_page()
    page.goto(cancel)
    page.click("main button[type=submit]")
    part, cancelled = invitation(server.wait_for_mail(address, number=3))
    [gone] = cancelled["events"]
    assert part == cancelled["method"] == "CANCEL"
    assert gone["status"] == "CANCELLED"
    assert gone["uid"] == event["uid"]
    assert gone["sequence"] > event["sequence"]
    assert gone["attendees"][0]["address"] == f"mailto:{address}"


def test_a_whole_life_of_an_invitation_is_read_alike_by_two_programs(server: Server) -> None:
    """Registered, moved, cancelled by the registrant, reinstated, cancelled by the organiser: the bytes that stand in the outbox."""
    life = server.call("tests.e2e.places.events.life_of_an_invitation")
    read_by = {program: [read(b64decode(one), program) for one in life] for program in ("calendar.mjs", "node_ical.mjs")}
    for one, other in zip(*read_by.values(), strict=True):
        [event], [same] = one["events"], other["events"]
        assert one["method"] == other["method"]
        assert (event["uid"], event["summary"], event["status"], event["sequence"]) == (
            same["uid"],
            same["summary"],
            same["status"],
            same["sequence"],
        )
        assert (event["start"]["moment"], event["end"]["moment"]) == (same["start"], same["end"])
        assert [person["address"] for person in event["attendees"]] == same["attendees"]
    assert [one["method"] for one in read_by["calendar.mjs"]] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST", "CANCEL"]
    numbers = [one["events"][0]["sequence"] for one in read_by["calendar.mjs"]]
    assert numbers == sorted(set(numbers))
    first, moved = (one["events"][0]["start"]["moment"] for one in read_by["calendar.mjs"][:2])
    assert moved == first + 3600


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_node_ical_reads_the_feed_as_ical_js_does(language: str, server: Server) -> None:
    with urlopen(f"{server.url}/{language}/events/calendar.ics", timeout=10) as answer:
        feed = answer.read()
    one, other = read(feed), read(feed, "node_ical.mjs")
    assert one["method"] == other["method"] == "PUBLISH"
    assert {(event["uid"], event["start"]["moment"]) for event in one["events"]} == {(event["uid"], event["start"]) for event in other["events"]}
