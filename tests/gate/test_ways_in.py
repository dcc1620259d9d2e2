"""A page with errors becomes public by no way."""

from __future__ import annotations

from datetime import timedelta
from time import process_time

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, PageLogEntry, Workflow, WorkflowTask

from base.gate import findings, guard
from base.gate.guard import NotPublishable
from base.gate.subject import render
from base.models import GateOverride, GateState
from base.roles import Role
from pages.models import StoryPage
from tests import factories

BAD = '<p>Lue raportti <a href="https://example.org/r">täältä</a>.</p>'
CLEAN = "<p>Teksti</p>"


def is_live(page):
    return Page.objects.get(pk=page.pk).live


@pytest.fixture
def bad(section):
    return factories.make_story_draft(section, body=[("paragraph", BAD)])


@pytest.fixture
def live(section):
    return factories.make_story(section)


def spoil(page):
    """A live page whose stored content has an error, as one from before the gate has."""
    page.body = [("paragraph", BAD)]
    StoryPage.objects.filter(pk=page.pk).update(body=page.body)
    return StoryPage.objects.get(pk=page.pk)


def test_publishing_a_revision(bad):
    with pytest.raises(NotPublishable) as refusal:
        bad.get_latest_revision().publish()
    assert [finding.code for finding in refusal.value.findings] == ["link.vague"]
    assert "body" in refusal.value.error_dict
    assert not is_live(bad)


def test_publishing_by_the_plain_page(bad):
    with pytest.raises(NotPublishable):
        Page.objects.get(pk=bad.pk).publish(bad.get_latest_revision())
    assert not is_live(bad)


def test_saving_as_live_by_the_page_and_by_the_plain_page(bad):
    for page in (StoryPage.objects.get(pk=bad.pk), Page.objects.get(pk=bad.pk)):
        page.live = True
        with pytest.raises(NotPublishable):
            page.save()
        with pytest.raises(NotPublishable):
            page.save(clean=False)
        with pytest.raises(NotPublishable):
            page.save(clean=False, update_fields=["live"])
    assert not is_live(bad)


def test_adding_a_live_child(section):
    story = StoryPage(title="Juttu", slug="suora", lead="Ingressi", body=[("paragraph", BAD)], theme=section.theme, locale=section.locale)
    story.goals = [factories.make_goal(section.theme)]
    with pytest.raises(NotPublishable):
        section.add_child(instance=story)
    assert not StoryPage.objects.filter(slug="suora").exists()


def test_a_clean_live_child_may_be_added(section):
    story = StoryPage(title="Juttu", slug="suora", lead="Ingressi", body=[("paragraph", CLEAN)], theme=section.theme, locale=section.locale)
    story.goals = [factories.make_goal(section.theme)]
    section.add_child(instance=story)
    assert is_live(story)


def test_a_live_page_does_not_take_errors(live):
    live.body = [("paragraph", BAD)]
    with pytest.raises(NotPublishable):
        live.save_revision().publish()
    with pytest.raises(NotPublishable):
        live.save()
    assert "täältä" not in str(StoryPage.objects.get(pk=live.pk).body)


def test_copying_with_keep_live(live, section):
    assert live.copy(update_attrs={"slug": "kopio", "title": "Kopio"}).live
    spoiled = spoil(live)
    with pytest.raises(NotPublishable):
        spoiled.copy(update_attrs={"slug": "kopio-2"}, keep_live=True, copy_revisions=False)
    assert not Page.objects.filter(slug="kopio-2", live=True).exists()


def test_aliases_and_their_updates(live, section):
    alias = live.create_alias(update_slug="toinen")
    assert alias.live
    spoiled = spoil(live)
    with pytest.raises(NotPublishable):
        spoiled.create_alias(update_slug="kolmas")
    with pytest.raises(NotPublishable):
        spoiled.update_aliases()
    assert "täältä" not in str(StoryPage.objects.get(pk=alias.pk).body)


