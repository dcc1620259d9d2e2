from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast


@pytest.fixture
def cast(db: None, client: Client) -> Cast:
    from tests.cast import Cast

    return Cast(client)
