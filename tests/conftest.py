from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from base.page_cache import Generation
    from pages.models import HomePage, SectionPage
    from tests.cast import Cast

LONG = {"test_murder.py", "test_demo.py", "test_lists.py", "test_page_cache.py", "test_path.py", "test_teams.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no process ends alone with it."""
    items.sort(key=lambda item: item.path.name not in LONG)


def is_embedded() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    """Each process has a database of its own, which starts as a copy of a migrated one."""
    from django.db import connection

    from tests import kept

    name = connection.creation._get_test_db_name()
    if is_embedded():
        kept.copy_migrated(Path(name))
    else:
        with django_db_blocker.unblock():
            kept.copy_migrated_on_server(name)


@pytest.fixture(scope="session", autouse=True)
def put_back() -> Iterator[None]:
    """After a test with real commits stands the database that it began with: Django would empty every table, also those that migrations fill."""
    from django.db import connection
    from django.test import TransactionTestCase

    from tests import kept

    def restore(case: TransactionTestCase) -> None:
        connection.close()
        name = connection.settings_dict["NAME"]
        if is_embedded():
            kept.copy_migrated(Path(name))
        else:
            kept.copy_migrated_on_server(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    return True


@pytest.fixture(scope="session")
def django_db_createdb() -> bool:
    return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    yield
    if not is_embedded():
        from django.db import connection
        from django.db.backends.base.creation import TEST_DATABASE_PREFIX

        from tests.kept import drop_on_server

        name = connection.settings_dict["NAME"]
        # Where none of the tests asked for a database, this is the one that DATABASE_URL names.
        if name.startswith(TEST_DATABASE_PREFIX):
            with django_db_blocker.unblock():
                connection.close()
                drop_on_server(name)


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


@pytest.fixture(scope="module")
def made_home(shared_db: None) -> HomePage:
    from tests import factories

    return factories.make_home(factories.make_theme())


@pytest.fixture
def home(db: None, made_home: HomePage) -> HomePage:
    """The Finnish front page of a theme."""
    return deepcopy(made_home)


@pytest.fixture(scope="module")
def made_section(made_home: HomePage) -> SectionPage:
    from tests import factories

    return factories.make_section(made_home)


@pytest.fixture
def section(db: None, made_section: SectionPage) -> SectionPage:
    """An empty section below such a front page."""
    return deepcopy(made_section)


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