def test_a_schedule_is_refused_when_it_is_made(bad):
    bad.go_live_at = timezone.now() + timedelta(hours=1)
    with pytest.raises(NotPublishable):
        bad.save_revision().publish()
    assert not bad.revisions.exclude(approved_go_live_at=None).exists()


def test_a_schedule_that_is_due_does_not_keep_others_waiting(bad, section):
    good = factories.make_story_draft(section)
    earlier = timezone.now() - timedelta(minutes=5)
    for number, page in enumerate((bad, good)):
        revision = page.get_latest_revision()
        revision.approved_go_live_at = earlier + timedelta(minutes=number)
        revision.save()
    call_command("publish_scheduled")
    assert (is_live(bad), is_live(good)) == (False, True)
    assert PageLogEntry.objects.filter(page=bad.pk, action="kantama.gate.refuse").exists()
    call_command("publish_scheduled")
    assert PageLogEntry.objects.filter(page=bad.pk, action="kantama.gate.refuse").count() == 1


def test_approving_in_a_workflow(cast, bad):
    user = cast.user(Role.ADMINISTRATORS)
    task = GroupApprovalTask.objects.create(name="Hyväksyntä")
    task.groups.set(Group.objects.filter(name=Role.ADMINISTRATORS.value))
    workflow = Workflow.objects.create(name="Julkaisu")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    state = workflow.start(bad, user)
    with pytest.raises(NotPublishable):
        state.current_task_state.approve(user=user)
    assert not is_live(bad)


def test_moving_a_page_that_fails_already_is_no_publication(live, section):
    other = factories.make_section(section.get_parent().specific, title="Muut")
    spoil(live).move(other, "last-child")
    assert StoryPage.objects.get(pk=live.pk).get_parent().pk == other.pk


def test_publishing_in_the_editor_saves_the_draft_and_says_what_is_wrong(cast, bad):
    client = cast.enter(Role.COMMUNICATIONS)
    client.cookies["django_language"] = "en"
    action = client.post(reverse("wagtailadmin_pages:edit", args=[bad.pk]), form_of(bad, title="Uusi otsikko") | {"action-publish": "1"})
    assert action.status_code == 302, action.context["form"].errors
    assert not is_live(bad)
    assert StoryPage.objects.get(pk=bad.pk).get_latest_revision_as_object().title == "Uusi otsikko"
    text = client.get(action.url).content.decode()
    assert "täältä" in text
    assert "-section" in text


def form_of(page, **values):
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "lead": page.lead,
            "body": streamfield([("paragraph", rich_text(BAD, "default", ["bold", "italic", "link", "document-link", "ol", "ul"]))]),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0},
        }
        | values
    ) | {"goals": [goal.pk for goal in page.goals.all()]}


def test_publishing_a_new_page_in_the_editor_keeps_what_was_typed(cast, bad):
    parent = bad.get_parent()
    address = reverse("wagtailadmin_pages:add", args=["pages", "storypage", parent.pk])
    typed = form_of(bad, title="Aivan uusi", slug="aivan-uusi") | {"action-publish": "1"}
    action = cast.enter(Role.COMMUNICATIONS).post(address, typed)
    draft = StoryPage.objects.get(slug="aivan-uusi")
    assert action.url == reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert draft.title == "Aivan uusi"
    assert not draft.live


def test_bulk_publishing_ends_in_a_message(cast, bad):
    client = cast.enter(Role.COMMUNICATIONS)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{address}?id={bad.pk}")
    assert answer.status_code == 302
    assert not is_live(bad)


def test_an_administrator_overrides_with_a_reason_on_record(cast, bad):
    client = cast.enter(Role.COMMUNICATIONS)
    address = reverse("gate:page", args=[bad.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"reason": "Raportin osoite on kiireellinen."})
    assert not GateOverride.objects.exists()
    client = cast.enter(Role.ADMINISTRATORS)
    client.post(address, {"reason": "lyhyt"})
    assert not GateOverride.objects.exists()
    client.post(address, {"reason": "Raportin osoite on kiireellinen."})
    assert GateOverride.objects.get().by == cast.user(Role.ADMINISTRATORS)
    assert PageLogEntry.objects.filter(page=bad.pk, action="kantama.gate.override").exists()
    bad.get_latest_revision().publish()
    assert is_live(bad)
    bad.body = [("paragraph", BAD), ("paragraph", '<p><a href="https://example.org">klikkaa tästä</a></p>')]
    with pytest.raises(NotPublishable):
        bad.save_revision().publish()


