"""Two who bring the same file at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from wagtail.models import Page

from base.trash import actions as trash
from desk.importing.actions import import_pages
from tests.desk.test_importing import make_row, written


@pytest.mark.django_db(transaction=True)
def test_a_file_that_two_bring_at_once_comes_once():
    row = make_row()
    content, reports = written(row, row | {"key": "124", "old_addresses": ""}), []
    trash.root()
    start = threading.Barrier(3)

    def bring():
        try:
            start.wait()
            reports.append(import_pages(content))
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((len(report.made), len(report.kept), len(report.problems)) for report in reports) == [(0, 2, 0), (0, 2, 0), (2, 0, 0)]
    assert Page.find_problems() == ([], [], [], [], [])
