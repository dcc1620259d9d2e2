"""The public side of newsletters: the form, and the links of the mails. A GET never changes anything: scanners follow links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from base.languages import active
from base.pages import home_in
from base.public_forms import guarded
from mail import links
from mail.signing import BadToken
from newsletters import subscriptions
from newsletters.forms import PreferencesForm, SubscribeForm
from newsletters.models import NewsletterPage, Subscription
from themes.places import front_pages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE, TOO_MANY, GONE = 422, 429, 410


@guarded(group="newsletters.subscribe")
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    """Says the same whether the address was known or not: a stranger learns nothing of who subscribes."""
    page = get_object_or_404(NewsletterPage.objects.live().select_related("locale", "theme", "newsletter__theme"), pk=pk)
    if request.method != "POST":
        return redirect(page.get_url(request))
    form = SubscribeForm(request.POST, newsletter=page.newsletter)
    if request.limited:  # type: ignore[attr-defined]  # set by `guarded`
        form.limit()
        return _page_with(request, page, form, TOO_MANY)
    if not form.is_valid():
        return _page_with(request, page, form, UNPROCESSABLE)
    subscriptions.ask_subscription(newsletter=page.newsletter, **form.answers())
    text = _("We sent a link to %(email)s. Open it and confirm, and the subscription begins. If nothing comes, look among junk mail.")
    answer = {"title": _("Confirm from your e-mail"), "text": text % {"email": form.cleaned_data["email"]}}
    return _private(render(request, "newsletters/answer.html", page.frame(request) | answer))


def _page_with(request: HttpRequest, page: NewsletterPage, form: SubscribeForm, status: int) -> HttpResponse:
    return _private(render(request, page.get_template(request), page.get_context(request, form=form), status=status))


# The token is the authority in all that follows: no cookie, no login, no CSRF token (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    try:
        subscription = subscriptions.subscription_to_confirm(token)
    except BadToken:
        return _gone(request, _("The link is too old or was cut off. Subscribe again, and you get a new one."))
    newsletter = {"newsletter": subscription.newsletter.name}
    if request.method == "POST":
        subscriptions.confirm_subscription(subscription, how="double opt-in: link in the mail, button on the page")
    elif subscription.state != Subscription.State.CONFIRMED:
        text, language = subscriptions.consent_words(subscription.newsletter, subscription.language)
        title = _("Confirm your subscription: %(newsletter)s") % newsletter
        return _ask(request, subscription, title=title, text=text, text_language=language, label=_("Confirm the subscription"))
    text = _("The next issue of %(newsletter)s comes to your e-mail. Each has a link for leaving.") % newsletter
    return _answer(request, subscription, title=_("You are subscribed"), text=text)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = subscriptions.subscriptions_at(links.UNSUBSCRIBE, token)
    except BadToken:
        return _gone(request, _("The link was cut off. Open the mail and follow its link again."))
    first = found[0] if found else None
    if request.method == "POST":
        how = (
            "one-click of the mail program (RFC 8058)"
            if request.POST.get("List-Unsubscribe") == "One-Click"
            else "link in the mail, button on the page"
        )
        for subscription in found:
            subscriptions.end_subscription(subscription, how=how)
    elif any(subscription.state != Subscription.State.ENDED for subscription in found):
        names = ", ".join(subscription.newsletter.name for subscription in found)
        title = _("Unsubscribe from %(newsletter)s?") % {"newsletter": names}
        return _ask(request, first, title=title, text=_("We will not send it to you any more."), label=_("Unsubscribe"))
    text = _("We do not send you this newsletter any more. You can subscribe again whenever you like.")
    return _answer(request, first, title=_("You have unsubscribed"), text=text)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = subscriptions.subscriptions_at(links.PREFERENCES, token)
    except BadToken:
        return _gone(request, _("The link was cut off. Open the mail and follow its link again."))
    current = [subscription for subscription in found if subscription.state == Subscription.State.CONFIRMED]
    if not current:
        return _answer(
            request, None, title=_("You have unsubscribed"), text=_("There is nothing to change. You can subscribe again whenever you like.")
        )
    if request.method == "POST" and "leave" in request.POST:
        for subscription in current:
            subscriptions.end_subscription(subscription, how="preferences page")
        return _answer(request, current[0], title=_("You have unsubscribed"), text=_("We do not send you this newsletter any more."))
    return _change(request, current)


def _change(request: HttpRequest, current: list[Subscription]) -> HttpResponse:
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial={"language": current[0].language})
    if form.is_bound and form.is_valid():
        for subscription in current:
            subscriptions.change_language(subscription, language=form.cleaned_data["language"])
        return _answer(request, current[0], title=_("Saved"), text=_("The next issue comes in the language that you chose."))
    names = ", ".join(subscription.newsletter.name for subscription in current)
    context = {"title": names, "form": form}
    return _render(request, current[0], "newsletters/preferences.html", context, UNPROCESSABLE if form.errors else 200)


def _ask(request: HttpRequest, subscription: Subscription | None, **context: Any) -> HttpResponse:
    return _render(request, subscription, "newsletters/ask.html", context)


def _answer(request: HttpRequest, subscription: Subscription | None, **context: Any) -> HttpResponse:
    return _render(request, subscription, "newsletters/answer.html", context)


def _gone(request: HttpRequest, text: str) -> HttpResponse:
    return _render(request, None, "newsletters/answer.html", {"title": _("This link does not work"), "text": text}, GONE)


def _render(request: HttpRequest, subscription: Subscription | None, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    home = home_in(request, active())
    theme = subscription.newsletter.theme if subscription else home and home.theme
    front = front_pages(theme).filter(locale__language_code=active()).live().first() if theme else None
    frame = {"language": active(), "home_url": (front and front.get_url(request)) or f"/{active()}/", "theme": theme}
    return _private(render(request, template, frame | context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds a token or the page holds what somebody typed: no cache, no index, no referrer."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response
