"""The demo's pictures in the library, each with the right to show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from base.models import SiteImage
from base.picture_rights import People
from desk.demo.content import read
from desk.demo.drawings import DRAWINGS


@dataclass(frozen=True)
class MainPicture:
    """A picture for an article, with its words by language."""

    image: SiteImage
    alt: dict[str, str]
    caption: dict[str, str]

    def words(self, language: str) -> dict[str, str]:
        return {"picture_alt": self.alt[language], "picture_caption": self.caption[language]}


def make_pictures(today: date) -> None:
    content = read("pictures")
    for row in content["pictures"]:
        image = SiteImage(
            title=row["title"],
            credit=content["credit"]["text"],
            rights=row["rights"],
            licence=row.get("licence", ""),
            licensed_until=today + timedelta(days=row["ends_in"]) if "ends_in" in row else None,
            people=People.NOBODY,
            file=ContentFile(DRAWINGS[row["drawing"]]().png(), name=f"{row['drawing']}.png"),
        )
        image._set_image_file_metadata()
        image.full_clean()
        image.save()


def picture_of(key: str) -> MainPicture | None:
    """By the article's key; None for those that words alone carry."""
    for row in read("pictures")["pictures"]:
        if key in row["articles"]:
            words: dict[str, Any] = row["articles"][key]
            return MainPicture(SiteImage.objects.get(title=row["title"]), words["alt"], words["caption"])
    return None