def test_an_outsider_sees_nothing_of_it(cast, bad):
    client = cast.enter(None)
    assert client.get(reverse("gate:page", args=[bad.pk])).status_code in {302, 403}
    assert client.get(reverse("gate:report")).status_code in {302, 403}


def test_the_report_shows_what_fails_today(cast, live, section):
    clean = factories.make_story(section, title="Aivan kunnossa", search_description="Kuvaus")
    spoil(live)
    guard.check_live_pages()
    assert GateState.objects.get(page=live.pk).errors == 1
    text = cast.enter(Role.COMMUNICATIONS).get(reverse("gate:report")).content.decode()
    assert live.title in text
    assert is_live(clean)
    call_command("check_pages")


def test_the_report_is_narrowed_and_taken_along(cast, live, section):
    factories.make_story(section, title="Kuvaus puuttuu", search_description="")
    spoil(live)
    guard.check_live_pages()
    client = cast.enter(Role.COMMUNICATIONS)
    story = ContentType.objects.get_for_model(StoryPage).pk

    def told(**asked):
        text = client.get(reverse("gate:report"), asked | {"export": "csv"}).getvalue().decode()
        return {title for title in (live.title, "Kuvaus puuttuu") if title in text}, text

    assert told()[0] == {live.title, "Kuvaus puuttuu"}
    assert told(severity="errors", language="fi", content_type=story)[0] == {live.title}
    assert told(rule="description.missing")[0] >= {"Kuvaus puuttuu"}
    assert told(rule="link.vague")[0] == {live.title}
    assert told(language="sv")[0] == set()
    assert "link.vague: " in told(rule="link.vague")[1]
    assert client.get(reverse("gate:report"), {"export": "xlsx"}).status_code == 200
    assert "link.vague" in client.get(reverse("gate:report")).content.decode()


def test_the_editor_says_beside_the_draft_what_fails(cast, bad):
    client = cast.enter(Role.COMMUNICATIONS)
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[bad.pk])).content.decode()
    address = reverse("gate:panel", args=[bad.pk])
    assert address in editor
    found = client.get(address).content.decode()
    assert "täältä" in found
    assert f"#block-{bad.body[0].id}-section" in found
    assert cast.enter(None).get(address).status_code in {302, 403}


def test_a_check_is_quick_and_its_queries_do_not_grow(live, section, monkeypatch):
    """Beyond those of the page itself: nine, of them translations, links and documents one each."""

    def cost(number):
        links = "".join(f'<p><a linktype="page" id="{live.pk}">Juttu numero {count}</a></p>' for count in range(number))
        story = factories.make_story_draft(section, body=[("paragraph", links)])
        html = render(story)
        with monkeypatch.context() as patch, CaptureQueriesContext(connection) as captured:
            patch.setattr("base.gate.subject.render", lambda page: html)
            findings(story)
        return len(captured)

    assert cost(1) == cost(40) <= 9
    # The processor's time: what else the machine does is not the gate's cost.
    started = process_time()
    for _ in range(10):
        findings(live)
    spent = (process_time() - started) / 10
    print(f"\na check: {spent * 1000:.0f} ms")
    assert spent < 0.25


def test_a_page_without_findings_is_looked_at_once_when_it_is_published(live, monkeypatch):
    looked = []
    monkeypatch.setattr("base.gate.guard.findings", lambda page: looked.append(page.pk) or [])
    live.title = "Toinen otsikko"
    live.save_revision().publish()
    assert len(looked) == 1


