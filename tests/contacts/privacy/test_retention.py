"""Who is not needed any more is erased; a dry run says who, and changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from base.roles import Role
from contacts import notes, outreach, people, purposes, showing
from contacts.models import HeldFor, Keep, Membership, Network, Outreach, Person, ProjectParty
from contacts.privacy import retention
from tests import factories

LONG_AGO = timezone.now() - timedelta(days=800)


@pytest.fixture
def theme(db):
    return factories.make_theme()


def make(theme):
    """Everybody was obtained long ago; only the first has nothing that goes on or is new."""
    people = [factories.make_person(theme, obtained_at=LONG_AGO) for _ in range(6)]
    unused, member, agreed, party, noted, met = people
    Membership.objects.create(network=Network.objects.create(theme=theme, name_fi="Verkosto"), person=member)
    showing.allow_showing(agreed, how="test")
    ProjectParty.objects.create(project=factories.make_project(theme), person=party)
    notes.add_note(noted, "Soitettiin", by=None)
    outreach.log_meeting(theme=theme, kind=Outreach.Kind.MEETING, title="Tapaaminen", goals=[factories.make_goal(theme)], people=[met])
    factories.make_person(theme)
    outreach.log_meeting(
        theme=theme, kind=Outreach.Kind.MEETING, title="Vanha", goals=[theme.goals.get()], people=[unused], at=LONG_AGO + timedelta(days=5)
    )
    return unused


def told(*options):
    out = StringIO()
    call_command("forget_contacts", "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_a_dry_run_says_who_and_the_run_erases_them(theme):
    unused = make(theme)
    assert told("--months", "24", "--dry-run") == {"would_be_erased": [{"id": unused.pk, "name": str(unused)}]}
    assert Person.objects.count() == 7
    assert told("--months", "24") == {"erased": 1}
    assert not Person.objects.filter(pk=unused.pk).exists()
    assert Person.objects.count() == 6
    entry = ModelLogEntry.objects.get(action="contacts.forgotten")
    assert entry.data == {"unused_months": 24}
    assert str(unused) not in entry.label


def test_nobody_is_erased_before_the_time(theme):
    make(theme)
    assert told("--months", "36") == {"erased": 0}


def test_no_time_at_all_is_refused(theme):
    with pytest.raises(CommandError, match="from 1"):
        call_command("forget_contacts", "--months", "0")


# ---- by the purposes, nightly
SCREEN = "/admin/contacts/retention/"


def limited(theme, months=24, key=purposes.COOPERATION):
    purpose = purposes.usual(theme, key)
    purpose.months = months
    purpose.save()
    return purpose


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def test_nothing_ends_by_itself_before_a_purpose_has_months(theme):
    make(theme)
    assert retention.run(theme) == (0, 0)
    assert not HeldFor.objects.exclude(ends_on=None).exists()


def test_what_is_due_is_announced_first_and_then_ends_and_the_log_has_numbers_alone(theme):
    unused = make(theme)
    limited(theme)
    assert retention.run(theme) == (0, 0)
    (row,) = retention.ending(theme)
    assert (row.person, row.ends_on) == (unused, timezone.localdate() + retention.NOTICE)
    with later(13):
        assert retention.run(theme) == (0, 0)
    with later(14):
        assert retention.run(theme) == (1, 0)
        assert retention.run(theme) == (0, 0)
    assert not Person.objects.filter(pk=unused.pk).exists()
    assert Person.objects.count() == 6
    entry = ModelLogEntry.objects.get(action="contacts.forgotten")
    assert "Henkilö" not in entry.label
    assert [(row["forgotten"], row["ended"]) for row in retention.done_by_day(theme.pk)] == [(1, 0)]


def test_whatever_happens_meanwhile_puts_it_off(theme):
    unused = make(theme)
    limited(theme)
    retention.run(theme)
    notes.add_note(unused, "Soitti", by=None)
    with later(15):
        assert retention.run(theme) == (0, 0)
    assert HeldFor.objects.get(person=unused).ends_on == timezone.localdate() + relativedelta(months=24)


def test_other_months_find_the_day_anew(theme):
    unused = make(theme)
    purpose = limited(theme, months=60)
    retention.run(theme)
    assert not retention.ending(theme).exists()
    purpose.months = 24
    purpose.save()
    retention.run(theme)
    assert [row.person for row in retention.ending(theme)] == [unused]
    purpose.months = None
    purpose.save()
    with later(40):
        assert retention.run(theme) == (0, 0)


def test_one_purpose_ends_and_the_person_stays_for_the_other(theme):
    unused = make(theme)
    purposes.hold([unused], limited(theme, months=12, key=purposes.EVENTS), source="event registration", since=LONG_AGO)
    retention.run(theme)
    with later(20):
        assert retention.run(theme) == (0, 1)
    assert [row.purpose.key for row in unused.held_for.all()] == ["cooperation"]


def test_whoever_is_kept_stays_until_the_day_and_is_announced_anew(theme):
    unused = make(theme)
    limited(theme)
    retention.run(theme)
    retention.keep(unused, reason="Kirjoittaa historiikkia", until=timezone.localdate() + timedelta(days=60), by=None)
    with later(30):
        assert retention.run(theme) == (0, 0)
        assert not retention.ending(theme).exists()
    with later(61):
        assert retention.run(theme) == (0, 0)
        assert retention.ending(theme).get().ends_on == timezone.localdate() + retention.NOTICE
    assert people.export_person(unused)["contacts.Keep"][0]["reason"] == "Kirjoittaa historiikkia"


def test_the_command_does_what_the_worker_does(theme):
    unused = make(theme)
    limited(theme)
    retention.renew(theme)
    (row,) = told("--dry-run")["ends_within_30_days"]
    assert (row["id"], row["purpose"]) == (unused.pk, "cooperation")
    with later(15):
        assert told() == {"erased": 1, "purposes_ended": 0}


def test_the_screen_says_who_is_next_and_keeps_somebody(theme, cast):
    unused = make(theme)
    limited(theme)
    retention.run(theme)
    client = cast.enter(Role.COORDINATORS)
    answer = client.get(SCREEN)
    assert [(entry["row"].person, entry["is_last"]) for entry in answer.context["rows"]] == [(unused, True)]
    day = timezone.localdate() + timedelta(days=90)
    for form in ({}, {"people": [unused.pk], "reason": "", "until": f"{day:%d.%m.%Y}"}, {"people": [unused.pk], "reason": "x", "until": "1.1.2020"}):
        assert client.post(SCREEN, form).status_code == 422
    assert not Keep.objects.exists()
    assert client.post(SCREEN, {"people": [unused.pk], "reason": "Historiikki", "until": f"{day:%d.%m.%Y}"}).status_code == 302
    kept = Keep.objects.get()
    assert (kept.person, kept.until, kept.by.username) == (unused, day, "kaisa")
    assert ModelLogEntry.objects.filter(action="contacts.kept", object_id=str(unused.pk)).count() == 1
    assert "Historiikki" in client.get(SCREEN).content.decode()
    assert client.post(SCREEN, {"let_go": "999999999999999999999"}).status_code == 404
    client.post(SCREEN, {"let_go": kept.pk})
    assert not Keep.objects.standing().exists()
    assert cast.enter(Role.ORGANISERS).get(SCREEN).status_code in (302, 403)
