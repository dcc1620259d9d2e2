"""A deleted page can be brought back, with all that it had, for thirty days; nothing of it is seen meanwhile."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from base.models import TrashedPage, User
from base.roles import Role
from base.trash import actions
from contacts import people
from events import actions as events
from events.models import Registration
from pages.models import StoryPage
from tests import factories


def rows():
    return list(TrashedPage.objects.order_by("pk"))


def test_a_page_goes_to_the_trash_and_comes_back_with_what_it_had(cast, section):
    user, client = cast.user(Role.COMMUNICATIONS), cast.enter(Role.COMMUNICATIONS)
    story = factories.make_story(section, title="Vartti", slug="vartti")
    goals, address = set(story.goals.all()), story.url
    asked = client.get(reverse("wagtailadmin_pages:delete", args=[story.pk])).content.decode()
    assert "30 päivän ajan" in asked
    client.post(reverse("wagtailadmin_pages:delete", args=[story.pk]))
    (row,) = rows()
    assert (row.page_id, row.by, row.parent_id, row.slug) == (story.pk, user, section.pk, "vartti")
    assert client.get(address).status_code == 404
    # It is nowhere in the admin but in the trash.
    superuser = User.objects.create_superuser("root", "root@example.org", "x")
    client.force_login(superuser)
    for seen in (
        reverse("wagtailadmin_explore", args=[section.pk]),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_pages:search") + "?q=Vartti",
        reverse("wagtailadmin_choose_page_search") + "?q=Vartti",
    ):
        answer = client.get(seen).content.decode()
        assert f"/pages/{story.pk}/" not in answer, seen
        assert f'"id": {story.pk}' not in answer, seen
    client = cast.enter(Role.COMMUNICATIONS)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).status_code == 302
    assert "Vartti" in client.get(reverse("trash:list")).content.decode()
    # The slug is free for another.
    other = factories.make_story_draft(section, slug="vartti")
    back = reverse("trash:back", args=[row.pk])
    assert client.get(back).status_code == 200
    client.post(back, {"place": section.pk})
    story = StoryPage.objects.get(pk=story.pk)
    assert (story.get_parent().pk, story.slug, story.live) == (section.pk, "vartti-2", False)
    assert set(story.goals.all()) == goals
    assert other.slug == "vartti"
    assert not rows()
    story.get_latest_revision().publish()
    assert client.get(story.url).status_code == 200
    assert {"kantama.trash.put", "kantama.trash.back"} <= set(PageLogEntry.objects.filter(page=story.pk).values_list("action", flat=True))
    assert not ModelLogEntry.objects.filter(action="wagtail.delete").exists()


def test_many_at_once_with_those_below_and_another_place(cast, section):
    home = section.get_parent().specific
    story = factories.make_story(section)
    client = cast.enter(Role.ADMINISTRATORS)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={section.pk}&next=/admin/"
    assert client.get(address).status_code == 200
    client.post(address)
    (row,) = rows()
    assert row.pages == 2
    assert not Page.objects.get(pk=story.pk).live
    assert Page.objects.get(pk=story.pk).is_descendant_of(Page.objects.get(pk=section.pk))
    # Its place goes too: another is asked for, where a page of its kind may be.
    other = factories.make_section(home)
    TrashedPage.objects.update(parent=None)
    back = reverse("trash:back", args=[row.pk])
    assert "Valitse toinen paikka" in client.post(back, {}).content.decode()
    assert "Valitse toinen paikka" in client.post(back, {"place": other.pk}).content.decode()
    assert rows()
    client.post(back, {"place": home.pk})
    assert Page.objects.get(pk=section.pk).is_child_of(Page.objects.get(pk=home.pk))
    assert Page.find_problems() == ([], [], [], [], [])


def test_who_may_see_the_trash(cast, section):
    story = factories.make_story_draft(section)
    actions.put(story, by=cast.user(Role.ORGANISERS))
    (row,) = rows()
    for role, allowed in ((Role.COMMUNICATIONS, True), (Role.ORGANISERS, True), (Role.PROJECTS, False), (None, False)):
        client = cast.enter(role)
        assert (client.get(reverse("trash:list")).status_code == 200) is allowed, role
        if not allowed:
            assert client.post(reverse("trash:back", args=[row.pk])).status_code != 200
            assert client.post(reverse("trash:delete", args=[row.pk])).status_code != 200
    assert rows()


def test_it_goes_for_good_after_its_days(cast, section):
    old, new = factories.make_story_draft(section), factories.make_story_draft(section)
    for page in (old, new):
        DeletePageAction(page, user=cast.user(Role.COMMUNICATIONS)).execute()
    TrashedPage.objects.filter(page=old).update(trashed_at=timezone.now() - timedelta(days=31))
    assert actions.empty() == 1
    assert not Page.objects.filter(pk=old.pk).exists()
    client = cast.enter(Role.COMMUNICATIONS)
    client.post(reverse("trash:delete", args=[rows()[0].pk]))
    assert not Page.objects.filter(pk=new.pk).exists()


def test_nothing_planned_goes_out_of_the_trash(cast, section):
    from base.scheduled import publish_due

    story = factories.make_story_draft(section)
    story.go_live_at = timezone.now() + timedelta(hours=1)
    revision = story.save_revision(approved_go_live_at=story.go_live_at)
    actions.put(story, by=cast.user(Role.COMMUNICATIONS))
    type(revision).objects.filter(pk=revision.pk, approved_go_live_at__isnull=False).update(approved_go_live_at=timezone.now())
    publish_due()
    assert not Page.objects.get(pk=story.pk).live


def test_registrations_stay_and_the_screen_says_so(cast, section):
    event_page = factories.make_event_page(factories.make_events_page(section.get_parent().specific))
    events.ask_registration(event=event_page.event, email="aino@example.org", first_name="Aino", last_name="Esimerkki", language="fi")
    client = cast.enter(Role.COMMUNICATIONS)
    asked = client.get(reverse("wagtailadmin_pages:delete", args=[event_page.pk])).content.decode()
    assert "1 henkilö on ilmoittautunut" in asked
    client.post(reverse("wagtailadmin_pages:delete", args=[event_page.pk]))
    registration = Registration.objects.get()
    people.erase_person(registration.person)
    assert not Registration.objects.exists()
