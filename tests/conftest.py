from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from base.page_cache import Generation
    from tests.cast import Cast

LONG = {"test_demo.py", "test_lists.py", "test_page_cache.py", "test_path.py", "test_teams.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no process ends alone with it."""
    items.sort(key=lambda item: item.path.name not in LONG)


def is_embedded() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each process has a database of its own; the embedded one starts as a copy of a migrated one."""
    from django.conf import settings

    from tests.kept import copy_migrated

    if is_embedded():
        copy_migrated(Path(settings.DATABASES["default"]["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    return is_embedded()


@pytest.fixture(scope="session")
def django_db_createdb() -> bool:
    return not is_embedded()


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """The language that a test asked for last, and the addresses of sites that are undone with it: the next one begins without."""
    from django.utils import translation
    from wagtail.models import Site

    yield
    translation.deactivate()
    Site.clear_site_root_paths_cache()


@pytest.fixture(scope="module")
def shared_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rows that are made once for all tests of a module. What a test changes in them is undone after it; they themselves go at the end."""
    from django.db import connection, transaction

    outermost = transaction.atomic()
    outermost._from_testcase = True
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, outermost:
        # Each test closes its connection when it ends, and what is not committed would be lost.
        patch.setattr(connection, "close", lambda: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cast(db: None, client: Client) -> Cast:
    from tests.cast import Cast

    return Cast(client)


@pytest.fixture
def pages_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, transactional_db: None) -> Generation:
    """For what is remembered between changes: real commits, and a number of this test alone, as others change pages at the same time."""
    from base import page_changes, remembered
    from base.page_cache import Generation

    number = Generation(tmp_path / "number")
    monkeypatch.setattr(page_changes, "generation", lambda: number)
    remembered.forget()
    return number
