"""The attendance file of a meeting tool: read as the tools save it, matched with care, applied only after a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from base.roles import Role
from base.spreadsheets import Unreadable
from contacts import purposes
from contacts.models import Touch
from contacts.people import person_at
from events import actions
from events.models import Event, EventPage, Guest, Registration
from events.organising.matching import match
from events.organising.meetings import plain_name, present, seconds
from tests.events.search import rows_with

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

State = Registration.State

TEAMS = """1. Summary
Meeting title\tSyysseminaari
Attended participants\t4
Start time\t11/12/26, 9:00:00 AM

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Aino Esimerkki\t11/12/26, 9:01:10 AM\t11/12/26, 10:30:00 AM\t1h 28m 50s\taino@example.org\taino@example.org\tAttendee
Åsa Öberg (Vieras)\t11/12/26, 9:05:00 AM\t11/12/26, 9:20:00 AM\t15m 2s\t\t\tAttendee
Joku Muu\t11/12/26, 9:05:00 AM\t11/12/26, 9:09:00 AM\t4m\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Aino Esimerkki\t11/12/26, 9:01:10 AM\t11/12/26, 9:30:00 AM\t28m 50s\taino@example.org\tAttendee
"""
FINNISH_TEAMS = """1. Yhteenveto
Kokouksen otsikko\tSyysseminaari

2. Osallistujat
Nimi\tEnsimmäinen liittyminen\tViimeinen poistuminen\tKesto kokouksessa\tSähköposti\tOsallistujan tunnus (UPN)\tRooli
Aino Esimerkki\t12.11.2026 9.01.10\t12.11.2026 10.30.00\t1 t 28 min 50 s\taino@example.org\taino@example.org\tOsallistuja
"""
ZOOM = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
123 456,Syysseminaari,12.11.2026 9.00,12.11.2026 10.30,host@example.org,90,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Aino Esimerkki,AINO@example.org,12.11.2026 9.01,12.11.2026 9.30,29,No
"Öberg, Åsa",,12.11.2026 9.01,12.11.2026 9.30,29,Yes
Aino Esimerkki,aino@example.org,12.11.2026 9.40,12.11.2026 10.30,50,No
"""


def register(event: Event, email: str, first_name: str, last_name: str, state: str = State.CONFIRMED) -> Registration:
    details = {"first_name": first_name, "last_name": last_name}
    person = person_at(theme=event.theme, email=email, source="test", purpose=purposes.usual(event.theme, purposes.EVENTS), **details)
    now = timezone.now()
    return Registration.objects.create(event=event, person=person, state=state, held_until=now, asked_at=now, confirmed_at=now)


def seen(content: bytes) -> list[tuple[str, int | None, int]]:
    return [(one.name, one.seconds, one.joins) for one in present(content)]


def test_teams_saves_utf_16_with_tabs_and_parts() -> None:
    expected = [("Aino Esimerkki", 5330, 1), ("Åsa Öberg (Vieras)", 902, 1), ("Joku Muu", 240, 1)]
    assert seen(b"\xff\xfe" + TEAMS.encode("utf-16-le")) == expected
    assert seen(TEAMS.encode()) == expected


def test_teams_in_finnish() -> None:
    assert seen(b"\xff\xfe" + FINNISH_TEAMS.encode("utf-16-le")) == [("Aino Esimerkki", 5330, 1)]


