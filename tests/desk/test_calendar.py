"""The editorial calendar: what stands in it, how it is narrowed, moved and planned, and how what is planned is fulfilled."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry as log
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from base.roles import Role
from contacts import outreach
from contacts.models import Outreach
from desk.calendar import actions
from events.models import Event, EventPage, MeetingPage
from newsletters import dispatching
from pages.models import StoryPage
from tests import factories

TODAY = timezone.localdate()


@pytest.fixture(scope="module")
def made_section(made_home):
    return factories.make_section(made_home)


@pytest.fixture
def goal(section):
    goal = factories.make_goal(section.theme)
    goal.audiences.add(factories.make_target_group(section.theme))
    return goal


@pytest.fixture
def staff(cast):
    return cast.enter(Role.COORDINATORS)


def later(days):
    return timezone.localdate() + timedelta(days=days)


def plan(goal, day=None, kind="story", **values):
    facts = {"theme": goal.theme, "title": "Suunniteltu juttu", "goals": [goal], "planned_on": later(3) if day is None else day}
    return outreach.plan(kind=kind, **(facts | values))


def shown(staff, day, **asked):
    answer = staff.get(reverse("desk:calendar"), {"month": f"{day:%Y-%m}"} | asked)
    assert answer.status_code == 200
    return {entry.key: entry for one in answer.context["days"] for entry in one["entries"]}


def key(act):
    return f"outreach-{act.pk}"


# ---- what stands in it
def test_planned_and_done_stand_on_their_days(goal, staff):
    planned, held = plan(goal), outreach.log_meeting(theme=goal.theme, kind="meeting", title="Palaveri", goals=[], people=[])
    entries = shown(staff, planned.planned_on)
    assert (entries[key(planned)].day, entries[key(planned)].state) == (planned.planned_on, "planned")
    assert not entries[key(planned)].is_unplanned
    done = shown(staff, TODAY)[key(held)]
    assert (done.day, done.state, done.is_unplanned) == (timezone.localdate(), "done", True)


def test_an_idea_waits_below_and_what_is_late_from_before_too(goal, staff):
    idea = plan(goal, title="Idea")
    Outreach.objects.filter(pk=idea.pk).update(planned_on=None)
    late = plan(goal, later(-70), title="Myöhässä")
    answer = staff.get(reverse("desk:calendar"))
    assert [entry.key for entry in answer.context["ideas"]] == [key(idea)]
    assert [(entry.key, entry.state) for entry in answer.context["late"]] == [(key(late), "late")]


def test_a_timed_publication_stands_on_its_day_with_its_act_as_one(goal, section, staff):
    act, at = plan(goal), timezone.now() + timedelta(days=9)
    page = factories.make_story_draft(section, title="Ajastettu")
    assert actions.fulfil(act=act, page=page, by=None)
    page.goals, page.go_live_at = [goal], at
    page.save_revision().publish()
    entries = shown(staff, timezone.localdate(at))
    assert set(entries) == {key(act)}
    assert entries[key(act)].day == timezone.localdate(at)
    assert f"page-{page.pk}" not in entries
    with pytest.raises(actions.NotMoved):
        actions.move_outreach(act=act, to=later(5), seen=act.planned_on, by=None)


def test_a_timed_publication_that_nobody_planned_stands_too(goal, section, staff):
    page, at = factories.make_story_draft(section, title="Yksin"), timezone.now() + timedelta(days=9)
    page.goals, page.go_live_at = [goal], at
    page.save_revision().publish()
    entry = shown(staff, timezone.localdate(at))[f"page-{page.pk}"]
    assert (entry.title, [one.pk for one in entry.goals], entry.languages) == ("Yksin", [goal.pk], ("fi",))
    assert entry.why_fixed


def test_an_event_stands_on_its_day_and_an_issue_on_its_sending(goal, home, cast):
    page = factories.make_event_page(factories.make_events_page(home), goals=[goal])
    letter = factories.make_newsletter_page(home, factories.make_newsletter(home.theme), goals=[goal])
    issue, due = factories.make_issue(letter, goals=[goal]), timezone.now() + timedelta(days=4)
    dispatching.schedule(issue=issue, by=cast.user(Role.COMMUNICATIONS), due_at=due)
    staff = cast.enter(Role.COORDINATORS)
    day = shown(staff, timezone.localdate(page.starts_at))[f"event-{page.event.pk}"]
    assert (day.title, [one.pk for one in day.goals]) == (page.title, [goal.pk])
    assert day.why_fixed
    sending = shown(staff, timezone.localdate(due))[f"issue-{issue.pk}"]
    assert (sending.day, sending.title) == (timezone.localdate(due), issue.title)


# ---- narrowing
def test_it_is_narrowed_by_what_the_address_says(goal, section, staff, cast):
    channel, person = factories.make_channel(goal.theme, "paper"), cast.user(Role.COMMUNICATIONS)
    mine = plan(goal, channel=channel, responsible=person)
    plan(factories.make_goal(goal.theme, scope="internal"), title="Muu")
    day = mine.planned_on
    for asked in ({"goal": goal.pk}, {"channel": channel.pk}, {"person": person.pk}, {"scope": "external"}):
        assert set(shown(staff, day, **asked)) == {key(mine)}, asked
    assert not shown(staff, day, goal="without")
    assert not shown(staff, day, language="sv")
    page = factories.make_story_draft(section)
    actions.fulfil(act=mine, page=page, by=None)
    assert set(shown(staff, day, language="fi")) == {key(mine)}


def test_what_narrows_it_is_said_and_cleared(goal, staff):
    answer = staff.get(reverse("desk:calendar"), {"goal": goal.pk, "month": "2026-11"})
    assert goal.name in answer.context["sentence"]
    assert answer.context["clear_url"] == "?month=2026-11"
    assert f'href="{answer.context["clear_url"]}"' in answer.content.decode()


@pytest.mark.parametrize("asked", [{"month": "2026-13"}, {"month": "x"}, {"month": "9999-12"}, {"goal": "9" * 40}, {"person": "²"}, {"scope": "<b>"}])
def test_any_address_is_answered(staff, asked):
    assert staff.get(reverse("desk:calendar"), asked).status_code == 200


# ---- moving
def test_it_is_moved_by_the_form_and_on_record(goal, staff):
    act = plan(goal)
    answer = staff.post(reverse("desk:calendar_move", args=[act.pk]), {"to": later(6).isoformat(), "seen": act.planned_on.isoformat()})
    assert answer.status_code == 302
    assert answer.url.endswith(f"#outreach-{act.pk}")
    seen = act.planned_on
    act.refresh_from_db()
    assert act.planned_on == later(6)
    entry = log.get_logs_for_instance(act).filter(action=actions.MOVE).get()
    assert entry.data == {"from": seen.isoformat(), "to": later(6).isoformat()}


def move_by_script(staff, act, to, seen):
    place = reverse("desk:calendar_move", args=[act.pk])
    answer = staff.post(place, {"to": to.isoformat(), "seen": seen.isoformat() if seen else ""}, headers={"Accept": "application/json"})
    return answer.status_code, json.loads(answer.content)


def test_whoever_is_second_is_told_and_may_move_it_again(goal, cast):
    act = plan(goal)
    actions.move_outreach(act=act, to=later(8), seen=later(3), by=cast.user(Role.COMMUNICATIONS))
    staff = cast.enter(Role.COORDINATORS)
    status, answer = move_by_script(staff, act, later(5), later(3))
    assert status == 422
    assert "Viola Viestijä" in answer["said"]
    act.refresh_from_db()
    assert act.planned_on == later(8)
    status, answer = move_by_script(staff, act, later(5), timezone.datetime.fromisoformat(answer["seen"]).date())
    assert (status, answer["day"]) == (200, later(5).isoformat())


def test_the_form_says_so_too_and_keeps_the_day(goal, cast):
    act = plan(goal)
    actions.move_outreach(act=act, to=later(8), seen=later(3), by=cast.user(Role.COMMUNICATIONS))
    answer = cast.enter(Role.COORDINATORS).post(
        reverse("desk:calendar_move", args=[act.pk]), {"to": later(5).isoformat(), "seen": later(3).isoformat()}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Viola Viestijä" in page
    assert f'value="{later(5).isoformat()}"' in page
    assert f'value="{later(8).isoformat()}"' in page


def test_what_is_done_stays_and_a_day_that_has_passed_is_refused(goal, staff):
    held = outreach.log_meeting(theme=goal.theme, kind="meeting", title="Palaveri", goals=[goal], people=[])
    assert move_by_script(staff, held, later(2), None)[0] == 422
    act = plan(goal)
    status, answer = move_by_script(staff, act, later(-1), act.planned_on)
    assert (status, bool(answer["said"])) == (422, True)
    act.refresh_from_db()
    assert act.planned_on == later(3)


def test_a_published_page_and_an_event_are_moved_elsewhere(goal, section, home, staff):
    story = factories.make_story(section, goals=[goal])
    event = factories.make_event_page(factories.make_events_page(home), goals=[goal])
    for page in (story, event):
        act = outreach.of_item(page.translation_key)
        status, answer = move_by_script(staff, act, later(2), None)
        assert (status, bool(answer["said"])) == (422, True)
        assert not Outreach.objects.get(pk=act.pk).planned_on


# ---- planning
def test_a_days_plus_plans_on_that_day(goal, staff, cast):
    assert staff.get(reverse("desk:calendar_plan"), {"day": later(4).isoformat()}).context["form"].initial["planned_on"] == later(4).isoformat()
    said = {
        "title": "Kampanja",
        "kind": "post",
        "planned_on": later(4).isoformat(),
        "goals": [goal.pk],
        "responsible": cast.user(Role.COORDINATORS).pk,
    }
    answer = staff.post(reverse("desk:calendar_plan"), said)
    act = Outreach.objects.get(title="Kampanja")
    assert answer.url.endswith(f"#outreach-{act.pk}")
    assert (act.planned_on, act.scope, list(act.audiences.all())) == (later(4), "external", list(goal.audiences.all()))


def test_a_wrong_plan_is_told_at_its_field_and_loses_nothing(goal, staff):
    answer = staff.post(reverse("desk:calendar_plan"), {"title": "Kampanja", "kind": "post", "planned_on": later(-4).isoformat(), "goals": [goal.pk]})
    assert answer.status_code == 422
    assert "planned_on" in answer.context["form"].errors
    assert 'value="Kampanja"' in answer.content.decode()
    assert not Outreach.objects.filter(title="Kampanja").exists()


@pytest.mark.parametrize(
    ("role", "sees", "plans"),
    [(Role.COMMUNICATIONS, 200, 200), (Role.ADMINISTRATORS, 200, 200), (Role.ORGANISERS, 200, 302), (Role.PROJECTS, 403, 403), (None, 302, 302)],
)
def test_who_sees_it_and_who_plans(goal, cast, role, sees, plans):
    client = cast.enter(role)
    assert client.get(reverse("desk:calendar")).status_code == sees
    assert client.get(reverse("desk:calendar_plan")).status_code == plans


# ---- fulfilling
def editor_of(staff, act):
    """The editor that one click opens."""
    answer = staff.get(reverse("desk:calendar_write", args=[act.pk]), follow=True)
    assert answer.status_code == 200
    return answer


def test_one_click_opens_the_editor_with_goal_and_audience(goal, section, cast):
    act, staff = plan(goal), cast.enter(Role.ADMINISTRATORS)
    form = editor_of(staff, act).context["form"]
    assert (form.instance.title, form.instance.slug) == (act.title, "suunniteltu-juttu")
    assert list(form["goals"].value()) == [goal.pk]
    assert list(form["audiences"].value()) == [row.pk for row in goal.audiences.all()]


@pytest.mark.parametrize("button", ["action-publish", "save"])
def test_the_page_that_comes_fulfils_what_was_planned(goal, section, cast, button):
    act, staff = plan(goal), cast.enter(Role.ADMINISTRATORS)
    answer = editor_of(staff, act)
    text = streamfield([("paragraph", rich_text("<p>Teksti</p>", "default", ["bold", "italic", "link"]))])
    said = nested_form_data(
        {"title": "Kirjoitettu", "slug": "kirjoitettu", "lead": "Ingressi", "body": text, "comments": inline_formset([])}
        | {"next": answer.context["next"], button: "1"}
    ) | {"goals": [goal.pk]}
    place = reverse("wagtailadmin_pages:add", args=["pages", "storypage", section.pk])
    assert staff.post(place, said).status_code == 302
    page = StoryPage.objects.get(slug="kirjoitettu")
    act.refresh_from_db()
    assert act.item_key == page.translation_key
    assert bool(act.done_at) is page.live
    assert Outreach.objects.count() == 1
    # The click leads to the page from now on.
    assert staff.get(reverse("desk:calendar_write", args=[act.pk])).url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    if not page.live:
        page.get_latest_revision().publish()
        act.refresh_from_db()
        assert act.done_at
        assert Outreach.objects.count() == 1


def test_one_act_is_of_one_page(goal, section):
    act = plan(goal)
    first, second = factories.make_story_draft(section), factories.make_story_draft(section)
    assert actions.fulfil(act=act, page=first, by=None)
    assert not actions.fulfil(act=act, page=second, by=None)
    Page.objects.get(pk=first.pk).delete()
    assert actions.fulfil(act=act, page=second, by=None)


def test_a_planned_meeting_is_logged_as_held_and_planned_again_when_taken_back(goal, staff):
    act, person = plan(goal, kind="meeting", title="Kahvit"), factories.make_person(goal.theme)
    answer = editor_of(staff, act)
    assert answer.context["form"].initial["what"] == "Kahvit"
    said = {"what": "Kahvit", "kind": "meeting", "on": timezone.localdate().isoformat(), "people": [person.pk], "goals": [goal.pk], "planned": act.pk}
    assert staff.post(reverse("contacts_log"), said).status_code == 302
    act.refresh_from_db()
    assert (bool(act.done_at), act.touches.count(), Outreach.objects.count()) == (True, 1, 1)
    staff.post(reverse("contacts_log_undo", args=[act.pk]))
    act.refresh_from_db()
    assert (act.done_at, act.touches.count(), act.planned_on) == (None, 0, later(3))


def test_queries_do_not_grow_with_what_stands_in_it(goal, section, home, staff):
    events = factories.make_events_page(home)

    def fill(number):
        for _count in range(number):
            plan(goal, later(1))
            plan(goal, later(-70))
            page = factories.make_story_draft(section)
            page.goals, page.go_live_at = [goal], timezone.now() + timedelta(days=1)
            page.save_revision().publish()
            factories.make_event_page(events, goals=[goal], starts_at=timezone.now() + timedelta(days=1), ends_at=timezone.now() + timedelta(days=2))

    def queries():
        staff.get(reverse("desk:calendar"))
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(reverse("desk:calendar"), {"month": f"{later(1):%Y-%m}"}).status_code == 200
        return len(captured)

    fill(2)
    few = queries()
    fill(4)
    assert EventPage.objects.count() == 6
    assert queries() == few
    assert few <= 60


def test_what_is_timed_is_not_done_yet(goal, section, home):
    """Wagtail says that a page was published also when it is given a time to be."""
    events, at = factories.make_events_page(home), timezone.now() + timedelta(days=9)
    starts = timezone.now() + timedelta(days=20)
    words = {"title": "Tulossa", "slug": "tulossa", "lead": "Tule", "place": "Tampere", "starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    for page in (factories.make_story_draft(section), factories.publish(EventPage(**words), events, live=False)):
        page.goals, page.go_live_at = [goal], at
        page.save_revision().publish()
        assert outreach.of_item(page.translation_key) is None
    assert not Event.objects.filter(item_key=page.translation_key).exists()


def test_a_meeting_stands_on_its_own_day_whenever_its_page_was_published(section, goal, staff):
    """One to come and one that was held: neither on the day of its publication."""
    page = factories.make_events_page(section.get_parent().specific)
    for days, state in ((9, "planned"), (-40, "done")):
        starts = timezone.now() + timedelta(days=days)
        times = {"starts_at": starts, "ends_at": starts + timedelta(hours=2)}
        meeting = factories.publish(MeetingPage(title="Ohjausryhmä", slug=f"ohjausryhma-{state}", place="Tampere", **times), page, goals=[goal])
        act = Outreach.objects.get(item_key=meeting.translation_key)
        entry = shown(staff, later(days))[f"outreach-{act.pk}"]
        assert (entry.day, entry.state, entry.move_url) == (later(days), state, "")
        assert entry.why_fixed
        published_here = [entry for entry in shown(staff, TODAY).values() if entry.key == f"outreach-{act.pk}" and entry.day == TODAY]
        assert not published_here
        back = staff.get(reverse("desk:calendar_act", args=[act.pk]))
        assert f"{later(days):%Y-%m}" in back.url
