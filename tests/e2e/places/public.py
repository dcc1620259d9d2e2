"""What everybody may read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid5

from django.test import RequestFactory
from django.urls import reverse
from django.views.defaults import server_error as server_error_view

from base.blocks import StoryBlocks
from base.busy import answer as busy_answer
from contacts.models import (
    Bridge,
    Person,
)
from contacts.privacy import links as own_links
from events.models import Event, EventPage, EventsPage, page_in
from newsletters.models import IssuePage, NewsletterPage
from pages.models import (
    AccessibilityPage,
    CallPage,
    CallsPage,
    ContactPage,
    HomePage,
    InformationPage,
    LandingPage,
    PracticePage,
    PrivacyPage,
    ProjectPage,
    ProjectsPage,
    PublicationPage,
    ResultPage,
    SectionPage,
    ServicePage,
    ServicesPage,
    StoryPage,
)

# Of some kinds the page that has a block which no other place has. The front page and the landing page have the rest.
BLOCKS = {
    "story": ("story", "timeline"),
    "outside": ("story", "outside_recording"),
    "result": ("result", "chart"),
    "project": ("project", "gallery"),
    "figure": ("project", "figure"),
}

# The calendar's other faces, by what its address asks for.
CALENDARS = {"week": "view=week", "month": "view=month", "narrowed": "region=06&mode=online", "past": "when=past"}


def public(language: str) -> dict[str, str]:
    models: dict[str, Any] = {
        "home": HomePage, "landing": LandingPage, "section": SectionPage, "story": StoryPage, "result": ResultPage, "practice": PracticePage,
        "publication": PublicationPage,
        "projects": ProjectsPage, "project": ProjectPage, "services": ServicesPage, "service": ServicePage,
        "calls": CallsPage,
        "newsletter": NewsletterPage, "issue": IssuePage, "events": EventsPage,
        "information": InformationPage, "contact": ContactPage, "accessibility": AccessibilityPage, "privacy": PrivacyPage,
    }  # fmt: skip
    pages = {name: model.objects.filter(locale__language_code=language, live=True).first() for name, model in models.items()}
    pages |= {name: with_block(models[kind], block, language) for name, (kind, block) in BLOCKS.items()}
    shown = {child.block_type for page in pages.values() if hasattr(page, "body") for child in page.body}
    assert shown >= set(StoryBlocks().child_blocks), f"no place shows {set(StoryBlocks().child_blocks) - shown}"
    found = {name: page.url for name, page in pages.items()}
    coming = EventPage.objects.filter(pk__in=[page_in(language, event).pk for event in Event.objects.public().upcoming()])
    past = page_in(language, Event.objects.public().exclude(pk__in=Event.objects.upcoming()).first())
    found["shared_section"] = Bridge.objects.standing().first().section.specific.versions[language].url
    found |= {f"events_{name}": f"{found['events']}?{query}" for name, query in CALENDARS.items()}
    found["projects_narrowed"] = f"{found['projects']}?region=06"
    # The first of the demo's has closed; the last is a joint one that is coming.
    calls = CallPage.objects.filter(locale__language_code=language, live=True).order_by("closes_at")
    found |= {name: page.url for name, page in zip(("closed_call", "call", "joint_call"), calls, strict=True)}
    return found | {"event": coming.order_by("starts_at").last().url, "past_event": past.url, "not_found": f"/{language}/ei-ole/"}


def with_block(model: Any, block: str, language: str) -> Any:
    pages = model.objects.filter(locale__language_code=language, live=True)
    return next(page for page in pages if any(child.block_type == block for child in page.body))


def server_error() -> str:
    """What a reader sees when the server fails."""
    return server_error_view(RequestFactory().get("/fi/")).content.decode()


def busy() -> str:
    """What who sent a form sees when the database had no turn for it."""
    return busy_answer(RequestFactory().post("/fi/events/1/register/", {"first_name": "Aino", "needs": "Gluteeniton"})).content.decode()


def of_own_data() -> dict[str, str]:
    """What somebody finds behind the link to their own data."""
    person = Person.objects.filter(memberships__isnull=False).first()
    return {"own_data": own_links.path_of(person), "own_data_erase": own_links.path_of(person, "erase")}


def of_search(language: str) -> dict[str, str]:
    """Before a question, with much found, and with nothing."""
    address, word = reverse("pages:search"), {"fi": "työpaikkojen", "sv": "arbetsplatser", "en": "workplaces"}[language]
    return {
        "open_data": reverse("open_data"),
        "search": f"{address}?{urlencode({'q': word})}",
        "search_empty": address,
        "search_nothing": f"{address}?q=qwxz",
    }


def moments_of_calls(language: str) -> list[tuple[str, str, float]]:
    """(uid, summary, when) of what the calendar should hold beside events."""
    what = {"fi": ("Haku avautuu", "Haku päättyy"), "sv": ("Utlysningen öppnar", "Utlysningen stänger"), "en": ("The call opens", "The call closes")}
    return [
        (str(uuid5(call.translation_key, name)), f"{words}: {call.title}", at.timestamp())
        for call in CallPage.objects.filter(locale__language_code=language, live=True)
        for name, words, at in zip(("opens", "closes"), what[language], (call.opens_at, call.closes_at), strict=True)
    ]
