"""Reports on the staff's screens: begun, written, approved, shared, scheduled; and what is answered where it was typed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from base.approved import Frozen
from base.roles import Role
from contacts.models import Outreach
from desk.reports import actions, composing, periods, public
from desk.reports.records import Recommendation, Report, ReportLink, ReportSchedule, ReportVersion
from mail.models import Delivery
from tests import factories
from tests.desk import reports_by
from themes.models import ExpectedResult, Goal


@pytest.fixture(scope="module")
def made_goal(made_home):
    return reports_by.make_goal(made_home.theme, name_fi="Yritykset tuntevat palvelut")


@pytest.fixture
def goal(db, made_goal):
    return Goal.objects.get(pk=made_goal.pk)


@pytest.fixture
def report(goal):
    return reports_by.begin(goal.theme, [goal])


@pytest.fixture
def kaisa(cast):
    return cast.user(Role.COORDINATORS)


@pytest.fixture
def staff(cast):
    return cast.enter(Role.COORDINATORS)


def said(word):
    with override("fi"):
        return gettext(word)


def place(name, *args):
    return reverse(f"reports:{name}", args=args)


def begin(staff, goal, **values):
    facts = {"kind": "steering-group", "starts": "2026-01-01", "ends": "2026-03-31", "languages": ["fi"], "goals": [goal.pk], "responsible": ""}
    return staff.post(place("new"), facts | values)


def sent(staff, report, **values):
    """What the form would send as it stands, with some of it changed."""
    context = staff.get(place("write", report.pk)).context
    found = {"seen": context["seen"]}
    for form in [context["form"], *context["sections"]]:
        for field in form:
            value = field.value()
            found[field.html_name] = "" if value is None else [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
    return found | values


def text_of(report, code="fi"):
    return f"section-{report.sections.get(key='summary').pk}-text_{code}"


# ---- beginning
def test_a_report_is_begun_with_its_parts_and_its_figures_by_reference(goal, staff):
    answer = begin(staff, goal)
    report = Report.objects.get()
    assert answer["Location"] == place("report", report.pk)
    assert [row.key for row in report.sections.all()] == ["summary", "course", "done", "missing", "next", "decisions", "results"]
    assert f"{{{goal.key}/meetings}}" in report.sections.get(key="summary").text_fi
    assert report.sections.get(key="summary").text_sv == ""


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends": "2025-12-31"}, "ends"),
        ({"starts": "x"}, "starts"),
        ({"goals": []}, "goals"),
        ({"languages": []}, "languages"),
        ({"kind": "x"}, "kind"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(goal, staff, values, field):
    answer = begin(staff, goal, **values)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Report.objects.exists()


def test_a_goal_of_another_theme_is_refused_at_the_goals(goal, cast):
    other = factories.make_goal(factories.make_theme())
    staff = cast.enter(Role.ADMINISTRATORS)
    facts = {"kind": "annual", "starts": "2026-01-01", "ends": "2026-03-31", "languages": ["fi"], "goals": [goal.pk, other.pk]}
    answer = staff.post(f"{place('new')}?theme={goal.theme_id}", facts)
    assert list(answer.context["form"].errors) == ["goals"]
    report = reports_by.begin(goal.theme, [goal])
    answer = staff.post(place("write", report.pk), sent(staff, report, goals=[other.pk]))
    assert "goals" in answer.context["form"].errors
    assert list(report.goals.all()) == [goal]


# ---- writing
def test_words_are_kept_with_their_figures(report, goal, staff):
    answer = staff.post(place("write", report.pk), sent(staff, report, **{text_of(report): f"Tavattiin {{{goal.key}/meetings/period}} kaudella."}))
    assert answer.status_code == 302
    shown = staff.get(place("report", report.pk)).content.decode()
    unit = composing.of_report(report, timezone.localdate())["figures"][0]["unit"]["fi"]
    assert re.search(rf"<p>Tavattiin <a [^>]+>3 {unit}</a> kaudella.</p>", shown)
    reports_by.meet(goal, 2, days=1)
    assert f">5 {unit}</a> kaudella" in staff.get(place("report", report.pk)).content.decode()


@pytest.mark.parametrize("reference", ["{ei-ole/meetings}", "{goal}", "{}"])
def test_a_broken_reference_is_told_at_its_text_and_loses_nothing(report, staff, reference):
    other = f"section-{report.sections.get(key='done').pk}-text_fi"
    answer = staff.post(place("write", report.pk), sent(staff, report, **{text_of(report): f"Tulos {reference}", other: "Muu teksti"}))
    assert answer.status_code == 422
    wrong = [form for form in answer.context["sections"] if form.errors]
    assert [list(form.errors) for form in wrong] == [["text_fi"]]
    assert reference in wrong[0].errors["text_fi"][0]
    assert "Muu teksti</textarea>" in answer.content.decode()
    assert reference not in report.sections.get(key="summary").text_fi


def test_a_figure_whose_package_is_gone_is_told_at_its_text(report, goal, staff):
    ExpectedResult.objects.filter(goal=goal, measure="mail_clicks").update(measure="gone_meter")
    answer = staff.post(place("write", report.pk), sent(staff, report, **{text_of(report): f"{{{goal.key}/gone_meter}}"}))
    (wrong,) = [form for form in answer.context["sections"] if form.errors]
    assert list(wrong.errors) == ["text_fi"]
    shown = staff.get(place("report", report.pk)).content.decode()
    assert said("No data: nobody counts this any more.") in shown


def test_a_period_that_ends_before_it_starts_is_told_at_its_end(report, staff):
    answer = staff.post(place("write", report.pk), sent(staff, report, starts="2026-05-02", ends="2026-05-01", **{text_of(report): "Säilyy"}))
    assert list(answer.context["form"].errors) == ["ends"]
    assert len(answer.context["form"].errors["ends"]) == 1
    assert "Säilyy</textarea>" in answer.content.decode()


def test_whoever_saves_second_is_told_what_the_first_wrote(report, staff):
    typed = sent(staff, report, **{text_of(report): "Toisen sanat"})
    staff.post(place("write", report.pk), sent(staff, report, **{text_of(report): "Ensimmäisen sanat"}))
    answer = staff.post(place("write", report.pk), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Toisen sanat</textarea>" in page
    assert '<p class="report__other">Ensimmäisen sanat</p>' in page
    assert report.sections.get(key="summary").text_fi == "Ensimmäisen sanat"
    assert staff.post(place("write", report.pk), typed | {"seen": answer.context["seen"]}).status_code == 302
    assert report.sections.get(key="summary").text_fi == "Toisen sanat"


def test_a_section_of_ones_own_comes_and_goes(report, staff):
    staff.post(
        place("write", report.pk), sent(staff, report, **{"section-new-heading_fi": "Oma", "section-new-text_fi": "Teksti", "section-new-place": 2})
    )
    own = report.sections.get(key="")
    assert (own.heading_fi, own.place) == ("Oma", 2)
    answer = staff.post(place("write", report.pk), sent(staff, report, **{"section-new-text_fi": "Ilman otsikkoa"}))
    assert [list(form.errors) for form in answer.context["sections"] if form.errors] == [["heading_fi"]]
    # Those that the product makes are not taken away.
    summary = report.sections.get(key="summary")
    staff.post(place("write", report.pk), sent(staff, report, remove=[own.pk, summary.pk]))
    assert not report.sections.filter(key="").exists()
    assert report.sections.filter(pk=summary.pk).exists()


# ---- approving
def approve(staff, report, note="Ohjausryhmä 3.2."):
    return staff.post(place("report", report.pk), {"seen": staff.get(place("report", report.pk)).context["seen"], "note": note})


def test_what_is_approved_stays_with_its_figures(report, goal, staff):
    assert approve(staff, report)["Location"] == place("version", report.pk, 1)
    reports_by.meet(goal, 5, days=1)
    report.sections.filter(key="summary").update(text_fi="Myöhempi teksti")
    version = ReportVersion.objects.get()
    assert version.frozen["figures"][0]["total"] == 4
    page = staff.get(place("version", report.pk, 1)).content.decode()
    assert "Myöhempi teksti" not in page
    assert "Kaisa Koordinaattori" in page
    assert "Ohjausryhmä 3.2." in page
    assert staff.get(place("file", report.pk), {"version": "1", "format": "html"}).content.decode().count("Myöhempi") == 0
    assert "Myöhempi teksti" in staff.get(place("report", report.pk)).content.decode()


def test_what_somebody_changed_meanwhile_is_not_approved_unseen(report, staff):
    seen = staff.get(place("report", report.pk)).context["seen"]
    report.sections.filter(key="summary").update(text_fi="Toinen ehti ensin")
    answer = staff.post(place("report", report.pk), {"seen": seen, "note": "Säilyy"})
    assert answer.status_code == 422
    assert "Säilyy</textarea>" in answer.content.decode()
    assert not ReportVersion.objects.exists()
    assert staff.post(place("report", report.pk), {"seen": answer.context["seen"], "note": ""}).status_code == 302


def test_what_lacks_is_told_before_it_is_approved(report, goal, staff):
    report.sections.filter(key="summary").update(text_fi="{poissa/meetings}")
    Report.objects.filter(pk=report.pk).update(languages=["fi", "sv"])
    reasons = approve(staff, report).context["reasons"]
    assert [bool(reason.section) for reason in reasons] == [True, True]
    report.goals.clear()
    assert any(reason.section is None for reason in approve(staff, report).context["reasons"])


def test_nothing_is_approved_twice(report, staff):
    approve(staff, report)
    assert approve(staff, report).status_code == 422
    report.sections.filter(key="summary").update(text_fi="Uusi")
    approve(staff, report)
    assert sorted(ReportVersion.objects.values_list("number", flat=True)) == [1, 2]


def test_the_product_changes_no_approved_report(report, kaisa):
    version = reports_by.approve(report, kaisa)
    rows = ReportVersion.objects.filter(pk=version.pk)
    for change in (version.save, version.delete, rows.delete, lambda: rows.update(note="x"), lambda: rows.bulk_update([version], ["note"])):
        with pytest.raises(Frozen):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        *(f"UPDATE desk_reportversion SET {change}" for change in ("note = 'x'", "frozen = '{}'", "number = 7", "approver = 'x'")),
        "DELETE FROM desk_reportversion",
    ],
)
def test_the_database_changes_no_approved_report(report, kaisa, statement):
    reports_by.approve(report, kaisa)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ReportVersion.objects.get().number == 1


def test_whoever_approved_may_leave(report, kaisa):
    reports_by.approve(report, kaisa)
    kaisa.delete()
    version = ReportVersion.objects.get()
    assert (version.approved_by, version.approver) == (None, "Kaisa Koordinaattori")


# ---- who may
@pytest.mark.parametrize(
    ("role", "reads", "writes", "approves"),
    [
        (Role.COMMUNICATIONS, 200, 302, 403),
        (Role.COORDINATORS, 200, 200, 302),
        (Role.ADMINISTRATORS, 200, 200, 302),
        (Role.ORGANISERS, 302, 302, 302),
        (Role.PROJECTS, 403, 403, 403),
    ],
)
def test_who_reads_writes_and_approves(report, cast, role, reads, writes, approves):
    client = cast.enter(role)
    for name in ("report", "file"):
        assert client.get(place(name, report.pk)).status_code == reads
    assert client.get(place("list")).status_code == reads
    for found in (place("write", report.pk), place("new"), place("schedules")):
        assert client.get(found).status_code == writes
    answer = client.get(place("report", report.pk))
    seen = answer.context["seen"] if reads == 200 else ""
    assert client.post(place("report", report.pk), {"seen": seen}).status_code == approves
    assert ReportVersion.objects.exists() == (role in (Role.COORDINATORS, Role.ADMINISTRATORS))


def test_figures_lead_to_what_they_were_counted_from(report, goal, staff):
    page = staff.get(place("report", report.pk)).content.decode()
    first = reverse("desk:goal", args=[goal.pk])
    assert f'href="{first}"' in page
    act = Outreach.objects.filter(goals=goal, touches__kind="met").first()
    second = reverse("desk:outreach", args=[act.pk])
    assert f'href="{second}"' in staff.get(first).content.decode()
    assert str(act.touches.first().person) in staff.get(second).content.decode()


def test_a_report_asks_as_much_whatever_the_number_of_its_goals(report, goal, staff):
    def asked():
        one = Report.objects.get(pk=report.pk)
        with CaptureQueriesContext(connection) as found:
            composing.of_report(one, timezone.localdate())
        return len(found)

    few = asked()
    report.goals.add(*(factories.make_goal(goal.theme, measure="meetings") for _number in range(6)))
    assert asked() == few


@pytest.mark.parametrize("query", [{"format": "odt"}, {"language": "de"}, {"version": "7"}, {"version": "x"}])
def test_a_file_that_is_not_there(report, staff, query):
    assert staff.get(place("file", report.pk), query).status_code == 404


# ---- links
def share(staff, report, **values):
    facts = {"language": "fi", "note": "Rahoittaja", "ends_on": (timezone.localdate() + timedelta(days=9)).isoformat()}
    return staff.post(place("version", report.pk, 1), facts | values)


def test_whoever_has_the_link_reads_it_without_a_login(report, staff, client_of_visitor):
    approve(staff, report)
    assert share(staff, report, language="sv").status_code == 302
    address = public.address_of(ReportLink.objects.get())
    answer = client_of_visitor.get(address)
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert '<html lang="sv"' in page
    assert "/admin/" not in page
    for form in ("pdf", "docx", "xlsx"):
        found = re.search(rf'href="(/report/as/{form}/[^"]+)"', page)[1]
        assert client_of_visitor.get(found).status_code == 200


def test_a_link_ends_and_is_revoked(report, staff, client_of_visitor):
    approve(staff, report)
    share(staff, report)
    link = ReportLink.objects.get()
    address = public.address_of(link)
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        over = client_of_visitor.get(address)
    assert over.status_code == 404
    assert client_of_visitor.get(address).status_code == 200
    staff.post(place("revoke", report.pk, link.pk))
    revoked = client_of_visitor.get(address)
    assert revoked.status_code == 404
    assert report.name_fi not in revoked.content.decode() + over.content.decode()
    assert client_of_visitor.get("/report/forged.token/").status_code == 404


@pytest.mark.parametrize("days", [-1, 400])
def test_a_day_that_a_link_cannot_have_is_told_at_it(report, staff, days):
    approve(staff, report)
    answer = share(staff, report, ends_on=(timezone.localdate() + timedelta(days=days)).isoformat())
    assert list(answer.context["form"].errors) == ["ends_on"]
    assert not ReportLink.objects.exists()


@pytest.fixture
def client_of_visitor():
    from django.test import Client

    return Client()


# ---- schedules
def test_a_schedule_begins_a_draft_once_and_tells_who_is_responsible(goal, kaisa, staff):
    with time_machine.travel("2026-02-10 12:00:00+02:00"):
        facts = {"kind": "steering-group", "pace": "quarter", "languages": ["fi", "sv"], "responsible": kaisa.pk}
        assert staff.post(place("schedules"), facts).status_code == 302
        assert ReportSchedule.objects.get().next_on == date(2026, 4, 1)
        assert actions.begin_due() == 0
        again = staff.post(place("schedules"), facts)
        assert list(again.context["form"].errors) == ["pace"]
    with time_machine.travel("2026-04-01 03:00:00+03:00"):
        assert [actions.begin_due(), actions.begin_due()] == [1, 0]
        report = Report.objects.get()
        assert (report.starts, report.ends, report.languages) == (date(2026, 1, 1), date(2026, 3, 31), ["fi", "sv"])
        assert list(report.goals.all()) == [goal]
        assert report.sections.get(key="summary").text_sv
        told = Delivery.objects.get()
        assert told.address == kaisa.email
        assert place("report", report.pk).encode() in told.mime
    with time_machine.travel("2027-01-05 03:00:00+02:00"):
        # The worker has stood still: the last period alone is begun.
        assert actions.begin_due() == 1
    assert sorted(Report.objects.values_list("starts", flat=True)) == [date(2026, 1, 1), date(2026, 10, 1)]


@pytest.mark.parametrize(
    ("pace", "day", "expected"),
    [
        ("month", date(2026, 1, 1), (date(2025, 12, 1), date(2025, 12, 31))),
        ("quarter", date(2026, 2, 28), (date(2025, 10, 1), date(2025, 12, 31))),
        ("year", date(2028, 2, 29), (date(2027, 1, 1), date(2027, 12, 31))),
    ],
)
def test_the_last_period_that_has_ended(pace, day, expected):
    assert periods.before(day, pace) == expected


@pytest.mark.parametrize("days", [0, 6, 61, 62, 400])
def test_steps_cover_the_period_without_gap_or_overlap(days):
    period = periods.Period(date(2026, 1, 15), date(2026, 1, 15) + timedelta(days=days))
    found = periods.steps(period)
    assert (found[0].starts, found[-1].ends) == period
    assert all(later.starts == earlier.ends + timedelta(days=1) for earlier, later in pairwise(found))


# ---- decisions and recommendations
def test_a_recommendation_stands_in_the_list_and_the_report_until_it_is_done(report, goal, kaisa, staff):
    facts = {"goal": goal.pk, "text": "Kohdennetaan pk-yrityksiin", "given_on": "2026-01-10", "due": "2026-02-01", "responsible": kaisa.pk}
    assert staff.post(place("decisions"), facts).status_code == 302
    for found in (place("decisions"), place("report", report.pk)):
        assert "Kohdennetaan pk-yrityksiin" in staff.get(found).content.decode()
    row = Recommendation.objects.get()
    assert staff.post(place("end", row.pk)).status_code == 302
    assert "Kohdennetaan" not in staff.get(place("decisions")).content.decode()
    assert "Kohdennetaan" in staff.get(f"{place('decisions')}?which=done").content.decode()
    row.refresh_from_db()
    assert row.done_by == kaisa


def test_a_recommendation_that_is_due_before_it_was_given(goal, staff):
    answer = staff.post(place("decisions"), {"goal": goal.pk, "text": "x", "given_on": "2026-03-10", "due": "2026-02-01"})
    assert list(answer.context["form"].errors) == ["due"]
    assert not Recommendation.objects.exists()


def test_communications_end_what_they_follow_up_and_nothing_else(goal, cast):
    viola = cast.user(Role.COMMUNICATIONS)
    mine, other = (Recommendation.objects.create(goal=goal, text="x", responsible=who) for who in (viola, None))
    client = cast.enter(Role.COMMUNICATIONS)
    assert client.post(place("end", mine.pk)).status_code == 302
    assert client.post(place("end", other.pk)).status_code == 404
    assert [Recommendation.objects.get(pk=row.pk).done_at is not None for row in (mine, other)] == [True, False]
