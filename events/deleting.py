"""What becomes of an event when one of its pages is deleted, told before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Event, EventPage, Registration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail.models import Page


def tell(page: Page) -> Iterator[str]:
    if not isinstance(page, EventPage):
        return
    dates = Event.objects.upcoming().filter(item_key=page.translation_key, is_cancelled=False)
    if coming := Registration.objects.filter(event__in=dates).taking_a_seat().count():
        people = ngettext("%(count)d person has registered for “%(title)s”.", "%(count)d people have registered for “%(title)s”.", coming)
        rest = _(
            "Their registrations stay, and they are told that the page is taken down. "
            "If the event is not held, cancel it first: then they get a cancellation."
        )
        yield f"{people % {'count': coming, 'title': page.title}} {rest}"
