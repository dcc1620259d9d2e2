"""A year of outreach, day by day: what was published, who met whom, who registered and came."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import time_machine

from base.tasks import in_this_process
from contacts import outreach, people, purposes
from contacts.models import Organisation, Outreach, Person, Role
from desk.demo.composed import compose_home, publish_landing
from desk.demo.content import read
from desk.demo.evidence import evidence_acts
from desk.demo.gatherings import answers_to, ways_to_take_part
from desk.demo.letters import letter_acts
from desk.demo.parts import make_files, show_people
from desk.demo.pictures import make_pictures
from desk.demo.plan import by_code, by_key, make_plan, make_theme
from desk.demo.reading import read_pages
from desk.demo.register import register_acts
from desk.demo.second import make_second, shared_acts
from desk.demo.site import (
    publish_article,
    publish_call,
    publish_event,
    publish_project,
    publish_publication,
    publish_service,
    publish_steering_group,
    revise_article,
)
from desk.demo.views import download_acts, view_acts
from desk.opening import open_site
from events import actions, attendance
from events.models import Event, Registration
from themes.history.rolling import roll_up
from themes.models import Channel, Goal, TargetGroup, Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Page

HELSINKI = ZoneInfo("Europe/Helsinki")
BEFORE_ALL = 320
# An hour and a half: what is offered now stands for a day.
LATELY = 1 / 16
SECOND_THEME = 40


def make_demo(*, subscribers: int, seed: int, today: date) -> Theme:
    """Makes everything, and ends when all of its mail has been sent."""
    chance = random.Random(seed)  # noqa: S311 — a demo's dice, not a secret
    with in_this_process():
        with at(today, BEFORE_ALL):
            theme = make_theme()
            make_plan(theme, today)
            make_pictures(today)
            make_files()
            show_people(theme)
            sections = open_site(theme, read("pages"))
            register = make_contacts(theme, subscribers, chance)
        plan = acts(theme, sections, register, chance, today)
        plan += letter_acts(theme, sections["home"], register, subscribers=subscribers, seed=seed)
        plan += view_acts(seed) + download_acts(seed)
        plan.append((SECOND_THEME, partial(make_second, sections["home"], today)))
        plan += shared_acts(theme)
        plan += register_acts(theme) + evidence_acts(theme)
        for days, act in sorted(plan, key=lambda entry: -entry[0]):
            with at(today, days):
                act()
        read_pages(seed, today)
        roll_up(today=today)
    return theme


def at(today: date, days: float) -> time_machine.travel:
    """Everything inside happens that many days before today's ten in the morning."""
    return time_machine.travel(datetime.combine(today, time(10), HELSINKI) - timedelta(days=days), tick=False)


def make_contacts(theme: Theme, number: int, chance: random.Random) -> list[Person]:
    names, regions = read("names"), list(by_code().values())
    groups = list(TargetGroup.objects.filter(theme=theme).order_by("pk"))
    organisations = list(Organisation.objects.filter(theme=theme).order_by("pk"))
    purpose, found = purposes.usual(theme, purposes.COOPERATION), []
    for count in range(number):
        organisation = chance.choice(organisations)
        person = people.person_at(
            theme=theme,
            email=f"henkilo{count + 1}@example.org",
            source="koordinaatiohankkeen sidosryhmälista",
            purpose=purpose,
            first_name=chance.choice(names["first"]),
            last_name=chance.choice(names["last"]),
            language=chance.choices(["fi", "sv", "en"], [78, 14, 8])[0],
            region=organisation.region or chance.choice(regions),
            target_group=organisation.target_group or chance.choice(groups),
        )
        Role.objects.create(person=person, organisation=organisation, title=chance.choice(names["titles"])[person.language])
        found.append(person)
    return found


def acts(
    theme: Theme, sections: dict[str, Page], register: list[Person], chance: random.Random, today: date
) -> list[tuple[float, Callable[[], Any]]]:
    """(days before today, what to do then)."""
    plan: list[tuple[float, Callable[[], Any]]] = []
    for kind in ("stories", "results", "practices"):
        for row in read(kind)[kind]:
            plan.append((row["published"], partial(publish_article, kind, row, theme, sections[kind])))
            if "revised" in row:
                plan.append((row["revised"]["days"], partial(revise_article, row)))
    for row in read("project_pages")["project_pages"]:
        plan.append((row["published"], partial(publish_project, row, theme, sections["projects"])))
    for row in read("publications")["publications"]:
        plan.append((row["published"], partial(publish_publication, row, theme, sections["results"])))
    for row in read("services")["services"]:
        plan.append((row["published"], partial(publish_service, row, theme, sections["services"])))
    for row in read("calls")["calls"]:
        plan.append((row["published"], partial(publish_call, row, theme, sections["calls"], today)))
    for row in read("events")["events"]:
        plan += event_acts(row, theme, sections["events"], chance.sample(register, min(row["registrations"], len(register))), today)
    for row in read("gatherings")["meetings"]:
        plan.append((row["published"], partial(publish_steering_group, row, theme, sections["events"], today)))
    for row in read("composed")["landing"]:
        plan.append((row["days"], partial(publish_landing, row, sections["home"])))
    plan.append((read("composed")["home"]["days"], partial(compose_home, sections["home"])))
    for row in read("pages")["meetings"]:
        plan.append((row["days"], partial(hold_meeting, row, theme)))
    return plan


def event_acts(row: dict[str, Any], theme: Theme, section: Page, guests: list[Person], today: date) -> list[tuple[float, Callable[[], Any]]]:
    def event() -> Event:
        # The first date.
        return Event.objects.get(date_key=pages[0].translation_key)

    def register() -> None:
        dice = random.Random(row["key"])  # noqa: S311 — a demo's dice, not a secret
        for guest, way in zip(guests, ways_to_take_part(row["key"], event(), guests), strict=True):
            names = {"first_name": guest.first_name, "last_name": guest.last_name, "language": guest.language, "organisation": ""}
            given = answers_to(event(), guest.language, dice)
            actions.confirm_registration(actions.ask_registration(event=event(), email=guest.email, needs="", mode=way, answers=given, **names))

    def give_up() -> None:
        """One who cannot come, where others wait: the seat is offered to the first of them."""
        if event().registrations.filter(state=Registration.State.WAITING).exists():
            actions.cancel_registration(event().registrations.filter(state=Registration.State.CONFIRMED).order_by("pk")[0])

    def attend() -> None:
        came = list(Registration.objects.filter(event=event(), state=Registration.State.CONFIRMED).order_by("pk")[: row["attended"]])
        attendance.mark(came, by=None)

    pages: list[Any] = []
    opens, day = row["published"], -row["start_offset"]
    registers = max(opens - 7, day + 1, 0) if day > 0 else max(opens - 7, 0)
    plan: list[tuple[float, Callable[[], Any]]] = [(opens, lambda: pages.append(publish_event(row, theme, section, today))), (registers, register)]
    return [*plan, (day - 1, attend)] if day > 0 else [*plan, (LATELY, give_up)]


def hold_meeting(row: dict[str, Any], theme: Theme) -> None:
    guests = Person.objects.filter(theme=theme, roles__organisation__key__in=row["organisations"]).order_by("pk").distinct()[:4]
    goals = [by_key(Goal, theme)[key] for key in row["goals"]]
    channel = Channel.objects.filter(theme=theme, key="meetings").first()
    outreach.log_meeting(theme=theme, kind=Outreach.Kind(row["kind"]), title=row["title"]["fi"], goals=goals, people=guests, channel=channel)
