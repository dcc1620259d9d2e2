"""*Make anew* on an event: asks for the new start and the title, and opens the draft."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateTimeInput

from base.staff import staff_of
from events.making_anew import make_anew
from events.models import EventPage
from events.page_forms import ClockField

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

A_YEAR = timedelta(weeks=52)


class AnewForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=255)
    starts_at = ClockField(label=gettext_lazy("Starts"), widget=AdminDateTimeInput)

    def __init__(self, *args: Any, page: EventPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        field: Any = self.fields["starts_at"]
        field.zone = lambda: page.time_zone

    def clean_starts_at(self) -> Any:
        starts_at = self.cleaned_data["starts_at"]
        if starts_at <= timezone.now():
            raise ValidationError(_("Choose a time to come."))
        return starts_at


def may_make_anew(page: EventPage, user: Any) -> bool:
    return bool(page.get_parent().permissions_for_user(user).can_add_subpage())


@require_http_methods(["GET", "HEAD", "POST"])
def anew(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(EventPage, pk=pk)
    if not may_make_anew(page, request.user):
        return render(request, "events/staff/make_anew.html", {"page": page, "refused": True}, status=403)
    # The same day of the week, a year later.
    start = page.starts_at.astimezone(ZoneInfo(page.time_zone)).replace(tzinfo=None) + A_YEAR
    form = AnewForm(request.POST or None, page=page, initial={"title": page.title, "starts_at": start})
    if request.method == "POST" and form.is_valid() and (made := _made(request, page, form)):
        messages.success(request, _("The new event is a draft in each language. Nothing is published yet."))
        return redirect("wagtailadmin_pages:edit", made.pk)
    context = {"page": page, "anew": {"form": form, "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk])}}
    return render(request, "events/staff/make_anew.html", context, status=422 if form.errors else 200)


def _made(request: HttpRequest, page: EventPage, form: AnewForm) -> EventPage | None:
    """None with the reason in the form."""
    try:
        return make_anew(page, by=staff_of(request), **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error("starts_at", refusal.messages[0])
        return None
