"""Ties that are derived from what contacts share: events, projects, networks. Counted anew each night, and by `manage.py derive_ties`.

What more than CROWD share ties nobody: of a hall of three hundred, each pair has met by chance at most.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from contacts.models import Tie
from themes.models import Theme

CROWD = 60

# Of each kind: which contacts share what. Rows of `contact` and `thing`.
SHARED: dict[Tie.Kind, tuple[str, str]] = {
    Tie.Kind.SHARED_EVENTS: (
        "person",
        """SELECT DISTINCT touch.person_id AS contact, touch.outreach_id AS thing
        FROM contacts_touch touch JOIN contacts_person person ON person.id = touch.person_id
        WHERE touch.kind IN ('attended', 'met') AND person.theme_id = %(theme)s""",
    ),
    Tie.Kind.SHARED_NETWORKS: (
        "person",
        """SELECT DISTINCT member.person_id AS contact, member.network_id AS thing
        FROM contacts_membership member JOIN contacts_network network ON network.id = member.network_id
        WHERE member.person_id IS NOT NULL AND network.theme_id = %(theme)s AND (member.ends IS NULL OR member.ends >= %(today)s)""",
    ),
    Tie.Kind.SHARED_PROJECTS: (
        "organisation",
        """SELECT DISTINCT party.organisation_id AS contact, party.project_id AS thing
        FROM contacts_projectparty party JOIN themes_project project ON project.id = party.project_id
        WHERE party.organisation_id IS NOT NULL AND project.theme_id = %(theme)s""",
    ),
}

DERIVE = """
WITH shared AS ({rows}), sizes AS (SELECT thing, COUNT(*) AS size FROM shared GROUP BY thing HAVING COUNT(*) BETWEEN 2 AND %(crowd)s),
pairs AS (
    SELECT one.contact AS contact, other.contact AS other, COUNT(*) AS number, SUM(1.0 / (sizes.size - 1)) AS weight
    FROM shared one JOIN sizes ON sizes.thing = one.thing JOIN shared other ON other.thing = one.thing AND other.contact > one.contact
    GROUP BY one.contact, other.contact
)
INSERT INTO contacts_tie (theme_id, kind, {end}_id, other_{end}_id, strength, shared, evidence)
SELECT %(theme)s, %(kind)s, contact, other, CASE WHEN weight > 1 THEN 1.0 ELSE weight END, number, '' FROM pairs
"""


@transaction.atomic
def derive(theme: Theme) -> int:
    """Writes the derived ties of a theme anew; declared ones stay. Returns how many there are."""
    # Two at once would write them twice.
    Theme.objects.select_for_update().get(pk=theme.pk)
    Tie.objects.filter(theme=theme, kind__in=Tie.DERIVED).delete()
    number = 0
    for kind, (end, rows) in SHARED.items():
        values: dict[str, Any] = {"theme": theme.pk, "kind": kind.value, "crowd": CROWD, "today": timezone.localdate()}
        with connection.cursor() as cursor:
            # `rows` and `end` are our own words.
            cursor.execute(DERIVE.format(rows=rows, end=end), values)
            number += cursor.rowcount
    return number


def derive_all() -> int:
    """Of every theme. The worker runs it nightly."""
    return sum(derive(theme) for theme in Theme.objects.all())
