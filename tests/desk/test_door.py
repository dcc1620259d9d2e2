"""The door for project staff: what they send in, whose turn it is, and that nothing else is open to them."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from base.models import User
from base.roles import Role
from desk.door import actions
from desk.models import ProjectStaff, Submission
from mail.models import Delivery
from pages.models import PracticePage, ResultPage
from tests import factories
from tests.gate.files import make_document
from themes.models import Project

RESULT = {
    "language": "fi",
    "title": "Keskeytykset vähenivät",
    "lead": "Lyhyet palaverit vähensivät keskeytyksiä.",
    "finding": "Keskeytyksiä oli aiempaa vähemmän.\n\nErityisesti aamuisin.",
    "evidence": "Kirjauksiin osallistui 84 työntekijää.",
    "body": "Lisää tekstiä.",
}
PRACTICE = {"language": "fi", "title": "Aamun kysymys", "lead": "Yksi kysymys aamussa.", "problem": "Tieto katoaa.", "how_it_works": "Kysytään."} | {
    "who_has_used": "Kuusi työpaikkaa.",
    "how_to_start": "Kokeilkaa.",
}
EVENT = {"language": "fi", "title": "Työpaja", "lead": "Tule mukaan.", "starts_at": "14.12.2026 13.00", "ends_at": "14.12.2026 15.00"} | {
    "mode": "in_person",
    "place": "Tampere",
    "capacity": "20",
}


def make_project(theme, number=1):
    facts = {"starts": "2024-01-01", "ends": "2026-12-31", "total_cost_eur": 100_000, "cofinancing_rate": 70}
    return Project.objects.create(theme=theme, key=f"hanke-{number}", code=f"S{number}", name_fi=f"Hanke {number}", **facts)


@pytest.fixture(scope="module")
def made(shared_db):
    home = factories.make_home(factories.make_theme())
    factories.make_goal(home.theme)
    factories.make_section(home, title="Tulokset")
    factories.make_events_page(home)
    return home


@pytest.fixture
def home(db, made):
    return deepcopy(made)


@pytest.fixture
def project(home):
    return make_project(home.theme)


@pytest.fixture
def door(cast, project):
    """The client of somebody who works in the project."""
    ProjectStaff.objects.create(user=cast.user(Role.PROJECTS), project=project)
    cast.user(Role.COMMUNICATIONS)
    return cast.enter(Role.PROJECTS)


def submit(client, project, kind="result", **values):
    words = {"result": RESULT, "practice": PRACTICE, "event": EVENT}[kind]
    return client.post(reverse("door:submit", args=[kind]), words | {"project": project.pk} | values)


def mails_to(user):
    return list(Delivery.objects.filter(address=user.email).order_by("pk").values_list("subject", flat=True))


def test_a_result_becomes_a_draft_with_owner_and_project(door, cast, project):
    assert submit(door, project).status_code == 302
    submission = Submission.objects.get()
    page = ResultPage.objects.get(pk=submission.page_id)
    assert (page.live, page.owner, page.project, page.slug) == (False, cast.user(Role.PROJECTS), project, "keskeytykset-vahenivat")
    assert page.get_parent().title == "Tulokset"
    assert page.get_latest_revision_as_object().finding == RESULT["finding"]
    assert (submission.state, submission.project) == (Submission.State.WAITING, project)


def test_a_practice_gets_its_identity_and_an_event_its_time(door, project):
    submit(door, project, "practice")
    submit(door, project, "practice")
    practices = PracticePage.objects.order_by("pk")
    assert [page.practice.project for page in practices] == [project, project]
    assert practices[0].practice.key != practices[1].practice.key
    assert practices[0].problem == "<p>Tieto katoaa.</p>"
    submit(door, project, "event")
    event = Submission.objects.filter(kind="event").get().page.specific
    assert (event.place, event.capacity, event.live) == ("Tampere", 20, False)
    assert event.starts_at.isoformat() == "2026-12-14T11:00:00+00:00"


def test_it_stands_with_the_newest_of_its_kind(door, home, project):
    other = factories.make_section(home, title="Hankkeiden tulokset")
    factories.publish(ResultPage(title="Vanha", slug="vanha", lead="Ingressi", finding="Löydös", evidence="Näyttö"), other)
    submit(door, project)
    assert Submission.objects.get().page.get_parent().pk == other.pk


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("result", {"title": ""}),
        ("result", {"title": "X" * 200}),
        ("event", {"ends_at": "14.12.2026 9.00"}),
        ("event", {"starts_at": "huomenna"}),
        ("event", {"place": ""}),
        ("event", {"capacity": "-4"}),
        ("event", {"online_link": "javascript:alert(1)"}),
        ("result", {"language": "sv"}),
    ],
)
def test_bad_input_keeps_what_was_typed(door, project, kind, values):
    answer = submit(door, project, kind, **values)
    assert answer.status_code == 200
    text = answer.content.decode()
    words = RESULT if kind == "result" else EVENT
    assert words["lead"] in text
    assert not Submission.objects.exists()
    assert not Page.objects.filter(owner__username="helmi").exists()


def test_what_is_pasted_is_text(door, project):
    submit(door, project, "practice", problem="<script>alert(1)</script>", title="<b>Otsikko</b>")
    page = PracticePage.objects.get()
    assert "<script>" not in page.problem
    assert page.slug


def test_each_turn_is_told_by_mail_in_the_submitters_language(door, cast, project):
    from wagtail.users.models import UserProfile

    helmi, viola = cast.user(Role.PROJECTS), cast.user(Role.COMMUNICATIONS)
    UserProfile.objects.update_or_create(user=helmi, defaults={"preferred_language": "en"})
    submit(door, project)
    submission = Submission.objects.get()
    assert mails_to(helmi) == ["We got “Keskeytykset vähenivät”"]
    assert len(mails_to(viola)) == 1
    cast.enter(Role.COMMUNICATIONS).post(reverse("door:return", args=[submission.pk]), {"comment": "Montako viikkoa?"})
    submission.refresh_from_db()
    assert (submission.state, submission.comment) == (Submission.State.RETURNED, "Montako viikkoa?")
    assert mails_to(helmi)[-1] == "Please add to “Keskeytykset vähenivät”"
    client = cast.enter(Role.PROJECTS)
    assert "Montako viikkoa?" in client.get(reverse("door:edit", args=[submission.pk])).content.decode()
    assert "Montako viikkoa?" in client.get(reverse("wagtailadmin_home")).content.decode()
    values = {name: RESULT[name] for name in ("title", "lead", "finding", "body")} | {"evidence": "Kahdeksan viikkoa."}
    client.post(reverse("door:edit", args=[submission.pk]), values)
    submission.refresh_from_db()
    assert submission.state == Submission.State.WAITING
    draft = submission.page.specific.get_latest_revision_as_object()
    assert draft.evidence == "Kahdeksan viikkoa."
    assert len(mails_to(viola)) == 2
    draft.goals = [project.theme.goals.get()]
    draft.save_revision(user=viola).publish()
    submission.refresh_from_db()
    assert submission.state == Submission.State.PUBLISHED
    assert mails_to(helmi)[-1] == "“Keskeytykset vähenivät” is published"
    last = Delivery.objects.filter(address=helmi.email).latest("pk")
    assert submission.page.url in bytes(last.mime).decode().replace("=\r\n", "").replace("=3D", "=")
    draft.save_revision(user=viola).publish()
    assert mails_to(helmi).count("“Keskeytykset vähenivät” is published") == 1


def test_what_the_communicators_wrote_meanwhile_stays(door, cast, project):
    submit(door, project)
    submission = Submission.objects.get()
    draft = actions.newest(submission)
    draft.lead = "Viestinnän uusi ingressi."
    draft.save_revision()
    actions.return_submission(submission=submission, comment="Montako?", by=cast.user(Role.COMMUNICATIONS))
    shown = cast.enter(Role.PROJECTS).get(reverse("door:edit", args=[submission.pk])).context["form"]
    values = {name: shown[name].value() for name in shown.fields} | {"evidence": "84 ihmistä."}
    cast.client.post(reverse("door:edit", args=[submission.pk]), values)
    newest = actions.newest(submission)
    assert (newest.lead, newest.evidence) == ("Viestinnän uusi ingressi.", "84 ihmistä.")


def test_a_turn_is_taken_once(door, cast, project):
    submit(door, project)
    submission, by = Submission.objects.get(), cast.user(Role.COMMUNICATIONS)
    assert actions.return_submission(submission=submission, comment="Yksi", by=by)
    assert not actions.return_submission(submission=submission, comment="Kaksi", by=by)
    assert not cast.enter(Role.COMMUNICATIONS).post(reverse("door:return", args=[submission.pk]), {"comment": " "}).context["form"].is_valid()


def test_another_projects_submissions_are_closed(door, cast, project, home):
    other = make_project(home.theme, 2)
    stranger = User.objects.create_user("vieras", email="vieras@example.org")
    ProjectStaff.objects.create(user=stranger, project=other)
    assert submit(door, other).status_code == 200
    assert not Submission.objects.exists()
    submit(door, project)
    submission = Submission.objects.get()
    actions.return_submission(submission=submission, comment="Lisää", by=cast.user(Role.COMMUNICATIONS))
    stranger.groups.set(cast.user(Role.PROJECTS).groups.all())
    door.force_login(stranger)
    assert door.get(reverse("door:edit", args=[submission.pk])).status_code == 404
    assert submission.title not in door.get(reverse("wagtailadmin_home")).content.decode()


def test_who_has_left_the_project_submits_no_more(door, project):
    ProjectStaff.objects.all().delete()
    assert door.get(reverse("door:submit", args=["result"])).status_code in {302, 403}
    assert submit(door, project).status_code in {302, 403}
    assert not Submission.objects.exists()


CLOSED = {
    "explorer": "/admin/pages/",
    "page's editor": "/admin/pages/{page}/edit/",
    "one's own draft in the editor": "/admin/pages/{own}/edit/",
    "history": "/admin/pages/{own}/history/",
    "preview of a draft": "/admin/pages/{page}/view_draft/",
    "revisions": "/admin/pages/{own}/revisions/1/view/",
    "bulk delete": "/admin/bulk/wagtailcore/page/delete/?id={page}",
    "bulk publish": "/admin/bulk/wagtailcore/page/publish/?id={own}",
    "search": "/admin/pages/search/?q=a",
    "chooser of pages": "/admin/choose-page/",
    "API of pages": "/admin/api/main/pages/",
    "API of a page": "/admin/api/main/pages/{page}/",
    "API of images": "/admin/api/main/images/",
    "images": "/admin/images/",
    "an image": "/admin/images/{image}/",
    "chooser of images": "/admin/images/chooser/",
    "documents": "/admin/documents/",
    "a document": "/admin/documents/edit/{document}/",
    "chooser of documents": "/admin/documents/chooser/",
    "people": "/admin/snippets/contacts/person/",
    "chooser of people": "/admin/snippets/choose/contacts/person/",
    "registrations": "/admin/snippets/events/registration/",
    "subscriptions": "/admin/snippets/newsletters/subscription/",
    "project staff": "/admin/snippets/desk/projectstaff/",
    "goals": "/admin/desk/goals/",
    "queue": "/admin/door/queue/",
    "return": "/admin/door/queue/{submission}/return/",
    "site history": "/admin/reports/site-history/",
    "aging pages": "/admin/reports/aging-pages/",
    "languages": "/admin/languages/",
    "start of a translation": "/admin/languages/start/?pages={page}&languages=sv",
    "localize's submit": "/admin/localize/submit/page/{own}/",
    "localize's report": "/admin/localize/reports/translations/",
    "publication checks": "/admin/gate/",
    "checks of a page": "/admin/gate/{page}/",
    "users": "/admin/users/",
    "sites": "/admin/sites/",
    "redirects": "/admin/redirects/",
    "workflows": "/admin/workflows/list/",
}


@pytest.fixture
def places(door, home, project):
    submit(door, project)
    submission = Submission.objects.get()
    image = get_image_model().objects.create(title="Kuva", file=get_test_image_file())
    document = make_document("pdf", "Liite")
    return {
        "page": factories.make_story_draft(factories.make_section(home)).pk,
        "own": submission.page_id,
        "image": image.pk,
        "document": document.pk,
        "submission": submission.pk,
    }


def test_nothing_else_of_the_admin_is_open(door, places):
    home = reverse("wagtailadmin_home")
    found = {}
    for name, address in CLOSED.items():
        for ask in (door.get, door.post):
            answer = ask(address.format(**places))
            found[name, ask.__name__] = answer.status_code if answer.status_code != 302 else answer.url
    # Wagtail answers a refusal by leading home; the queue takes no POST from anybody.
    assert {name: answer for name, answer in found.items() if answer not in {403, 404, 405, home}} == {}
    assert Page.objects.filter(pk__in=[places["page"], places["own"]]).count() == 2


def test_the_home_is_short(door, places):
    text = door.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("door:submit", args=["event"]) in text
    assert RESULT["title"] in text
    for address in ("/admin/pages/", "/admin/reports/", "/admin/images/"):
        assert f'href="{address}"' not in text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.COMMUNICATIONS, 200), (Role.ADMINISTRATORS, 200), (Role.COORDINATORS, 302), (Role.ORGANISERS, 302), (None, 302)]
)
def test_who_works_on_the_queue(cast, home, role, status):
    assert cast.enter(role).get(reverse("door:queue")).status_code == status


def test_the_communicators_home_shows_what_waits(door, cast, project):
    submit(door, project)
    text = cast.enter(Role.COMMUNICATIONS).get(reverse("wagtailadmin_home")).content.decode()
    assert RESULT["title"] in text
    assert RESULT["title"] in cast.client.get(reverse("door:queue")).content.decode()
    Submission.objects.get().page.delete()
    assert RESULT["title"] not in cast.client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Poistettu" in cast.enter(Role.PROJECTS).get(reverse("wagtailadmin_home")).content.decode()
