"""Questions as an editor's form saves them, for tests."""

from __future__ import annotations

from typing import Any

from base.questions import QuestionBlocks


def block(kind: str, key: str, label: str, **values: Any) -> dict[str, Any]:
    plain = {"label": label, "help_text": "", "is_required": False, "kept": "registration", "days": None}
    return {"type": kind, "id": key, "value": plain | values}


def option(key: str, text: str, *, capacity: int | None = None, follow_ups: Any = ()) -> dict[str, Any]:
    return {"type": "item", "id": key, "value": {"text": text, "capacity": capacity, "follow_ups": list(follow_ups)}}


def stream(*blocks: dict[str, Any]) -> Any:
    return QuestionBlocks().to_python(list(blocks))


LUNCH = block(
    "one",
    "lunch",
    "Lounas",
    is_required=True,
    options=[
        option("soup", "Keitto", capacity=2),
        option("own", "Omat eväät", follow_ups=[block("short", "fridge", "Kuinka paljon jääkaappitilaa?", is_required=True)]),
    ],
)
EVERY_KIND = [
    {"type": "heading", "id": "part", "value": {"title": "Päivästä", "text": "Vastaa ennen maanantaita"}},
    block("short", "title", "Tehtävä"),
    block("long", "hopes", "Toiveet", help_text="Mitä haluat oppia?"),
    LUNCH,
    block("several", "tracks", "Työpajat", options=[option("a", "Johtaminen"), option("b", "Tuottavuus")]),
    block("yes_no", "first", "Oletko ensimmäistä kertaa?", if_yes=[], if_no=[block("short", "when", "Milloin viimeksi?")]),
    block("consent", "photo", "Suostun siihen, että minua kuvataan", version="2"),
    block("file", "plan", "Suunnitelma"),
    block("email", "second", "Toinen osoite"),
    block("phone", "tel", "Puhelin", kept="days", days=3),
    block("short", "diet", "Ruokavalio", kept="sensitive"),
]
