"""The log of contacts: what was done, by whom, narrowed, and without the names of those who were erased."""

from __future__ import annotations

import pytest
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from base.roles import Role
from contacts import people, purposes
from contacts.importing import actions as importing
from contacts.importing import undoing
from contacts.merging import actions as merging
from contacts.models import ProjectParty
from contacts.privacy import links, own_data
from tests import factories

SCREEN = "/admin/contacts/audit/"


@pytest.fixture
def theme(db):
    return factories.make_theme()


def actions_of(answer):
    return [row["entry"].action for row in answer.context["rows"]]


def test_all_that_was_done_stands_in_it_and_is_narrowed(theme, cast):
    kaisa, client = cast.user(Role.COORDINATORS), cast.enter(Role.COORDINATORS)
    why = importing.Why("lista", purposes.usual(theme, purposes.COOPERATION))
    report = importing.bring(b"email\na@example.org\nb@example.org\n", theme=theme, file_name="l.csv", why=why, by=kaisa)
    undoing.undo(report.bringing, by=kaisa)
    one, other = factories.make_person(theme), factories.make_person(theme)
    merge = merging.merge(winner=one, loser=other, by=kaisa)
    merging.undo(merge, by=kaisa)
    links.send_link(one, by=kaisa)
    own_data.correct(one, {"city": "Kemi"})
    own_data.erase(other)
    client.get("/admin/snippets/contacts/person/?export=csv")
    found = set(actions_of(client.get(SCREEN)))
    assert found == {
        "contacts.imported", "contacts.import_undone", "contacts.merged", "contacts.merge_undone", "contacts.link", "contacts.corrected",
        "contacts.erased", "contacts.exported",
    }  # fmt: skip
    kinds = {"exports": 1, "merges": 2, "imports": 2, "erasures": 1, "notices": 1, "changes": 1}
    assert {kind: len(actions_of(client.get(SCREEN, {"kind": kind}))) for kind in kinds} == kinds
    assert actions_of(client.get(SCREEN, {"user": kaisa.pk, "kind": "erasures"})) == []
    assert actions_of(client.get(SCREEN, {"until": "1.1.2020"})) == []
    assert len(actions_of(client.get(SCREEN, {"since": "1.1.2020"}))) == len(found)
    wrong = client.get(SCREEN, {"since": "eilen", "user": "x"})
    assert wrong.status_code == 200
    assert set(wrong.context["form"].errors) == {"since", "user"}
    page = client.get(SCREEN).content.decode()
    assert str(one) in page
    assert "Kemi" not in page


def test_nobody_who_was_erased_is_named(theme, cast):
    person = factories.make_person(theme, first_name="Kanarialintu", last_name="Esimerkki")
    party = ProjectParty.objects.create(project=factories.make_project(theme), person=person)
    log(party, "wagtail.create")
    log(person, "wagtail.edit")
    client = cast.enter(Role.COORDINATORS)
    assert "Kanarialintu" in client.get(SCREEN).content.decode()
    people.erase_person(person)
    assert "Kanarialintu" not in client.get(SCREEN).content.decode()
    assert not ModelLogEntry.objects.filter(label__contains="Kanarialintu").exists()
    assert ModelLogEntry.objects.filter(object_id=str(party.pk)).exists()


def test_another_theme_s_log_is_not_shown(theme, cast):
    from themes.models import TeamMember
    from themes.teams import put_into_teams

    others = factories.make_theme()
    theirs, ours = factories.make_person(others, last_name="Vieras"), factories.make_person(theme, last_name="Oma")
    for person in (theirs, ours):
        log(person, "wagtail.edit")
    log(others, "contacts.exported", data={"format": "csv", "rows": 77, "of": "person"})
    put_into_teams(user=cast.user(Role.COORDINATORS), places=[(theme.pk, part.value) for part in TeamMember.Part])
    answer = cast.enter(Role.COORDINATORS).get(SCREEN)
    assert [row["name"] for row in answer.context["rows"]] == [str(ours)]
    assert "Vieras" not in answer.content.decode()


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.ORGANISERS])
def test_others_do_not_see_it(theme, cast, role):
    assert cast.enter(role).get(SCREEN).status_code in (302, 403)


def test_queries_do_not_grow_with_the_rows(theme, cast, django_assert_max_num_queries):
    client = cast.enter(Role.COORDINATORS)
    for _number in range(30):
        log(factories.make_person(theme), "wagtail.edit")
        log(factories.make_organisation(theme), "wagtail.edit")
    client.get(SCREEN)
    with django_assert_max_num_queries(40):
        assert len(client.get(SCREEN).context["rows"]) == 50
