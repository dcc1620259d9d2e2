"""No list costs more queries with rows for more than a sheet of it than with ten."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from base.models import User
from base.roles import Role
from base.trash import actions as trash
from contacts import bridges, needs, notes, outreach, purposes
from contacts.importing import actions as contact_importing
from contacts.merging import actions as merging
from contacts.models import (
    ContactPoint,
    Membership,
    Network,
    Organisation,
    Outreach,
    Pair,
    Person,
    ProjectParty,
    Purpose,
    Segment,
    ServiceNeed,
    Tag,
    ThemeBody,
    Tie,
    WorkArea,
)
from contacts.models import Role as Post
from contacts.network import snapshots
from contacts.privacy import retention
from contacts.segments.actions import keep_segment
from desk.models import Recommendation, Report, ReportSchedule
from desk.reports.beginning import begin_report
from desk.reports.periods import Period
from desk.reports.records import Kind
from events import actions
from events.models import Decision, Registration
from mail import suppression
from mail.models import Bounce, Delivery, ReceivingDomain, Suppression
from newsletters import issues, subscriptions
from newsletters.models import Newsletter, SubscriberImport, Subscription
from pages import enquiries
from pages.models import Enquiry, StorySeries
from social.models import Account, Hashtags
from social.models import Delivery as PostDelivery
from social.models import Post as SocialPost
from social.models import Variant as SocialVariant
from tests import factories
from themes.models import AnyTheme, Channel, Goal, Means, Mention, Plan, Practice, Project, SubTheme, Survey, TargetGroup, Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast

# The longest sheet of a list has 50.
FEW, MANY = 10, 60


class World:
    """A theme with one of everything that lists stand on."""

    def __init__(self) -> None:
        factories.make_root()
        self.theme = factories.make_theme()
        self.goal = factories.make_goal(self.theme)
        self.home = factories.make_home(self.theme)
        self.section = factories.make_section(self.home)
        self.calendar = factories.make_events_page(self.home)
        self.projects = factories.make_projects_page(self.home)
        self.services = factories.make_services_page(self.home)
        self.calls = factories.make_calls_page(self.home)
        self.others = factories.make_theme()
        self.joint = factories.make_calls_page(factories.make_front(self.others, self.home))
        self.stories = StorySeries.objects.create(theme=self.theme, name_fi="Sarja")
        self.story_project = factories.make_project_page(self.projects)
        self.letter = factories.make_newsletter_page(self.home, factories.make_newsletter(self.theme), goals=[self.goal])
        self.event = factories.make_event_page(self.calendar, goals=[self.goal], capacity=1000).event
        self.act = self.meeting(0)
        self.someone, self.body = factories.make_person(self.theme), factories.make_organisation(self.theme)
        self.network, self.topic = Network.objects.create(theme=self.theme, name_fi="Verkosto"), factories.make_sub_theme(self.theme)
        # Another theme, that shows in a section of its own what this one shares.
        self.other = factories.make_theme()
        self.their_goal = factories.make_goal(self.other, measure="page_views")
        self.front = factories.make_front(self.other, self.home)
        self.shelf = factories.make_section(self.front)

    def words(self, model: Any, number: int, **values: Any) -> None:
        model.objects.create(theme=self.theme, key=f"row-{number}", name_fi=f"Rivi {number}", **values)

    def project(self, number: int) -> None:
        facts = {"starts": "2024-01-01", "ends": "2026-12-31", "total_cost_eur": 100_000, "cofinancing_rate": 70}
        self.words(Project, number, code=f"R{number}", **facts)

    def project_page(self, number: int) -> None:
        factories.make_project_page(self.projects)

    def post(self, number: int) -> None:
        account, _made = Account.objects.get_or_create(theme=self.theme, network="x", name="Tili")
        post = SocialPost(theme=self.theme, title=f"Postaus {number}", written_by=User.objects.first())
        post.goals = [self.goal]
        post.save()
        variant = SocialVariant.objects.create(post=post, account=account, text=f"Postaus {number}")
        now, state = timezone.now(), ("in_doubt", "waiting")[number % 2]
        PostDelivery.objects.create(variant=variant, account=account, text=variant.text, state=state, planned_at=now, due_at=now)

    def service(self, number: int) -> None:
        factories.make_service_page(self.services)

    def call(self, number: int) -> None:
        """A joint one: open, coming or closed."""
        times = {"opens": number % 3 * 30 - 40, "closes": number % 3 * 30 - 10 + number}
        factories.make_call_page(self.calls, further_themes=[AnyTheme.objects.get(pk=self.others.pk)], **times)

    def mention(self, number: int) -> None:
        values = {"theme": self.theme, "day": "2026-01-01", "source": "Seuranta", "outlet": "Lehti", "title": f"Juttu {number}"}
        Mention.objects.create(**values).goals.set([self.goal])

    def survey(self, number: int) -> None:
        values = {"theme": self.theme, "day": "2026-01-01", "source": "Tutkimus", "question": f"Tunnetko {number}?", "quality": "open"}
        Survey.objects.create(sample=10, aware=5, **values).goals.set([self.goal])

    def series(self, number: int) -> None:
        StorySeries.objects.create(theme=self.theme, name_fi=f"Sarja {number}")

    def told(self, number: int) -> None:
        """A part of a series with its writer's organisation, shared with the other theme, and a coming event, of a project."""
        values = {"series": self.stories, "author_organisation": factories.make_organisation(self.theme), "project": self.story_project.project}
        self.part = factories.make_story(self.section, goals=[self.goal], **values)
        offered = bridges.offer(page=self.part, theme=self.other, by=None)
        bridges.accept(bridge=offered, section=self.shelf, goals=[self.their_goal], by=None)
        starts = timezone.now() + timedelta(days=number + 1)
        facts = {"starts_at": starts, "ends_at": starts + timedelta(hours=1), "project": self.story_project.project}
        factories.make_event_page(self.calendar, goals=[self.goal], **facts)

    def party(self, number: int) -> None:
        ProjectParty.objects.create(project=self.story_project.project, organisation=factories.make_organisation(self.theme), part="steering")

    def known(self, number: int) -> None:
        """More of everything about one person and their organisation."""
        far = timezone.now().date() + timedelta(days=number)
        body = factories.make_organisation(self.theme, parent=self.body)
        other = factories.make_person(self.theme)
        for contact in (self.someone, other):
            Post.objects.create(person=contact, organisation=self.body, starts="2020-01-01", ends=far)
            outreach.touch(self.act, contact, self.act.touches.get(cause__startswith="contacts").kind, cause=f"known:{number}")
        ContactPoint.objects.create(person=self.someone, value=f"040 {number}")
        Membership.objects.create(network=self.network, person=self.someone, organisation=self.body, starts="2021-01-01")
        Membership.objects.create(
            network=Network.objects.create(theme=self.theme, name_fi=f"Verkosto {number}"), person=self.someone, organisation=self.body
        )
        WorkArea.objects.create(organisation=self.body, person=self.someone, sub_theme=self.topic)
        self.need(number)
        notes.add_note(self.someone, f"Muistiinpano {number}", by=User.objects.create(username=f"kirjaaja{number}"))
        notes.add_note(self.body, f"Muistiinpano {number}", by=None)
        Tie.objects.create(theme=self.theme, person=self.someone, other_organisation=body)
        Tie.objects.create(theme=self.theme, organisation=self.body, other_organisation=body)
        self.someone.tags.add(Tag.objects.create(theme=self.theme, name=f"Tunniste {number}"))
        ProjectParty.objects.create(project=factories.make_project(self.theme), organisation=self.body, part="contractor")

    def segment(self, number: int) -> None:
        region = {"kind": "region", "not": False, "values": ["1"]}
        rules = {"join": "all", "groups": [{"join": "all", "not": False, "conditions": [region]}]}
        keep_segment(Segment(theme=self.theme, name=f"Segmentti {number}"), rules, by=None)

    def connected(self, number: int) -> None:
        body, other = (factories.make_organisation(self.theme) for _ in range(2))
        Tie.objects.create(theme=self.theme, person=self.someone, other_organisation=body)
        Tie.objects.create(theme=self.theme, organisation=body, other_organisation=other)
        snapshots.take(self.theme)

    def body_of_theme(self, number: int) -> None:
        ThemeBody.objects.create(theme=self.theme, organisation=factories.make_organisation(self.theme), part="cooperation")

    def logged(self, number: int) -> None:
        log(factories.make_person(self.theme), "wagtail.edit")

    def unused(self, number: int) -> None:
        purpose = purposes.usual(self.theme, purposes.COOPERATION)
        if not purpose.months:
            purpose.months = 1
            purpose.save()
        person = factories.make_person(self.theme, obtained_at=timezone.now() - timedelta(days=400))
        if number % 2:
            retention.keep(person, reason="Historiikki", until=timezone.localdate() + timedelta(days=9), by=None)
        retention.renew(self.theme)

    def brought(self, number: int) -> None:
        factories.make_person(self.theme, from_others=True)

    def alike(self, number: int) -> None:
        one, other = factories.make_person(self.theme), factories.make_person(self.theme)
        Pair.objects.create(theme=self.theme, person=one, other_person=other, score=0.9)

    def merged(self, number: int) -> None:
        merging.merge(winner=factories.make_person(self.theme), loser=factories.make_person(self.theme), by=None)

    def need(self, number: int) -> None:
        told = {"theme": self.theme, "sub_theme": self.topic, "organisation": self.body, "person": self.someone}
        needs.hear(ServiceNeed(need=f"Tarve {number}", **told), by=None)

    def issue(self, number: int) -> None:
        if not Subscription.objects.exists():
            self.subscriber(number)
        issues.send_issue(factories.make_issue(self.letter, goals=[self.goal]))

    def report(self, number: int) -> None:
        period = Period(timezone.localdate() - timedelta(days=30), timezone.localdate())
        user = User.objects.create(username=f"raportoija{number}")
        facts = {"theme": self.theme, "kind": "annual", "period": period, "languages": ["fi"], "goals": [], "by": None}
        self.told_of = begin_report(**facts, responsible=user)
        schedules = ReportSchedule.objects.values_list("kind", "pace")
        free = [pair for pair in product(Kind.values, ReportSchedule.Pace.values) if pair not in set(schedules)]
        for kind, pace in free[:1]:
            ReportSchedule.objects.create(theme=self.theme, kind=kind, pace=pace, responsible=user, next_on=timezone.localdate())

    def reported(self, number: int) -> None:
        """One report with more acts, more that is planned, and more that was decided."""
        if not Report.objects.exists():
            self.report(number)
            self.told_of.goals.set([self.goal])
        self.meeting(number)
        self.decided(number)
        ahead = {"planned_on": timezone.localdate() + timedelta(days=9), "responsible": User.objects.create(username=f"tekija{number}")}
        Outreach.objects.create(theme=self.theme, kind="call", title=f"Soitto {number}", **ahead).goals.set([self.goal])

    def decided(self, number: int) -> None:
        user = User.objects.create(username=f"seuraaja{number}")
        Decision.objects.create(theme=self.theme, meeting_key=uuid4(), key=uuid4(), text=f"Päätös {number}", responsible=user)
        Recommendation.objects.create(goal=self.goal, text=f"Suositus {number}", responsible=user)

    def trashed(self, number: int) -> None:
        trash.put(factories.make_story_draft(self.section), by=User.objects.create(username=f"poistaja{number}"))

    def meeting(self, number: int) -> Outreach:
        people = [factories.make_person(self.theme)]
        return outreach.log_meeting(theme=self.theme, kind=Outreach.Kind.MEETING, title=f"Tapaaminen {number}", goals=[self.goal], people=people)

    def met(self, number: int) -> None:
        person = factories.make_person(self.theme)
        outreach.touch(self.act, person, self.act.touches.get(cause__startswith="contacts").kind, cause=f"test:{number}")

    def subscriber(self, number: int) -> None:
        asked = subscriptions.ask_subscription(newsletter=self.letter.newsletter, email=f"tilaaja{number}@example.org", language="fi")
        subscriptions.confirm_subscription(asked, how="test").sub_themes.set([factories.make_sub_theme(self.theme)])

    def bringing(self, number: int) -> None:
        told = {"file_name": f"tiedosto{number}.csv", "statement": "Paperilomake", "stated_on": "2024-01-31", "brought_at": timezone.now()}
        user = User.objects.create(username=f"tuoja{number}")
        SubscriberImport.objects.create(newsletter=factories.make_newsletter(self.theme), by=user, **told)

    def bring_contacts(self, number: int) -> None:
        user = User.objects.create(username=f"tuoja{number}", last_name="Tuoja")
        why = contact_importing.Why("test", purposes.usual(self.theme, purposes.COOPERATION))
        file = f"last_name\nHenkilö{number}\n".encode()
        contact_importing.bring(file, theme=self.theme, file_name=f"tiedosto{number}.csv", why=why, by=user)

    def came_back(self, number: int) -> None:
        copy = Delivery.objects.create(
            stream="newsletters", address=f"tilaaja{number}@example.org", subject=f"Kirje {number}", mime=b"", state="sent"
        )
        Bounce.objects.create(delivery=copy, kind="soft", source="mailbox", mark=f"{number}")

    def suppressed(self, number: int) -> None:
        suppression.suppress(f"tilaaja{number}@example.org", Suppression.Reason.values[number % 5])

    def enquiry(self, number: int) -> None:
        words = {"kind": "accessibility", "name": "", "subject": f"Asia {number}", "message": "Viesti", "language": "fi"}
        enquiries.receive_enquiry(theme=self.theme, email=f"kysyja{number}@example.org", **words)

    def registration(self, number: int) -> None:
        details = {"first_name": "Aino", "last_name": "Esimerkki", "language": "fi"}
        actions.confirm_registration(actions.ask_registration(event=self.event, email=f"aino{number}@example.org", **details))


