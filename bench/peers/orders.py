"""pretix takes orders through its API: in an environment of its own, where nothing of ours is installed.

`python orders.py make PLACES` makes an event with a free ticket and prints its address and a token; `python orders.py load ORDERS AT_ONCE` reads that
from standard input, with the server's port, sends so many orders by so many at once, and prints what it took.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from datetime import timedelta
from typing import Any

PATIENCE = 120


def make(places: int) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretix.settings")
    import django

    django.setup()
    from django.utils import timezone
    from django_scopes import scopes_disabled
    from pretix.base.models import Event, Organizer, Team

    with scopes_disabled():
        organizer = Organizer.objects.create(name="Mittaus", slug="mittaus")
        event = Event.objects.create(
            organizer=organizer, name="Mittaus", slug="mittaus", live=True, currency="EUR", date_from=timezone.now() + timedelta(days=60)
        )
        item = event.items.create(name="Paikka", default_price=0)
        quota = event.quotas.create(name="Paikat", size=places)
        quota.items.add(item)
        rights = {"all_events": True, "all_event_permissions": True, "all_organizer_permissions": True}
        team = Team.objects.create(organizer=organizer, name="Mittaus", **rights)
        token = team.tokens.create(name="Mittaus").token
    return {"path": f"/api/v1/organizers/{organizer.slug}/events/{event.slug}/orders/", "token": token, "item": item.pk}


async def order(number: int, told: dict[str, Any], taken: list[float], wrong: list[str]) -> None:
    position = {
        "positionid": 1, "item": told["item"], "variation": None, "price": "0.00", "attendee_name_parts": {"full_name": f"Aino {number}"},
        "attendee_email": None, "addon_to": None, "answers": [], "subevent": None,
    }  # fmt: skip
    words = {"email": f"kavija{number}@mittaus.example.org", "locale": "en", "status": "p", "payment_provider": "free", "positions": [position]}
    body = json.dumps(words)
    head = f"POST {told['path']} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {told['token']}\r\nContent-Type: application/json\r\n"
    before = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", told["port"])
            writer.write(f"{head}Content-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n{body}".encode())
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError) as problem:
        wrong.append(repr(problem))
        return
    if b" 201 " in answer.split(b"\r\n", 1)[0]:
        taken.append(time.perf_counter() - before)
    else:
        wrong.append(answer[-300:].decode(errors="replace"))


async def load(orders: int, at_once: int, told: dict[str, Any]) -> dict[str, Any]:
    taken, wrong, numbers = list[float](), list[str](), iter(range(orders))

    async def one_after_another() -> None:
        for number in numbers:
            await order(number + told.get("from", 0), told, taken, wrong)

    before = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    seconds, taken = time.perf_counter() - before, sorted(taken)
    p95 = taken[min(len(taken) - 1, len(taken) * 95 // 100)] if taken else 0.0
    return {"a_second": len(taken) / seconds, "p95": p95, "confirmed": len(taken), "wrong": len(wrong), "first_wrong": wrong[:2]}


if __name__ == "__main__":
    if sys.argv[1] == "make":
        sys.stdout.write(json.dumps(make(int(sys.argv[2]))))
    else:
        sys.stdout.write(json.dumps(asyncio.run(load(int(sys.argv[2]), int(sys.argv[3]), json.load(sys.stdin)))))
