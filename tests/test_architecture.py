"""The layers, where import-linter cannot look: relations between models, and what choosers of blocks point at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from wagtail.blocks import ChooserBlock
from wagtail.fields import StreamField

from base import personal
from contacts.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
RANKS = {
    "config": 6,
    "desk": 5,
    "newsletters": 4,
    "events": 4,
    "pages": 4,
    "search": 4,
    "social": 4,
    "reach": 4,
    "contacts": 3,
    "themes": 2,
    "mail": 1,
    "base": 0,
}


def our_models() -> Iterator[type[models.Model]]:
    for label in RANKS:
        if label != "config":
            yield from apps.get_app_config(label).get_models(include_auto_created=True)


def reaches_up(source: str, target: str) -> bool:
    """Whether a package may not know the other: it is above, or a sibling. Third parties are below all of ours."""
    return target in RANKS and source != target and RANKS[target] >= RANKS[source]


def relations(model: type[models.Model]) -> Iterator[str]:
    for field in model._meta.get_fields(include_hidden=True):
        if field.is_relation and not field.auto_created and field.related_model:
            yield field.related_model._meta.app_label
        if isinstance(field, StreamField):
            for block in field.stream_block.child_blocks.values():
                if isinstance(block, ChooserBlock):
                    yield block.model_class._meta.app_label


def upward(model: type[models.Model]) -> list[str]:
    return [target for target in relations(model) if reaches_up(model._meta.app_label, target)]


def test_no_relation_goes_up_or_sideways():
    assert {model._meta.label: found for model in our_models() if (found := upward(model))} == {}


def test_a_planted_upward_foreign_key_is_caught():
    class Planted(models.Model):
        event = models.ForeignKey("events.Event", models.CASCADE)

        class Meta:
            app_label = "themes"

    try:
        assert upward(Planted) == ["events"]
    finally:
        del apps.all_models["themes"]["planted"]
        apps.clear_cache()


def test_a_planted_upward_import_is_caught(tmp_path):
    """By the contract of `make check`, on a copy of the sources."""
    for name in ("site", "themes", "contacts", "newsletters", "events"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static", "*.toml"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def contract():
        command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
        environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{tmp_path / 'site'}"}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert contract().returncode == 0
    with (tmp_path / "themes" / "measures.py").open("a", encoding="utf-8") as file:
        file.write("\nimport events.models\n")
    caught = contract()
    assert caught.returncode == 1
    assert "themes.measures" in caught.stdout


def test_each_model_that_points_at_a_person_is_registered_as_personal_data():
    pointing = {
        model
        for model in our_models()
        if any(field.is_relation and not field.auto_created and field.related_model is Person for field in model._meta.get_fields())
    }
    assert Person in {field.related_model for model in pointing for field in model._meta.get_fields() if field.is_relation}
    missing = [model._meta.label for model in pointing | {Person} if not personal.is_registered(model)]
    assert missing == []


def test_only_contacts_outreach_writes_touches_and_tallies():
    writes = (".objects.create", ".objects.bulk_create", ".objects.get_or_create", ".objects.update_or_create")
    found = []
    for folder in ("site", "themes", "contacts", "newsletters", "events"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if path != ROOT / "contacts" / "outreach.py" and any(f"{name}{write}" in text for name in ("Touch", "Tally") for write in writes):
                found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_no_template_takes_the_place_of_wagtails_heading():
    """Wagtail's header writes a variable of that name as it is, without the h1 around it."""
    templates = [
        path for package in ("site", "themes", "contacts", "newsletters", "events") for path in (ROOT / package).glob("**/templates/**/*.html")
    ]
    assert len(templates) > 100
    assert [path.name for path in templates if " as heading %}" in path.read_text()] == []


def test_a_web_process_does_not_load_what_weighs_most():
    """By a process of its own, which has every view: libraries for graphs and for duplicates are for tasks and commands."""
    views = "import sys, config.wsgi; from django.urls import get_resolver; get_resolver().url_patterns"
    look = f"{views}; print({{'duckdb', 'splink', 'igraph'}} & {{*sys.modules}})"
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
