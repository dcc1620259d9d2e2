"""The public side of newsletters: the form, and the links of the mails. A GET never changes anything: scanners follow links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from base.by_link import private
from base.languages import active
from base.public_forms import guarded
from mail.signing import BadToken
from newsletters import preferences, subscriptions
from newsletters.answers import UNPROCESSABLE, answer, ask, gone
from newsletters.forms import LinkForm, SubscribeForm
from newsletters.models import NewsletterPage, Subscription
from themes.models import Scope

if TYPE_CHECKING:
    from django.http import HttpRequest

TOO_MANY = 429


@guarded(group="newsletters.subscribe")
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    """Says the same whether the address was known or not: a stranger learns nothing of who subscribes."""
    page = _page_of(pk)
    if request.method != "POST":
        return redirect(page.get_url(request))
    if page.newsletter.scope == Scope.INTERNAL:
        raise Http404("nobody subscribes to an internal newsletter by a form")
    form = SubscribeForm(request.POST, newsletter=page.newsletter)
    if request.limited:  # type: ignore[attr-defined]  # set by `guarded`
        form.limit()
        return _page_with(request, page, form, TOO_MANY)
    if not form.is_valid():
        return _page_with(request, page, form, UNPROCESSABLE)
    subscriptions.ask_subscription(newsletter=page.newsletter, **form.answers())
    text = _("We sent a link to %(email)s. Open it and confirm, and the subscription begins. If nothing comes, look among junk mail.")
    said = {"title": _("Confirm from your e-mail"), "text": text % {"email": form.cleaned_data["email"]}}
    return private(render(request, "newsletters/answer.html", page.frame(request) | said))


def _page_of(pk: int) -> NewsletterPage:
    page: NewsletterPage = get_object_or_404(NewsletterPage.objects.live().select_related("locale", "theme", "newsletter__theme"), pk=pk)
    return page


@guarded(group="newsletters.link")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_link(request: HttpRequest, pk: int) -> HttpResponse:
    """For a reader without a mail at hand: the link to the preference centre by mail. It says the same whether the address was known or not."""
    page = _page_of(pk)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.limited:  # type: ignore[attr-defined]  # set by `guarded`
        form.limit()
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        preferences.send_link(theme=page.newsletter.theme, email=email, language=active())
        text = _("If we know %(email)s, a link is on its way to it. If nothing comes, look among junk mail, or subscribe with another address.")
        said = {"title": _("Look at your e-mail"), "text": text % {"email": email}}
        return private(render(request, "newsletters/answer.html", page.frame(request) | said))
    status = (TOO_MANY if request.limited else UNPROCESSABLE) if form.errors else 200  # type: ignore[attr-defined]  # set by `guarded`
    return private(render(request, "newsletters/ask_link.html", page.frame(request) | {"form": form}, status=status))


def _page_with(request: HttpRequest, page: NewsletterPage, form: SubscribeForm, status: int) -> HttpResponse:
    return private(render(request, page.get_template(request), page.get_context(request, form=form), status=status))


# The token is the authority in all that follows: no cookie, no login, no CSRF token (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    try:
        subscription = subscriptions.subscription_to_confirm(token)
    except BadToken:
        return gone(request, _("The link is too old or was cut off. Subscribe again, and you get a new one."))
    newsletter = {"newsletter": subscription.newsletter.name}
    if request.method == "POST":
        subscriptions.confirm_subscription(subscription, how="double opt-in: link in the mail, button on the page")
    elif subscription.state != Subscription.State.CONFIRMED:
        text, language = subscriptions.consent_words(subscription.newsletter, subscription.language)
        title = _("Confirm your subscription: %(newsletter)s") % newsletter
        return ask(request, subscription, title=title, text=text, text_language=language, label=_("Confirm the subscription"))
    text = _("The next issue of %(newsletter)s comes to your e-mail. Each has a link for leaving.") % newsletter
    return answer(request, subscription, title=_("You are subscribed"), text=text)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        copy = subscriptions.copy_at(token)
    except BadToken:
        return gone(request, _("The link was cut off. Open the mail and follow its link again."))
    found = subscriptions.subscriptions_of(copy)
    first = found[0] if found else None
    text = _("We do not send you this newsletter any more. You can subscribe again whenever you like.")
    is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    if request.method == "POST":
        how = "one-click of the mail program (RFC 8058)" if is_one_click else "link in the mail, button on the page"
        for subscription in found:
            subscriptions.end_subscription(subscription, how=how, copy=copy)
        if is_one_click:
            # A program waits for the answer, and nobody sees it.
            return private(HttpResponse(text, content_type="text/plain; charset=utf-8"))
    elif any(subscription.state != Subscription.State.ENDED for subscription in found):
        names = ", ".join(subscription.newsletter.name for subscription in found)
        title = _("Unsubscribe from %(newsletter)s?") % {"newsletter": names}
        return ask(request, first, title=title, text=_("We will not send it to you any more."), label=_("Unsubscribe"))
    return answer(request, first, title=_("You have unsubscribed"), text=text)
