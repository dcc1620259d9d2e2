"""Meetings: what the page of one shows, and what publishing it brings about."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.signals import page_published

from base.blocks.links import about_file
from base.bounds import everywhere
from contacts import outreach
from contacts.models import Touch
from contacts.pages import is_source
from events import invitations, words
from events.meeting_blocks import CAME, INVITED
from events.models import Decision, Invitation, MeetingPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from base.models import User


def context_of(page: MeetingPage, *, paper_url: Callable[[Any], str] = lambda paper: str(paper.url)) -> dict[str, Any]:
    """As `events/meeting.html` has it. A fixed number of queries. `paper_url` is where a paper of the agenda is read."""
    answers = dict(Invitation.objects.filter(meeting_key=page.translation_key).exclude(answer="").values_list("person", "answer"))
    rows = {decision.key: decision for decision in Decision.objects.filter(meeting_key=page.translation_key).select_related("responsible")}
    return {
        "facts": words.facts_of_meeting(page),
        "items": [_item(child.value, rows, paper_url) for child in page.agenda],
        "people": [
            {
                "name": str(child.value["person"]),
                "part": _label(child.value, "part"),
                "state": _state(child.value, answers),
            }
            for child in page.attendance
            # Somebody who was erased is None by now.
            if child.value["person"]
        ],
    }


def _label(value: Any, name: str) -> str:
    choices = dict(value.block.child_blocks[name].field.choices)
    return str(choices.get(value[name], ""))


def _state(value: Any, answers: dict[int, str]) -> str:
    """Before it is said who came, what they answered."""
    answer = answers.get(value["person"].pk) if value["state"] == INVITED else ""
    return str(Invitation.Answer(answer).label) if answer else _label(value, "state")


def papers_of(page: MeetingPage) -> list[Any]:
    return [document for child in page.agenda for document in child.value["documents"] if document]


def _item(value: Any, rows: dict[uuid.UUID, Decision], paper_url: Callable[[Any], str]) -> dict[str, Any]:
    papers = [document for document in value["documents"] if document]
    return {
        "title": value["title"],
        "text": value["text"],
        "minutes": value["minutes"],
        "files": [{"title": paper.title, "url": paper_url(paper), "about": about_file(paper)} for paper in papers],
        "decisions": [{"text": one["text"], "row": rows.get(key)} for key, one in decisions_in(value)],
    }


def decisions_in(value: Any) -> Iterator[tuple[uuid.UUID, Any]]:
    for child in value["decisions"].bound_blocks:
        yield uuid.UUID(str(child.id)), child.value


@transaction.atomic
def publish_meeting(page: MeetingPage) -> None:
    """Brings the source page's decisions to their rows, and those who came to the ledger. What is done stays done."""
    found = {key: one for child in page.agenda for key, one in decisions_in(child.value)}
    Decision.objects.filter(meeting_key=page.translation_key).exclude(key__in=found).delete()
    for key, one in found.items():
        facts = {"theme_id": page.theme_id, "meeting_key": page.translation_key, "text": one["text"], "due": one["due"]}
        responsible = int(one["responsible"]) if one["responsible"] else None
        Decision.objects.update_or_create(key=key, defaults=facts | {"responsible_id": responsible})
    invitations.follow(page)
    _touch_who_came(page)


def _touch_who_came(page: MeetingPage) -> None:
    act, cause = page.record_outreach(), f"events.meeting:{page.translation_key}"
    outreach.remove_touches(act, Touch.Kind.MET, cause=cause)
    for child in page.attendance:
        person = child.value["person"]
        if person and child.value["state"] in CAME:
            outreach.touch(act, person, Touch.Kind.MET, cause=cause, at=min(page.starts_at, timezone.now()))


def publish_source_page(sender: type, instance: Any, **kwargs: object) -> None:
    if isinstance(instance, MeetingPage) and instance.live and is_source(instance):
        publish_meeting(instance)


def connect() -> None:
    page_published.connect(publish_source_page, dispatch_uid="events.publish_meeting")


def may_end(user: Any, decision: Decision) -> bool:
    """Who follows it up, and who may publish the meeting's page."""
    page = page_of(decision)
    return bool(decision.responsible_id == user.pk or (page and page.permissions_for_user(user).can_publish()))


def page_of(decision: Decision) -> MeetingPage | None:
    with everywhere():
        page: MeetingPage | None = MeetingPage.objects.filter(translation_key=decision.meeting_key).order_by("pk").first()
    return page


@transaction.atomic
def end_decision(*, decision: Decision, by: User) -> bool:
    """Once: of two at once, one. The meeting's history says who did it."""
    made = Decision.objects.filter(pk=decision.pk, done_at=None).update(done_at=timezone.now(), done_by=by)
    if made and (page := page_of(decision)):
        log(Page.objects.get(pk=page.pk), "kantama.events.decision", user=by, data={"decision": decision.text[:200]})
    return bool(made)
