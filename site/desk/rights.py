"""What each role may do, as plain data, and the one function that grants it. `*` stands for every model, or every action, of an app.

A migration that adds a model grants its rights by calling `grant` again: it only ever adds.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management import create_permissions

from base.roles import Role

APPS = ("base", "mail", "themes", "contacts", "newsletters", "events", "pages", "reach", "social", "desk")
EDIT_PAGES = ("add_page", "change_page", "publish_page")
EDIT_FILES = ("add", "change", "choose")

# role -> app -> model -> actions
MODELS: dict[Role, dict[str, dict[str, tuple[str, ...]]]] = {
    Role.COMMUNICATIONS: {
        "themes": {
            "goal": ("view",),
            "plan": ("view",),
            "mention": ("view", "add", "change", "delete"),
            "survey": ("view",),
        },
        "newsletters": {"*": ("view", "add", "change")},
        "mail": {"mailing": ("view",), "bounce": ("view",), "suppression": ("view", "add"), "receivingdomain": ("view", "add", "change")},
        "pages": {"enquiry": ("view", "change"), "storyseries": ("view", "add", "change")},
        "contacts": {"bridge": ("view", "add", "change"), "outreach": ("view", "add", "change")},
        "reach": {"total": ("view",)},
        "social": {
            "account": ("view", "add", "change"),
            "hashtags": ("view", "add", "change"),
            "post": ("view", "add", "change", "delete", "approve"),
            "delivery": ("view", "change"),
        },
        "desk": {"submission": ("view", "change"), "report": ("view",), "recommendation": ("view",)},
        "wagtail_localize": {"*": ("submit",)},
    },
    Role.ORGANISERS: {
        "events": {"registration": ("view", "change"), "event": ("view",)},
        "contacts": {"outreach": ("view",)},
        "wagtail_localize": {"*": ("submit",)},
    },
    Role.COORDINATORS: {
        "events": {"registration": ("view",), "event": ("view",)},
        "themes": {
            "*": ("view",),
            "goal": ("add", "change"),
            "plan": ("add", "change", "approve"),
            "practice": ("add", "change"),
            "mention": ("add", "change", "delete"),
            "survey": ("add", "change", "delete"),
            "project": ("add", "change"),
        },
        "contacts": {
            "*": ("view",),
            "person": ("add", "change"),
            "organisation": ("add", "change"),
            "projectparty": ("add", "change", "delete"),
            "network": ("add", "change"),
            "workarea": ("add", "change", "delete"),
            "serviceneed": ("add", "change"),
            "tie": ("add", "change", "delete"),
            "tag": ("add", "change", "delete"),
            "note": ("add",),
            "contactimport": ("add",),
            "merge": ("add", "change"),
            "pair": ("change",),
            "outreach": ("add", "change"),
            "touch": ("add",),
            "segment": ("add", "change", "delete"),
            "letter": ("add",),
        },
        "reach": {"total": ("view",)},
        "desk": {
            "report": ("view", "add", "change", "approve"),
            "reportschedule": ("view", "add", "change", "delete"),
            "recommendation": ("view", "add", "change"),
        },
    },
    Role.PROJECTS: {"desk": {"submission": ("add",)}},
    Role.ADMINISTRATORS: {app: {"*": ("*",)} for app in (*APPS, "auth", "wagtailcore", "wagtail_localize")},
}
# Rights on the root page, and so on every page.
PAGES: dict[Role, tuple[str, ...]] = {
    Role.COMMUNICATIONS: EDIT_PAGES,
    Role.ORGANISERS: EDIT_PAGES,
    Role.ADMINISTRATORS: (*EDIT_PAGES, "bulk_delete_page", "lock_page", "unlock_page"),
}
# Wagtail asks for the rights of its own image and document, whatever models stand in their place: app -> model.
LIBRARIES = {"wagtailimages": "image", "wagtaildocs": "document"}
# Rights on the root collection, for both.
FILES: dict[Role, tuple[str, ...]] = {
    Role.COMMUNICATIONS: EDIT_FILES,
    Role.ORGANISERS: ("add", "choose"),
    Role.ADMINISTRATORS: (*EDIT_FILES, "delete"),
}


def grant(apps: Any) -> None:
    """Makes the groups and gives them their rights. `apps` is the registry, of a migration or the real one."""
    for label in (*APPS, "auth", "wagtailcore", "wagtail_localize", *LIBRARIES):
        if label not in apps.app_configs:
            # In the registry of an early migration: its models come later.
            continue
        config = apps.get_app_config(label)
        config.models_module = True  # a registry of a migration has none, and Django then makes nothing
        create_permissions(config, apps=apps, verbosity=0)
    for role in Role:
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=role.value)
        group.permissions.add(*_permissions(apps, role))
        _grant_pages(apps, group, PAGES.get(role, ()))
        _grant_files(apps, group, FILES.get(role, ()))


def _permissions(apps: Any, role: Role) -> list[Any]:
    every = apps.get_model("auth", "Permission").objects
    found = list(every.filter(content_type__app_label="wagtailadmin", codename="access_admin"))
    for app, models in MODELS[role].items():
        for model, actions in models.items():
            rows = every.filter(content_type__app_label=app)
            if model != "*":
                rows = rows.filter(content_type__model=model)
            found += [row for row in rows if "*" in actions or row.codename.split("_")[0] in actions]
    return found


def _grant_pages(apps: Any, group: Any, codenames: tuple[str, ...]) -> None:
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="wagtailcore", codename__in=codenames)
    for permission in permissions if root else ():
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(group=group, page=root, permission=permission)


def _grant_files(apps: Any, group: Any, actions: tuple[str, ...]) -> None:
    root = apps.get_model("wagtailcore", "Collection").objects.filter(depth=1).first()
    codenames = [f"{action}_{model}" for action in actions for model in LIBRARIES.values()]
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label__in=LIBRARIES, codename__in=codenames)
    for permission in permissions if root else ():
        apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(group=group, collection=root, permission=permission)
