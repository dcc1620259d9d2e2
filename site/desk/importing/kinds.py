"""The kinds of pages that a file may bring, and the columns that only some of them have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from base.translations.slugs import slug_of
from desk.importing import texts
from events.models import EventPage
from events.models.facts import Mode
from pages.models import PracticePage, ResultPage, StoryPage
from pages.standing import InformationPage
from themes.models import Practice
from themes.pages import theme_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.importing.rows import Row

MOMENTS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%d.%m.%Y %H.%M", "%d.%m.%Y %H:%M", "%d.%m.%Y klo %H.%M", "%d.%m.%Y kl. %H.%M")
PARTS_OF_PRACTICE = ("problem", "how_it_works", "who_has_used", "how_to_start")


@dataclass(frozen=True)
class Kind:
    """`needed` beside what each row needs; `own` are its further columns. `check` refuses what is wrong, and fills `row.facts` in."""

    model: Any
    needed: tuple[str, ...]
    own: tuple[str, ...] = ()
    check: Callable[[Row], None] = lambda _row: None

    @property
    def has_body(self) -> bool:
        return hasattr(self.model, "body")


def check_practice(row: Row) -> None:
    """Its texts as HTML. Without its stage it has been described."""
    for name in PARTS_OF_PRACTICE:
        try:
            row.facts[name] = as_rich_text(row[name])
        except texts.TooDeep:
            row.refuse(name, _("Its tags stand one in another, more than {most} deep.").format(most=texts.MOST_DEEP))
    if row["stage"] and row["stage"] not in Practice.Stage.values:
        row.refuse("stage", _("Write one of these: {known}.").format(known=", ".join(Practice.Stage.values)))
    if row["key"] and not slug_of(row["key"]):
        row.refuse("key", _("Write a key with letters or digits."))


def as_rich_text(html: str) -> str:
    """Headings as lines of their own, in bold: a practice's parts have their headings from the page."""
    return "".join(f"<p><b>{text}</b></p>" if kind == "heading" else text for kind, text in texts.read(html).blocks)


def practice_of(row: Row) -> Practice:
    """The theme's practice of this key; made by the first of its rows, and named in each language that brings one."""
    names = {f"name_{row['language']}": row["title"]}
    stage = row["stage"] or Practice.Stage.DESCRIBED
    defaults = {"name_fi": row["title"], "stage": stage} | names
    found, made = Practice.objects.get_or_create(theme=theme_of(row.parent), key=slug_of(row["key"])[:80], defaults=defaults)
    if PracticePage.objects.filter(practice=found).exclude(translation_key=row.translation_key).exists():
        raise ValidationError({"key": _("The practice {name} has a page already.").format(name=found.name)})
    if not made and (missing := {name: value for name, value in names.items() if not getattr(found, name)}):
        Practice.objects.filter(pk=found.pk).update(**missing)
    return found


def check_event(row: Row) -> None:
    """Times by the clock of Finland."""
    for name, column in (("starts_at", "starts"), ("ends_at", "ends")):
        row.facts[name] = _moment(row[column])
        if row[column] and row.facts[name] is None:
            row.refuse(column, _("Write a day and a time, such as 2024-05-31 12:00 or 31.5.2024 12.00."))
    row.facts["place"] = row["place"]
    row.facts["mode"] = row["mode"] or Mode.IN_PERSON
    if row["mode"] and row["mode"] not in Mode.values:
        row.refuse("mode", _("Write one of these: {known}.").format(known=", ".join(Mode.values)))
    if row["capacity"]:
        if row["capacity"].isascii() and row["capacity"].isdigit() and int(row["capacity"]) < 100_000:
            row.facts["capacity"] = int(row["capacity"])
        else:
            row.refuse("capacity", _("Write a whole number."))
    if row["online_link"]:
        row.facts["online_link"] = row["online_link"]
        try:
            URLValidator(["http", "https"])(row["online_link"])
        except ValidationError:
            row.refuse("online_link", _("Write a whole address: https://example.org/meeting."))


def _moment(text: str) -> datetime | None:
    for form in MOMENTS:
        try:
            return timezone.make_aware(datetime.strptime(text, form))
        except ValueError:
            continue
    return None


KINDS = {
    "story": Kind(StoryPage, ("body",)),
    "result": Kind(ResultPage, ("body",), ("finding", "evidence")),
    "information": Kind(InformationPage, ("body",)),
    "practice": Kind(PracticePage, PARTS_OF_PRACTICE, (*PARTS_OF_PRACTICE, "stage"), check_practice),
    "event": Kind(EventPage, ("starts", "ends"), ("starts", "ends", "mode", "place", "online_link", "capacity"), check_event),
}
# Each once, in the order of the kinds.
OWN = tuple(dict.fromkeys(name for kind in KINDS.values() for name in kind.own))
