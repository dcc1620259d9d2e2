"""The organiser's desk of an event, as each role has it."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from base.roles import Role
from contacts.models import Tally, Touch
from events import actions, attendance, inviting
from events.models import Answer, Event, EventPage, Letter, Note, Registration
from events.organising import writing
from mail import letters
from mail.models import Delivery
from tests import factories
from tests.base.questions.asked import LUNCH, block
from tests.events.test_answers import ask_in, send

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.events.conftest import Opened

PDF = b"%PDF-1.7\n%%EOF\n"
State = Registration.State


@pytest.fixture(scope="module")
def made(made: Opened) -> Opened:
    """Three registrations: one confirmed, one that waits for its link, one cancelled. With answers."""
    page, client = made[2], Client()
    ask_in(page, LUNCH, block("short", "diet", "Ruokavalio", kept="sensitive"), block("file", "plan", "Suunnitelma"))
    brought = SimpleUploadedFile("suunnitelma.pdf", PDF)
    send(client, page, lunch="soup", diet="Salaisuus", plan=brought, email="a@example.org", needs="Pyörätuoli")
    send(client, page, lunch="own", fridge="=1+1", email="b@example.org")
    send(client, page, lunch="own", fridge="Hylly", email="c@example.org")
    actions.confirm_registration(of("a"))
    actions.cancel_registration(of("c"))
    return made


@pytest.fixture
def held(event: Event) -> Event:
    return event


def of(name: str) -> Registration:
    return Registration.objects.get(person__email=f"{name}@example.org")


def desk(page: EventPage, rest: str = "") -> str:
    return f"/admin/events/{page.pk}/desk/{rest}"


def test_the_list_is_reached_from_the_page_and_narrowed(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    assert desk(page) in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    whole = client.get(desk(page)).content.decode()
    assert all(f"/admin/events/registrations/{of(name).pk}/" in whole for name in "abc")

    def rows(query: str) -> set[str]:
        text = client.get(desk(page, f"results/?{query}")).content.decode()
        return {name for name in "abc" if f"/admin/events/registrations/{of(name).pk}/" in text}

    assert rows("state=confirmed") == {"a"}
    assert rows("state=confirmed&state=held") == {"a", "b"}
    assert rows("answer=lunch:own") == {"b", "c"}
    assert rows("q=a@example.org") == {"a"}
    assert rows("answer=lunch:lobster") == {"a", "b", "c"}


def test_the_number_of_queries_does_not_grow(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cast.enter(Role.ORGANISERS)

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    before = {address: cost(desk(page, address)) for address in ("", "figures/", "attendance/")}
    for _number in range(20):
        person = factories.make_person(held.theme)
        row = Registration.objects.create(event=held, person=person, held_until=held.starts_at, asked_at=held.starts_at, state=State.CONFIRMED)
        Answer.objects.create(registration=row, question="lunch", asked="Lounas", value="Keitto", chosen=" soup ")
    assert {address: cost(desk(page, address)) for address in before} == before


def test_exports_hold_the_answers_and_no_formula(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    text = b"".join(client.get(desk(page, "?export=csv&state=held")).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (line,) = list(csv.DictReader(text.splitlines()))
    assert line["Lounas"] == "Omat eväät"
    assert line["Kuinka paljon jääkaappitilaa?"] == "'=1+1"
    book = load_workbook(BytesIO(b"".join(client.get(desk(page, "?export=xlsx")).streaming_content)))  # type: ignore[attr-defined]
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]  # type: ignore[union-attr]
    assert "Ruokavalio" in cells[0]
    assert any("Salaisuus" in map(str, row) and "Pyörätuoli" in map(str, row) for row in cells)


def test_who_only_reads_sees_nothing_of_health(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    cast.enter(Role.COORDINATORS)
    assert client.get(desk(page)).status_code == 200
    seen = client.get(f"/admin/events/registrations/{of('a').pk}/").content.decode()
    text = b"".join(client.get(desk(page, "?export=csv")).streaming_content).decode()  # type: ignore[attr-defined]
    listed = b"".join(client.get("/admin/snippets/events/registration/?export=csv").streaming_content).decode()  # type: ignore[attr-defined]
    for words in (seen, text, listed):
        assert "Salaisuus" not in words
        assert "Pyörätuoli" not in words
    assert "Keitto" in seen


def test_refusals(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    """Coordinators read; communications write newsletters, not to registrants; projects and strangers see nothing."""
    row = of("a")
    file = Answer.objects.exclude(file="").get()
    reads = [desk(page), desk(page, "figures/"), desk(page, "attendance/"), desk(page, "messages/"), desk(page, "names/"), "/admin/events/retention/"]
    reads.append(f"/admin/events/registrations/{row.pk}/")
    acts = [
        (f"/admin/events/registrations/{row.pk}/", {"note": "1", "text": "x"}),
        (f"/admin/events/registrations/{row.pk}/act/", {"act": "cancel"}),
        (desk(page, "add/"), {"first_name": "X"}),
        (desk(page, "attendance/"), {"do": "count", "event": held.pk, "number": 3}),
        ("/admin/events/retention/", {}),
    ]
    for role, may_read in ((Role.COORDINATORS, True), (Role.COMMUNICATIONS, False), (Role.PROJECTS, False), (None, False)):
        cast.enter(role)
        for address in reads:
            assert (client.get(address).status_code == 200) is may_read, (role, address)
        for address, data in acts:
            assert client.post(address, data).status_code in {302, 403}, (role, address)
        for act in ("mark_attended", "cancel_registrations", "write", "undo_attendance"):
            client.post(f"/admin/bulk/events/registration/{act}/?id={row.pk}", {"subject_fi": "x", "text_fi": "x", "send": "1"})
        assert client.get(f"/admin/events/answers/{file.pk}/file/").status_code in {302, 403}
        client.logout()
    row.refresh_from_db()
    assert (row.state, Note.objects.count(), Letter.objects.count(), Tally.objects.count()) == (State.CONFIRMED, 0, 0, 0)


def test_another_themes_desk_is_nobodys(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    from themes.teams import put_into_teams

    other = factories.make_theme()
    front = factories.make_front(other, page.get_parent().get_parent().specific)
    theirs = factories.make_event_page(factories.make_events_page(front), goals=[factories.make_goal(other)])
    user = cast.user(Role.ORGANISERS)
    put_into_teams(user=user, places=[(other.pk, Role.ORGANISERS.value)])
    client.force_login(user)
    assert client.get(desk(theirs)).status_code == 200
    assert client.get(desk(page)).status_code == 403
    assert client.get(f"/admin/events/registrations/{of('a').pk}/").status_code == 404


def test_an_organiser_notes_puts_right_and_acts(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    address = f"/admin/events/registrations/{of('b').pk}/"
    assert client.post(address, {"note": "1", "text": "Soitti: tulee myöhemmin"}).status_code == 302
    assert client.post(address, {"note": "1", "text": ""}).status_code == 422
    assert client.post(address, {"organisation": "Esimerkki oy", "language": "sv", "needs": ""}).status_code == 302
    assert client.post(f"{address}act/", {"act": "confirm"}).status_code == 302
    row = of("b")
    assert (row.organisation, row.language, row.state) == ("Esimerkki oy", "sv", State.CONFIRMED)
    assert "Soitti: tulee myöhemmin" in client.get(address).content.decode()
    client.post(f"{address}act/", {"act": "attend"})
    assert of("b").state == State.ATTENDED
    client.post(f"{address}act/", {"act": "cancel"})
    assert of("b").state == State.ATTENDED
    client.post(f"{address}act/", {"act": "unattend"})
    assert of("b").state == State.CONFIRMED
    client.post(f"{address}act/", {"act": "cancel"})
    assert of("b").state == State.CANCELLED


def test_a_file_comes_as_a_download(held: Event, client: Client, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    answer = client.get(f"/admin/events/answers/{Answer.objects.exclude(file='').get().pk}/file/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/octet-stream"
    assert 'attachment; filename="suunnitelma.pdf"' in answer["Content-Disposition"]


@pytest.mark.parametrize(("is_confirmed", "state"), [("on", State.CONFIRMED), ("", State.HELD)])
def test_one_that_came_by_telephone(held: Event, page: EventPage, client: Client, cast: Cast, is_confirmed: str, state: str) -> None:
    cast.enter(Role.ORGANISERS)
    data = {"event": held.pk, "mode": held.mode, "first_name": "Eero", "last_name": "Esimerkki", "language": "fi", "note": "Soitti"}
    wrong = client.post(desk(page, "add/"), data | {"email": "roskaa"})
    assert wrong.status_code == 422
    assert "Eero" in wrong.content.decode()
    assert client.post(desk(page, "add/"), data | {"email": "e@example.org", "is_confirmed": is_confirmed}).status_code == 302
    assert (of("e").state, of("e").notes.get().text) == (state, "Soitti")


def test_the_figures_count_people_by_what_they_are(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    Registration.objects.filter(pk=of("a").pk).update(organisation="Esimerkki Oy", size=3)
    Registration.objects.filter(pk=of("b").pk).update(organisation="esimerkki  oy")
    from events.organising import figures, lists

    found = {table.title: table.rows for table in figures.tables(page, lists.registrations_for(page))}
    assert ("Esimerkki Oy", 2, 4) in found["Organisaation mukaan"] or ("esimerkki oy", 2, 4) in found["Organisaation mukaan"]
    assert found["Lounas"] == [("Keitto", 1, 3), ("Omat eväät", 1, 1)]
    cast.enter(Role.ORGANISERS)
    assert "Omat eväät" in client.get(desk(page, "figures/")).content.decode()


def test_the_name_list_is_a_document_that_can_be_read_aloud(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    read = PdfReader(BytesIO(client.get(desk(page, "names/")).content))
    text = "\n".join(sheet.extract_text() for sheet in read.pages)
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fi")
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert page.title in str(read.metadata.title)  # type: ignore[union-attr]
    assert "Euroopan unionin osarahoittama" in text
    assert text.count("Esimerkki") == 1
    assert "Salaisuus" not in text


def test_a_message_goes_to_a_selection_in_each_language(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    Registration.objects.filter(pk=of("b").pk).update(language="sv")
    address = f"/admin/bulk/events/registration/write/?id={of('a').pk}&id={of('b').pk}&next={desk(page)}"
    finnish = {"subject_fi": "Tervetuloa, {first_name}", "text_fi": "Nähdään: {event}.\n\n{when}"}
    missing = client.post(address, finnish | {"send": "1"})
    assert missing.status_code == 422
    assert "Tervetuloa, {first_name}" in missing.content.decode()
    assert client.post(address, finnish | {"text_fi": "{needs}", "fallback": "fi", "send": "1"}).status_code == 422
    shown = client.post(address, finnish | {"fallback": "fi", "look": "1"})
    assert shown.status_code == 200
    assert "Tervetuloa, Aino" in shown.content.decode()
    assert Letter.objects.count() == 0
    assert client.post(address, finnish | {"fallback": "fi", "send": "1"}).status_code == 302
    letter = Letter.objects.get()
    writing.send_copies(letter.pk)
    writing.send_copies(letter.pk)
    sent = Delivery.objects.filter(key__startswith="events.letter:")
    assert {row.address for row in sent} == {"a@example.org", "b@example.org"}
    assert {row.subject for row in sent} == {"Tervetuloa, Aino"}
    assert letter.number == 2
    assert "Tervetuloa, {first_name}" in client.get(desk(page, "messages/")).content.decode()


def test_what_is_filled_in_is_not_filled_again(held: Event) -> None:
    row = of("a")
    row.person.first_name = "{cancel_link}"
    assert letters.fill("Hei {first_name}!", row, writing.FILLED) == "Hei {cancel_link}!"


def test_all_is_what_the_list_shows(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    """Of this event, narrowed as it is: never all that there are."""
    other = factories.make_event_page(page.get_parent().specific, goals=list(page.goals.all())).event
    elsewhere = actions.ask_registration(event=other, email="z@example.org", first_name="Z", last_name="Z", language="fi")
    actions.confirm_registration(elsewhere)
    actions.confirm_registration(of("b"))
    cast.enter(Role.ORGANISERS)
    back = f"{desk(page)}?answer=lunch%3Asoup"
    answer = client.post(f"/admin/bulk/events/registration/mark_attended/?id=all&next={back.replace('?', '%3F').replace('=', '%3D')}")
    assert answer.status_code == 302
    elsewhere.refresh_from_db()
    assert (of("a").state, of("b").state, elsewhere.state) == (State.ATTENDED, State.CONFIRMED, State.CONFIRMED)


def test_attendance_is_undone_with_its_touch(held: Event, page: EventPage) -> None:
    row = of("a")
    assert attendance.mark([row], minutes={row.pk: 45}) == 1
    assert Touch.objects.filter(kind=Touch.Kind.ATTENDED).count() == 1
    assert of("a").minutes_present == 45
    assert attendance.unmark([row]) == 1
    assert (of("a").state, of("a").minutes_present) == (State.CONFIRMED, None)
    assert Touch.objects.filter(kind=Touch.Kind.ATTENDED).count() == 0
    assert Touch.objects.filter(kind=Touch.Kind.REGISTERED).count() == 1


def test_who_came_without_a_name_counts_for_the_goals(held: Event, page: EventPage, client: Client, cast: Cast, goal: Any) -> None:
    from themes import measures

    ended = held.starts_at - timedelta(days=30)
    Event.objects.filter(pk=held.pk).update(starts_at=ended, ends_at=ended + timedelta(hours=2))
    cast.enter(Role.ORGANISERS)
    for number in (12, 7):
        assert client.post(desk(page, "attendance/"), {"do": "count", "event": held.pk, "number": number}).status_code == 302
    assert client.post(desk(page, "attendance/"), {"do": "count", "event": held.pk, "number": -1}).status_code == 422
    attendance.mark([of("a")])
    assert Tally.objects.get().count == 7
    came = measures.get("attendance").daily([goal.pk])[goal.pk]
    assert sum(came.values()) == 8


def test_who_waits_is_offered_a_seat_out_of_turn_and_applications_are_answered(page: EventPage, goal: Any, client: Client, cast: Cast) -> None:
    waited = factories.make_event_page(page.get_parent().specific, goals=[goal], capacity=1).event

    def ask(name: str, event: Event = waited) -> Registration:
        details = {"first_name": "Aino", "last_name": "Esimerkki", "language": "fi"}
        return actions.confirm_registration(actions.ask_registration(event=event, email=f"{name}@example.org", **details))

    _first, second, third = ask("a"), ask("b"), ask("c")
    cast.enter(Role.ORGANISERS)
    act = f"/admin/events/registrations/{third.pk}/act/"
    client.post(act, {"act": "promote"})
    assert [Registration.objects.get(pk=row.pk).state for row in (second, third)] == [State.WAITING, State.WAITING]
    waited.pools.update(capacity=2)
    assert 'value="promote"' in client.get(f"/admin/events/registrations/{third.pk}/").content.decode()
    client.post(act, {"act": "promote"})
    assert [Registration.objects.get(pk=row.pk).state for row in (second, third)] == [State.WAITING, State.OFFERED]
    assert Event.objects.get(pk=waited.pk).taken == 2
    assert Delivery.objects.filter(key__startswith="events.offer", address="c@example.org").count() == 1
    approved = factories.make_event_page(page.get_parent().specific, goals=[goal], needs_approval=True).event
    yes, no = ask("y", approved), ask("n", approved)
    client.post(f"/admin/bulk/events/registration/approve/?id={yes.pk}&id={third.pk}&next=/admin/")
    client.post(f"/admin/events/registrations/{no.pk}/act/", {"act": "reject"})
    assert [Registration.objects.get(pk=row.pk).state for row in (yes, no, third)] == [State.CONFIRMED, State.REJECTED, State.OFFERED]


def test_many_are_told_no_at_once_and_whoever_has_a_seat_keeps_it(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    Event.objects.update(needs_approval=True)
    for name in ("d", "e"):
        send(client, page, lunch="soup", email=f"{name}@example.org")
        actions.confirm_registration(of(name))
    ids = "&".join(f"id={of(name).pk}" for name in "ade")
    client.post(f"/admin/bulk/events/registration/reject/?{ids}")
    assert [of(name).state for name in "ade"] == [State.CONFIRMED, State.REJECTED, State.REJECTED]
    assert Delivery.objects.filter(key__startswith="events.rejection").count() == 2


def test_what_calendars_answered_is_seen_narrowed_and_told_of_one_invitation(held: Event, page: EventPage, client: Client, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    assert "Vastaus kalenterista" not in client.get(desk(page)).content.decode()
    row = of("a")
    Registration.objects.filter(pk=row.pk).update(reply="tentative", replied_at=held.starts_at)
    listed, seen = client.get(desk(page)).content.decode(), client.get(f"/admin/events/registrations/{row.pk}/").content.decode()
    assert all("Vastaus kalenterista" in text and "Alustavasti" in text for text in (listed, seen))
    assert f"/registrations/{row.pk}/" not in client.get(desk(page, "results/?reply=accepted")).content.decode()
    row.refresh_from_db()
    inviting.number_of_update(row)
    row.refresh_from_db()
    assert (row.reply, row.replied_at) == ("", None)
