"""The staff's screens of a post: as it will leave, its approval, its way through the outbox, and what a person settles."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.models import Page

from base.staff import staff_of
from contacts.pages import OutreachPage
from social import actions, counting, engine, ledger, telling
from social.forms import AddressForm, ChoosePageForm, MendForm
from social.models import Account, Delivery, Post

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_TEXT = 20_000
MOST_ROWS = 200


def _allow(request: HttpRequest, right: str) -> None:
    if not staff_of(request).has_perm(f"social.{right}"):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, pk: int) -> HttpResponse:
    _allow(request, "view_post")
    row: Post = get_object_or_404(Post.objects.select_related("asked_by", "approved_by", "written_by"), pk=pk)
    if request.method == "POST":
        return _press(request, row)
    looks = [telling.look_of(variant) for variant in row.variants.select_related("account", "image")]
    rows = telling.rows_of(row) if row.queued_at else []
    stage = "queued" if row.queued_at else "asked" if row.is_asked else "draft"
    context = {
        "post": row,
        "looks": looks,
        "price": sum(look.price for look in looks),
        "rows": rows,
        "state": telling.words_of(row, Counter(one.state for one in rows)),
        "stage": stage,
        "may_approve": actions.may_approve(row, request.user),
        "may_change": request.user.has_perm("social.change_post"),
        "may_settle": request.user.has_perm("social.change_delivery"),
        "balance": ledger.balance(row) if row.queued_at else None,
        "edit_url": reverse(Post.snippet_viewset.get_url_name("edit"), args=[row.pk]),
    }
    return render(request, "social/staff/post.html", context)


def _press(request: HttpRequest, row: Post) -> HttpResponse:
    action, by = request.POST.get("action", ""), staff_of(request)
    _allow(request, "approve_post" if action == "approve" else "change_post")
    try:
        match action:
            case "ask":
                actions.ask(post=row, by=by)
                messages.success(request, _("Others can now approve the post."))
            case "approve":
                count = actions.approve(post=row, by=by)
                told = ngettext("Approved: %(number)d post leaves at its time.", "Approved: %(number)d posts leave at their times.", count)
                messages.success(request, told % {"number": count})
            case "take_back":
                actions.take_back(post=row, by=by)
                messages.success(request, _("Taken back. What had left already stays on the networks."))
            case _:
                return HttpResponseBadRequest()
    except (actions.NotPossible, ValidationError) as error:
        messages.error(request, " ".join(error.messages) if isinstance(error, ValidationError) else str(error))
    return redirect("social_post", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A post that the network refused, that is in doubt, or that was given up."""
    _allow(request, "change_delivery")
    row: Delivery = get_object_or_404(Delivery.objects.select_related("account", "variant__post"), pk=pk)
    action = request.POST.get("action", "")
    mend = MendForm(request.POST if action == "again" else None, delivery=row)
    found = AddressForm(request.POST if action == "sent" else None)
    if request.method == "POST":
        by, is_done = staff_of(request), None
        if action == "again" and mend.is_valid():
            text = mend.cleaned_data["text"]
            is_done = actions.send_again(delivery=row, by=by, text=text if text != row.text else None)
        elif action == "sent" and found.is_valid():
            try:
                is_done = actions.say_sent(delivery=row, url=found.cleaned_data["url"], by=by)
            except actions.NotPossible as error:
                found.add_error("url", str(error))
        elif action == "leave":
            is_done = actions.leave(delivery=row, by=by)
        if is_done is not None:
            if is_done:
                messages.success(request, _("It is settled."))
            else:
                messages.warning(request, _("Nothing was changed: the post had gone on meanwhile."))
            return redirect("social_post", row.variant.post_id)
    context = {"row": row, "mend": mend, "found": found, "is_open": row.state in Delivery.FOR_A_PERSON}
    return render(request, "social/staff/settle.html", context, status=422 if mend.errors or found.errors else 200)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The outbox: what a person must look at, what waits, and sums that balance."""
    _allow(request, "view_delivery")
    rows = Delivery.objects.select_related("account", "variant__post")
    context = {
        "balance": ledger.balance(),
        "for_a_person": rows.filter(state__in=Delivery.FOR_A_PERSON).order_by("-planned_at")[:MOST_ROWS],
        "waiting": rows.filter(state__in=Delivery.OPEN).order_by("planned_at", "pk")[:MOST_ROWS],
        "stopped": Account.objects.filter(needs_credentials=True),
        "may_settle": request.user.has_perm("social.change_delivery"),
    }
    return render(request, "social/staff/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def from_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of a post, for the accounts that are ticked, in all languages of the page."""
    _allow(request, "add_post")
    page: Any = get_object_or_404(Page.objects.live(), pk=pk).specific
    is_act = isinstance(page, OutreachPage)
    if not is_act or not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    form = ChoosePageForm(request.POST if request.method == "POST" else None, theme=page.theme_id)
    if request.method == "POST" and form.is_valid():
        made = actions.make_from_page(page=page, accounts=form.cleaned_data["accounts"], by=staff_of(request))
        messages.success(request, _("A draft was made from the page: look at each text before it is sent."))
        return redirect("social_post", made.pk)
    return render(request, "social/staff/from_page.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@require_POST
def measured(request: HttpRequest) -> JsonResponse:
    """How long a text is to an account's network, while it is typed, and the posts that it becomes."""
    _allow(request, "view_post")
    number = request.POST.get("account", "")
    account = Account.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if account is None:
        return JsonResponse({"told": ""})
    text, has_link = request.POST.get("text", "")[:MOST_TEXT], bool(request.POST.get("link", "").strip())
    rules = counting.rules_of(account.network, account.limits)
    try:
        texts = counting.parts(rules, text, has_link=has_link)
    except ValidationError as error:
        return JsonResponse({"told": " ".join(error.messages), "is_wrong": True})
    length = counting.length(rules, text.strip() + (counting.place_of_link() if has_link else ""))
    told = _("%(length)d of %(most)d") % {"length": length, "most": rules.most}
    if len(texts) > 1:
        told = ngettext("%(told)s: a thread of %(number)d post", "%(told)s: a thread of %(number)d posts", len(texts)) % {
            "told": told,
            "number": len(texts),
        }
    price = counting.price(account.network, texts, has_link=has_link)
    return JsonResponse({"told": f"{told} · {price} USD" if price else told, "is_wrong": False})


@require_http_methods(["GET", "HEAD", "POST"])
def health(request: HttpRequest, pk: int) -> HttpResponse:
    """How an account is, and whether it answers now."""
    _allow(request, "change_account" if request.method == "POST" else "view_account")
    account: Account = get_object_or_404(Account, pk=pk)
    if request.method == "POST":
        if engine.check(account):
            messages.error(request, Account.objects.get(pk=pk).get_problem_display())
        else:
            messages.success(request, _("The account answers."))
        return redirect("social_health", pk)
    edit = reverse(Account.snippet_viewset.get_url_name("edit"), args=[pk])  # type: ignore[attr-defined]  # Wagtail puts it there
    return render(request, "social/staff/health.html", {"account": account, "followers": account.followers.all()[:30], "edit_url": edit})
