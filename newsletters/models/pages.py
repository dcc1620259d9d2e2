"""A newsletter's page on the site, and its issues, which are pages too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base.pages import Digestible
from contacts.models import Outreach
from contacts.pages import OutreachPage
from mail.models import Mailing
from newsletters.models.blocks import IssueField
from newsletters.models.letters import Newsletter
from themes.models import Goal, Scope
from themes.pages import ThemedPage
from themes.places import is_section

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

ISSUES_A_PAGE = 20


class NewsletterPage(ThemedPage, OutreachPage, Page):
    """A newsletter on the site: what it is, the sign-up form, and the issues that were sent. New subscribers count for its goals."""

    newsletter = models.ForeignKey(Newsletter, models.PROTECT, related_name="+", verbose_name=_("newsletter"))
    lead = models.TextField(_("lead"), max_length=400, blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("newsletter"), FieldPanel("lead"), OutreachPage.plan_panel]
    override_translatable_fields: ClassVar = [*OutreachPage.plan_fields, SynchronizedField("newsletter", overridable=False)]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["newsletters.IssuePage"]
    template = "newsletters/newsletter.html"
    outreach_kind = Outreach.Kind.ISSUE
    channel_key = "newsletter"

    class Meta:
        verbose_name = _("newsletter's page")

    @classmethod
    def unlisted(cls) -> models.QuerySet[NewsletterPage]:
        internal: models.QuerySet[NewsletterPage] = cls.objects.filter(newsletter__scope=Scope.INTERNAL)
        return internal

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With `form`, shows that one instead of an empty one. A translation lists the issues that it has itself."""
        from newsletters.forms import SubscribeForm

        rows = Paginator(self.sent_issues(), ISSUES_A_PAGE).get_page(request.GET.get("page"))
        context = super().get_context(request, *args, **kwargs)
        return context | {
            "form": kwargs.get("form") or SubscribeForm(newsletter=self.newsletter),
            "items": [issue.digest(request) for issue in rows],
            "pager": {
                "previous_url": f"?page={rows.previous_page_number()}" if rows.has_previous() else "",
                "next_url": f"?page={rows.next_page_number()}" if rows.has_next() else "",
                "status": f"{rows.start_index()}–{rows.end_index()} / {rows.paginator.count}",
            },
        }

    @property
    def has_feed(self) -> bool:  # type: ignore[override]  # one newsletter has, another has not
        """What is for colleagues alone is in no feed."""
        return self.newsletter.scope == Scope.EXTERNAL

    @property
    def feed_path(self) -> str:
        """Without its ending, as `pages.feeds` has it."""
        home = self.site_home
        slugs = [home.slug, self.slug] if is_section(home) else [self.slug]
        with translation.override(self.locale.language_code):
            return reverse("pages:feed", args=["/".join(slugs), "atom"]).removesuffix(".atom")

    def pages_in_feed(self) -> models.QuerySet[IssuePage]:
        return self.sent_issues()

    def sent_issues(self) -> models.QuerySet[IssuePage]:
        """Those whose source was sent, newest first: a mailing is the source's."""
        sent = IssuePage.objects.filter(mailing__isnull=False).values("translation_key")
        issues: models.QuerySet[IssuePage] = IssuePage.objects.child_of(self).live().filter(translation_key__in=sent)
        return issues.order_by("-first_published_at", "-pk")


