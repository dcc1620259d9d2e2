"""The gate as the staff meet it: why a page was refused, an administrator's exception, and the report of what fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import PageReportView
from wagtail.log_actions import log
from wagtail.models import Page, get_page_content_types
from wagtail.permissions import policy_registry

from base.gate import Finding, findings
from base.models import GateOverride, GateState
from base.pages import PublicPage
from base.translations.report import LANGUAGES, SectionFilter, sections

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

OVERRIDE = "base.add_gateoverride"
SEVERITIES = [("errors", gettext_lazy("Errors")), ("warnings", gettext_lazy("Warnings"))]
ANY = Q(errors__gt=0) | Q(warnings__gt=0)


def refuse_before_publishing(request: HttpRequest, page: Any) -> HttpResponse | None:
    from base.gate.guard import NotPublishable, hold_once

    page = page.specific
    if not isinstance(page, PublicPage):
        return None
    try:
        hold_once(page.get_latest_revision_as_object())  # type: ignore[attr-defined]  # Wagtail's Page has it
    except NotPublishable as refusal:
        return answer_refusal(request, page, refusal.findings)
    return None


def answer_refusal(request: HttpRequest, page: Any, errors: Iterable[Finding]) -> HttpResponse:
    """Back to the form of the page that the mending is in, with the list, each finding with a link to its field."""
    here = _page_here(request, page)
    if here is None:
        messages.error(request, _refusal(request, page, errors, ""))
        return redirect(request.META.get("HTTP_REFERER") or reverse("wagtailadmin_home"))
    edit_url = reverse("wagtailadmin_pages:edit", args=[here])
    buttons = [messages.button(reverse("gate:page", args=[here]), _("All findings"))]
    messages.error(request, _refusal(request, page, errors, edit_url), buttons=buttons)
    return redirect(edit_url)


def _page_here(request: HttpRequest, page: Any) -> int | None:
    """The page refused; where it was only being made, and is taken back, the one that it was made from."""
    if page.pk and Page.objects.filter(pk=page.pk).exists():
        return int(page.pk)
    match = request.resolver_match
    number = match and next((value for value in (*match.args, *match.kwargs.values()) if str(value).isdigit()), None)
    is_made_from = match is not None and match.url_name == "copy" and number is not None
    return int(str(number)) if is_made_from and Page.objects.filter(pk=number).exists() else None


def _heading(request: HttpRequest, page: Any) -> str:
    """What has become of it, by the screen that it was published on."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    if name in {"edit", "add"}:
        text = _("“%(title)s” was not published. The draft is saved. Mend these first:")
    elif name == "copy":
        text = _("“%(title)s” was not copied: a copy that is published at once passes the same checks. Mend these first, or copy it as a draft:")
    elif name == "convert_alias":
        text = _("“%(title)s” stays an alias: as a page of its own it would be published with these errors:")
    elif name == "wagtail_bulk_action":
        text = _("Nothing was published: “%(title)s” has errors. Mend these first, or choose the others alone:")
    else:
        text = _("“%(title)s” was not published. Mend these first:")
    return text % {"title": page.title}


def _refusal(request: HttpRequest, page: Any, errors: Iterable[Finding], edit_url: str) -> SafeString:
    return format_html("{} <ul>{}</ul>", _heading(request, page), rows(page, errors, edit_url))


def rows(page: Any, found: Iterable[Finding], edit_url: str) -> SafeString:
    return format_html_join("", "<li>{}</li>", ((_row(page, finding, edit_url),) for finding in found))


def _row(page: Any, finding: Finding, edit_url: str) -> SafeString:
    words = format_html("{}{}", finding.message, format_html(" “{}”", finding.excerpt) if finding.excerpt else "")
    if finding.article:
        words = format_html("{} ({})", words, finding.article)
    if finding.url:
        return format_html('<a href="{}">{}</a>', finding.url, words)
    if not (finding.field and edit_url):
        return words
    return format_html('<a href="{}{}">{}</a>: {}', edit_url, finding.anchor, field_label(page, finding.field), words)


