"""A second pair of eyes: who approves what, who is told, and what the publication checks say to it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, TaskState, Workflow
from wagtail.users.models import UserProfile

from base.pages import web_address
from base.roles import Role
from desk.approval.workflow import TASK, WORKFLOW
from mail.models import Delivery
from tests import factories
from tests.gate.test_ways_in import BAD, form_of
from tests.letters import text_of

VAGUE = "Write where the link leads"


@pytest.fixture
def story(section):
    return factories.make_story_draft(section, title="Aamuvuoro")


@pytest.fixture
def asked(workflow, story, cast):
    """Viola of Communications has asked for approval."""
    return ask(workflow, story, cast.user(Role.COMMUNICATIONS))


def ask(workflow, story, user):
    return workflow.start(story, user).current_task_state


def is_live(page):
    return Page.objects.get(pk=page.pk).live


def answer(client, state, answer="approve", **values):
    page = Page.objects.get(pk=state.workflow_state.object_id)
    return client.post(reverse("desk:review", args=[state.pk]), {"answer": answer, "version": page.latest_revision_id} | values)


def test_the_workflow_is_the_products_own(workflow):
    assert [row.name for row in Workflow.objects.all()] == [WORKFLOW]
    assert [task.name for task in workflow.tasks] == [TASK]
    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()


def test_a_second_person_approves_and_the_page_is_public(asked, colleague, cast, story):
    cast.client.force_login(colleague)
    shown = cast.client.get(reverse("desk:review", args=[asked.pk]))
    assert reverse("wagtailadmin_pages:view_draft", args=[story.pk]) in shown.content.decode()
    assert not is_live(story)
    answer(cast.client, asked)
    assert is_live(story)


@pytest.mark.parametrize(
    ("role", "may"), [(Role.COMMUNICATIONS, False), (Role.ORGANISERS, False), (None, False), (Role.COORDINATORS, True), (Role.ADMINISTRATORS, True)]
)
def test_who_may_approve_what_communications_wrote(asked, cast, story, role, may):
    client = cast.enter(role)
    shown = client.get(reverse("desk:review", args=[asked.pk]))
    assert (shown.status_code == 200) is may
    answer(client, asked)
    assert is_live(story) is may


def test_the_writer_does_not_approve_or_publish_what_waits(asked, cast, story):
    viola = cast.user(Role.COMMUNICATIONS)
    with pytest.raises(PermissionDenied):
        asked.task.specific.on_action(asked, viola, "approve")
    assert not story.specific.permissions_for_user(viola).can_publish()
    client = cast.enter(Role.COMMUNICATIONS)
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "approve", asked.pk]), {"comment": ""})
    client.post(
        reverse("wagtailadmin_pages:edit", args=[story.pk]), form_of(story) | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    )
    client.post(reverse("wagtailadmin_pages:edit", args=[story.pk]), form_of(story) | {"action-publish": "1"})
    assert not is_live(story)


def test_not_even_an_administrator_approves_their_own(workflow, cast, story):
    hanna = cast.user(Role.ADMINISTRATORS)
    hanna.is_superuser = True
    hanna.save()
    state = ask(workflow, story, hanna)
    assert answer(cast.enter(Role.ADMINISTRATORS), state).status_code == 403
    assert not is_live(story)


def test_who_wrote_the_version_does_not_approve_it_when_somebody_else_asked(workflow, cast, story, colleague):
    story.save_revision(user=colleague)
    state = ask(workflow, story, cast.user(Role.COMMUNICATIONS))
    cast.client.force_login(colleague)
    assert answer(cast.client, state).status_code == 403


def test_taken_back_it_may_be_published_by_its_writer(asked, cast, story):
    viola = cast.user(Role.COMMUNICATIONS)
    asked.workflow_state.cancel(user=viola)
    assert Page.objects.get(pk=story.pk).specific.permissions_for_user(viola).can_publish()


def test_those_who_may_approve_get_one_mail_each_in_their_language(workflow, cast, story, colleague):
    kaisa = cast.user(Role.COORDINATORS)
    UserProfile.objects.filter(user=cast.user(Role.ADMINISTRATORS)).update(submitted_notifications=False)
    state = ask(workflow, story, cast.user(Role.COMMUNICATIONS))
    mails = {mail.address: mail for mail in Delivery.objects.all()}
    assert set(mails) == {colleague.email, kaisa.email}
    assert mails[kaisa.email].subject == "Waits for your approval: Aamuvuoro"
    assert mails[colleague.email].subject == "Väntar på ditt godkännande: Aamuvuoro"
    assert reverse("desk:review", args=[state.pk]).encode() in bytes(mails[kaisa.email].mime).replace(b"=\r\n", b"").replace(b"=\n", b"")


def test_the_writer_hears_of_the_answer(asked, cast, story):
    answer(cast.enter(Role.COORDINATORS), asked, "reject", comment="Lisää luku jutun alkuun.")
    mail = Delivery.objects.get(address="viola@example.org")
    assert mail.subject == "Returned to you: Aamuvuoro"
    state = Page.objects.get(pk=story.pk).current_workflow_state
    assert state.status == state.STATUS_NEEDS_CHANGES
    state.resume(cast.user(Role.COMMUNICATIONS))
    answer(cast.client, state.current_task_state, comment="Hyvä.")
    assert is_live(story)
    mail = Delivery.objects.get(address="viola@example.org", subject="Approved: Aamuvuoro")
    assert "It is public now." in text_of(mail)
    assert web_address(story) in text_of(mail)


def test_a_page_is_returned_with_a_reason(asked, cast):
    shown = answer(cast.enter(Role.COORDINATORS), asked, "reject")
    assert "Write what should be changed." in shown.content.decode()
    assert TaskState.objects.get(pk=asked.pk).status == TaskState.STATUS_IN_PROGRESS


def test_the_approver_sees_what_the_checks_say_and_nothing_is_lost(workflow, cast, section):
    bad = factories.make_story_draft(section, body=[("paragraph", BAD)])
    state = ask(workflow, bad, cast.user(Role.COMMUNICATIONS))
    client = cast.enter(Role.COORDINATORS)
    shown = client.get(reverse("desk:review", args=[state.pk])).content.decode()
    assert VAGUE in shown
    assert 'value="approve"' not in shown
    answer(client, state)
    assert not is_live(bad)
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_IN_PROGRESS
    by_editor = client.post(
        reverse("wagtailadmin_pages:edit", args=[bad.pk]),
        form_of(bad, title="Parempi otsikko") | {"action-workflow-action": "1", "workflow-action-name": "approve"},
    )
    assert by_editor.status_code == 302
    kept = Page.objects.get(pk=bad.pk)
    assert kept.get_latest_revision_as_object().title == "Parempi otsikko"
    assert not kept.live
    assert kept.workflow_in_progress


def test_a_version_that_was_not_looked_at_is_not_approved(asked, cast, story):
    client, seen = cast.enter(Role.COORDINATORS), story.latest_revision_id
    story.title = "Toinen otsikko"
    story.save_revision()
    shown = client.post(reverse("desk:review", args=[asked.pk]), {"answer": "approve", "version": seen})
    assert "changed while you looked" in shown.content.decode()
    assert not is_live(story)


def test_who_comes_second_learns_who_answered(asked, cast, colleague):
    answer(cast.enter(Role.COORDINATORS), asked)
    cast.client.force_login(colleague)
    assert cast.client.get(reverse("desk:review", args=[asked.pk])).url == reverse("wagtailadmin_home")


def test_the_home_screen_offers_to_write_what_one_may(cast, section):
    factories.make_story(section)
    address = reverse("wagtailadmin_pages:add", args=["pages", "storypage", section.pk])
    for role, offered in ((Role.COMMUNICATIONS, True), (Role.COORDINATORS, False)):
        assert (address in cast.enter(role).get(reverse("wagtailadmin_home")).content.decode()) is offered


def test_the_rights_of_a_list_of_pages_cost_no_query_each(cast, section):
    viola = cast.user(Role.COMMUNICATIONS)

    def cost(number):
        for _ in range(number):
            factories.make_story_draft(section)
        with CaptureQueriesContext(connection) as captured:
            for page in Page.objects.child_of(section).prefetch_workflow_states().specific():
                page.permissions_for_user(viola).can_publish()
        return len(captured)

    cost(1)
    assert cost(1) == cost(10)
