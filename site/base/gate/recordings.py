"""Checks of recordings: who does not hear them reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from base.blocks.recordings import has_words, what_is_missing
from base.gate import Finding, error, register
from base.gate.texts import WCAG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Subject


def check_recordings(subject: Subject) -> Iterator[Finding]:
    for field in subject.page._meta.concrete_fields:
        if not isinstance(field, StreamField):
            continue
        for child in getattr(subject.page, field.name):
            place = {"field": field.name, "block": str(child.id or "")}
            if child.block_type == "recording" and (missing := what_is_missing(child.value)):
                yield error(f"recording.{missing[0]}", missing[1], article=WCAG.format("1.2.1, 1.2.2"), **place)
            elif child.block_type == "outside_recording" and not (child.value["has_captions"] or has_words(child.value["transcript"])):
                message = _("Say that the video has captions, or write what is said in it.")
                yield error("recording.captions", message, article=WCAG.format("1.2.2"), **place)


def register_all() -> None:
    register("base.recordings.check_recordings", check_recordings)
