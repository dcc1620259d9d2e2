"""Taking an address off the suppression list: always with a reason, and written into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.log_actions import log

from base.staff import staff_of
from mail import suppression
from mail.models import Suppression

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from base.models import User

# Others stand for somebody's word, or a server's: for administrators alone.
LIFTED_BY_STAFF = {Suppression.Reason.BY_HAND, Suppression.Reason.SOFT_BOUNCES}
LIST = "wagtailsnippets_mail_suppression:list"


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("Why it may get mail again"),
        max_length=200,
        help_text=_("“The mailbox works again, by phone on 12 March.” This is kept in the log."),
    )


def may_lift(row: Suppression, user: User) -> bool:
    return user.has_perm("mail.delete_suppression") or (row.reason in LIFTED_BY_STAFF and user.has_perm("mail.add_suppression"))


def lift_url(row: Suppression) -> str:
    return reverse("mail_lift_suppression", args=[row.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Suppression, pk=pk)
    if not may_lift(row, staff_of(request)):
        raise PermissionDenied
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lift_suppression(row=row, why=form.cleaned_data["why"], by=staff_of(request))
        messages.success(request, gettext("The address may get mail again."))
        return redirect(LIST)
    return render(request, "mail/staff/lift.html", {"row": row, "form": form, "list_url": reverse(LIST)}, status=422 if form.errors else 200)


@transaction.atomic
def lift_suppression(*, row: Suppression, why: str, by: User) -> None:
    log(row, "mail.lift_suppression", user=by, title=str(row), data={"why": why, "reason": row.reason}, deleted=True)
    suppression.take_off(row)
