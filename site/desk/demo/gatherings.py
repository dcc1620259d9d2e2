"""The demo's tour, its hybrid event with a programme, and a meeting of the steering group."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from base.models import User
from contacts.models import Person
from desk.demo.content import read
from desk.demo.parts import people_keys
from desk.demo.plan import by_key
from desk.opening import publish, rich
from events.models import MeetingPage
from themes.models import Goal, Theme

if TYPE_CHECKING:
    from datetime import datetime

    from wagtail.models import Page

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


def _of_date(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("region", "capacity") if name in row}


def _session(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    times = {"day": None, "starts": time.fromisoformat(row["starts"]), "ends": time.fromisoformat(row["ends"]), "title": row["fi"]["title"]}
    if row.get("type") == "pause":
        return "pause", times
    words = {"text": rich([row["fi"]["text"]]), "room": row["fi"]["room"], "track": row["fi"].get("track", "")}
    return "session", times | words | {"speakers": people_keys(row["speakers"]), "capacity": row.get("capacity")}


def words_of(key: str, code: str) -> dict[str, Any]:
    """In the language, in the shape of the Finnish ones, as `desk.opening.translate` pairs them."""
    row = read("gatherings")["events"].get(key)
    return {} if row is None else {"gathering": row[code], "programme": [one[code] for one in row.get("programme", ())]}


def publish_meeting(theme: Theme, section: Page, starts_at: datetime, ends_at: datetime) -> MeetingPage:
    row = read("gatherings")["meeting"]
    field = MeetingPage._meta.get_field("agenda")
    people = Person.objects.filter(theme=theme, roles__organisation__key__in=row["part_of"]).order_by("pk").distinct()[:4]
    page = MeetingPage(
        title=row["title"],
        slug=row["slug"],
        place=row["place"],
        starts_at=starts_at,
        ends_at=ends_at,
        agenda=field.stream_block.to_python([_item(one, starts_at.date()) for one in row["agenda"]]),
        attendance=[("person", {"person": person, "part": "member", "state": "present"}) for person in people],
    )
    made: MeetingPage = publish(page, section, {"goals": [by_key(Goal, theme)[key] for key in row["goals"]]})
    return made


def _item(row: dict[str, Any], day: date) -> dict[str, Any]:
    decisions = [{"type": "item", "id": str(uuid.uuid4()), "value": _decision(one, day)} for one in row.get("decisions", ())]
    texts = {name: str(rich(row[name])) for name in ("text", "minutes")}
    return {"type": "item", "id": str(uuid.uuid4()), "value": {"title": row["title"], "documents": [], "decisions": decisions} | texts}


def _decision(row: dict[str, Any], day: date) -> dict[str, Any]:
    user = User.objects.filter(username=row.get("responsible", "")).first()
    due = (day + timedelta(days=row["due"])).isoformat() if "due" in row else None
    return {"text": row["text"], "responsible": str(user.pk) if user else "", "due": due}
