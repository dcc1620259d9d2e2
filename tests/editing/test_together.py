"""Two people at one page: each hears of the other, what both wrote is in the history, and comments reach whoever they concern."""

from __future__ import annotations

from django.urls import reverse
from wagtail.models import Comment, PageSubscription

from base.roles import Role
from mail.models import Delivery
from pages.models import StoryPage
from tests import factories
from tests.gate.test_ways_in import form_of
from tests.letters import text_of

AUTOSAVE = {"accept": "application/json"}


def test_whoever_saves_over_a_newer_version_is_told(cast, section, colleague):
    story = factories.make_story_draft(section, title="Vartti")
    edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
    client = cast.enter(Role.COMMUNICATIONS)

    def opened():
        page = client.get(edit).context
        return {"loaded_revision_id": page["page"].latest_revision_id, "loaded_revision_created_at": page["loaded_revision_created_at"]}

    first = opened()
    client.force_login(colleague)
    second = opened()
    # The first saves by itself; the second's next autosave is refused, and the editor names the first.
    client = cast.enter(Role.COMMUNICATIONS)
    assert client.post(edit, form_of(story, title="Violan otsikko") | first, headers=AUTOSAVE).json()["success"]
    client.force_login(colleague)
    refused = client.post(edit, form_of(story, title="Petras rubrik") | second, headers=AUTOSAVE)
    assert refused.status_code == 400
    assert refused.json()["error_message"] == "Om du sparar skrivs en nyare version över."
    session = client.get(edit).context["editing_sessions"].current_session
    ping = reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", story.pk, session.pk])
    asked = {"revision_id": second["loaded_revision_id"], "revision_created_at": second["loaded_revision_created_at"]}
    assert "Viola Viestijä har sparat en ny version" in client.post(ping, asked).json()["html"]
    # Published all the same, which the checks refuse: told whose version that was, and where it is. So is the first, of this one.
    publish = {"action-publish": "1"}
    told = client.post(edit, form_of(story, title="Petras rubrik") | second | publish, follow=True).content.decode()
    assert "Viola Viestijä sparade en nyare version av ”Petras rubrik” medan du redigerade sidan." in told
    viola, petra = (story.revisions.get(user=user) for user in (cast.user(Role.COMMUNICATIONS), colleague))
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[story.pk, viola.pk, petra.pk])
    assert compare in told
    assert "Violan otsikko" in client.get(compare).content.decode()
    client = cast.enter(Role.COMMUNICATIONS)
    told = client.post(edit, form_of(story, title="Violan otsikko") | first, follow=True).content.decode()
    assert "Petra Parivaljakko tallensi sivusta ”Violan otsikko” uudemman version, kun muokkasit sivua." in told
    told = client.post(edit, form_of(story, title="Toinen ikkuna") | first, follow=True).content.decode()
    assert "Tallensit sivusta ”Toinen ikkuna” uudemman version toisessa ikkunassa." in told
    # Alone again, nothing is said.
    for strange in (opened(), {"loaded_revision_created_at": "2026-99-99T00:00"}, {}):
        answer = client.post(edit, form_of(story) | strange, follow=True)
        assert "uudemman version" not in answer.content.decode()


def comment(text, *, replies=(), pk=""):
    empty = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""}
    forms = {"replies": empty | {"TOTAL_FORMS": len(replies)} | {str(number): {"text": reply} for number, reply in enumerate(replies)}}
    return empty | {"TOTAL_FORMS": 1, "INITIAL_FORMS": int(bool(pk)), "0": forms | {"id": pk, "text": text, "contentpath": "lead", "position": ""}}


def test_a_comment_reaches_the_writer_and_an_answer_the_commenter(cast, section, colleague):
    client = cast.client
    client.force_login(colleague)
    add = reverse("wagtailadmin_pages:add", args=["pages", "storypage", section.pk])
    assert client.get(add).context["form"].initial["comment_notifications"]
    draft = factories.make_story_draft(section)
    client.post(add, form_of(draft, title="Petras berättelse", slug="petras") | {"comment_notifications": "on"})
    story = StoryPage.objects.get(slug="petras")
    edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
    cast.enter(Role.COMMUNICATIONS).post(edit, form_of(story, comments=comment("Mistä luku on?")))
    (told,) = Delivery.objects.all()
    assert (told.address, told.subject) == (colleague.email, "Kommentarer till sidan: Petras berättelse")
    assert "Viola Viestijä kommenterade: ”Mistä luku on?”" in text_of(told)
    assert edit in text_of(told)
    asked = Comment.objects.get()
    client.force_login(colleague)
    client.post(edit, form_of(story, comments=comment(asked.text, pk=asked.pk, replies=["Från rapporten."])))
    answered = Delivery.objects.exclude(pk=told.pk).get()
    assert answered.address == cast.user(Role.COMMUNICATIONS).email
    assert answered.subject == "Kommentteja sivuun: Petras berättelse"
    assert "Petra Parivaljakko vastasi kommenttiin ”Mistä luku on?”: ”Från rapporten.”" in " ".join(text_of(answered).split())
    # Those of projects have a door of their own.
    assert cast.enter(Role.PROJECTS).post(edit, form_of(story, comments=comment("Ohi"))).status_code != 200
    assert Comment.objects.count() == 1
    assert not PageSubscription.objects.filter(user=cast.user(Role.PROJECTS)).exists()
