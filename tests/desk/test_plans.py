"""A plan's screens: the draft, approving it, versions, two side by side, PDF and Word."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from docx import Document
from pypdf import PdfReader

from base.roles import Role
from tests import factories
from tests.tagged import Tagged
from themes import measures
from themes.models import Goal, Message, Plan, PlanVersion, Practice, Proof, Responsibility


@pytest.fixture(scope="module")
def made_plan(made_home):
    goal = factories.make_goal(made_home.theme, description_fi="Ensimmäinen kappale.\n\nToinen kappale.", budget_eur=1200)
    goal.audiences.add(factories.make_target_group(made_home.theme, name_fi="Mikroyritykset", name_sv="Mikroföretag"))
    message = Message.objects.create(goal=goal, name_fi="Osaaminen tarttuu")
    Proof.objects.create(message=message, practice=Practice.objects.create(theme=made_home.theme, key="one", name_fi="Työpaja"))
    return goal.plan


@pytest.fixture
def plan(db, made_plan):
    return Plan.objects.get(pk=made_plan.pk)


@pytest.fixture
def staff(cast):
    return cast.enter(Role.COORDINATORS)


def approve(staff, plan, note="Ohjausryhmä"):
    place = reverse("desk:plan", args=[plan.pk])
    return staff.post(place, {"seen": staff.get(place).context["seen"], "note": note})


def test_a_coordinator_approves_and_the_version_stands_in_the_list(plan, staff):
    assert approve(staff, plan).status_code == 302
    shown = staff.get(reverse("desk:plan", args=[plan.pk])).content.decode()
    assert reverse("desk:plan_version", args=[plan.pk, 1]) in shown
    assert "Kaisa Koordinaattori" in shown
    version = staff.get(reverse("desk:plan_version", args=[plan.pk, 1])).content.decode()
    for words in ("Ohjausryhmä", "Mikroyritykset", "Osaaminen tarttuu", "Työpaja", "Toinen kappale."):
        assert words in version


def test_a_refusal_leads_to_the_goal_and_keeps_the_note(plan, staff):
    goal = plan.goals.get()
    goal.expected_results.update(measure="page_views")
    answer = approve(staff, plan, "Tämä on kirjoitettu")
    assert answer.status_code == 422
    assert reverse("wagtailsnippets_themes_goal:edit", args=[goal.pk]) in answer.content.decode()
    assert "Tämä on kirjoitettu</textarea>" in answer.content.decode()
    assert not PlanVersion.objects.exists()


def test_what_changed_meanwhile_is_not_approved_unseen(plan, staff):
    place = reverse("desk:plan", args=[plan.pk])
    seen = staff.get(place).context["seen"]
    plan.goals.update(name_fi="Toinen ehti ensin")
    answer = staff.post(place, {"seen": seen, "note": ""})
    assert answer.status_code == 422
    # What is looked at now may be approved.
    assert staff.post(place, {"seen": answer.context["seen"], "note": ""}).status_code == 302


@pytest.mark.parametrize(
    ("role", "reads", "approves"),
    [(Role.COMMUNICATIONS, 200, 403), (Role.ADMINISTRATORS, 200, 302), (Role.ORGANISERS, 302, 302), (Role.PROJECTS, 403, 403)],
)
def test_who_reads_and_who_approves(plan, cast, role, reads, approves):
    client = cast.enter(role)
    place = reverse("desk:plan", args=[plan.pk])
    answer = client.get(place)
    assert answer.status_code == reads
    seen = answer.context["seen"] if reads == 200 else ""
    assert client.post(place, {"seen": seen}).status_code == approves
    assert PlanVersion.objects.exists() == (role == Role.ADMINISTRATORS)
    for name in ("plan_compare", "plan_print"):
        assert client.get(reverse(f"desk:{name}", args=[plan.pk])).status_code == reads


def test_two_versions_side_by_side(plan, staff):
    approve(staff, plan)
    goal = plan.goals.get()
    goal.expected_results.update(target=12)
    goal.audiences.clear()
    Responsibility.objects.create(goal=goal, role_fi="Viestintä")
    approve(staff, plan)
    place = reverse("desk:plan_compare", args=[plan.pk])
    answer = staff.get(place, {"old": "1", "new": "2"})
    (section,) = answer.context["sections"]
    assert {(str(change.how), change.old, change.new) for change in section.changes if "10" in change.old or not (change.old and change.new)} == {
        ("changed", f"10 {unit()}", f"12 {unit()}"),
        ("removed", "Mikroyritykset", ""),
        ("added", "", "Viestintä"),
    }
    # Each change says in a word what happened, beside both states.
    text = answer.content.decode()
    assert text.count('class="plan__how"') == len(section.changes) == text.count("plan__change plan__change--")
    assert staff.get(place).context["sections"] == []
    back = staff.get(place, {"old": "2", "new": "1"}).context["sections"][0]
    assert {str(change.how) for change in back.changes} == {"added", "removed", "changed"}


def unit():
    return str(measures.get("mail_clicks").unit)


@pytest.mark.parametrize("which", ["7", "x", "-1"])
def test_a_version_that_is_not_there(plan, staff, which):
    assert staff.get(reverse("desk:plan_compare", args=[plan.pk]), {"old": which}).status_code == 404
    assert staff.get(reverse("desk:plan_print", args=[plan.pk]), {"version": which}).status_code == 404


def test_the_list_of_plans_leads_there(plan, staff):
    listing = staff.get(reverse("wagtailsnippets_themes_plan:list")).content.decode()
    assert reverse("desk:plan", args=[plan.pk]) in listing


def test_the_screen_asks_no_more_for_many_goals(plan, staff):
    def queries():
        staff.get(reverse("desk:plan", args=[plan.pk]))
        with CaptureQueriesContext(connection) as found:
            assert staff.get(reverse("desk:plan", args=[plan.pk])).status_code == 200
        return len(found)

    approve(staff, plan)
    few = queries()
    for _number in range(5):
        goal = factories.make_goal(plan.theme)
        Responsibility.objects.create(goal=goal, role_fi="Viestintä")
        Message.objects.create(goal=goal, name_fi="Viesti")
    assert queries() == few


def printed(staff, plan, form="pdf", **query):
    answer = staff.get(reverse("desk:plan_print", args=[plan.pk]), query | {"format": form})
    assert answer.status_code == 200
    return answer.content


def read(content):
    return PdfReader(BytesIO(content)).pages[0].extract_text()


def unbroken(texts):
    """Without hyphens: those that the typesetter puts at the ends of lines stand in its text too."""
    return [text.replace("-", "").replace("\xad", "") for text in texts]


LANGUAGES = pytest.mark.parametrize("language", ["fi", "sv", "en"])


@LANGUAGES
def test_a_printed_plan_is_tagged_and_speaks_its_language(plan, staff, language):
    approve(staff, plan)
    Goal.objects.filter(plan=plan).update(name_sv="Mål på svenska", name_en="Goal in English")
    pdf = Tagged(printed(staff, plan, language=language))
    assert (pdf.language, pdf.is_marked, pdf.part, pdf.title) == (language, True, "1", plan.name_fi)
    assert [tag.name for tag in pdf.named(r"H\d")] == ["H1", "H2", "H3", "H4", "H4"]
    assert len(pdf.named("TH")) == 8
    assert all(tag.alt for tag in pdf.named("Figure"))
    goal, text = plan.goals.get(), pdf.text()
    with translation.override(language):
        measured = str(measures.get("mail_clicks").label)
    audience = "Mikroföretag" if language == "sv" else "Mikroyritykset"
    # As it is read out.
    places = [text.index(words) for words in (getattr(goal, f"name_{language}"), audience, "Osaaminen tarttuu", "Työpaja", measured)]
    assert places == sorted(places)


@LANGUAGES
@pytest.mark.parametrize("which", ["draft", "1"])
def test_a_plan_of_word_has_the_same_headings_and_words(plan, staff, language, which):
    approve(staff, plan)
    made = Document(BytesIO(printed(staff, plan, "docx", language=language, version=which)))
    headings = [(int(row.style.name[-1]), row.text) for row in made.paragraphs if row.style.name.startswith("Heading")]
    pdf = Tagged(printed(staff, plan, language=language, version=which))
    assert headings == [(int(tag.name[1]), tag.words().strip()) for tag in pdf.named(r"H\d")]
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert unbroken(cells) == unbroken(tag.words().strip() for tag in pdf.all() if tag.name in ("TH", "TD"))
    assert ("Kaisa Koordinaattori" in "\n".join(row.text for row in made.paragraphs)) == (which == "1")


def test_what_is_for_word_is_saved_and_what_is_pdf_is_shown(plan, staff):
    answers = [staff.get(reverse("desk:plan_print", args=[plan.pk]), {"format": form}) for form in ("docx", "pdf")]
    assert [answer["Content-Disposition"].split(";")[0] for answer in answers] == ["attachment", "inline"]
    assert answers[0]["Content-Type"].endswith("wordprocessingml.document")
    assert staff.get(reverse("desk:plan_print", args=[plan.pk]), {"format": "odt"}).status_code == 404


def test_a_version_is_printed_as_it_was_approved(plan, staff):
    approve(staff, plan)
    before = plan.goals.get().name_fi
    plan.goals.update(name_fi="Myöhempi nimi")
    version, draft = (read(printed(staff, plan, version=which)) for which in ("1", "draft"))
    assert before in version
    assert "Kaisa Koordinaattori" in version
    assert "Myöhempi nimi" not in version
    assert "Myöhempi nimi" in draft
    assert "Kaisa Koordinaattori" not in draft


def test_signs_of_the_typesetter_are_words(plan, staff):
    words = "#panic() $x$ *ei* _ei_ @viite <tunnus> \\ // `koodi`"
    plan.goals.update(name_fi=words)
    assert words.replace(" ", "") in read(printed(staff, plan)).replace(" ", "").replace("\n", "")


def test_a_language_that_is_not_ours_is_not_printed(plan, staff):
    assert staff.get(reverse("desk:plan_print", args=[plan.pk]), {"language": "de"}).status_code == 404
