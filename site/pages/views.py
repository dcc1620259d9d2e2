"""The contact form's other end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from base.public_forms import guarded
from pages import enquiries
from pages.enquiry import Enquiry
from pages.forms import ContactForm
from pages.models import ContactPage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE, TOO_MANY = 422, 429


@guarded(group="pages.contact")
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(ContactPage.objects.live().select_related("locale", "theme"), pk=pk)
    if request.method != "POST":
        return redirect(page.get_url(request))
    language = page.locale.language_code
    with translation.override(language):
        form = ContactForm(request.POST)
        if request.limited:  # type: ignore[attr-defined]  # set by `guarded`
            form.limit()
            return _page_with(request, page, form, TOO_MANY)
        if not form.is_valid():
            return _page_with(request, page, form, UNPROCESSABLE)
        enquiry = enquiries.receive_enquiry(theme=page.theme, language=language, **form.answers())
        is_feedback = enquiry.kind == Enquiry.Kind.ACCESSIBILITY
        text = _("We answer to %(email)s within 14 days.") if is_feedback else _("We answer to %(email)s as soon as we can.")
        answer = {"title": _("Thank you, we got your message"), "text": text % {"email": enquiry.email}}
        return _private(render(request, "base/message_page.html", page.frame(request) | answer))


def _page_with(request: HttpRequest, page: ContactPage, form: ContactForm, status: int) -> HttpResponse:
    return _private(render(request, page.get_template(request), page.get_context(request, form=form), status=status))


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    return response