def field_label(page: Any, name: str) -> str:
    label = str(page._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


class OverrideForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("Stays on record with your name."), min_length=10, max_length=1000, widget=forms.Textarea
    )


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "POST"])
def page_findings(request: HttpRequest, page_id: int) -> HttpResponse:
    """What the checks say of the page's newest version. An administrator may accept its errors here, with a reason."""
    page = get_object_or_404(Page, pk=page_id).specific
    rights = page.permissions_for_user(request.user)
    if not isinstance(page, PublicPage) or not (rights.can_edit() or rights.can_publish()):
        raise PermissionDenied
    newest: Any = page.get_latest_revision_as_object()  # type: ignore[attr-defined]  # Wagtail's Page has it
    found = findings(newest)
    errors = [finding for finding in found if finding.is_error]
    may_override = bool(errors) and request.user.has_perm(OVERRIDE)
    if request.method == "POST" and not may_override:
        raise PermissionDenied
    form = OverrideForm(request.POST or None)
    edit_url = reverse("wagtailadmin_pages:edit", args=[page_id])
    if request.method == "POST" and form.is_valid():
        accept_errors(page=newest, errors=errors, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The findings are accepted, and your reason is on record. The page can now be published."))
        return redirect(edit_url)
    context = {
        "page": newest,
        "edit_url": edit_url,
        "errors": rows(newest, errors, edit_url),
        "warnings": rows(newest, [finding for finding in found if not finding.is_error], edit_url),
        "form": form if may_override else None,
        "overrides": GateOverride.objects.filter(page=page_id).select_related("by").order_by("-pk"),
    }
    return TemplateResponse(request, "base/gate/page.html", context)


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
def panel_findings(request: HttpRequest, page_id: int) -> HttpResponse:
    """The same beside the editor, of the draft as it was last saved."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, PublicPage) or not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    newest: Any = page.get_latest_revision_as_object()  # type: ignore[attr-defined]  # Wagtail's Page has it
    found, edit_url = findings(newest), reverse("wagtailadmin_pages:edit", args=[page_id])
    context = {
        "errors": rows(newest, [finding for finding in found if finding.is_error], edit_url),
        "warnings": rows(newest, [finding for finding in found if not finding.is_error], edit_url),
    }
    return TemplateResponse(request, "base/gate/panel_findings.html", context)


@transaction.atomic
def accept_errors(*, page: Any, errors: list[Finding], reason: str, by: Any) -> GateOverride:
    """For these findings alone: another one, or one of them in other words, is an error again."""
    data = [finding.as_data() | {"key": finding.key} for finding in errors]
    override = GateOverride.objects.create(page_id=page.pk, by=by, reason=reason, findings=data)
    log(page, "kantama.gate.override", user=by, data={"reason": reason, "findings": [finding.code for finding in errors]})
    return override


def may_see_report(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Page).user_has_any_permission(user, ["add", "change", "publish"]))


def told_rules() -> list[tuple[str, str]]:
    """The rules that the last looks at live pages told of, each in the words of one finding."""
    rows = GateState.objects.filter(ANY, page__live=True).values_list("findings", flat=True)
    return sorted({finding["code"]: f"{finding['code']}: {finding['message']}" for row in rows for finding in row}.items())


class GateFilterSet(WagtailFilterSet):
    content_type = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Page type"),
        queryset=lambda request: get_page_content_types(include_base_page_type=False),  # type: ignore[arg-type]  # its stubs know no callable
        empty_label=gettext_lazy("All"),
    )
    severity = django_filters.ChoiceFilter(label=gettext_lazy("Severity"), choices=SEVERITIES, method="of_severity", empty_label=gettext_lazy("All"))
    rule = django_filters.ChoiceFilter(label=gettext_lazy("Rule"), choices=told_rules, method="of_rule", empty_label=gettext_lazy("All"))
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"), choices=LANGUAGES, field_name="locale__language_code", empty_label=gettext_lazy("All")
    )
    section = SectionFilter(label=gettext_lazy("Section"), queryset=sections, empty_label=gettext_lazy("All"))  # type: ignore[arg-type]  # as above

    class Meta:
        model = Page
        fields: ClassVar[list[str]] = []

    def of_severity(self, queryset: Any, _name: str, value: str) -> Any:
        return queryset.filter(**{f"gate_state__{value}__gt": 0})

    def of_rule(self, queryset: Any, _name: str, value: str) -> Any:
        # Both databases write JSON so; SQLite cannot look into its lists.
        return queryset.annotate(told=Cast("gate_state__findings", TextField())).filter(told__contains=f'"code": "{value}"')


def in_words(told: list[dict[str, str]]) -> str:
    return "\n".join(f"{finding['code']}: {finding['message']}{f' “{quoted}”' if (quoted := finding['excerpt']) else ''}" for finding in told)


class GateReport(PageReportView):
    """Live pages with findings, the worst first. Kept at publishing, and looked at again by the schedule `base.check_pages`."""

    page_title = gettext_lazy("Publication checks")
    header_icon = "clipboard-list"
    index_url_name = "gate:report"
    index_results_url_name = "gate:report_results"
    results_template_name = "base/gate/report_results.html"
    filterset_class = GateFilterSet
    list_export = ["title", "content_type.name", "locale.language_code", "errors", "warnings", "checked_at", "codes"]
    custom_field_preprocess: ClassVar = {"codes": {"csv": in_words, "xlsx": in_words}}
    export_headings = {
        "content_type.name": gettext_lazy("Type"),
        "locale.language_code": gettext_lazy("Language"),
        "title": gettext_lazy("Title"),
        "errors": gettext_lazy("Errors"),
        "warnings": gettext_lazy("Warnings"),
        "checked_at": gettext_lazy("Checked"),
        "codes": gettext_lazy("Findings"),
    }
    any_permission_required = ["add", "change", "publish"]

    def get_queryset(self) -> QuerySet[Page]:
        self.queryset = (
            policy_registry.get_by_type(Page)
            .explorable_instances(self.request.user)
            .live()
            .filter(Q(gate_state__errors__gt=0) | Q(gate_state__warnings__gt=0))
            .annotate(
                errors=F("gate_state__errors"),
                warnings=F("gate_state__warnings"),
                checked_at=F("gate_state__checked_at"),
                codes=F("gate_state__findings"),
            )
            .select_related("locale", "content_type")
            .order_by("-errors", "-warnings", "pk")
        )
        return super().get_queryset()  # type: ignore[no-any-return]  # Wagtail is untyped
