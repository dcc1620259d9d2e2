"""Subscribers from a file: every good line comes, every other one says why, whoever left stays away, and each consent has its evidence."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import Workbook

from base.roles import Role
from contacts import people, purposes
from contacts.models import Consent, Person, Touch
from mail import suppression
from mail.models import Suppression
from newsletters import subscriptions
from newsletters.importing import actions, looking
from newsletters.importing.columns import guess
from newsletters.importing.forms import read_heading
from newsletters.importing.rows import Wrong, clean_address
from newsletters.models import Newsletter, SubscriberImport, Subscription
from tests import factories
from tests.cast import Cast
from themes.models import Region
from themes.teams import put_into_teams

State = Subscription.State
STATEMENT = "Paperilomake Kuopion seminaarissa 12.3.2024: ”Haluan uutiskirjeen sähköpostiini.”"
DAY = "2024-03-12"


@pytest.fixture
def newsletter(db: None) -> Newsletter:
    return factories.make_newsletter(factories.make_theme())


def bringing(newsletter: Newsletter, content: bytes | str, **values: Any) -> SubscriberImport:
    content = content.encode() if isinstance(content, str) else content
    made = SubscriberImport(newsletter=newsletter, file_name="tilaajat.csv", content=content, statement=STATEMENT, stated_on=DAY, **values)
    read_heading(made)
    made.save()
    made.refresh_from_db()
    return made


def bring(newsletter: Newsletter, content: bytes | str, **values: Any) -> SubscriberImport:
    return actions.bring(bringing(newsletter, content, **values))


def reasons(found: SubscriberImport) -> dict[int, str]:
    return {line["line"]: line["reason"] for line in found.left_out_lines()}


def thirty_columns(rows: int, broken_each: int = 20) -> str:
    """As an old system gives it: 30 columns, and every twentieth line broken in one of several ways."""
    heading = [f"kenttä {number}" for number in range(30)]
    heading[3], heading[7], heading[8], heading[12], heading[20] = "Etunimi", "Sukunimi", "Sähköpostiosoite", "Kieli", "Suostumus pvm"
    wrong = [{8: ""}, {8: "ei ole"}, {12: "klingon"}, {20: "31.2.2024"}, {8: "häkki@example.org"}]
    lines = [";".join(heading)]
    for number in range(rows):
        cells = [f"arvo {number}"] * 30
        cells[3], cells[7], cells[8], cells[12], cells[20] = "Äijä", f"Nyyssönen{number}", f"tilaaja{number}@example.org", "suomi", "1.2.2023"
        if number % broken_each == 0:
            for place, value in wrong[number // broken_each % len(wrong)].items():
                cells[place] = value
        lines.append(";".join(cells))
    return "\r\n".join(lines)


def test_a_file_of_an_old_system_in_windows_1252(newsletter: Newsletter) -> None:
    found = bring(newsletter, thirty_columns(200).encode("cp1252"))
    assert (found.rows, found.imported, found.broken) == (200, 190, 10)
    assert all(reasons(found).values())
    assert len(reasons(found)) == 10
    person = Person.objects.get(email="tilaaja7@example.org")
    assert (person.first_name, person.last_name, person.language) == ("Äijä", "Nyyssönen7", "fi")
    consent = Subscription.objects.get(person=person).consent
    assert timezone.localtime(consent.given_at).date().isoformat() == "2023-02-01"
    assert (consent.text, consent.text_version, consent.purpose) == (STATEMENT, found.mark, newsletter.purpose)
    assert Subscription.objects.filter(brought_by=found, state=State.CONFIRMED, consent__isnull=False).count() == 190
    # Nobody was won by what was done now.
    assert not Touch.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_separators(newsletter: Newsletter, encoding: str, delimiter: str) -> None:
    text = "Förnamn;E-post\nÅke;ake@example.org".replace(";", delimiter)
    assert bring(newsletter, text.encode(encoding)).imported == 1
    assert Person.objects.get().first_name == "Åke"


def test_a_workbook_and_a_file_without_a_heading(newsletter: Newsletter) -> None:
    book = Workbook()
    book.active.append(["First name", "E-mail", "Consent date"])
    book.active.append(["Aino", "aino@example.org", timezone.datetime(2024, 1, 2)])
    book.save(file := io.BytesIO())
    assert bring(newsletter, file.getvalue()).imported == 1
    assert timezone.localtime(Subscription.objects.get().consent.given_at).date().isoformat() == "2024-01-02"
    assert bring(newsletter, "bertta@example.org\ncecilia@example.org\n").imported == 2


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (["Etunimi", "Sukunimi", "Sähköposti", "Kieli", "Aiheet"], {"first_name": 0, "last_name": 1, "address": 2, "language": 3, "topics": 4}),
        (["E-postadress", "Förnamn", "Efternamn", "Språk"], {"address": 0, "first_name": 1, "last_name": 2, "language": 3}),
        (["E-mail address", "Opt-in time", "Consent source"], {"address": 0, "given_at": 1, "given_how": 2}),
        (["Sähköposti (työ)", "Lisätieto"], {"address": 0}),
        (["Yhteys", "Muu"], {"address": 1}),
        (["Email status", "Osoite"], {"address": 1}),
    ],
)
def test_columns_are_guessed(heading: list[str], expected: dict[str, int]) -> None:
    line = ["x"] * len(heading)
    line[expected["address"]] = "a@example.org"
    assert guess(heading, [line]) == expected


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Aino@Example.org", "Aino@example.org"),
        ("aino@äkäslompolo.example", "aino@äkäslompolo.example"),
        ("Aino Esimerkki <aino@example.org>", "aino@example.org"),
        ("mailto:aino@example.org", "aino@example.org"),
        ('"aino"@example.org', "aino@example.org"),
    ],
)
def test_addresses_that_come(written: str, kept: str) -> None:
    assert clean_address(written) == kept


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ('"aino e"@example.org', "quotation marks"), ("häkki@example.org", "beyond a to z"), ("a@b@c", "is no address"), ("", "no address"),
        ("a@example.org; b@example.org", "is no address"), ("x" * 400 + "@example.org", "too long"), ("aino@example..org", "is no address"),
    ],
)  # fmt: skip
def test_addresses_that_do_not(written: str, reason: str) -> None:
    with translation.override("en"), pytest.raises(Wrong, match=reason):
        clean_address(written)


def test_whoever_left_stays_away_and_is_counted(newsletter: Newsletter) -> None:
    for name in ("left", "here"):
        row = subscriptions.ask_subscription(newsletter=newsletter, email=f"{name}@example.org", language="sv")
        subscriptions.confirm_subscription(row, how="test")
    subscriptions.end_subscription(Subscription.objects.get(person__email="left@example.org"), how="link")
    waiting = subscriptions.ask_subscription(newsletter=newsletter, email="waits@example.org", language="sv")
    suppression.suppress("bounced@example.org", Suppression.Reason.HARD_BOUNCE)
    names = ("left", "here", "waits", "bounced", "new", "NEW", "new")
    found = bring(newsletter, "email\n" + "\n".join(f"{name}@example.org" for name in names))
    counts = (found.rows, found.imported, found.already, found.ended, found.suppressed, found.doubled, found.broken)
    assert counts == (7, 2, 1, 1, 1, 2, 0)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.brought_by) == (State.CONFIRMED, found)
    assert Subscription.objects.get(person__email="left@example.org").state == State.ENDED
    assert not Person.objects.filter(email="bounced@example.org").exists()
    # What is on the list may be of somebody who was erased: it is not written down again.
    assert "bounced" not in found.left_out


def test_an_erased_person_is_not_brought_back(newsletter: Newsletter) -> None:
    bring(newsletter, "email\naino@example.org")
    people.erase_person(Person.objects.get())
    assert bring(newsletter, "email\naino@example.org").suppressed == 1
    assert not Person.objects.exists()


def test_the_same_file_once_more_changes_nothing(newsletter: Newsletter) -> None:
    text = thirty_columns(60)
    first = bring(newsletter, text)
    before = [list(model.objects.order_by("pk").values()) for model in (Person, Consent, Subscription)]
    again = bring(newsletter, text)
    assert (again.imported, again.already, again.broken) == (0, first.imported, first.broken)
    assert actions.bring(first).imported == first.imported
    assert [list(model.objects.order_by("pk").values()) for model in (Person, Consent, Subscription)] == before


def test_topics_and_languages(newsletter: Newsletter) -> None:
    skills = factories.make_sub_theme(newsletter.theme, name_fi="Osaaminen, johtaminen", name_sv="Kunnande")
    region = Region.objects.get(code="06")
    lines = ['a@example.org;ruotsi;"Osaaminen, johtaminen"', "b@example.org;;Kunnande; x", f"c@example.org;EN;{region.name_fi},kunnande"]
    text = "\n".join(["email;kieli;aiheet", *lines, "d@example.org;;uimahallit"])
    found = bring(newsletter, text, language="sv")
    rows = {row.person.email[0]: row for row in Subscription.objects.all()}
    assert {name: row.language for name, row in rows.items()} == {"a": "sv", "b": "sv", "c": "en"}
    assert list(rows["a"].sub_themes.all()) == [skills]
    assert (list(rows["c"].sub_themes.all()), list(rows["c"].regions.all())) == ([skills], [region])
    assert list(reasons(found)) == [5]


def test_names_never_overwrite_what_is_known(newsletter: Newsletter) -> None:
    factories.make_person(newsletter.theme, email="aino@example.org", first_name="Aino", last_name="")
    bring(newsletter, "email;etunimi;sukunimi\nAINO@example.org;Toinen;Esimerkki")
    person = Person.objects.get()
    assert (person.first_name, person.last_name) == ("Aino", "Esimerkki")


def test_a_batch_asks_no_more_for_more_lines(newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    def queries(count: int, name: str) -> int:
        made = bringing(newsletter, "email\n" + "\n".join(f"{name}{number}@example.org" for number in range(count)))
        with CaptureQueriesContext(connection) as found:
            actions.bring(made)
        return len(found)

    purposes.make_usual(newsletter.theme)
    assert queries(10, "few") == queries(40, "many")
    monkeypatch.setattr(looking, "BATCH", 7)
    assert bring(newsletter, "email\n" + "\n".join(f"parts{number}@example.org" for number in range(20))).imported == 20


def test_many_lines_balance(newsletter: Newsletter) -> None:
    found = bring(newsletter, thirty_columns(3000))
    assert (found.rows, found.imported, found.broken) == (3000, 2850, 150)
    assert Subscription.objects.filter(brought_by=found).count() == 2850


def test_erasing_somebody_takes_their_broken_lines_too(newsletter: Newsletter) -> None:
    found = bring(newsletter, "email;kieli\naino@example.org;klingon\nbertta@example.org;klingon")
    waits = bringing(newsletter, "email\naino@example.org")
    person = factories.make_person(newsletter.theme, email="aino@example.org")
    assert people.export_person(person)["newsletters.SubscriberImport"][0]["file_name"] == "tilaajat.csv"
    people.erase_person(person)
    found.refresh_from_db()
    waits.refresh_from_db()
    assert "aino" not in found.left_out
    assert list(reasons(found)) == [3]
    assert waits.content is None


def test_a_line_of_ten_megabytes_is_one_broken_line(newsletter: Newsletter) -> None:
    huge = "x" * 10_000_000
    found = bring(newsletter, f"email;nimi\n{huge};a\nb@example.org;\u2028\n{huge}@example.org;c\nd@example.org;d")
    assert (found.imported, found.broken) == (2, 2)
    assert list(reasons(found)) == [2, 4]
    assert len(found.left_out) < 5000


def test_signs_that_break_lines_break_no_list(newsletter: Newsletter) -> None:
    found = bring(newsletter, "email;nimi\nrubbish;a\u2028b\x85c\nmore;d")
    assert [line["cells"] for line in found.left_out_lines()] == [["rubbish", "a\u2028b\x85c"], ["more", "d"]]


def test_an_import_of_another_theme_is_not_there(newsletter: Newsletter, cast: Cast) -> None:
    other = bringing(factories.make_newsletter(factories.make_theme()), "email\na@example.org")
    user = cast.user(Role.COMMUNICATIONS)
    put_into_teams(user=user, places=[(newsletter.theme_id, Role.COMMUNICATIONS.value)])
    client = cast.enter(Role.COMMUNICATIONS)
    for name in ("newsletters_import", "newsletters_import_left_out"):
        assert client.get(reverse(name, args=[other.pk])).status_code == 404
    assert client.post(reverse("newsletters_import", args=[other.pk]), {"bring": "1", "address": "0"}).status_code == 404
    assert send_file(client, other.newsletter, b"email\na@example.org").status_code == 422


def test_files_and_lines_are_not_kept_for_ever(newsletter: Newsletter) -> None:
    waits = bringing(newsletter, "email\naino@example.org", at=timezone.now() - timedelta(days=2))
    done = bring(newsletter, "email\nrubbish\nb@example.org")
    assert done.content is None
    SubscriberImport.objects.filter(pk=done.pk).update(brought_at=timezone.now() - timedelta(days=31))
    actions.forget_files()
    done.refresh_from_db()
    assert done.left_out == ""
    assert done.broken == 1
    assert not SubscriberImport.objects.filter(pk=waits.pk).exists()


# ---- the screens


def send_file(client: Any, letter: Newsletter, content: bytes, **values: Any) -> Any:
    given = {"newsletter": letter.pk, "statement": STATEMENT, "stated_on": DAY, "language": "fi"} | values
    return client.post(reverse("newsletters_import_start"), given | {"file": SimpleUploadedFile("tilaajat.csv", content)})


def test_a_file_is_looked_at_and_then_brought(newsletter: Newsletter, cast: Cast) -> None:
    client = cast.enter(Role.COMMUNICATIONS)
    path = send_file(client, newsletter, b"Nimi;Osoite;Kieli\nAino;a@example.org;fi\nBertta;=cmd|' /C calc'!A0;fi\n")["Location"]
    shown = client.get(path)
    assert shown.context["tally"].counts["imported"] == 1
    assert not Subscription.objects.exists()
    assert client.post(path, {"look": "1", "address": "0"}).status_code == 302
    assert client.get(path).context["tally"].counts["imported"] == 0
    refused = client.post(path, {"bring": "1", "address": "", "first_name": "0", "last_name": "0"})
    assert set(refused.context["form"].errors) == {"address", "last_name"}
    assert client.post(path, {"bring": "1", "address": "1", "first_name": "0", "language": "2"}).status_code == 302
    assert client.post(path, {"bring": "1", "address": "1"}).status_code == 200
    assert client.get(path).context["whole"] == 2
    assert not Subscription.objects.exists()
    actions.go_on_with_all()
    found = SubscriberImport.objects.get()
    assert (found.imported, found.broken, found.by) == (1, 1, cast.user(Role.COMMUNICATIONS))
    shown = client.get(path).content.decode()
    assert STATEMENT in shown
    listing = reverse(Subscription.snippet_viewset.get_url_name("list"))
    assert [str(row.person) for row in client.get(f"{listing}?brought_by={found.pk}").context["object_list"]] == ["Aino"]
    taken = client.get(reverse("newsletters_import_left_out", args=[found.pk])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(taken), delimiter=";"))
    assert rows[1][0] == "3"
    assert not any(cell.startswith("=") for row in rows for cell in row)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"statement": ""}, "statement"),
        ({"stated_on": "2999-01-01"}, "stated_on"),
        ({"stated_on": "rubbish"}, "stated_on"),
        ({"newsletter": 0}, "newsletter"),
    ],
)
def test_what_is_missing_is_told_at_its_field(newsletter: Newsletter, cast: Cast, values: dict[str, Any], field: str) -> None:
    answer = send_file(cast.enter(Role.COMMUNICATIONS), newsletter, b"email\na@example.org", **values)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not SubscriberImport.objects.exists()


@pytest.mark.parametrize("content", [b"", b"email\n", b"\x00\x01\x02" * 999, b"PK\x03\x04 none", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"])
def test_a_file_that_is_none_is_told_at_its_field(newsletter: Newsletter, cast: Cast, content: bytes) -> None:
    answer = send_file(cast.enter(Role.COMMUNICATIONS), newsletter, content)
    assert set(answer.context["form"].errors) == {"file"}


def test_who_may_not_write_to_subscribers_imports_none(newsletter: Newsletter, cast: Cast) -> None:
    made = bringing(newsletter, "email\na@example.org")
    for role in (Role.COORDINATORS, Role.ORGANISERS, Role.PROJECTS, None):
        client = cast.enter(role)
        for path in ("newsletters_import_start", "newsletters_import", "newsletters_import_left_out"):
            address = reverse(path, args=[] if path.endswith("start") else [made.pk])
            assert client.get(address).status_code in {302, 403}, (role, path)
        client.post(reverse("newsletters_import", args=[made.pk]), {"bring": "1", "address": "0"})
    assert not Subscription.objects.exists()


def test_lists_and_exports(newsletter: Newsletter, cast: Cast) -> None:
    found = bring(newsletter, "email;etunimi\na@example.org;=1+1")
    subscriptions.confirm_subscription(subscriptions.ask_subscription(newsletter=newsletter, email="b@example.org", language="fi"), how="test")
    client = cast.enter(Role.COMMUNICATIONS)
    listing = reverse(Subscription.snippet_viewset.get_url_name("list"))
    exported = b"".join(client.get(f"{listing}?brought_by={found.pk}&export=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(exported)))
    assert len(rows) == 2
    assert "'=1+1" in rows[1]
    assert any(cell.startswith(found.mark) for cell in rows[1])
    imports = reverse(SubscriberImport.snippet_viewset.get_url_name("list"))
    assert reverse("newsletters_import", args=[found.pk]) in client.get(imports).content.decode()
    assert STATEMENT in b"".join(client.get(f"{imports}?export=csv").streaming_content).decode()


def test_the_list_is_narrowed_by_topic_and_pause(newsletter: Newsletter, cast: Cast) -> None:
    skills, health = (factories.make_sub_theme(newsletter.theme) for _ in range(2))
    made = []
    for number in range(3):
        asked = subscriptions.ask_subscription(newsletter=newsletter, email=f"{number}@example.org", language="fi")
        made.append(subscriptions.confirm_subscription(asked, how="test"))
    made[0].sub_themes.set([skills])
    made[1].sub_themes.set([health])
    Subscription.objects.filter(pk=made[2].pk).update(paused_until=timezone.localdate() + timedelta(days=3))
    client = cast.enter(Role.COMMUNICATIONS)

    def shown(query: str) -> set[str]:
        page = client.get(f"{reverse(Subscription.snippet_viewset.get_url_name('list'))}?{query}")
        return {row.person.email[0] for row in page.context["object_list"]}

    assert shown(f"sub_themes={skills.pk}") == {"0", "2"}
    assert shown("paused=true") == {"2"}
    assert shown("paused=false") == {"0", "1"}


# ---- the command


def test_the_command(newsletter: Newsletter, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file, left = tmp_path / "tilaajat.csv", tmp_path / "left.csv"
    file.write_text("nimi;x\nAino;a@example.org\nB;rubbish\n")
    options = {"newsletter": newsletter.key, "statement": STATEMENT, "date": DAY, "language": "en"}
    call_command("import_subscribers", file, dry_run=True, **options)
    assert not Subscription.objects.exists()
    assert not SubscriberImport.objects.exists()
    call_command("import_subscribers", file, left_out=left, column=["first_name=nimi"], **options)
    assert Person.objects.get().first_name == "Aino"
    assert "Line 3: “rubbish” is no address." in capsys.readouterr().out
    assert "rubbish" in left.read_text()


@pytest.mark.parametrize(
    "values",
    [{"newsletter": "none"}, {"date": "soon"}, {"column": ["shoe=nimi"]}, {"column": ["address=none"]}, {"by": "nobody"}, {"statement": ""}],
)
def test_the_command_refuses_in_words(newsletter: Newsletter, tmp_path: Any, values: dict[str, Any]) -> None:
    (file := tmp_path / "tilaajat.csv").write_text("email\na@example.org\n")
    options = {"newsletter": newsletter.key, "statement": STATEMENT, "date": DAY} | values
    with pytest.raises(CommandError, match=r"\w"):
        call_command("import_subscribers", file, **options)
    assert not Subscription.objects.exists()
