"""The four groups and their rights."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import GroupCollectionPermission, GroupPagePermission
from wagtail.permissions import policy_registry

from base.roles import Role
from desk import rights


@pytest.fixture
def granted(db):
    rights.grant(apps)
    return {
        role: {
            f"{row.content_type.app_label}.{row.codename}" for row in Group.objects.get(name=role.value).permissions.select_related("content_type")
        }
        for role in Role
    }


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("wagtailadmin.access_admin", set(Role)),
        ("themes.view_goal", {Role.COMMUNICATIONS, Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("themes.view_plan", {Role.COMMUNICATIONS, Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("themes.add_plan", {Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("themes.approve_plan", {Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("contacts.view_outreach", {Role.COMMUNICATIONS, Role.ORGANISERS, Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("contacts.change_outreach", {Role.COMMUNICATIONS, Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("contacts.view_touch", {Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("themes.change_goal", {Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("themes.change_project", {Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("contacts.add_projectparty", {Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("newsletters.change_newsletter", {Role.COMMUNICATIONS, Role.ADMINISTRATORS}),
        ("events.view_registration", {Role.ORGANISERS, Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("wagtail_localize.submit_translation", {Role.COMMUNICATIONS, Role.ORGANISERS, Role.ADMINISTRATORS}),
        ("contacts.delete_person", {Role.ADMINISTRATORS}),
        ("base.change_user", {Role.ADMINISTRATORS}),
    ],
)
def test_who_has_a_right(granted, permission, roles):
    assert {role for role in Role if permission in granted[role]} == roles


def test_every_word_of_the_table_names_something():
    for models in rights.MODELS.values():
        for app, named in models.items():
            known = {model._meta.model_name for model in apps.get_app_config(app).get_models()} | {"*"}
            assert set(named) <= known


@pytest.mark.parametrize("model", [get_image_model(), get_document_model()])
def test_who_may_bring_images_and_documents(granted, django_user_model, model):
    def may(role):
        user = django_user_model.objects.create_user(username=role.name)
        user.groups.add(Group.objects.get(name=role.value))
        return policy_registry.get_by_type(model).user_has_permission(user, "add")

    assert {role for role in Role if may(role)} == {Role.COMMUNICATIONS, Role.ORGANISERS, Role.ADMINISTRATORS}


def test_granting_again_adds_nothing(granted):
    def rows():
        return GroupPagePermission.objects.count(), GroupCollectionPermission.objects.count(), Group.permissions.through.objects.count()

    before = rows()
    rights.grant(apps)
    assert rows() == before


@pytest.mark.parametrize(
    ("list_", "roles"),
    [
        ("contacts/person", {Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("events/registration", {Role.ORGANISERS, Role.COORDINATORS, Role.ADMINISTRATORS}),
        ("newsletters/subscription", {Role.COMMUNICATIONS, Role.ADMINISTRATORS}),
    ],
)
def test_people_are_chosen_only_by_those_who_may_see_them(cast, list_, roles):
    for path in ("", "results/", "chosen-multiple/?id=0"):
        address = f"/admin/snippets/choose/{list_}/{path}"
        assert {role for role in Role if cast.enter(role).get(address).status_code == 200} == roles
