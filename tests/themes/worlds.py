"""Two themes on one installation."""

from __future__ import annotations

from types import SimpleNamespace

from tests import factories

HOST = "oppiminen.localhost"


def make_world(*, nested: bool, hostname: str = "") -> SimpleNamespace:
    ours, other = factories.make_theme(name_fi="Työelämä"), factories.make_theme(name_fi="Oppiminen", accent="#2a6f4f")
    home = factories.make_home(ours)
    front = factories.make_front(other, home if nested else None, hostname, slug="oppiminen", title="Oppiminen")
    sections = [factories.make_section(place, slug="jutut") for place in (home, front)]
    stories = [factories.make_story(section, title=f"Juttu {section.theme.name_fi}") for section in sections]
    return SimpleNamespace(ours=ours, other=other, home=home, front=front, sections=sections, stories=stories)


def page_at(client, path, host="localhost"):
    return client.get(path, headers={"host": host})