@pytest.fixture(scope="module")
def made(shared_db: None) -> World:
    return World()


@pytest.fixture
def world(db: None, made: World, monkeypatch: pytest.MonkeyPatch) -> World:
    # A section that shows all of them on one sheet.
    for module in ("pages.models", "events.shown"):
        monkeypatch.setattr(f"{module}.ROWS_A_PAGE", MANY)
    return deepcopy(made)


def listing(model: Any) -> str:
    return reverse(model.snippet_viewset.get_url_name("list"))


def page_of(row: Any) -> str:
    return reverse(row.snippet_viewset.get_url_name("inspect"), args=[row.pk])


PUBLIC: dict[str, tuple[Callable[[World], str], Any]] = {
    "home, stories": (lambda world: world.home.url, World.told),
    "home, events": (lambda world: world.home.url, World.told),
    "section": (lambda world: world.section.url, World.told),
    "search": (lambda world: "/fi/search/?q=juttu", World.told),
    "feed of a section": (lambda world: f"/fi/feeds/{world.section.slug}.atom", World.told),
    "front page of another theme": (lambda world: world.front.url, World.told),
    "section of another theme": (lambda world: world.shelf.url, World.told),
    "feed of a section of another theme": (lambda world: f"{world.shelf.feed_path}.atom", World.told),
    "map of the site": (lambda world: "/fi/sitemap.xml", World.told),
    "projects": (lambda world: world.projects.url, World.project_page),
    "projects of a region": (lambda world: f"{world.projects.url}?region=06", World.project_page),
    "feed of the projects": (lambda world: f"/fi/feeds/{world.projects.slug}.atom", World.project_page),
    "parts of a series": (lambda world: world.part.url, World.told),
    "services": (lambda world: world.services.url, World.service),
    "calls": (lambda world: world.calls.url, World.call),
    "joint calls of another theme": (lambda world: world.joint.url, World.call),
    "events and calls": (lambda world: world.calendar.url, World.call),
    "event feed with calls": (lambda world: "/fi/events/calendar.ics", World.call),
    "feed of the calls": (lambda world: f"/fi/feeds/{world.calls.slug}.atom", World.call),
    "what is told of a project": (lambda world: world.story_project.url, World.told),
    "steering group of a project": (lambda world: world.story_project.url, World.party),
    "list of operations": (lambda world: f"/fi/operations/{world.theme.key}.csv", World.project),
    "events": (lambda world: world.calendar.url, World.told),
    "event feed": (lambda world: "/fi/events/calendar.ics", World.told),
    "issues": (lambda world: world.letter.url, World.issue),
}
STAFF: dict[str, tuple[Callable[[World], str], Any]] = {
    "desk": (lambda world: reverse("desk:overview"), lambda world, number: factories.make_goal(world.theme)),
    "media mentions": (lambda world: listing(Mention), World.mention),
    "surveys of awareness": (lambda world: listing(Survey), World.survey),
    "goals of the desk": (lambda world: reverse("desk:goals"), lambda world, number: factories.make_goal(world.theme)),
    "reports": (lambda world: reverse("reports:list"), World.report),
    "decisions and recommendations": (lambda world: reverse("reports:decisions"), World.decided),
    "schedules of reports": (lambda world: reverse("reports:schedules"), World.report),
    "report": (lambda world: reverse("reports:report", args=[world.told_of.pk]), World.reported),
    "report that is written": (lambda world: reverse("reports:write", args=[world.told_of.pk]), World.reported),
    "goal that another theme serves": (lambda world: reverse("desk:goal", args=[world.their_goal.pk]), World.told),
    "what themes share": (lambda world: reverse("bridging:list"), World.told),
    "outreach of a goal": (lambda world: reverse("desk:goal", args=[world.goal.pk]), World.meeting),
    "contacts of an act": (lambda world: reverse("desk:outreach", args=[world.act.pk]), World.met),
    "home of the staff": (lambda world: reverse("wagtailadmin_home"), lambda world, number: factories.make_goal(world.theme)),
    "explorer": (lambda world: reverse("wagtailadmin_explore", args=[world.section.pk]), World.told),
    "languages": (lambda world: reverse("translations:report"), World.told),
    "trash": (lambda world: reverse("trash:list"), World.trashed),
    "people": (lambda world: listing(Person), lambda world, number: factories.make_person(world.theme)),
    "organisations": (lambda world: listing(Organisation), lambda world, number: factories.make_organisation(world.theme)),
    "contacts that are found": (lambda world: f"{reverse('contacts_search')}?q=esim", World.known),
    "page of a person": (lambda world: page_of(world.someone), World.known),
    "page of an organisation": (lambda world: page_of(world.body), World.known),
    "page of a network": (lambda world: page_of(world.network), World.known),
    "networks": (lambda world: listing(Network), World.known),
    "who connects": (lambda world: reverse("contacts_network"), World.connected),
    "network of a person": (lambda world: reverse("contacts_network_of", args=["person", world.someone.pk]), World.connected),
    "ties": (lambda world: listing(Tie), World.known),
    "tags": (lambda world: listing(Tag), World.known),
    "who does what": (lambda world: listing(WorkArea), World.known),
    "service needs": (lambda world: listing(ServiceNeed), World.need),
    "possible duplicates": (lambda world: reverse("contacts_pairs"), World.alike),
    "merged contacts": (lambda world: reverse("contacts_merges"), World.merged),
    "imports of contacts": (lambda world: reverse("contacts_imports"), World.bring_contacts),
    "counts of service needs": (lambda world: reverse("contacts_need_counts"), World.need),
    "parties of projects": (lambda world: listing(ProjectParty), World.party),
    "bodies of the theme": (lambda world: listing(ThemeBody), World.body_of_theme),
    "purposes of the register": (
        lambda world: listing(Purpose),
        lambda world, number: Purpose.objects.create(theme=world.theme, name_fi="Tarkoitus", legal_basis="consent"),
    ),
    "forgotten next": (lambda world: reverse("contacts_retention"), World.unused),
    "log of contacts": (lambda world: reverse("contacts_audit"), World.logged),
    "to be told of their data": (lambda world: reverse("contacts_notices"), World.brought),
    "outreach": (lambda world: listing(Outreach), World.meeting),
    "coverage of a goal": (lambda world: reverse("contacts_coverage", args=[world.goal.pk]), World.meeting),
    "whom a goal has reached": (lambda world: reverse("contacts_coverage_reached", args=[world.goal.pk]), World.met),
    "whom a goal has not reached": (
        lambda world: f"{listing(Person)}?not_reached={world.goal.pk}",
        lambda world, number: factories.make_person(world.theme),
    ),
    "segments": (lambda world: listing(Segment), World.segment),
    "subscriptions": (lambda world: listing(Subscription), World.subscriber),
    "returned mail": (lambda world: listing(Bounce), World.came_back),
    "suppression list": (lambda world: listing(Suppression), World.suppressed),
    "receiving domains": (lambda world: listing(ReceivingDomain), lambda _, number: ReceivingDomain.objects.create(name=f"d{number}.example")),
    "subscriptions taken along": (lambda world: f"{listing(Subscription)}?export=csv", World.subscriber),
    "imports of subscribers": (lambda world: listing(SubscriberImport), World.bringing),
    "issues of newsletters": (lambda world: reverse("issues:index"), World.issue),
    "newsletters": (lambda world: listing(Newsletter), lambda world, number: factories.make_newsletter(world.theme)),
    "posts": (lambda world: listing(SocialPost), World.post),
    "outbox of posts": (lambda world: reverse("social_queue"), World.post),
    "accounts of social media": (
        lambda world: listing(Account),
        lambda world, number: Account.objects.create(theme=world.theme, network="x", name=f"Tili {number}"),
    ),
    "hashtags": (lambda world: listing(Hashtags), lambda world, number: Hashtags.objects.create(theme=factories.make_theme())),
    "enquiries": (lambda world: listing(Enquiry), World.enquiry),
    "registrations": (lambda world: listing(Registration), World.registration),
    "goals": (lambda world: listing(Goal), lambda world, number: factories.make_goal(world.theme)),
    "plans": (lambda world: listing(Plan), lambda world, number: factories.make_plan(world.theme)),
    "themes": (lambda world: listing(Theme), lambda world, number: factories.make_theme()),
    "channels": (lambda world: listing(Channel), lambda world, number: world.words(Channel, number)),
    "means": (lambda world: listing(Means), lambda world, number: world.words(Means, number)),
    "target groups": (lambda world: listing(TargetGroup), lambda world, number: world.words(TargetGroup, number)),
    "sub-themes": (lambda world: listing(SubTheme), lambda world, number: world.words(SubTheme, number)),
    "projects": (lambda world: listing(Project), World.project),
    "series of stories": (lambda world: listing(StorySeries), World.series),
    "services to be checked": (lambda world: f"{reverse('service_report')}?which=all", World.service),
    "practices": (lambda world: listing(Practice), lambda world, number: world.words(Practice, number)),
}


