"""Who is not needed any more is erased; a dry run says who, and changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts import notes, outreach, showing
from contacts.models import Membership, Network, Outreach, Person, ProjectParty
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
    entry = ModelLogEntry.objects.get(action="contacts.erased")
    assert entry.data == {"unused_months": 24}
    assert str(unused) not in entry.label


def test_nobody_is_erased_before_the_time(theme):
    make(theme)
    assert told("--months", "36") == {"erased": 0}


def test_no_time_at_all_is_refused(theme):
    with pytest.raises(CommandError, match="from 1"):
        call_command("forget_contacts", "--months", "0")
