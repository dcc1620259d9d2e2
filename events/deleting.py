"""What becomes of an event when one of its pages is deleted, told before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import EventPage, Registration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail.models import Page


def tell(page: Page) -> Iterator[str]:
    event = page.event if isinstance(page, EventPage) else None
    if event is None or event.is_over:
        return
    coming = Registration.objects.filter(event=event).taking_a_seat().count()
    if coming and not event.is_cancelled:
        people = ngettext("%(count)d person has registered for “%(title)s”.", "%(count)d people have registered for “%(title)s”.", coming)
        rest = _("Their registrations stay, and nobody is told. If the event is not held, cancel it first: then they get a message.")
        yield f"{people % {'count': coming, 'title': page.title}} {rest}"
