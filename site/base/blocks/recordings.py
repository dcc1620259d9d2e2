"""Video and sound: our own files with captions or a transcript, and videos at other services, loaded only when the reader says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from base.blocks import groups
from base.blocks.texts import LANGUAGES, RICH_TEXT
from base.languages import active

if TYPE_CHECKING:
    from collections.abc import Sequence

VIDEO = {"mp4": "video/mp4", "webm": "video/webm"}
SOUND = {"m4a": "audio/mp4", "mp3": "audio/mpeg"}


@dataclass(frozen=True)
class Service:
    """Where a recording may be. `frame` is the player's address, `origin` all that the page may then ask."""

    name: str
    pattern: re.Pattern[str]
    origin: str
    frame: str


SERVICES: Sequence[Service] = (
    Service(
        "YouTube",
        re.compile(r"^https://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:.*&)?v=|live/|shorts/)|youtu\.be/)([\w-]{11})(?:[?&#].*)?$"),
        "https://www.youtube-nocookie.com",
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
    ),
    Service(
        "Vimeo", re.compile(r"^https://vimeo\.com/(\d{6,12})(?:[/?#].*)?$"), "https://player.vimeo.com", "https://player.vimeo.com/video/{}?dnt=1"
    ),
)


def service_of(url: str) -> tuple[Service, str] | None:
    """The service and the address of its player."""
    for service in SERVICES:
        if match := service.pattern.match(url or ""):
            return service, service.frame.format(match[1])
    return None


def has_words(text: Any) -> bool:
    """Whether rich text says anything."""
    return bool(re.sub(r"<[^>]+>|&nbsp;|\s", "", getattr(text, "source", text) or ""))


class RecordingBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    file = DocumentChooserBlock(label=_("Video or sound"), help_text=_("MP4 or WebM; MP3 or M4A."))
    captions = DocumentChooserBlock(
        label=_("Captions"), required=False, help_text=_("A WebVTT file (.vtt). A video cannot go out without captions (WCAG 2.2, 1.2.2).")
    )
    captions_language = blocks.ChoiceBlock(label=_("Language of the captions"), choices=LANGUAGES, default="fi")
    transcript = blocks.RichTextBlock(
        label=_("What is said, as text"),
        features=RICH_TEXT,
        required=False,
        help_text=_("A sound recording cannot go out without it (WCAG 2.2, 1.2.1)."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (missing := what_is_missing(cleaned)):
            raise blocks.StructBlockValidationError({missing[0]: ValidationError(missing[1])})
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        ending = ending_of(value["file"])
        return context | {
            "url": value["file"].url if value["file"] else "",
            "media_type": (VIDEO | SOUND).get(ending, ""),
            "is_video": ending in VIDEO,
            "captions_url": value["captions"].url if value["captions"] else "",
            "captions_label": dict(LANGUAGES).get(value["captions_language"], ""),
            "has_transcript": has_words(value["transcript"]),
        }

    class Meta:
        icon = "media"
        label = _("Video or sound of ours")
        group = groups.MEDIA
        help_text = _("A file of the site's own, with captions or its words as text.")
        template = "base/blocks/recording.html"


def ending_of(document: Any) -> str:
    return str(document.file_extension).lower() if document else ""


def what_is_missing(value: Any) -> tuple[str, Any] | None:
    """(field, what to do) where the recording cannot go out. Reads the captions' first bytes."""
    ending = ending_of(value["file"])
    if not ending:
        return "file", _("Choose the video or the sound.")
    if ending not in VIDEO | SOUND:
        return "file", _("This file is neither a video nor sound: MP4, WebM, MP3 and M4A can be played everywhere.")
    if ending in SOUND:
        return None if has_words(value["transcript"]) else ("transcript", _("Write what is said: who does not hear the recording reads it."))
    if not value["captions"]:
        return "captions", _("Add captions: who does not hear the video reads them.")
    return None if is_captions(value["captions"]) else ("captions", _("These are no captions: a WebVTT file begins with the word WEBVTT."))


def is_captions(document: Any) -> bool:
    try:
        with document.open_file() as file:
            return bool(file.read(9).removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"))
    except OSError:
        return False


class OutsideRecordingBlock(blocks.StructBlock):
    """Without a script, and before the button is pressed, it is a link and nothing more."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    url = blocks.URLBlock(label=_("Address of the video"), help_text=_("At YouTube or Vimeo, as it stands in your browser."))
    has_captions = blocks.BooleanBlock(label=_("The video has captions at the service"), required=False)
    transcript = blocks.RichTextBlock(label=_("What is said, as text"), features=RICH_TEXT, required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["url"] and service_of(cleaned["url"]) is None:
            names = ", ".join(service.name for service in SERVICES)
            message = _("This is not the address of a video at %(services)s. To lead elsewhere, use a link.")
            raise blocks.StructBlockValidationError({"url": ValidationError(message, params={"services": names})})
        if not (self.is_deferred_validation or cleaned["has_captions"] or has_words(cleaned["transcript"])):
            message = _("Say that the video has captions, or write what is said in it.")
            raise blocks.StructBlockValidationError({"has_captions": ValidationError(message)})
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Tells `base.middleware` what the page's policy must let in once the reader has said yes."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        found = service_of(value["url"])
        if found is None:
            return context | {"service": ""}
        service, frame = found
        request = context.get("request")
        if request is not None:
            request.frame_sources = getattr(request, "frame_sources", frozenset()) | {service.origin}
        return context | {"service": service.name, "frame": frame, "has_transcript": has_words(value["transcript"]), "language": active()}

    class Meta:
        icon = "link-external"
        label = _("Video at another service")
        group = groups.MEDIA
        help_text = _("A video at YouTube or Vimeo. Nothing is asked of the service before the reader presses the button.")
        template = "base/blocks/outside_recording.html"
