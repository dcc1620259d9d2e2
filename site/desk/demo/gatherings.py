"""The demo's tour, its hybrid event with a programme, its event with questions, and a meeting of the steering group."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import pgettext

from base.languages import CODES, FALLBACK
from base.models import User
from base.questions import Given, Question
from base.questions.kinds import CONSENT
from contacts.models import Person
from desk.demo.content import read
from desk.demo.parts import people_keys
from desk.demo.plan import by_key
from desk.opening import publish, rich, translate
from events import invitations
from events.answers import questions_for
from events.models import MeetingPage
from themes.models import Goal, Theme

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from datetime import datetime

    from wagtail.models import Page

    from events.models import Event

QUESTIONS = uuid.UUID("6f1d2f2c-6f3e-4d0c-9a53-6a1f5f0c8f10")
OFTEN = 0.6

AS_EVER = {"starts": None, "ends": None, "place": "", "mode": "", "region": "", "capacity": None, "online_capacity": None, "online_link": ""}


def furnish(page: Any, key: str, today: date) -> None:
    """What an event's page has beside its texts: dates, programme, venue."""
    row = read("gatherings")["events"].get(key)
    if row is None:
        return
    for name in ("address", "access_note", "remote_text"):
        setattr(page, name, row["fi"].get(name, ""))
    page.access = row["access"]
    page.online_capacity = row.get("online_capacity", page.online_capacity)
    page.dates = [
        ("date", AS_EVER | {"day": today + timedelta(days=one["offset"]), "last_day": None, "place": place} | _of_date(one))
        for one, place in zip(row.get("dates", ()), row["fi"].get("places", ()), strict=True)
    ]
    page.programme = [_session(one) for one in row.get("programme", ())]
    page.questions = page.questions.stream_block.to_python([_question(key, number, one) for number, one in enumerate(row.get("questions", ()))])


def _of_date(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("region", "capacity") if name in row}


def _session(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    times = {"day": None, "starts": time.fromisoformat(row["starts"]), "ends": time.fromisoformat(row["ends"]), "title": row["fi"]["title"]}
    if row.get("type") == "pause":
        return "pause", times
    words = {"text": rich([row["fi"]["text"]]), "room": row["fi"]["room"], "track": row["fi"].get("track", "")}
    return "session", times | words | {"speakers": people_keys(row["speakers"]), "capacity": row.get("capacity")}


def _question(key: str, number: int, row: dict[str, Any]) -> dict[str, Any]:
    """As the editor's form stores it."""
    block = {"type": row["type"], "id": str(uuid.uuid5(QUESTIONS, f"{key}:{number}"))}
    words = {name: value for name, value in row["fi"].items() if name != "options"}
    if row["type"] == "heading":
        return block | {"value": words}
    facts = {"help_text": "", "is_required": row.get("is_required", False), "kept": row.get("kept", "registration"), "days": row.get("days")}
    more: dict[str, Any] = {"version": "1"} if row["type"] == "consent" else {}
    if options := row["fi"].get("options"):
        values = [{"text": text, "capacity": places, "follow_ups": []} for text, places in zip(options, row["places"], strict=True)]
        ids = [str(uuid.uuid5(QUESTIONS, f"{key}:{number}:{place}")) for place in range(len(values))]
        more["options"] = [{"type": "item", "id": one, "value": value} for one, value in zip(ids, values, strict=True)]
    return block | {"value": facts | words | more}


def answers_to(event: Event, language: str, chance: random.Random) -> list[Given]:
    """What somebody answers to the event's own questions: one of the choices, and to some of the others."""
    with translation.override(language):
        return [found for question in questions_for(event.item_key, language) if (found := _answer_to(question, chance))]


def _answer_to(question: Question, chance: random.Random) -> Given | None:
    if not question.is_required and chance.random() > OFTEN:
        return None
    if question.options:
        option = chance.choice(question.options)
        return Given(question, option.text, (option.key,))
    return Given(question, pgettext("answer", "Yes")) if question.kind == CONSENT else None


def ways_to_take_part(key: str, event: Event, guests: Sequence[Any]) -> list[str]:
    """The last of the guests of a hybrid event take part online."""
    row = read("gatherings")["events"].get(key, {})
    online = min(row.get("online", 0), len(guests))
    return [event.ways[0].value] * (len(guests) - online) + [event.ways[-1].value] * online


def words_of(key: str, code: str) -> dict[str, Any]:
    """In the language, in the shape of the Finnish ones, as `desk.opening.translate` pairs them."""
    row = read("gatherings")["events"].get(key)
    parts = {name: [one[code] for one in row.get(name, ())] for name in ("programme", "questions")} if row else {}
    return {"gathering": row[code], **parts} if row else {}


def publish_meeting(row: dict[str, Any], theme: Theme, section: Page, starts_at: datetime, ends_at: datetime) -> MeetingPage:
    field = MeetingPage._meta.get_field("agenda")
    people = Person.objects.filter(theme=theme, roles__organisation__key__in=row["part_of"]).order_by("pk").distinct()[:4]
    page = MeetingPage(
        title=row["title"],
        slug=row["slug"],
        place=row["place"],
        online_link=row.get("online_link", ""),
        starts_at=starts_at,
        ends_at=ends_at,
        agenda=field.stream_block.to_python([_item(one, starts_at.date()) for one in row["agenda"]]),
        attendance=[
            ("person", {"person": person, "part": "member", "state": "present" if starts_at < timezone.now() else "invited"}) for person in people
        ],
    )
    made: MeetingPage = publish(page, section, {"goals": [by_key(Goal, theme)[key] for key in row["goals"]]})
    if others := {code: row[code] for code in CODES if code in row}:
        translate(made, {FALLBACK: row, **others})
    if starts_at > timezone.now():
        invitations.send(page=made, rows=invitations.of_meeting(made))
        for invitation, answer in zip(invitations.of_meeting(made), row["answers"], strict=False):
            invitations.answer(invitation=invitation, answer=answer, message="", page=made)
    return made


def _item(row: dict[str, Any], day: date) -> dict[str, Any]:
    decisions = [{"type": "item", "id": str(uuid.uuid4()), "value": _decision(one, day)} for one in row.get("decisions", ())]
    texts = {name: str(rich(row[name])) for name in ("text", "minutes")}
    return {"type": "item", "id": str(uuid.uuid4()), "value": {"title": row["title"], "documents": [], "decisions": decisions} | texts}


def _decision(row: dict[str, Any], day: date) -> dict[str, Any]:
    user = User.objects.filter(username=row.get("responsible", "")).first()
    due = (day + timedelta(days=row["due"])).isoformat() if "due" in row else None
    return {"text": row["text"], "responsible": str(user.pk) if user else "", "due": due}
