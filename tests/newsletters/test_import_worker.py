"""An import is the worker's: it goes on where another run ended, keeps nobody waiting, and until its last line is there it can be taken back."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from base import roles
from contacts import people
from contacts.models import Consent, Person, Role
from newsletters import subscriptions
from newsletters.importing import actions, looking
from newsletters.models import Newsletter, SubscriberImport, Subscription
from tests import factories
from tests.cast import Cast
from tests.newsletters.test_importing import bringing, reasons, send_file, thirty_columns

State = Subscription.State
HEADING = "email;etunimi;sukunimi;kieli;aiheet\n"


@pytest.fixture
def newsletter(db: None) -> Newsletter:
    return factories.make_newsletter(factories.make_theme())


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few lines a batch, and one batch a run."""
    monkeypatch.setattr(looking, "BATCH", 7)
    monkeypatch.setattr("newsletters.importing.taking_back.BATCH", 7)
    monkeypatch.setattr(actions, "RUN_SECONDS", -1)


def held() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Person, Consent, Subscription)]


def run_to_the_end(row: SubscriberImport) -> int:
    """How many runs the worker took."""
    for number in range(1000):
        row.refresh_from_db()
        if not row.is_on_its_way:
            return number
        actions.go_on(row.pk)
    raise AssertionError("It never ends.")


@pytest.mark.usefixtures("slow")
def test_each_run_goes_on_where_the_last_one_ended(newsletter: Newsletter) -> None:
    text = thirty_columns(60) + "\r\n" + thirty_columns(3).split("\r\n")[2]
    row = bringing(newsletter, text.encode("cp1252"))
    actions.ask(row, by=None)
    actions.go_on(row.pk)
    row.refresh_from_db()
    assert row.done == 7
    # What has come by now gets no mail before all of it is there.
    assert not Subscription.objects.mailable().exists()
    assert run_to_the_end(row) == 9
    assert (row.rows, row.imported, row.broken, row.doubled, row.content) == (61, 57, 3, 1, None)
    assert Subscription.objects.mailable().filter(brought_by=row, consent__text_version=row.mark).count() == 57
    assert list(reasons(row)) == [2, 22, 42, 62]
    before = held()
    actions.go_on(row.pk)
    assert held() == before


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("seed", range(3))
def test_a_cancelled_import_leaves_nothing_behind(newsletter: Newsletter, seed: int) -> None:
    chance = random.Random(seed)
    topic = factories.make_sub_theme(newsletter.theme, name_fi="Osaaminen")
    factories.make_person(newsletter.theme, email="a0@example.org", first_name="", last_name="Tuttu")
    subscriptions.ask_subscription(newsletter=newsletter, email="a1@example.org", language="sv")
    subscriptions.confirm_subscription(subscriptions.ask_subscription(newsletter=newsletter, email="a2@example.org", language="sv"), how="test")
    before = held()
    row = bringing(newsletter, HEADING + "\n".join(f"a{number}@example.org;Aino;E;fi;{topic.name_fi}" for number in range(40)) + "\nrubbish")
    actions.ask(row, by=None)
    for _number in range(chance.randrange(1, 6)):
        actions.go_on(row.pk)
    assert held() != before
    assert actions.cancel(row, by=None)
    run_to_the_end(row)
    assert held() == before
    assert (row.done, row.left_out, row.content, row.brought_at) == (0, "", None, None)
    assert not actions.cancel(row, by=None)
    # And the same file comes as if nothing had been.
    assert actions.bring(bringing(newsletter, HEADING + "a9@example.org;;;;")).imported == 1


