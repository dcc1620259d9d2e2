"""Each theme has its own editors: whoever works in one sees and changes nothing of another, by whatever screen, and by no guessed address."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from wagtail.models import Page

from base.bounds import Bounded, bound, within
from base.models import User
from base.roles import Role
from contacts import bridges, letters, needs, notes, outreach, purposes, showing
from contacts.importing import actions as contact_importing
from contacts.merging import actions as merging
from contacts.models import (
    ContactPoint,
    Membership,
    Network,
    Organisation,
    Outreach,
    Pair,
    PracticeContact,
    ProjectParty,
    Segment,
    ServiceNeed,
    Tag,
    ThemeBody,
    Tie,
    WorkArea,
)
from contacts.models import Role as Post
from contacts.network import snapshots
from contacts.privacy import address, notices, retention
from contacts.segments.actions import keep_segment
from desk.approval.workflow import make_workflow
from desk.exempting import exempt
from desk.models import ProjectStaff, Recommendation, Report, ReportSchedule, Submission
from desk.page_templates.actions import keep
from desk.reports import composing
from desk.reports.actions import approve_report, share_report
from desk.reports.beginning import begin_report
from desk.reports.periods import Period
from events import actions, inside, own_calendar
from events.models import Answer, Decision, Deletion, Invitation, Letter, Note
from newsletters import subscriptions
from newsletters.importing import forms as importing
from newsletters.models import SubscriberImport
from pages import enquiries
from pages.series import StorySeries
from reach.lines import VIEW, Line
from reach.rolling import write
from reach.summing import sums_of
from social.models import Account, Figure, Followers, Hashtags
from social.models import Click as PostClick
from social.models import Delivery as PostDelivery
from social.models import Post as SocialPost
from social.models import Variant as SocialVariant
from tests import factories
from themes.history.rolling import roll_up
from themes.models import Change, Means, Mention, Message, Practice, Proof, Responsibility, Strategy, Survey, TeamMember
from themes.plans import snapshot as plans
from themes.plans.actions import approve_plan, mark
from themes.teams import people_of, put_into_teams, settle_in, standing_of

# Only what nobody else may know has it in its name.
SECRET = "Kuiskaus"
PARTS = [part.value for part in TeamMember.Part]


def bounded_models():
    return [model for model in apps.get_models() if issubclass(model, Bounded)]


def fill(theme, home):
    """One of everything in the theme, each with the secret in its name."""
    words = {f"name_{code}": f"{SECRET} {code}" for code in ("fi", "sv", "en")}
    goal = factories.make_goal(theme, measure="meetings", **words)
    message = Message.objects.create(goal=goal, **words)
    for model in (Strategy, Change, Means):
        model.objects.create(theme=theme, key="one", **words)
    StorySeries.objects.create(theme=theme, **words)
    sub_theme = factories.make_sub_theme(theme, **words)
    factories.make_target_group(theme, **words)
    factories.make_channel(theme, f"{SECRET}-channel")
    project = factories.make_project(theme, **words)
    practice = Practice.objects.create(theme=theme, key="one", project=project, **words)
    Proof.objects.create(message=message, practice=practice)
    Responsibility.objects.create(goal=goal, role_fi=SECRET)
    person = factories.make_person(theme, last_name=SECRET, email=f"{SECRET}@example.org")
    body = Organisation.objects.create(theme=theme, key="one", **words)
    Post.objects.create(person=person, organisation=body)
    ThemeBody.objects.create(theme=theme, organisation=body, part="ministry")
    ProjectParty.objects.create(project=project, organisation=body)
    PracticeContact.objects.create(practice=practice, person=person)
    showing.allow_showing(person, how="test")
    ContactPoint.objects.create(person=person, value=SECRET)
    Membership.objects.create(network=Network.objects.create(theme=theme, **words), person=person)
    WorkArea.objects.create(organisation=body, sub_theme=sub_theme, service=SECRET)
    needs.hear(ServiceNeed(theme=theme, need=SECRET, sub_theme=sub_theme), by=None)
    Tie.objects.create(theme=theme, person=person, other_organisation=body, evidence=SECRET)
    snapshots.take(theme)
    notices.told_otherwise(person, how=SECRET, by=None)
    Tag.objects.create(theme=theme, name=SECRET)
    notes.add_note(person, SECRET, by=None)
    retention.keep(person, reason=SECRET, until=timezone.localdate() + timedelta(days=9), by=None)
    address.ask(person, f"{SECRET}.uusi@example.org")
    merging.merge(winner=person, loser=factories.make_person(theme, last_name=SECRET), by=None)
    Pair.objects.create(theme=theme, person=person, other_person=factories.make_person(theme, last_name=SECRET), score=0.9)
    why = contact_importing.Why("test", purposes.usual(theme, purposes.COOPERATION))
    contact_importing.bring(f"email,city\n{person.email},{SECRET}\n".encode(), theme=theme, file_name=f"{SECRET}.csv", why=why)
    act = outreach.log_meeting(theme=theme, kind=Outreach.Kind.MEETING, title=f"{SECRET} tapaaminen", goals=[goal], people=[person])
    outreach.count(act, "view", cause="test", language="fi")
    read = Line(int(timezone.now().timestamp()), VIEW, page=home.pk, reader="0" * 16, language="fi", source="direct", campaign=SECRET)
    write(sums_of([read]))
    keep_segment(Segment(theme=theme, name=SECRET), {"join": "all", "groups": []}, by=None)
    words_of_letter = {"fi": {"subject": SECRET, "text": SECRET}}
    letters.send_letter(people=[person], words=words_of_letter, fallback="fi", goals=[goal], by=None)
    letter = factories.make_newsletter(theme, **words)
    subscriptions.ask_subscription(newsletter=letter, email=person.email, language="fi")
    file = {"file_name": f"{SECRET}.csv", "content": f"Sähköposti\n{SECRET}@example.org\n".encode(), "statement": SECRET, "stated_on": "2026-01-31"}
    importing.read_heading(bringing := SubscriberImport(newsletter=letter, **file))
    bringing.save()
    enquiries.receive_enquiry(theme=theme, kind="question", name=SECRET, email=person.email, subject=SECRET, message=SECRET, language="fi")
    calendar = factories.make_events_page(home)
    event_page = factories.make_event_page(calendar, goals=[goal], title="Julkinen tapahtuma", largest_group=2)
    event = event_page.event
    asked = {"event": event, "email": person.email, "first_name": "", "last_name": SECRET, "language": "fi"}
    registration = actions.ask_registration(**asked, guests=[{"last_name": SECRET}])
    Answer.objects.create(registration=registration, question="one", asked=SECRET, value=SECRET)
    Deletion.objects.create(event=event, asked=SECRET, number=1, due_at=timezone.now())
    Decision.objects.create(theme=theme, meeting_key=uuid4(), key=uuid4(), text=SECRET)
    Invitation.objects.create(theme=theme, meeting_key=uuid4(), person=person, message=SECRET)
    Note.objects.create(registration=registration, text=SECRET)
    own_calendar.make(person=registration.person, language="fi")
    inside.renew(page=event_page, by=None)
    Letter.objects.create(event=event, words={"fi": {"subject": SECRET, "text": SECRET}}, number=1)
    told = {"theme": theme, "day": timezone.localdate(), "source": SECRET}
    Mention.objects.create(outlet=SECRET, title=SECRET, **told).goals.set([goal])
    Survey.objects.create(question=SECRET, sample=2, aware=1, quality="open", **told).goals.set([goal])
    roll_up(today=timezone.localdate() + timedelta(days=1))
    section = factories.make_section(home)
    story = factories.make_story(section, goals=[goal], title="Julkinen juttu")
    third = factories.make_theme()
    factories.make_section(factories.make_front(third, home))
    bridges.offer(page=story, theme=third, by=None, message=SECRET)
    keep(story, goal=goal, name=SECRET, by=None)
    exempt(story, ["sv"], SECRET, by=None)
    draft = factories.make_story_draft(section, goals=[goal], title=f"{SECRET}luonnos")
    helper = User.objects.create_user(username=f"helper-{theme.pk}", last_name=SECRET)
    ProjectStaff.objects.create(user=helper, project=project)
    sent_in = Submission.objects.create(project=project, kind="result", by=helper, page=draft, title=SECRET)
    put_into_teams(user=helper, places=[(theme.pk, PARTS[0])])
    approve_plan(plan=goal.plan, note=SECRET, by=helper, seen=mark(plans.of_plan(goal.plan)))
    period = Period(timezone.localdate() - timedelta(days=30), timezone.localdate())
    schedule = ReportSchedule.objects.create(theme=theme, kind="annual", pace="year", responsible=helper, next_on=timezone.localdate())
    facts = {"theme": theme, "kind": "annual", "period": period, "languages": ["fi"], "goals": [goal], "responsible": helper, "by": None}
    report = begin_report(**facts, schedule=schedule)
    Report.objects.filter(pk=report.pk).update(name_fi=f"{SECRET} raportti")
    approved = approve_report(report=report, note=SECRET, by=helper, seen=composing.mark(Report.objects.get(pk=report.pk)))
    share_report(version=approved, language="fi", ends_on=timezone.localdate(), note=SECRET, by=helper)
    Recommendation.objects.create(goal=goal, text=SECRET)
    fill_social(theme, goal)
    return SimpleNamespace(
        theme=theme, home=home, section=section, draft=draft, ids=sorted({draft.pk, goal.pk, act.pk, event.pk, sent_in.pk, person.pk})
    )


def fill_social(theme, goal):
    """Nothing of it leaves: no worker runs here."""
    Hashtags.objects.create(theme=theme, words_fi=f"#{SECRET}")
    account = Account.objects.create(theme=theme, network="x", name=SECRET)
    Followers.objects.create(account=account, day=timezone.localdate(), number=1)
    post = SocialPost(theme=theme, title=SECRET)
    post.goals = [goal]
    post.save()
    now = timezone.now()
    variant = SocialVariant.objects.create(post=post, account=account, text=SECRET)
    delivery = PostDelivery.objects.create(variant=variant, account=account, text=SECRET, planned_at=now, due_at=now)
    Figure.objects.create(delivery=delivery, kind="likes", day=now.date(), total=1)
    PostClick.objects.create(delivery=delivery, day=now.date(), rule="person", number=1)


@pytest.fixture
def world(cast):
    """Two themes, the second a section of the first; Viola has every role in the first, and none in the second."""
    factories.make_root()
    ours, other = factories.make_theme(name_fi="Oma"), factories.make_theme(name_fi="Toinen")
    home = factories.make_home(ours)
    section = factories.make_section(home)
    theirs = fill(other, factories.make_front(other, home))
    viola = cast.user(Role.COMMUNICATIONS)
    put_into_teams(user=viola, places=[(ours.pk, part) for part in PARTS])
    return SimpleNamespace(ours=ours, home=home, section=section, theirs=theirs, viola=viola, story=factories.make_story_draft(section))


def patterns(resolver=None, prefix="", spaces=()):
    """(route, namespaces, name) of each address of the admin."""
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            if route.startswith("admin/"):
                yield route, spaces, one.name
        elif "admin/".startswith(route) or route.startswith("admin/"):
            yield from patterns(one, route, (*spaces, one.namespace) if one.namespace else spaces)


# These end the visit.
LEAVING = {"wagtailadmin_logout", "wagtailadmin_login"}
# Their rows are nobody's, or for administrators alone.
NOT_OF_A_THEME = ("images", "documents", "users", "groups", "sites", "locales", "redirects", "collections", "workflows", "tasks")
WORDS = {"app_label": "pages", "model_name": "storypage", "content_type_app_name": "pages", "content_type_model_name": "storypage"}


def addresses(theirs):
    """Every address of the admin, with the numbers of the other theme's rows in it."""
    for route, spaces, name in patterns():
        if name in LEAVING:
            continue
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if names and route.startswith(tuple(f"admin/{word}/" for word in NOT_OF_A_THEME)):
            continue
        found = [theirs.draft.pk] if any("pages" in space for space in spaces) else theirs.ids
        for space in spaces:
            if model := next((model for model in bounded_models() if space.endswith(model._meta.label_lower.replace(".", "_"))), None):
                found = [model.objects.filter(model.rows_of(theirs.theme.pk)).values_list("pk", flat=True)[0]]
        for number in found if names else found[:1]:
            values = {key: WORDS.get(key, theirs.draft.latest_revision_id if "revision" in key else number) for key in names}
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match, values=values: str(values[match[1]]), route)
            yield "/" + re.sub(r"[\^$]|\(\?P|\).*", "", path), bool(names)


