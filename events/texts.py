"""The words of the messages to who registered: ours, and an editor's own for one event in the language of its page.

An editor's text stands in place of our opening; when and where, the buttons and the calendar stay. Placeholders such as `{first_name}` are filled in;
one that does not exist is an error at its field, never a brace in somebody's mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from events.models.fields import PartsField
from mail.render import SINGLE, render_single
from themes.mails import mail_look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from events.models import EventPage

PLACEHOLDER = re.compile(r"\{([^{}\s]*)\}")
PLACEHOLDERS = ("first_name", "last_name", "event", "when", "where", "theme")
PREVIEW = "message:"


@dataclass(frozen=True)
class Message:
    """`subject` holds `%(title)s`."""

    label: str | _StrPromise
    subject: str | _StrPromise
    text: str | _StrPromise


MESSAGES = {
    "confirmation": Message(
        gettext_lazy("Confirmation"),
        gettext_lazy("You have registered: %(title)s"),
        gettext_lazy("You have a seat. The invitation for your calendar comes with this mail."),
    ),
    "waiting": Message(
        gettext_lazy("On the waiting list"),
        gettext_lazy("You are on the waiting list: %(title)s"),
        gettext_lazy("We write to you when a seat comes free. Then it is held for you while you answer."),
    ),
    "offer": Message(
        gettext_lazy("Offer of a seat from the waiting list"),
        gettext_lazy("A seat is free for you: %(title)s"),
        gettext_lazy("You are first on the waiting list, and a seat has come free."),
    ),
    "lapse": Message(
        gettext_lazy("The offer was not answered in time"),
        gettext_lazy("The seats went to the next in line: %(title)s"),
        gettext_lazy("You did not answer in time. If you still want to come, follow the link to wait again."),
    ),
    "unseated": Message(
        gettext_lazy("The event begins, and no seat came free"),
        gettext_lazy("No seat came free: %(title)s"),
        gettext_lazy("The event begins, and no seat came free for you. You need not come, and you wait no longer. Thank you for your interest."),
    ),
    "rejection": Message(
        gettext_lazy("Not accepted"),
        gettext_lazy("You could not be accepted: %(title)s"),
        gettext_lazy("More people wanted to come than there is room for, or the event is meant for others. Thank you for asking."),
    ),
    "change": Message(
        gettext_lazy("Change of time, place or link"),
        gettext_lazy("The event has changed: %(title)s"),
        gettext_lazy("The time, the place or the link has changed. Your seat is still yours."),
    ),
    "week": Message(
        gettext_lazy("Reminder a week before"),
        gettext_lazy("In a week: %(title)s"),
        gettext_lazy("The event is in a week, and you have a seat."),
    ),
    "day": Message(
        gettext_lazy("Reminder a day before"),
        gettext_lazy("Tomorrow: %(title)s"),
        gettext_lazy("The event is tomorrow, and you have a seat."),
    ),
    "hour": Message(
        gettext_lazy("Reminder an hour before"),
        gettext_lazy("In an hour: %(title)s"),
        gettext_lazy("The event begins in an hour."),
    ),
    "cancellation": Message(
        gettext_lazy("Cancellation of the event"),
        gettext_lazy("The event is cancelled: %(title)s"),
        gettext_lazy("The event was cancelled. We are sorry."),
    ),
    "unpublished": Message(
        gettext_lazy("The event is taken off the site"),
        gettext_lazy("The event is not on our site any more: %(title)s"),
        gettext_lazy(
            "The organiser has taken the event off the site. Your registration stands, and we write to you if the event is cancelled or moved. "
            "Ask the organiser before you travel."
        ),
    ),
    "thanks": Message(
        gettext_lazy("Thanks after the event"),
        gettext_lazy("Thank you for taking part: %(title)s"),
        gettext_lazy("Thank you for taking part. The materials of the event are on its page as soon as we have them."),
    ),
}


def opening(kind: str, page: EventPage, values: Mapping[str, str], *, language: str) -> tuple[str, str]:
    """Subject and first paragraph, in the active language. An editor's own are used when the page is in the reader's language."""
    ours = MESSAGES[kind]
    subject, text = str(ours.subject) % {"title": page.title}, str(ours.text)
    if page.locale.language_code != language:
        return subject, text
    own = next((block.value for block in page.messages if block.block_type == kind), None)
    if own is None:
        return subject, text
    return filled(own["subject"], values) or subject, filled(own["text"], values)


def filled(text: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def unknown_in(text: str) -> list[str]:
    return sorted({name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS})


# ---- how an editor writes them
class MessageBlock(blocks.StructBlock):
    subject = blocks.CharBlock(label=gettext_lazy("Subject"), required=False, max_length=120, help_text=gettext_lazy("Without one, ours stands."))
    text = blocks.TextBlock(
        label=gettext_lazy("Text"),
        rows=4,
        help_text=gettext_lazy(
            "Stands first in the mail; when and where, buttons and the calendar follow by themselves. "
            "You may use {first_name}, {last_name}, {event}, {when}, {where} and {theme}."
        ),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = {}
        for name in ("subject", "text"):
            if unknown := unknown_in(cleaned[name] or ""):
                told = _("There is no placeholder %(unknown)s. You may use %(known)s.")
                known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
                errors[name] = ValidationError(told % {"unknown": ", ".join(f"{{{one}}}" for one in unknown), "known": known})
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "mail"


class MessagesBlock(blocks.StreamBlock):
    """One of each at most."""

    def __init__(self, local_blocks: Sequence[tuple[str, Any]] | None = None, **kwargs: Any) -> None:
        ours = [(kind, MessageBlock(label=message.label)) for kind, message in MESSAGES.items()]
        super().__init__(local_blocks or ours, **{"block_counts": {kind: {"max_num": 1} for kind in MESSAGES}, "required": False, **kwargs})


class Messaging(models.Model):
    """A page whose messages have words of their own, and that shows each of them before it is sent."""

    messages = PartsField(MessagesBlock(), verbose_name=gettext_lazy("messages to who registered"), blank=True)

    class Meta:
        abstract = True

    preview_of_page: ClassVar = [("", gettext_lazy("The page"))]

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """Wagtail's name: the choices above its preview."""
        return [*self.preview_of_page, *((f"{PREVIEW}{kind}", message.label) for kind, message in MESSAGES.items())]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        kind = mode_name.removeprefix(PREVIEW)
        if mode_name.startswith(PREVIEW) and kind in MESSAGES:
            return HttpResponse(preview(self, kind))
        return super().serve_preview(request, mode_name)  # type: ignore[misc]  # Wagtail's Page has it


def preview(page: Any, kind: str) -> str:
    """The mail's HTML as somebody of a made-up name would get it, from what stands in the editor now."""
    from events import words

    language = page.locale.language_code
    with translation.override(language):
        values = {"first_name": "Aino", "last_name": "Esimerkki", "event": page.title, "theme": page.theme.name}
        values |= {"when": words.when_text(page), "where": words.where_text(page, page)}
        subject, text = opening(kind, page, values, language=language)
        facts = [f"{label}: {value}" for label, value in words.facts(page, page)]
        _text, html = render_single(SINGLE, {"heading": subject, "paragraphs": [text, page.title, *facts]}, language, mail_look(page.theme))
    return html