def test_zoom_saves_utf_8_with_commas_and_each_join_on_a_line() -> None:
    assert seen(b"\xef\xbb\xbf" + ZOOM.encode()) == [("Aino Esimerkki", 79 * 60, 2), ("Öberg, Åsa", 29 * 60, 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1h 2m 3s", 3723),
        ("1 t 2 min", 3720),
        ("2 tim 5 min 1 sek", 7501),
        ("01:02:03", 3723),
        ("12:30", 750),
        ("79", 4740),
        ("", None),
        ("kauan", None),
    ],
)
def test_times_as_the_tools_write_them(text: str, expected: int | None) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(("name", "plain"), [("Öberg, Åsa", "åsa öberg"), ("Åsa  Öberg (Vieras)", "åsa öberg"), ("Aino [HOST]", "aino")])
def test_names_as_the_tools_write_them(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize("content", [b"", b"a;b;c\n1;2;3\n", b"Name,User Email\n", b"\x00" * 500, b"PK\x03\x04roskaa", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_attendance_file_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable):
        present(content)


def test_an_address_is_surer_than_a_name_and_doubt_is_not_applied(event: Event) -> None:
    aino = register(event, "aino@example.org", "Aino", "Esimerkki")
    same = [register(event, f"asa{number}@example.org", "Åsa", "Öberg") for number in range(2)]
    lapsed = register(event, "joku@example.org", "Joku", "Muu", State.CANCELLED)
    found = match(event, present(TEAMS.encode()), least_minutes=10)
    assert [(one.registration, one.minutes, one.by_name) for one in found.matched] == [(aino, 89, False)]
    assert [(one.name, rows) for one, rows in found.ambiguous] == [("Åsa Öberg (Vieras)", same)]
    assert [(one.name, row) for one, row in found.without_seat] == [("Joku Muu", lapsed)]
    assert (found.unknown, found.too_short) == ([], [])


def test_who_stayed_too_short_a_time_is_shown_and_not_marked(event: Event) -> None:
    register(event, "joku@example.org", "Joku", "Muu")
    found = match(event, present(TEAMS.encode()), least_minutes=10)
    assert [one.registration.person.email for one in found.too_short] == ["joku@example.org"]
    assert [one.name for one in found.unknown] == ["Aino Esimerkki", "Åsa Öberg (Vieras)"]


def test_a_guest_stands_for_the_group_that_registered(event: Event) -> None:
    group = register(event, "ryhma@example.org", "Ryhmän", "Vetäjä")
    Guest.objects.create(registration=group, first_name="Aino", last_name="Esimerkki", email="aino@example.org")
    assert [one.registration for one in match(event, present(ZOOM.encode())).matched] == [group]


def upload(client: Client, page: EventPage, event: Event, content: bytes) -> Any:
    data = {"do": "look", "event": event.pk, "least": 10, "file": SimpleUploadedFile("osallistujat.csv", content)}
    return client.post(f"/admin/events/{page.pk}/desk/attendance/", data)


def key_in(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.split('name="key" value="')[1].split('"')[0]


def test_a_look_changes_nothing_and_applying_marks_those_who_were_found(event: Event, page: EventPage, client: Client, cast: Cast) -> None:
    aino = register(event, "aino@example.org", "Aino", "Esimerkki")
    cast.enter(Role.ORGANISERS)
    looked = upload(client, page, event, b"\xff\xfe" + TEAMS.encode("utf-16-le"))
    assert looked.status_code == 200
    assert "Joku Muu" in looked.content.decode()
    aino.refresh_from_db()
    assert aino.state == State.CONFIRMED
    address = f"/admin/events/{page.pk}/desk/attendance/"
    for _twice in range(2):
        assert client.post(address, {"do": "apply", "key": key_in(looked)}).status_code == 302
    aino.refresh_from_db()
    assert (aino.state, aino.minutes_present) == (State.ATTENDED, 89)
    assert Touch.objects.filter(kind=Touch.Kind.ATTENDED).count() == 1
    assert client.post(address, {"do": "apply", "key": "väärä"}).status_code == 302
    assert rows_with("Joku Muu") == []


def test_a_key_of_one_event_marks_nobody_of_another(event: Event, page: EventPage, client: Client, cast: Cast) -> None:
    from tests import factories

    register(event, "aino@example.org", "Aino", "Esimerkki")
    other = factories.make_event_page(page.get_parent().specific, goals=list(page.goals.all()))
    cast.enter(Role.ORGANISERS)
    key = key_in(upload(client, page, event, TEAMS.encode()))
    client.post(f"/admin/events/{other.pk}/desk/attendance/", {"do": "apply", "key": key})
    assert Registration.objects.filter(state=State.ATTENDED).count() == 0


def test_four_thousand_rows_with_other_peoples_names(event: Event, page: EventPage, client: Client, cast: Cast) -> None:
    """Nobody is marked who is not meant, no name of a stranger is kept, and the number of queries has nothing to do with the file."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(40):
        register(event, f"oma{number}@example.org", "Oma", f"Väki {number}")
    lines = [f"Vieras Nimi {number},vieras{number}@example.com,9.00,10.00,60,Yes" for number in range(3960)]
    lines += [f"Oma Väki {number},,9.00,10.00,60,Yes" for number in range(40)]
    content = ("Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n" + "\n".join(lines)).encode()
    with CaptureQueriesContext(connection) as queries:
        found = match(event, present(content), least_minutes=1)
    assert (len(found.matched), len(found.unknown), len(queries)) == (40, 3960, 2)
    cast.enter(Role.ORGANISERS)
    looked = upload(client, page, event, content)
    client.post(f"/admin/events/{page.pk}/desk/attendance/", {"do": "apply", "key": key_in(looked)})
    assert Registration.objects.filter(state=State.ATTENDED).count() == 40
    assert rows_with("Vieras Nimi") == []


def test_a_bad_file_is_told_at_its_field(event: Event, page: EventPage, client: Client, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    answer = upload(client, page, event, b"a;b\n1;2\n")
    assert answer.status_code == 422
    assert "Teams" in answer.content.decode()


def test_cancelled_registrations_are_no_attendance(event: Event) -> None:
    row = register(event, "aino@example.org", "Aino", "Esimerkki")
    actions.cancel_registration(row)
    assert match(event, present(ZOOM.encode())).matched == []
