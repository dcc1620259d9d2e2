from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        from base import agenda, clock
        from base.blocks import register
        from base.page_changes import watch
        from base.questions.files import delete_with_row
        from base.trash.actions import register_consequence
        from events import calendar, coming, deleting, gate, in_timeline, itip, mails, measures, meetings, personal, publishing, telling
        from events.blocks import EventsBlock
        from events.models import Answer, Event
        from mail import streams

        # A person asked for each of these mails.
        streams.register(streams.Stream(mails.STREAM, _("Mail about an event"), suppressible=False))
        measures.register_all()
        personal.register_holdings()
        delete_with_row(Answer)
        publishing.connect()
        meetings.connect()
        telling.connect()
        coming.register()
        agenda.register_files(calendar.url_of_moments)
        itip.register()
        gate.register_all()
        in_timeline.register_all()
        register("events", EventsBlock)
        register_consequence(deleting.tell)
        watch(Event)
        # Nobody waits for a free seat longer than a minute.
        clock.every(10, "events.lapsing.release_expired_holds")
        clock.every(30, "events.waiting.offer_everywhere")
