"""Sending an issue from the admin: a page that says what will happen, and then shows the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem

from base.languages import CODES
from base.pages import ENDONYMS
from base.staff import staff_of
from base.translations.states import may_translate, sheet_url
from newsletters import dispatching, issues, languages, recipients, segments, sending
from newsletters.making import versions
from newsletters.models import IssuePage
from newsletters.sent import ACTS, sent_context

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse


def may_send(issue: IssuePage, user: Any) -> bool:
    """Who may publish any page is not one who writes to subscribers: event organisers are not."""
    return bool(issue.permissions_for_user(user).can_publish() and user.has_perm("newsletters.change_newsletter"))


def send_url(issue: IssuePage) -> str:
    return reverse("newsletters_send_issue", args=[issue.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def send_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """For those of whom `may_send` says so. Others get a plain 403: raising would make Wagtail redirect them to its front page."""
    issue: IssuePage = get_object_or_404(IssuePage.objects.select_related("locale", "theme", "mailing"), pk=pk)
    if not may_send(issue, request.user):
        return refused(request, issue)
    if request.method != "POST":
        return render(request, "newsletters/staff/send_issue.html", _context(issue, request.user))
    form = sending.DueForm(request.POST)
    if not form.is_valid():
        return render(request, "newsletters/staff/send_issue.html", _context(issue, request.user, form), status=422)
    try:
        told = sending.press(issue, request.POST.get("action", "send"), form.cleaned_data["due_at"], staff_of(request))
    except KeyError:
        return HttpResponseBadRequest()
    except recipients.NotSendable as error:
        messages.error(request, str(error))
    else:
        if told:
            messages.success(request, told)
    return redirect(send_url(issue))


@require_POST
def act_on_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """A press on one of the buttons of `actions`. What is not so any more changes nothing, and says so."""
    issue: IssuePage = get_object_or_404(IssuePage.objects.select_related("mailing", "theme"), pk=pk)
    if not may_send(issue, request.user):
        return refused(request, issue)
    act = ACTS.get(request.POST.get("action", ""))
    if act is None or issue.mailing is None:
        return HttpResponseBadRequest()
    if act(issue.mailing, request.user):
        messages.success(request, _("Done. The figures below are those of now."))
    else:
        messages.warning(request, _("Nothing was changed: the sending had gone on meanwhile. The figures below are those of now."))
    return redirect(send_url(issue))


def refused(request: HttpRequest, issue: IssuePage) -> HttpResponse:
    return render(request, "newsletters/staff/refused.html", {"issue": issue}, status=403)


def _context(issue: IssuePage, user: Any, form: sending.DueForm | None = None) -> dict[str, Any]:
    frame = {"issue": issue, "edit_url": reverse("wagtailadmin_pages:edit", args=[issue.pk]), "header_icon": "mail"}
    if issue.mailing:
        return (
            frame | {"page_title": _("Sent issue"), "page_subtitle": issue.title, "undo_until": dispatching.undo_until(issue)} | sent_context(issue)
        )
    rows = issues.language_rows(issue)
    total = sum(row.count for row in rows)
    missing = [ENDONYMS[code] for code in CODES if code not in {row.language for row in rows}]
    named = [{"language": ENDONYMS[row.language], "row": row} for row in rows]
    why = issues.why_not(issue) or ("" if total else _("Nobody has subscribed yet, so there is nobody to send to."))
    lacking = [{"title": row.title, "links": row.links(user)} for row in languages.lacking(issue)]
    words: dict[str, Any] = {"page_title": _("Send issue"), "page_subtitle": issue.title, "why_not": why}
    words["sheet_url"] = sheet_url(issue) if may_translate(issue, user) else ""
    audiences = segments.audiences_of(versions(issue).values())
    words["audiences"] = segments.audience_rows(recipients.subscribers(issue), audiences, issue.theme_id)
    words |= sending.context_of(issue, user, total, form)
    return frame | words | {"rows": named, "missing": missing, "lacking": lacking}


class SendMenuItem(ActionMenuItem):
    """In the edit page's menu of actions."""

    name = "action-send-issue"
    label = gettext_lazy("Send")
    icon_name = "mail"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        return isinstance(page, IssuePage) and page.live and may_send(page, context["request"].user)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return send_url(parent_context["page"])
