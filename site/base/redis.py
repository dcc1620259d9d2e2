"""Redis itself, where REDIS_URL names one: for what the cache has no words for."""

from __future__ import annotations

from typing import Any

from django_redis import get_redis_connection


def connection() -> Any:
    """The cache's own connections: the same database, and the same pool."""
    return get_redis_connection("default")
