"""Freezing a mailing: its bytes, its links and its recipients, once and for good."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from base.tasks import enqueue
from mail import slots, streams
from mail.links import make_links
from mail.models import Delivery, Mailing, MailingSums, Variant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from mail.links import LinkEntry

    # Language, segment, subject, bytes of `message.build_bulk`.
    VariantEntry = tuple[str, str, str, bytes]

INSERT = """
INSERT INTO mail_delivery
    (mailing_id, variant_id, stream, subject, state, due_at, attempts, reply, is_merged, created_at, recipient_key, address)
WITH variants (number, language, segment, subject) AS (VALUES {variants}), recipients (recipient_key, address, language, segment) AS ({recipients})
SELECT %s, variants.number, %s, subject, %s, %s, 0, '', %s, %s, recipient_key, address FROM recipients
LEFT JOIN variants ON variants.language = recipients.language AND variants.segment = recipients.segment
ON CONFLICT DO NOTHING
"""


class NoVariant(ValueError):
    """A recipient's language and segment have no variant: nobody may be missed in silence."""


@transaction.atomic
def freeze(
    *,
    key: str,
    stream: str,
    variants: Sequence[VariantEntry],
    recipients: QuerySet[Any],
    links: Sequence[LinkEntry] = (),
    due_at: datetime | None = None,
    base_url: str = "",
) -> Mailing:
    """Freezes and queues. A second call with the same key returns the first one's mailing and changes nothing.

    `variants` are (language, segment, subject, bytes of `message.build_bulk`). `recipients` gives `recipient_key`, `address`,
    `variant_language` and `variant_segment` by those names, from fields or annotations; somebody who is in it twice gets one copy.
    `links` are what the click slots count; their addresses begin with `base_url`. One INSERT, whatever the number of recipients.
    """
    streams.get(stream)
    # Two at once: the second waits here for the first, and then finds its row, complete.
    mailing, is_new = Mailing.objects.get_or_create(key=key, defaults={"stream": stream, "base_url": base_url})
    if not is_new:
        return mailing
    MailingSums.objects.create(mailing=mailing)
    rows = make_links(mailing, links)
    made = [
        Variant(
            mailing=mailing,
            language=language,
            segment=segment,
            subject=subject[:250],
            mime=slots.replace_clicks(mime, lambda number: rows[number].pk),
        )
        for language, segment, subject, mime in variants
    ]
    mailing.frozen_count = _insert_deliveries(mailing, Variant.objects.bulk_create(made), recipients, due_at or mailing.frozen_at)
    mailing.save(update_fields=["frozen_count"])
    enqueue("mail.engine.deliver_now", mailing.pk)
    return mailing


def _insert_deliveries(mailing: Mailing, variants: Sequence[Variant], recipients: QuerySet[Any], due_at: datetime) -> int:
    """A recipient without a variant is refused by the database (`a_delivery_has_a_variant_or_its_own_message`), and none is inserted."""
    chosen = recipients.order_by().values_list("recipient_key", "address", "variant_language", "variant_segment")
    try:
        inner, inner_values = chosen.query.sql_with_params()
    except EmptyResultSet:
        # The ORM sees that nobody can match, such as in `.none()`, and writes no SQL.
        return 0
    # As the ORM writes times: SQLite compares them as texts.
    due, now = (connection.ops.adapt_datetimefield_value(moment) for moment in (due_at, timezone.now()))
    rows: list[tuple[Any, ...]] = [(variant.pk, variant.language, variant.segment, variant.subject) for variant in variants] or [(None, "", "", "")]
    # `inner` is the ORM's own SQL, with its values beside it: nothing of a person's writing is in this text.
    ask = INSERT.format(recipients=inner, variants=", ".join(["(CAST(%s AS bigint), %s, %s, %s)"] * len(rows)))
    values: list[Any] = [mailing.pk, mailing.stream, Delivery.State.WAITING.value, due, False, now]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ask, [*chain.from_iterable(rows), *inner_values, *values])
            count: int = cursor.rowcount
    except IntegrityError as error:
        wanted = set(chosen.values_list("variant_language", "variant_segment").distinct())
        if missing := wanted - {(variant.language, variant.segment) for variant in variants}:
            raise NoVariant(f"No variant for {sorted(missing)[:5]}.") from error
        raise
    return count
