from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from base.page_cache import Generation
    from tests.cast import Cast


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