@pytest.mark.usefixtures("slow")
def test_who_acts_meanwhile_is_obeyed(newsletter: Newsletter) -> None:
    """One leaves and one signs up while they are coming; another is met elsewhere, and the import is cancelled."""
    row = bringing(newsletter, HEADING + "\n".join(f"{name}@example.org;;;;" for name in ("leaves", "signs", "met", "other")))
    actions.ask(row, by=None)
    actions.go_on(row.pk)
    own = {each.person.email.split("@")[0]: each for each in Subscription.objects.select_related("person")}
    subscriptions.end_subscription(own["leaves"], how="link")
    subscriptions.confirm_subscription(subscriptions.ask_subscription(newsletter=newsletter, email="signs@example.org", language="fi"), how="link")
    organisation = factories.make_organisation(newsletter.theme)
    Role.objects.create(person=own["met"].person, organisation=organisation)
    actions.cancel(row, by=None)
    run_to_the_end(row)
    assert {each.person.email.split("@")[0]: each.state for each in Subscription.objects.all()} == {"leaves": State.ENDED, "signs": State.CONFIRMED}
    assert set(Person.objects.values_list("email", flat=True)) == {"leaves@example.org", "signs@example.org", "met@example.org"}
    assert Consent.objects.get(withdrawn_at=None).person.email == "signs@example.org"


@pytest.mark.usefixtures("slow")
def test_erasing_somebody_takes_back_what_is_on_its_way(newsletter: Newsletter) -> None:
    person = factories.make_person(newsletter.theme, email="aino@example.org")
    row = bringing(newsletter, HEADING + "aino@example.org;;;klingon;\n" + "\n".join(f"a{number}@example.org;;;;" for number in range(20)))
    actions.ask(row, by=None)
    actions.go_on(row.pk)
    people.erase_person(person)
    run_to_the_end(row)
    assert (row.content, row.left_out, Subscription.objects.count()) == (None, "", 0)


def test_two_at_once_into_one_newsletter_are_refused(newsletter: Newsletter, cast: Cast) -> None:
    first, second = (bringing(newsletter, "email\na@example.org\nb@example.org") for _number in range(2))
    actions.ask(first, by=None)
    client = cast.enter(roles.Role.COMMUNICATIONS)
    path = reverse("newsletters_import", args=[second.pk])
    assert first.file_name in client.post(path, {"bring": "1", "address": "0"}, follow=True).content.decode()
    actions.go_on_with_all()
    client.post(path, {"bring": "1", "address": "0"})
    actions.go_on_with_all()
    second.refresh_from_db()
    assert second.already == 2


def test_a_large_file_is_looked_at_by_the_worker(
    newsletter: Newsletter, cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("newsletters.importing.forms.AT_ONCE", 10)
    client = cast.enter(roles.Role.COMMUNICATIONS)
    path = send_file(client, newsletter, thirty_columns(40).encode("cp1252"))["Location"]
    row = SubscriberImport.objects.get()
    assert client.get(path).context["is_look"]
    stale = row.looked["mark"]
    client.post(path, {"look": "1", "address": "8"})
    row.refresh_from_db()
    looking.look_apart(row.pk, stale, "fi")
    assert client.get(path).context["is_look"]
    looking.look_apart(row.pk, row.looked["mark"], "fi")
    shown = client.get(path)
    assert shown.context["tally"].counts | {"imported": 38, "broken": 2} == shown.context["tally"].counts
    assert "tilaaja1@example.org" in shown.content.decode()
    assert client.get(reverse("newsletters_import_left_out", args=[row.pk])).content.decode("utf-8-sig").count("\r\n") == 3
    client.post(path, {"bring": "1", "address": "8", "first_name": "3"})
    shown = client.get(path)
    assert (shown.context["done"], shown.context["whole"]) == (0, 40)
    client.post(path, {"cancel": "1"})
    actions.go_on_with_all()
    assert client.get(path).context["bringing"].cancelled_at
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_sign_up_does_not_wait_for_an_import() -> None:
    newsletter = factories.make_newsletter(factories.make_theme())
    row = bringing(newsletter, thirty_columns(3000))
    actions.ask(row, by=None)

    def work() -> None:
        try:
            actions.go_on(row.pk)
        finally:
            connection.close()

    (worker := threading.Thread(target=work)).start()
    asked = 0
    while worker.is_alive() and asked < 20:
        subscriptions.ask_subscription(newsletter=newsletter, email=f"new{asked}@example.org", language="fi")
        asked += 1
    worker.join()
    row.refresh_from_db()
    assert row.imported == 2850
    assert Subscription.objects.filter(state=State.PENDING).count() == asked
    # Were it one transaction, the first would have waited for its end.
    assert asked >= 5
