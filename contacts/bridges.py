"""The turns of a bridge between two themes: offered, accepted or declined, ended. What is shown and counted of it, `contacts.shared` says.

Only what is published is offered, so nobody gets at another theme's drafts by a bridge. It ends by itself when the page, or the section that shows
it, is published in no language any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, get_page_models
from wagtail.signals import page_unpublished

from base.bounds import everywhere
from base.fallbacks import borrowed, readable
from base.languages import FALLBACK
from contacts import outreach
from contacts.models import Bridge
from themes.models import Theme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from base.models import User
    from themes.models import Goal

# Upward notice of each turn, inside its transaction: `bridge`, as it is now, and `by`; None where it ended by itself.
turned = Signal()


@transaction.atomic
def offer(*, page: Any, theme: Theme, by: User | None, message: str = "") -> Bridge:
    """Raises ValidationError where the page cannot be shared, or the theme has it already."""
    act = outreach.of_item(page.translation_key)
    if act is None or not is_shareable(page):
        raise ValidationError(_("Only a page that is published for everybody can be shared."))
    if theme == page.theme or theme not in receivers(page.theme):
        raise ValidationError({"theme": _("This theme has no section that could show it.")})
    try:
        with transaction.atomic():
            bridge = Bridge.objects.create(outreach=act, theme=theme, message=message, offered_by=by, offered_at=timezone.now())
    except IntegrityError:
        raise ValidationError({"theme": _("It has been offered to this theme already.")}) from None
    turned.send(Bridge, bridge=bridge, by=by)
    return bridge


@transaction.atomic
def accept(*, bridge: Bridge, section: Any, goals: Collection[Goal], by: User | None) -> Bridge:
    """Raises ValidationError with what is wrong, at its field."""
    bridge = _waiting(bridge)
    if not pages_of([bridge], FALLBACK):
        raise ValidationError(_("The page is not published any more."))
    if section not in sections_of(bridge.theme):
        raise ValidationError({"section": _("Choose a published section of your own theme.")})
    if not goals or any(goal.theme_id != bridge.theme_id for goal in goals):
        raise ValidationError({"goals": _("Name at least one goal of your own theme's plan.")})
    bridge.state, bridge.section, bridge.answered_by, bridge.accepted_at = Bridge.State.ACCEPTED, section, by, timezone.now()
    bridge.save()
    bridge.goals.set(goals)
    turned.send(Bridge, bridge=bridge, by=by)
    return bridge


@transaction.atomic
def decline(*, bridge: Bridge, by: User | None, answer: str = "") -> Bridge:
    bridge = _waiting(bridge)
    bridge.state, bridge.answer, bridge.answered_by, bridge.ended_at = Bridge.State.DECLINED, answer, by, timezone.now()
    bridge.save()
    turned.send(Bridge, bridge=bridge, by=by)
    return bridge


@transaction.atomic
def end(*, bridge: Bridge, by: User | None) -> Bridge:
    """By either side, also before there was an answer. Once it has ended, it stays so: again changes nothing, and tells nobody."""
    bridge = _locked(bridge)
    if bridge.is_open:
        bridge.state, bridge.ended_at = Bridge.State.ENDED, timezone.now()
        bridge.save()
        turned.send(Bridge, bridge=bridge, by=by)
    return bridge


def _locked(bridge: Bridge) -> Bridge:
    found: Bridge = Bridge.objects.select_for_update(of=("self",)).select_related("outreach__theme", "theme", "offered_by").get(pk=bridge.pk)
    return found


def _waiting(bridge: Bridge) -> Bridge:
    found = _locked(bridge)
    if found.state != Bridge.State.OFFERED:
        raise ValidationError(_("This does not wait for an answer any more."))
    return found


# ---- what may be shared, and where
def is_shareable(page: Any) -> bool:
    """Of a kind that sections show, live, and for everybody."""
    return bool(getattr(page, "can_be_shared", False) and page.live and Page.objects.public().filter(pk=page.pk).exists())


def _section_models() -> list[Any]:
    return [model for model in get_page_models() if getattr(model, "takes_shared", False)]


def sections_of(theme: Theme, language: str = "") -> list[Any]:
    """Where the theme can show what another shares: of each section the version in the language; without one, those in all."""
    found: list[Any] = []
    for model in _section_models():
        rows = model._default_manager.live().filter(theme=theme).select_related("theme", "locale").order_by("path")
        found += readable(rows, language) if language else rows.exclude(borrowed())
    return found


def receivers(home: Theme) -> list[Theme]:
    """The themes that the pages of one may be offered to."""
    themes = {pk for model in _section_models() for pk in model._default_manager.live().values_list("theme", flat=True)}
    with everywhere():
        return list(Theme.objects.filter(pk__in=themes - {home.pk}).order_by("pk"))


def pages_of(bridges: Iterable[Bridge], language: str) -> dict[UUID | None, Any]:
    """What a reader of the language may see of each, by the item's key. One query."""
    shown = Page.objects.live().public().filter(translation_key__in=[bridge.outreach.item_key for bridge in bridges])
    return {page.translation_key: page for page in readable(shown, language)}


# ---- its end
def ending_with(page: Any) -> list[Bridge]:
    """Those that end when this page is taken down: it is the last version of what is shared, or of the section that shows it."""
    key = page.translation_key
    others = Page.objects.live().exclude(borrowed()).filter(translation_key=key).exclude(pk=page.pk)
    with everywhere():
        rows = Bridge.objects.open().select_related("outreach__theme", "theme")
        found = list(rows.filter(Q(outreach__item_key=key) | Q(section__translation_key=key)))
        return found if found and not others.exists() else []


def end_with_page(instance: Any, **_what: object) -> None:
    """By whatever way it was taken down."""
    with everywhere():
        for bridge in ending_with(instance):
            end(bridge=bridge, by=None)


def connect() -> None:
    page_unpublished.connect(end_with_page, dispatch_uid="contacts.bridges.end_with_page")
