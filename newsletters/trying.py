"""Staff try an issue out before it goes: its checks, a test to colleagues, and the letter of one subscriber."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.log_actions import log

from base.pages import ENDONYMS
from mail import slots
from newsletters import making, preflight, previews, recipients, segments, testing
from newsletters.models import IssuePage, Subscription
from newsletters.staff import may_send, refused, send_url

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 20


def _issue(pk: int) -> IssuePage:
    issue: IssuePage = get_object_or_404(IssuePage.objects.select_related("locale", "theme"), pk=pk)
    return issue


@require_http_methods(["GET", "HEAD", "POST"])
def test(request: HttpRequest, pk: int) -> HttpResponse:
    issue, user = _issue(pk), request.user
    if not may_send(issue, user):
        return refused(request, issue)
    codes = list(testing.drafts(issue))
    form = testing.TestForm(request.POST or None, codes=codes, initial={"languages": codes, "to": [user.pk]})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            number = testing.send_test(issue=issue, to=list(chosen["to"]), languages=chosen["languages"], by=user)  # type: ignore[arg-type]
        except ValueError:
            form.add_error(None, _("No mail can be made of the issue: one of its links has an address that leads nowhere."))
        else:
            told = ngettext("%(number)d test is on its way.", "%(number)d tests are on their way.", number)
            messages.success(request, told % {"number": number})
            return redirect(send_url(issue))
    status = 422 if form.is_bound else 200
    return render(request, "newsletters/staff/test.html", _frame(issue, _("Send a test")) | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def as_reader(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose letter was looked at stays in the history, without the name: what somebody follows is personal data."""
    issue, user = _issue(pk), request.user
    if not (may_send(issue, user) and user.has_perm("newsletters.view_subscription")):
        return refused(request, issue)
    context = _frame(issue, _("As a subscriber"))
    if request.method == "POST":
        reader = get_object_or_404(_readers(issue), pk=request.POST.get("reader") if str(request.POST.get("reader")).isdigit() else None)
        log(issue, "newsletters.preview_as", user=user, data={"subscription": reader.pk})
        return render(request, "newsletters/staff/as_reader.html", context | {"reader": reader} | letter_of(issue, reader))
    asked = request.GET.get("q", "").strip()
    return render(request, "newsletters/staff/as_reader.html", context | {"asked": asked, "found": _found(issue, asked)})


@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the sending screen: what has to wait for others does not keep the screen waiting."""
    issue = _issue(pk)
    if not may_send(issue, request.user):
        return refused(request, issue)
    try:
        results = preflight.run(issue)
    except recipients.NotSendable as error:
        results = [preflight.Result(preflight.Level.BLOCKS, _("Parts for some readers"), str(error))]
    except ValueError:
        told = _("No mail can be made of the issue: one of its links has an address that leads nowhere.")
        results = [preflight.Result(preflight.Level.BLOCKS, _("Links to other sites"), told)]
    return render(request, "newsletters/staff/preflight.html", {"results": results})


def _readers(issue: IssuePage) -> Any:
    confirmed = Subscription.objects.filter(newsletter=issue.newsletter, state=Subscription.State.CONFIRMED)
    return confirmed.select_related("person", "newsletter").order_by("person__last_name", "person__first_name", "pk")


def _found(issue: IssuePage, asked: str) -> list[Subscription]:
    """Of each word a part of the name or the address."""
    if not asked:
        return []
    rows = _readers(issue)
    for word in asked.split():
        rows = rows.filter(Q(person__first_name__icontains=word) | Q(person__last_name__icontains=word) | Q(person__email__icontains=word))
    return list(rows[:SHOWN])


def letter_of(issue: IssuePage, reader: Subscription) -> dict[str, Any]:
    """The very message that is made for the reader, taken from its bytes. Before the issue is published, of its draft."""
    found = making.versions(issue) or {issue.locale.language_code: testing.drafts(issue)[issue.locale.language_code]}
    language, segment = recipients.variant_for(issue, found, reader)
    made = making.make(found, [(language, segment)])
    _language, _segment, subject, mime = made.variants[0]
    mail = message_from_bytes(mime, policy=policy.default)
    html, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))  # type: ignore[union-attr]  # it has both
    audiences = segments.audiences_of(found.values())
    return {
        "subject": subject,
        "language_name": ENDONYMS[language],
        "parts": [row.words(issue.theme_id) for row in audiences if segments.letter(audiences, row) in segment],
        "html": previews.shown(slots.without_slots(html, made.links.urls)),
        "text": slots.without_slots(text, made.links.urls),
    }


def _frame(issue: IssuePage, title: str) -> dict[str, Any]:
    return {"issue": issue, "page_title": title, "page_subtitle": issue.title, "header_icon": "mail", "back_url": send_url(issue)}