def test_publishing_in_the_editor_looks_once(cast, section, monkeypatch):
    draft, looked, real = factories.make_story_draft(section), [], findings
    monkeypatch.setattr("base.gate.guard.findings", lambda page: looked.append(page.pk) or real(page))
    values = form_of(draft, body=draft_body()) | {"action-publish": "1"}
    answer = cast.enter(Role.ADMINISTRATORS).post(reverse("wagtailadmin_pages:edit", args=[draft.pk]), values)
    assert answer.status_code == 302, answer.context["form"].errors
    assert is_live(draft)
    assert looked == [draft.pk]


def draft_body():
    from wagtail.test.utils.form_data import rich_text, streamfield

    return streamfield([("paragraph", rich_text(CLEAN, "default", ["bold", "italic", "link", "document-link", "ol", "ul"]))])


def test_what_was_looked_at_is_not_taken_for_another_content(section):
    draft = factories.make_story_draft(section)
    guard.hold_once(draft.get_latest_revision_as_object())
    draft.body = [("paragraph", BAD)]
    with pytest.raises(NotPublishable):
        draft.save_revision().publish()


def test_two_at_once_do_not_borrow_each_others_check(section, bad):
    good = factories.make_story_draft(section)
    guard.hold_once(good.get_latest_revision_as_object())
    with pytest.raises(NotPublishable):
        bad.get_latest_revision().publish()
    good.get_latest_revision().publish()
    assert (is_live(good), is_live(bad)) == (True, False)


def test_unpublished_and_published_again(live):
    spoiled = spoil(live)
    spoiled.unpublish()
    with pytest.raises(NotPublishable):
        StoryPage.objects.get(pk=live.pk).save_revision().publish()
    assert not is_live(live)


def test_an_older_version_is_published_again(live):
    live.body = [("paragraph", BAD)]
    older = live.save_revision()
    live.body = [("paragraph", CLEAN)]
    live.save_revision().publish()
    with pytest.raises(NotPublishable):
        older.publish(previous_revision=older)
    assert "täältä" not in str(StoryPage.objects.get(pk=live.pk).body)


def test_a_page_without_its_mark_as_an_alias_passes_too(live):
    alias = live.create_alias(update_slug="alias")
    StoryPage.objects.filter(pk=alias.pk).update(body=spoil(live).body, live=False)
    page = StoryPage.objects.get(pk=alias.pk)
    page.alias_of, page.live = None, True
    with pytest.raises(NotPublishable):
        page.save()


def test_moving_below_another_theme_is_no_publication_and_makes_none(live, bad):
    other = factories.make_theme()
    home = live.get_parent().get_parent().specific
    section = factories.make_section(home, title="Toinen", theme=other)
    bad.move(section, "last-child")
    assert not is_live(bad)
    live.move(section, "last-child")
    assert is_live(live)


def test_copying_a_page_in_the_admin_says_that_nothing_was_copied(cast, live, section):
    spoil(live)
    client = cast.enter(Role.ADMINISTRATORS)
    client.cookies["django_language"] = "en"
    values = {"new_title": "Kopio", "new_slug": "kopio", "new_parent_page": str(section.pk), "publish_copies": "on", "copy_subpages": ""}
    answer = client.post(reverse("wagtailadmin_pages:copy", args=[live.pk]), values)
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[live.pk])
    assert not Page.objects.filter(slug="kopio", live=True).exists()
    text = client.get(answer.url).content.decode()
    assert "draft is saved" not in text
    assert "was not" in text


def test_publishing_writes_act_and_state_once(section):
    """Editors wait for it, and whatever makes pages in numbers does it for each."""
    revision = factories.make_story_draft(section).get_latest_revision()
    with CaptureQueriesContext(connection) as captured:
        revision.publish()
    asked = [query["sql"] for query in captured]
    for table in ("contacts_outreach", "base_gatestate"):
        assert len([sql for sql in asked if sql.startswith(("INSERT", "UPDATE")) and f'"{table}"' in sql]) == 1, table
