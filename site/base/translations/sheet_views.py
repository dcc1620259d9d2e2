"""The screen of `sheet`: what a press on each of its buttons does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page
from wagtail_localize.models import Translation

from base.pages import ENDONYMS, PublicPage
from base.translations.editor import named
from base.translations.lists import shown
from base.translations.publishing import NotPublishableTogether, publish_together
from base.translations.sheet import REVISION, Sheet, languages_for, shown_source
from base.translations.states import State, may_translate, sheet_url, states_of
from base.translations.words import keep_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE = 422


def may_publish(source: Any, user: Any) -> bool:
    rights = source.permissions_for_user(user)
    return bool(rights.can_publish() and not rights.page_locked())


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=pk, depth__gt=1).specific
    if not isinstance(page, PublicPage):
        raise PermissionDenied
    source = states_of([page])[page.translation_key][0].source.specific  # type: ignore[attr-defined]  # a page of ours is a Page
    if not may_translate(source, request.user):
        raise PermissionDenied
    if source.pk != pk:
        return redirect(sheet_url(source, request.GET.getlist("languages")))
    possible, others = languages_for(source)
    codes = [code for code in possible if code in request.GET.getlist("languages")] or possible
    frame = {"source": source, "possible": possible, "others": others, "codes": codes}
    if request.method == "POST":
        return _press(request, source, codes, frame)
    return _show(request, Sheet.of(source, codes), frame)


def _press(request: HttpRequest, source: Any, codes: list[str], frame: dict[str, Any]) -> HttpResponse:
    action, chosen = request.POST.get("action", "save"), [code for code in codes if code in request.POST.getlist("publish")]
    if action not in {"save", "look", "publish"}:
        return HttpResponseBadRequest()
    made = Sheet.of(source, codes, request.POST)
    _keep(request, source, made)
    if action == "publish":
        return _publish(request, source, made, frame | {"chosen": chosen})
    if made.errors or made.homeless:
        return _show(request, made, frame, UNPROCESSABLE)
    if action == "look":
        query = request.GET.copy()
        query["look"] = next((code for code in codes if made.words_to_keep.get(code)), request.GET.get("look") or codes[0])
        return redirect(f"{request.path}?{query.urlencode()}#look")
    return redirect(request.get_full_path())


def _keep(request: HttpRequest, source: Any, made: Sheet) -> None:
    """What is right is kept also where something else is wrong."""
    number = sum(len(entries) for entries in made.words_to_keep.values())
    if number:
        keep_words(page=made.page, words=made.words_to_keep, by=request.user)
        for cell in made.cells:
            if cell.text in made.words_to_keep.get(cell.code, {}):
                cell.before = cell.value
        told = ngettext("%(number)d text was saved.", "%(number)d texts were saved.", number)
        messages.success(request, told % {"number": number})
    elif not (made.errors or made.homeless) and request.POST.get("action") == "save":
        messages.info(request, _("Nothing was changed, so there is nothing to save."))


def _publish(request: HttpRequest, source: Any, made: Sheet, frame: dict[str, Any]) -> HttpResponse:
    if not may_publish(source, request.user):
        raise PermissionDenied
    made.demand_words(frame["chosen"])
    is_overtaken = request.POST.get(REVISION, "") != str(source.latest_revision_id or "")
    if made.errors or made.homeless or is_overtaken:
        return _show(request, made, frame | {"is_overtaken": is_overtaken}, UNPROCESSABLE)
    try:
        published = publish_together(page=source, codes=frame["chosen"], by=request.user)
    except NotPublishableTogether as refusal:
        found = [(ENDONYMS[code], code, named(source, findings)) for code, findings in refusal.findings.items()]
        return _show(request, made, frame | {"refused": found}, UNPROCESSABLE)
    names = ", ".join(ENDONYMS[page.locale.language_code] for page in published)
    if published:
        messages.success(request, _("“%(title)s” was published: %(languages)s.") % {"title": source.title, "languages": names})
    else:
        messages.info(request, _("There was nothing to publish."))
    return redirect(Page.objects.get(pk=source.pk).specific.place_after_translating(request.user) or request.get_full_path())


def _show(request: HttpRequest, made: Sheet, frame: dict[str, Any], status: int = 200) -> HttpResponse:
    source, user = frame["source"], request.user
    states = states_of([source])[source.translation_key]
    waits = [state.language_code for state in states if state.state is not State.PUBLISHED]
    context = {
        "sheet": made,
        "rows": [{"text": text, "source": shown_source(text), "cells": cells} for text, cells in made.rows],
        "states": shown(states, user),
        "languages": [{"code": code, "name": ENDONYMS[code], "waiting": made.waiting(code)} for code in frame["codes"]],
        "narrow": _narrow(source, frame),
        "whole_url": sheet_url(source),
        "others": [(ENDONYMS[code], why) for code, why in frame["others"].items()],
        "within": [{"title": page.title, "states": shown(found, user)} for page, found in made.pages_in_it],
        "source_language": ENDONYMS[source.locale.language_code],
        "source_code": source.locale.language_code,
        "has_draft": source.live and source.has_unpublished_changes,
        "is_new": not source.live,
        "chosen": frame.get("chosen", waits),
        "may_publish": may_publish(source, user),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[source.pk]),
        "refused": frame.get("refused", []),
        "is_overtaken": frame.get("is_overtaken", False),
        "look": look(request, source, frame["codes"]),
    }
    words = {"page_title": _("All languages at once"), "page_subtitle": made.page.title, "header_icon": "globe"}
    return render(request, "base/translations/sheet.html", words | {"work": context}, status=status)


def _narrow(source: Any, frame: dict[str, Any]) -> list[dict[str, Any]]:
    """Links to one language alone."""
    codes = frame["possible"]
    return [{"name": ENDONYMS[code], "code": code, "url": sheet_url(source, [code]), "is_chosen": frame["codes"] == [code]} for code in codes]


def look(request: HttpRequest, source: Any, codes: list[str]) -> dict[str, Any] | None:
    """A translation as its readers will have it, in a frame; None until somebody asks."""
    code = request.GET.get("look", "")
    rows = Translation.objects.filter(source__object_id=source.translation_key, enabled=True).select_related("target_locale")
    there = {row.target_locale.language_code: row for row in rows}
    if code not in there:
        return None
    usual = source.default_preview_mode
    # Its editor has no address for a mode without a name.
    modes = {name: label for name, label in source.preview_modes if name or not usual}
    mode = request.GET.get("mode", usual)
    mode = mode if mode in modes else usual
    return {
        "code": code,
        "name": ENDONYMS[code],
        "url": reverse("wagtail_localize:preview_translation", args=[there[code].pk, *([] if mode == usual else [mode])]),
        "languages": [
            {"code": one, "name": ENDONYMS[one], "url": _here(request, look=one), "is_chosen": one == code} for one in codes if one in there
        ],
        "modes": [{"name": label, "url": _here(request, mode=name), "is_chosen": name == mode} for name, label in modes.items()],
    }


def _here(request: HttpRequest, **values: str) -> str:
    query = request.GET.copy()
    for name, value in values.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}#look"