def queries(client: Client, path: str) -> int:
    # The first answer fills what is read once for a process.
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(path)
        assert answer.status_code == 200
        # A list that is taken along is written while it is read.
        assert sum(map(len, answer))
    return len(found)


def by_growth() -> dict[str, list[tuple[str, bool]]]:
    """The lists that the same rows make longer, so that those are made once: [(name, is the staff's)]."""
    found: dict[Any, list[tuple[str, bool]]] = {}
    for lists, is_staff in ((PUBLIC, False), (STAFF, True)):
        for name, (_place, grow) in lists.items():
            found.setdefault(grow, []).append((name, is_staff))
    return {"; ".join(name for name, _is_staff in names): names for names in found.values()}


GROUPS = by_growth()


@pytest.mark.parametrize("names", GROUPS.values(), ids=GROUPS.keys())
def test_lists(world: World, cast: Cast, names: list[tuple[str, bool]]) -> None:
    staff, visitor = cast.enter(Role.ADMINISTRATORS), Client()
    lists = {name: (staff, *STAFF[name]) if is_staff else (visitor, *PUBLIC[name]) for name, is_staff in names}
    (grow,) = {grow for _client, _place, grow in lists.values()}

    def counted() -> dict[str, int]:
        return {name: queries(client, place(world)) for name, (client, place, _grow) in lists.items()}

    for number in range(1, FEW + 1):
        grow(world, number)
    few = counted()
    for number in range(FEW + 1, MANY + 1):
        grow(world, number)
    many = counted()
    assert {name: number for name, number in many.items() if number > few[name]} == {}