def snapshot(theme):
    rows = {model._meta.label: list(model.objects.filter(model.rows_of(theme.pk)).order_by("pk").values()) for model in bounded_models()}
    pages = Page.objects.filter(path__startswith=theme.front).order_by("pk")
    return rows | {"pages": list(pages.values("pk", "path", "live", "title", "latest_revision", "locked", "numchild"))}


def text_of(answer):
    return b"".join(answer.streaming_content).decode(errors="replace") if answer.streaming else answer.content.decode(errors="replace")


def test_a_stranger_sees_and_changes_nothing_of_another_theme(world, cast, client):
    """All addresses of the admin, whoever registered them."""
    theirs = world.theirs
    assert [model._meta.label for model in bounded_models() if not model.objects.filter(model.rows_of(theirs.theme.pk)).exists()] == []
    theirs.theme.front = theirs.home.path
    before = snapshot(theirs.theme)
    walked = list(addresses(theirs))
    client.force_login(world.viola)
    client.raise_request_exception = False
    seen, unsettled = [], []
    for path, is_guessed in walked:
        answer = client.get(path)
        if SECRET in text_of(answer):
            seen.append(path)
        # Whatever was not refused at once: forms, and what takes forms alone.
        if is_guessed and answer.status_code not in (403, 404) and answer.headers.get("Location") != "/admin/":
            unsettled.append(path)
    assert seen == []
    for path in unsettled:
        assert SECRET not in text_of(client.post(path, {"action-publish": "1", "title": "Kaapattu", "slug": "kaapattu", "next": "/"})), path
    assert snapshot(theirs.theme) == before
    # What an administrator reads at the same addresses says that the walk meets it.
    client.force_login(cast.user(Role.ADMINISTRATORS))
    lists = [path for path, is_guessed in walked if path.startswith("/admin/snippets/") and not is_guessed and path.count("/") == 5]
    shown = [path for path in lists if SECRET in text_of(client.get(path))]
    assert len(shown) >= 16, sorted(set(lists) - set(shown))


