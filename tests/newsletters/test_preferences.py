"""The preference centre: what a reader changes by a signed link, and what nobody changes without one."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from base.models import User
from base.roles import Role
from contacts import people
from contacts.models import Consent
from mail.models import Delivery
from newsletters import preferences, subscriptions, tracking
from newsletters.models import Newsletter, Subscription
from tests import factories
from tests.cast import Cast
from themes.models import Region, Scope

if TYPE_CHECKING:
    from contacts.models import Person

pytestmark = pytest.mark.django_db
State = Subscription.State


class World:
    def __init__(self) -> None:
        self.theme = factories.make_theme()
        self.home = factories.make_home(self.theme)
        self.newsletter, self.other = factories.make_newsletter(self.theme), factories.make_newsletter(self.theme, name_fi="Toinen")
        self.inside = factories.make_newsletter(self.theme, scope=Scope.INTERNAL, name_fi="Sisäinen")
        self.page = factories.make_newsletter_page(self.home, self.newsletter)
        self.row = self.subscribe(self.newsletter)
        self.person = self.row.person
        self.path = preferences.link_url(self.person).removeprefix("http://localhost")

    def subscribe(self, newsletter: Newsletter, email: str = "aino@example.org") -> Subscription:
        asked = subscriptions.ask_subscription(newsletter=newsletter, email=email, language="fi")
        return subscriptions.confirm_subscription(asked, how="test")

    def row_of(self, newsletter: Newsletter) -> Subscription:
        return Subscription.objects.get(newsletter=newsletter, person=self.person)


@pytest.fixture(scope="module")
def made(shared_db: None) -> World:
    return World()


@pytest.fixture
def world(db: None, made: World) -> World:
    return deepcopy(made)


def form_at(path: str) -> dict[str, Any]:
    """What a browser would send of the page, unchanged."""
    page = BeautifulSoup(Client().get(path).content, "html.parser").select_one("#preferences-form")
    values: dict[str, Any] = {}
    for field in page.select("input[name]"):
        if field["type"] not in {"checkbox", "radio"} or field.has_attr("checked"):
            values.setdefault(field["name"], []).append(field.get("value", "on" if field["type"] == "checkbox" else ""))
    return values


def send(path: str, values: dict[str, Any]) -> Any:
    return Client(enforce_csrf_checks=True).post(path, values)


def letter(newsletter: Newsletter) -> str:
    return f"letter-{newsletter.pk}"


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(world: World, method: str) -> None:
    before = list(Subscription.objects.values()) + list(Consent.objects.values())
    answer = getattr(Client(), method)(world.path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert list(Subscription.objects.values()) + list(Consent.objects.values()) == before


def test_a_form_sent_as_it_was_changes_nothing(world: World) -> None:
    before = list(Subscription.objects.values()) + list(Consent.objects.values())
    assert send(world.path, form_at(world.path)).status_code == 302
    assert list(Subscription.objects.values()) + list(Consent.objects.values()) == before


def test_language_topics_and_pause(world: World) -> None:
    skills, north = factories.make_sub_theme(world.theme), Region.objects.first()
    chosen = {"language": "sv", "sub_themes": [skills.pk], "regions": [north.pk], "pause": "month"}
    answer = send(world.path, form_at(world.path) | chosen)
    assert answer.status_code == 302
    row = world.row_of(world.newsletter)
    assert (row.language, list(row.sub_themes.all()), list(row.regions.all())) == ("sv", [skills], [north])
    assert row.paused_until == timezone.localdate() + timedelta(days=30)
    assert not Subscription.objects.mailable().exists()
    shown = Client().get(answer["Location"]).content.decode()
    assert 'role="status"' in shown
    assert skills.name_fi in shown
    assert send(world.path, form_at(world.path) | {"pause": "no"}).status_code == 302
    assert world.row_of(world.newsletter).paused_until is None


def test_a_pause_ends_by_itself(world: World) -> None:
    until = timezone.localdate() + timedelta(days=10)
    send(world.path, form_at(world.path) | {"pause": "until", "until": until.isoformat()})
    assert world.row_of(world.newsletter).paused_until == until
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        assert Subscription.objects.mailable().exists()
        assert form_at(world.path)["pause"] == ["no"]


@pytest.mark.parametrize("until", ["", "2020-01-01", "2099-01-01", "rubbish"])
def test_a_day_that_cannot_be_is_told_at_its_field(world: World, until: str) -> None:
    answer = send(world.path, form_at(world.path) | {"pause": "until", "until": until, "language": "en"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one("#id_until_error")
    assert page.select_one("input[name=language][value=en]").has_attr("checked")
    assert world.row_of(world.newsletter).language == "fi"


def test_turning_another_one_on_stands_as_consent_to_the_text_that_was_read(world: World) -> None:
    path = world.path.replace("/fi/", "/sv/", 1)
    assert "consent sv" in Client().get(path).content.decode()
    send(path, form_at(path) | {letter(world.other): "on", "language": "en"})
    row = world.row_of(world.other)
    assert (row.state, row.language) == (State.CONFIRMED, "en")
    consent = row.consent
    assert (consent.given_how, consent.text, consent.language, consent.purpose) == (preferences.HOW, "consent sv", "sv", world.other.purpose)
    assert not Delivery.objects.filter(stream="newsletters.confirm", subject__contains="Toinen").exists()


def test_leaving_one_and_leaving_all(world: World) -> None:
    world.subscribe(world.other)
    values = form_at(world.path)
    del values[letter(world.other)]
    send(world.path, values)
    assert (world.row_of(world.other).state, world.row_of(world.newsletter).state) == (State.ENDED, State.CONFIRMED)
    assert send(world.path, {"leave": "1"}).status_code == 302
    assert not Subscription.objects.exclude(state=State.ENDED).exists()
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert letter(world.other) not in form_at(world.path)


def test_two_pages_at_once_undo_nothing_of_each_other(world: World) -> None:
    world.subscribe(world.other)
    first, second = form_at(world.path), form_at(world.path)
    del first[letter(world.other)]
    send(world.path, first)
    # The second still shows the other newsletter as on, and the first language.
    send(world.path, second | {"pause": "quarter"})
    assert world.row_of(world.other).state == State.ENDED
    send(world.path, form_at(world.path) | {"language": "sv"})
    send(world.path, second | {"opens": "on"})
    row = world.row_of(world.newsletter)
    assert (row.language, row.paused_until) == ("sv", timezone.localdate() + timedelta(days=91))


@pytest.mark.parametrize("shown", ["", "{", "[]", "null", '{"letters": 7}', "[" * 100_000])
def test_a_form_that_lost_what_it_showed_only_does_what_it_asks(world: World, shown: str) -> None:
    send(world.path, {"shown": shown, "language": "sv"})
    assert world.row_of(world.newsletter).state == State.CONFIRMED
    assert world.row_of(world.newsletter).language == "sv"


def test_opens_are_counted_by_a_consent_of_their_own_and_not_after_it(world: World) -> None:
    assert "opens" not in form_at(world.path)
    assert not tracking.may_track_opens(world.person, world.newsletter)
    send(world.path, form_at(world.path) | {"opens": "on"})
    assert tracking.may_track_opens(world.person, world.newsletter)
    assert not tracking.may_track_opens(world.person, world.other)
    consent = tracking.in_force(world.person).get()
    assert (consent.text, consent.text_version, consent.language) == (tracking.consent_text("fi"), tracking.TEXT_VERSION, "fi")
    assert consent.purpose != world.newsletter.purpose
    values = form_at(world.path)
    del values["opens"]
    send(world.path, values)
    assert not tracking.may_track_opens(world.person, world.newsletter)
    consent.refresh_from_db()
    assert consent.withdrawn_how == preferences.HOW
    assert world.row_of(world.newsletter).state == State.CONFIRMED


def test_leaving_the_last_newsletter_ends_the_consent_to_counting(world: World) -> None:
    tracking.allow_opens(world.person, language="fi", how="test")
    subscriptions.end_subscription(world.row, how="test")
    assert not tracking.in_force(world.person).exists()


def test_internal_newsletters_are_for_insiders(world: World) -> None:
    assert "Sisäinen" not in Client().get(world.path).content.decode()
    send(world.path, form_at(world.path) | {letter(world.inside): "on"})
    assert not Subscription.objects.filter(newsletter=world.inside).exists()
    world.person.target_group = factories.make_target_group(world.theme, scope=Scope.INTERNAL)
    world.person.save()
    send(world.path, form_at(world.path) | {letter(world.inside): "on"})
    assert world.row_of(world.inside).state == State.CONFIRMED


def test_the_staff_are_insiders_by_their_address(world: World, cast: Cast) -> None:
    cast.enter(Role.COMMUNICATIONS)
    User.objects.update(email="AINO@example.org")
    assert preferences.is_insider(world.person)
    User.objects.update(is_active=False)
    assert not preferences.is_insider(world.person)


def test_nobody_subscribes_to_an_internal_newsletter_by_its_page(world: World) -> None:
    page = factories.make_newsletter_page(world.home, world.inside)
    token = re.search(r'name="token" value="([^"]+)"', Client().get(world.page.url).content.decode())[1]
    assert 'name="consent"' not in Client().get(page.url).content.decode()
    values = {"email": "a@example.org", "language": "fi", "consent": "on", "token": token}
    assert Client().post(f"/fi/newsletters/{page.pk}/subscribe/", values).status_code == 404


def ask_link(world: World, email: str) -> Any:
    path = f"/fi/newsletters/{world.page.pk}/link/"
    token = re.search(r'name="token" value="([^"]+)"', Client().get(path).content.decode())[1]
    return Client(enforce_csrf_checks=True).post(path, {"email": email, "token": token})


def mailed_links() -> list[str]:
    mails = [message_from_bytes(bytes(row.mime), policy=policy.default) for row in Delivery.objects.filter(stream="newsletters.preferences")]
    return [re.search(r"http://localhost(\S+/preferences/\S+/)", mail.get_body(("plain",)).get_content())[1] for mail in mails]


def test_the_link_is_mailed_and_works_and_the_answer_tells_nothing(world: World) -> None:
    known, unknown = ask_link(world, "Aino@example.org"), ask_link(world, "nobody@example.org")
    assert known.status_code == unknown.status_code == 200
    assert known.content.replace(b"Aino@", b"nobody@") == unknown.content
    (path,) = mailed_links()
    assert Client().get(path).status_code == 200
    ask_link(world, "aino@example.org")
    assert len(mailed_links()) == 1
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        ask_link(world, "aino@example.org")
        assert len(mailed_links()) == 2


def test_a_wrong_address_is_told_and_many_are_refused(world: World) -> None:
    assert ask_link(world, "not an address").status_code == 422
    for _time in range(20):
        answer = ask_link(world, "aino@example.org")
    assert answer.status_code == 429


def test_an_old_a_cut_and_another_link(world: World) -> None:
    confirm = subscriptions.confirm_url(world.row).removeprefix("http://localhost").replace("/confirm/", "/preferences/")
    for path in (world.path[:-6] + "/", world.path.replace("preferences/", "preferences/A"), confirm):
        assert Client().get(path).status_code == 410
        assert send(path, {"leave": "1"}).status_code == 410
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert send(world.path, {"leave": "1"}).status_code == 410
    assert world.row_of(world.newsletter).state == State.CONFIRMED


def test_a_token_cut_anywhere_opens_nothing(world: World) -> None:
    start, token = world.path.rstrip("/").rsplit("/", 1)
    for length in range(1, len(token), 3):
        assert send(f"{start}/{token[:length]}/", {"leave": "1"}).status_code == 410
    assert world.row_of(world.newsletter).state == State.CONFIRMED


def test_a_link_of_an_erased_person_knows_nobody(world: World) -> None:
    people.erase_person(world.person)
    for answer in (Client().get(world.path), send(world.path, {"leave": "1"}), send(world.path, {letter(world.other): "on"})):
        assert answer.status_code == 200
        assert "aino@" not in answer.content.decode()
    assert not Subscription.objects.exists()


def test_someone_erased_while_the_form_was_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read = preferences.standing_of

    def erased_since(person: Person) -> preferences.Standing:
        found = read(person)
        people.erase_person(person)
        return found

    values = form_at(world.path) | {"language": "sv"}
    monkeypatch.setattr(preferences, "standing_of", erased_since)
    assert send(world.path, values).status_code == 302


def test_topics_of_another_theme_are_none_of_this_one(world: World) -> None:
    foreign = factories.make_sub_theme(factories.make_theme())
    assert send(world.path, form_at(world.path) | {"sub_themes": [foreign.pk]}).status_code == 422
    assert not world.row_of(world.newsletter).sub_themes.exists()


def test_the_sign_up_form_asks_for_topics_behind_a_fold_and_links_to_the_notice(world: World) -> None:
    skills = factories.make_sub_theme(world.theme)
    shown = BeautifulSoup(Client().get(world.page.url).content, "html.parser").select_one("#subscribe-form")
    assert shown.select_one("details:not([open]) [name=sub_themes]")
    values = {"email": "b@example.org", "language": "fi", "consent": "on", "sub_themes": [skills.pk]}
    values["token"] = shown.select_one("[name=token]")["value"]
    assert Client().post(f"/fi/newsletters/{world.page.pk}/subscribe/", values).status_code == 200
    assert list(Subscription.objects.get(person__email="b@example.org").sub_themes.all()) == [skills]


def test_what_the_form_showed_names_no_more_than_it_shows(world: World) -> None:
    (shown,) = form_at(world.path)["shown"]
    assert set(json.loads(shown)) == {"letters", "language", "sub_themes", "regions", "paused_until", "opens"}