class IssuePage(Digestible, ThemedPage, OutreachPage, Page):
    """One issue. Its title is the subject line. It serves its own goals and those of the pages in it."""

    preview_text = models.CharField(_("preview text"), max_length=150, help_text=_("Stands beside the subject in the reader's inbox."))
    lead = models.TextField(_("opening"), max_length=600)
    body = IssueField(verbose_name=_("content"))
    mailing = models.ForeignKey(Mailing, models.SET_NULL, null=True, blank=True, editable=False, related_name="issues", verbose_name=_("mailing"))

    content_panels: ClassVar = [
        *Page.content_panels,
        *(FieldPanel(name) for name in ("preview_text", "lead", "body")),
        OutreachPage.plan_panel,
    ]
    override_translatable_fields: ClassVar = [*OutreachPage.plan_fields]
    # A copy, in another language or of last month's, has not been sent.
    exclude_fields_in_copy: ClassVar = ["mailing"]
    parent_page_types: ClassVar = ["newsletters.NewsletterPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "newsletters/issue.html"
    kind_label = _("Newsletter issue")
    schema_type = "Article"
    look_label = _("Save and look at the mail")
    outreach_kind = Outreach.Kind.ISSUE
    channel_key = "newsletter"

    class Meta:
        verbose_name = _("newsletter issue")
        verbose_name_plural = _("newsletter issues")

    @classmethod
    def unlisted(cls) -> models.QuerySet[IssuePage]:
        """Those of internal newsletters, and those that were not sent: a mailing is the source's."""
        sent = cls.objects.filter(mailing__isnull=False).values("translation_key")
        hidden = ~models.Q(translation_key__in=sent)
        for path in NewsletterPage.unlisted().values_list("path", flat=True):
            hidden |= models.Q(path__startswith=path)
        unlisted: models.QuerySet[IssuePage] = cls.objects.filter(hidden)
        return unlisted

    @property
    def newsletter(self) -> Newsletter:
        return Newsletter.objects.select_related("theme").get(pk=NewsletterPage.objects.values_list("newsletter").get(pk=self.get_parent().pk)[0])

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        from newsletters.previews import MODES

        return MODES

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from newsletters.previews import MAIL_MODES, respond

        if mode_name in MAIL_MODES:
            return respond(self, mode_name)
        response: HttpResponse = super().serve_preview(request, mode_name)
        return response

    def with_content_json(self, content: dict[str, Any]) -> IssuePage:
        """What was sent stays sent, whatever a draft from before says."""
        page: IssuePage = super().with_content_json(content)
        # Asked anew: who holds this page may have read it before it was sent.
        page.mailing_id = IssuePage.objects.filter(pk=self.pk).values_list("mailing", flat=True).first()
        return page

    def kept_lists(self) -> dict[str, list[str]]:
        """What its blocks by rule showed when it was sent. Kept at the source; translations show the same."""
        from newsletters.models.dispatches import Dispatch

        rows = Dispatch.objects.filter(issue__translation_key=self.translation_key, issue__mailing__isnull=False)
        return dict(rows.values_list("lists", flat=True).first() or {})

    def item_keys(self) -> list[UUID]:
        """Of the pages that the issue shows, chosen ones and those that its rules list now, or listed when it was sent."""
        from newsletters.library import Library

        return Library.of([self]).shown_keys(self)

    def pages_in_it(self) -> list[Any]:
        from newsletters.library import Library

        library = Library.of([self])
        found = (library.find_key(key, self.locale.language_code) for key in library.shown_keys(self))
        return [page for page in found if page is not None]

    def words_for(self, text: str, code: str) -> str:
        """Of the headings of “Fill in”."""
        from newsletters.filling import heading_in

        return heading_in(text, self.locale.language_code, code)

    def place_after_translating(self, user: Any) -> str:
        """To the sending, for who may send."""
        from newsletters.staff import may_send, send_url

        return send_url(self) if self.live and may_send(self, user) else ""

    def outreach_goals(self) -> Collection[Goal]:
        """Its own goals and those that the pages in it serve."""
        of_items = Goal.objects.filter(outreaches__item_key__in=self.item_keys())
        return list({goal.pk: goal for goal in [*self.goals.all(), *of_items]}.values())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from newsletters.showing import parts_of

        context = {"parts": parts_of(self, request), "letter": self.get_parent()} | self.neighbours()
        return super().get_context(request, *args, **kwargs) | context

    def neighbours(self) -> dict[str, IssuePage | None]:
        """The issues that were sent before and after this one."""
        if self.first_published_at is None:
            return {}
        sent = self.get_parent().specific.sent_issues().exclude(pk=self.pk)
        return {
            "older": sent.filter(first_published_at__lte=self.first_published_at).first(),
            "newer": sent.filter(first_published_at__gt=self.first_published_at).last(),
        }

    def own_html(self) -> str:
        """For feeds and search: with the rows of the pages in it, which a block does not know by itself."""
        from newsletters.showing import parts_of

        return render_to_string("newsletters/parts.html", {"parts": parts_of(self, None), "page": self})