def test_every_model_of_a_theme_is_bounded():
    """Pages are held by `themes.teams.pages`; what visitors are counted and found by has no screen of its own."""
    unbounded = []
    for model in apps.get_models():
        targets = {field.related_model for field in model._meta.concrete_fields if field.is_relation and not field.null}
        is_ours = any(issubclass(target, Bounded) for target in targets if isinstance(target, type)) and not issubclass(model, Page)
        if is_ours and not issubclass(model, Bounded) and not model._meta.auto_created:
            unbounded.append(model._meta.label)
    assert unbounded == []


def test_forms_that_were_made_earlier_are_bound_too(world):
    """Wagtail makes the form of a snippet when its addresses are read, for all who come."""
    rows = Practice.objects.all()
    assert [row.theme_id for row in rows] == [world.theirs.theme.pk]
    with within(world.ours.pk):
        assert not rows.all().exists()
        assert not Practice.objects.count()
        assert not world.theirs.theme.practices.exists()
        assert world.theirs.draft.specific.theme == world.theirs.theme
    with within(world.theirs.theme.pk):
        assert rows.filter(key="one").exists()
    assert bound() is None


def test_roles_are_those_of_the_theme_one_works_in(world, client):
    other = world.theirs.theme
    put_into_teams(user=world.viola, places=[(world.ours.pk, Role.COMMUNICATIONS.value), (other.pk, Role.COORDINATORS.value)])
    people = reverse("wagtailsnippets_contacts_person:list")
    client.force_login(world.viola)
    home = client.get("/admin/").content.decode()
    assert "Teema: Oma" in home
    assert "Toinen" not in home
    # A communicator does not see people; a coordinator edits no pages.
    assert client.get(people).status_code == 302
    assert client.get(reverse("wagtailadmin_pages:edit", args=[world.story.pk])).status_code == 200
    theirs = reverse("wagtailadmin_pages:edit", args=[world.theirs.draft.pk])
    asked = client.get(theirs)
    assert asked.url.startswith(reverse("themes_choose"))
    assert "Työskentele teemassa Toinen" in client.get(asked.url).content.decode()
    assert client.post(reverse("themes_choose"), {"theme": other.pk, "next": people}).url == people
    assert SECRET in client.get(people).content.decode()
    assert client.get(theirs).status_code == 302
    assert client.get(reverse("wagtailadmin_pages:edit", args=[world.story.pk])).url.startswith(reverse("themes_choose"))
    assert client.post(reverse("themes_choose"), {"theme": 0}).status_code == 404
    assert client.post(reverse("themes_choose"), {"theme": other.pk, "next": "https://evil.example/"}).url == "/admin/"


