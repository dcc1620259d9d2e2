"""“Fill in”: what is new on the site since the newsletter's last issue, and what is to come, as blocks of the draft.

The editor removes what is not wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from wagtail.log_actions import log
from wagtail.models import Page, get_page_models

from base import coming
from base.fallbacks import readable
from base.pages import Digestible, PublicPage
from newsletters.library import LISTED, Library, raw_blocks
from newsletters.models import IssuePage
from themes.models import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from base.models import User

# Of a newsletter that has sent nothing yet.
FIRST_LOOK = timedelta(days=60)
# Of each kind: more would be no letter.
MOST = 8
# As many issues back are looked through for what was told already.
LOOK_BACK = 6
BY_RULE = {"coming_events": coming.EVENTS, "open_calls": coming.CALLS}


class NotFillable(ValueError):
    """The draft takes nothing now; the message says why, in the active language."""


@dataclass(frozen=True)
class Group:
    """What goes under one heading: pages, or for `block_type` a block by rule that lists them."""

    heading: str
    pages: list[Any]
    block_type: str = ""


def proposals(draft: IssuePage) -> list[Group]:
    """What the draft does not show yet, in its own language; kind by kind, the newest first."""
    with translation.override(draft.locale.language_code):
        shown = set(Library.of([draft]).shown_keys(draft))
        told = shown | _told_before(draft)
        groups = [group for model in news_kinds() if (group := _news(draft, model, told)).pages]
        present = {block["type"] for block in raw_blocks(draft.body.raw_data)}
        return groups + [group for name in BY_RULE if name not in present and (group := _to_come(draft, name, shown)).pages]


def news_kinds() -> list[Any]:
    """The kinds of pages that are news once: those that by rule come and go are listed by a block of their own."""
    by_rule = set(BY_RULE.values())
    kinds = [model for model in get_page_models() if issubclass(model, Digestible) and issubclass(model, PublicPage)]
    return [model for model in kinds if model.kind_label_plural and model.comes_as not in by_rule]


def heading_in(heading: str, of: str, code: str) -> str:
    """One of its headings in another language; "" for words that are none."""
    for kind in news_kinds():
        with translation.override(of):
            is_of_kind = heading == str(kind.kind_label_plural)
        if is_of_kind:
            with translation.override(code):
                return str(kind.kind_label_plural)
    return ""


def since(draft: IssuePage) -> datetime:
    """When the newsletter was last sent."""
    last = former(draft).first()
    return last.mailing.frozen_at if last and last.mailing else timezone.now() - FIRST_LOOK


def former(draft: IssuePage) -> Any:
    """The newsletter's issues that were sent, whatever language they were written in; the last first."""
    below = Q(pk__in=[])
    for path in Page.objects.filter(translation_key=draft.get_parent().translation_key).values_list("path", flat=True):
        below |= Q(path__startswith=path)
    issues = IssuePage.objects.filter(below, mailing__isnull=False).exclude(translation_key=draft.translation_key)
    return issues.select_related("mailing", "locale").order_by("-mailing__frozen_at")


def _told_before(draft: IssuePage) -> set[UUID]:
    return {key for issue in former(draft)[:LOOK_BACK] for key in Library.of([issue]).shown_keys(issue)}


def _news(draft: IssuePage, model: Any, told: set[UUID]) -> Group:
    """A page that was published in another language before is no news."""
    older = Page.objects.filter(translation_key=OuterRef("translation_key"), first_published_at__lte=since(draft))
    pages = model.objects.live().public().filter(theme=draft.theme_id, first_published_at__isnull=False)
    if (hidden := model.unlisted()) is not None:
        pages = pages.exclude(pk__in=hidden.values("pk"))
    pages = readable(pages, draft.locale.language_code).filter(~Exists(older)).exclude(translation_key__in=told)
    return Group(str(model.kind_label_plural), list(pages.order_by("-first_published_at", "-pk")[:MOST]))


def _to_come(draft: IssuePage, block_type: str, shown: set[UUID]) -> Group:
    wanted = coming.Wanted(draft.theme_id, is_internal=draft.newsletter.scope == Scope.INTERNAL)
    keys = [key for key in coming.keys(BY_RULE[block_type], wanted) if key not in shown]
    number: Any = LISTED[block_type].child_blocks["number"]
    keys = keys[: number.get_default()]
    found = {page.translation_key: page for page in readable(Page.objects.filter(translation_key__in=keys), draft.locale.language_code)}
    return Group(str(LISTED[block_type].heading), [found[key] for key in keys if key in found], block_type)


@transaction.atomic
def fill_in(issue: IssuePage, *, by: User | None) -> list[Group]:
    """Adds the proposals to the latest draft, as a revision of its own. Pressed again it adds what has come since, and nothing twice.

    Raises NotFillable.
    """
    draft = issue.get_latest_revision_as_object()
    groups = proposals(draft)
    if groups:
        for group in groups:
            _put_in(draft.body, group)
        draft.save_revision(user=by, log_action=True)
        log(draft, "newsletters.fill_in", user=by, data={"pages": [page.pk for group in groups for page in group.pages]})
    return groups


def _put_in(body: Any, group: Group) -> None:
    """Below the heading where it stands already, else at the end with its heading."""
    if group.block_type:
        body.append((group.block_type, {name: block.get_default() for name, block in LISTED[group.block_type].child_blocks.items()}))
        return
    at = _end_of(body, group.heading)
    if at is None:
        body.append(("heading", group.heading))
        at = len(body)
    for number, page in enumerate(group.pages):
        body.insert(at + number, ("item", page))


def _end_of(body: Any, heading: str) -> int | None:
    """After the pages that follow the heading."""
    blocks: Iterable[Any] = list(body)
    at: int | None = None
    for number, block in enumerate(blocks):
        if (block.block_type == "heading" and block.value == heading) or (at == number and block.block_type == "item"):
            at = number + 1
    return at
