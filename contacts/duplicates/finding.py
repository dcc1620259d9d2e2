"""Finding the pairs among records, by splink in memory. It weighs too much for a web process: import this in tasks and commands alone."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import duckdb
from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from contacts.duplicates import rules
from contacts.duplicates.records import THRESHOLD, Pair, organisations_table, people_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from splink import SettingsCreator

    from contacts.duplicates.records import OrganisationRecord, PersonRecord


def pairs_of_people(records: Iterable[PersonRecord], threshold: float = THRESHOLD) -> list[Pair]:
    """The likeliest first."""
    table = people_table(records)
    return _pairs(table, rules.people_settings(len(table["unique_id"])), threshold)


def pairs_of_organisations(records: Iterable[OrganisationRecord], threshold: float = THRESHOLD) -> list[Pair]:
    """The likeliest first."""
    table = organisations_table(records)
    return _pairs(table, rules.organisations_settings(len(table["unique_id"])), threshold)


def _pairs(table: dict[str, list[Any]], settings: SettingsCreator, threshold: float) -> list[Pair]:
    if len(table["unique_id"]) < 2:
        return []
    with duckdb.connect(":memory:") as connection:
        linker = Linker(DuckDBAPI(connection).register(table), settings, log_level=logging.ERROR)
        found = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never").as_duckdbpyrelation()
        rows = found.project("unique_id_l, unique_id_r, match_probability").fetchall()
    pairs = [Pair(min(one, other), max(one, other), round(score, 4)) for one, other, score in rows]
    return sorted(pairs, key=lambda pair: (-pair.score, pair.left, pair.right))