def test_who_is_in_which_team(cast, db):
    """One theme is everybody's; before a second comes, those who worked in the first become its team."""
    first = factories.make_theme()
    viola, kaisa = cast.user(Role.COMMUNICATIONS), cast.user(Role.COORDINATORS)
    assert standing_of(viola).bound == first.pk
    assert set(people_of(first, {Role.COMMUNICATIONS.value})) == {viola}
    settle_in(first)
    second = factories.make_theme()
    new = User.objects.create_user(username="uusi")
    new.groups.add(Group.objects.get(name=Role.COMMUNICATIONS.value))
    assert standing_of(new).is_nowhere
    assert not new.has_perm("newsletters.change_newsletter")
    put_into_teams(user=kaisa, places=[(second.pk, Role.COMMUNICATIONS.value)])
    assert set(kaisa.groups.values_list("name", flat=True)) == {Role.COMMUNICATIONS.value}
    hanna = cast.user(Role.ADMINISTRATORS)
    assert set(people_of(first, {Role.COMMUNICATIONS.value})) == {viola}
    assert set(people_of(second, {Role.COMMUNICATIONS.value, Role.ADMINISTRATORS.value})) == {kaisa, hanna}
    assert standing_of(hanna).bound is None


def test_an_administrator_puts_people_into_themes(world, cast, client):
    client.force_login(cast.user(Role.ADMINISTRATORS))
    address = reverse("wagtailusers_users:edit", args=[world.viola.pk])
    shown = client.get(address).content.decode()
    assert f'value="{world.ours.pk}:{PARTS[0]}"' in shown
    words = {"username": "viola", "email": "viola@example.org", "first_name": "Viola", "last_name": "Viestijä", "is_active": "on"}
    answer = client.post(address, words | {"groups": [], "teams": [f"{world.theirs.theme.pk}:{PARTS[2]}"]})
    assert answer.status_code == 302
    assert list(world.viola.teams.values_list("theme", "role")) == [(world.theirs.theme.pk, PARTS[2])]
    assert [group.name for group in world.viola.groups.all()] == [PARTS[2]]
    bad = client.post(address, words | {"teams": [f"0:{PARTS[0]}"]})
    assert bad.status_code == 200
    assert world.viola.teams.count() == 1


def test_only_those_of_the_theme_approve(world, cast):
    """Who asks, and who is asked, are of one theme."""
    kaisa = cast.user(Role.COORDINATORS)
    put_into_teams(user=kaisa, places=[(world.theirs.theme.pk, Role.COORDINATORS.value)])
    make_workflow(apps)
    state = world.theirs.draft.get_workflow().start(world.theirs.draft, None).current_task_state
    task = state.task.specific
    assert task.get_actions(world.theirs.draft, kaisa)
    assert not task.get_actions(world.theirs.draft, world.viola)
    assert not world.theirs.draft.permissions_for_user(world.viola).can_edit()
    assert list(task.get_task_states_user_can_moderate(kaisa)) == [state]
    assert not task.get_task_states_user_can_moderate(world.viola)
