"""Freezing a mailing: its bytes, its links and its recipients, once and for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
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
WITH recipients (recipient_key, address, language, segment) AS ({recipients})
SELECT %s, %s, %s, %s, %s, %s, 0, '', %s, %s, recipient_key, address FROM recipients WHERE language = %s AND segment = %s
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
    `links` are what the click slots count; their addresses begin with `base_url`. Costs one INSERT a variant, whatever the number of recipients.
    """
    streams.get(stream)
    # Two at once: the second waits here for the first, and then finds its row, complete.
    mailing, is_new = Mailing.objects.get_or_create(key=key, defaults={"stream": stream, "base_url": base_url})
    if not is_new:
        return mailing
    _check_variants(variants, recipients)
    MailingSums.objects.create(mailing=mailing)
    rows = make_links(mailing, links)
    for language, segment, subject, mime in variants:
        numbered = slots.replace_clicks(mime, lambda number: rows[number].pk)
        variant = Variant.objects.create(mailing=mailing, language=language, segment=segment, subject=subject[:250], mime=numbered)
        mailing.frozen_count += _insert_deliveries(variant, recipients, due_at or mailing.frozen_at)
    mailing.save(update_fields=["frozen_count"])
    enqueue("mail.engine.deliver_now", mailing.pk)
    return mailing


def _check_variants(variants: Sequence[VariantEntry], recipients: QuerySet[Any]) -> None:
    wanted = set(recipients.order_by().values_list("variant_language", "variant_segment").distinct())
    if missing := wanted - {(language, segment) for language, segment, _, _ in variants}:
        raise NoVariant(f"No variant for {sorted(missing)[:5]}.")


def _insert_deliveries(variant: Variant, recipients: QuerySet[Any], due_at: datetime) -> int:
    chosen = recipients.order_by().values_list("recipient_key", "address", "variant_language", "variant_segment")
    try:
        inner, inner_values = chosen.query.sql_with_params()
    except EmptyResultSet:
        # The ORM sees that nobody can match, such as in `.none()`, and writes no SQL.
        return 0
    # As the ORM writes times: SQLite compares them as texts.
    due, now = (connection.ops.adapt_datetimefield_value(moment) for moment in (due_at, timezone.now()))
    mailing = variant.mailing
    whose = [variant.language, variant.segment]
    values = [mailing.pk, variant.pk, mailing.stream, variant.subject, Delivery.State.WAITING.value, due, False, now, *whose]
    with connection.cursor() as cursor:
        # `inner` is the ORM's own SQL, with its values beside it: nothing of a person's writing is in this text.
        cursor.execute(INSERT.format(recipients=inner), [*inner_values, *values])
        count: int = cursor.rowcount
        return count
