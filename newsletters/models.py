"""Newsletters, who subscribes to them, and their issues, which are pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.paginator import Paginator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base.blocks import HeadingBlock, KeyFiguresBlock, ParagraphBlock, QuoteBlock
from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import Described, LanguageField, Localised, Named
from base.pages import Digestible
from contacts.models import Consent, Outreach, Person
from contacts.pages import OutreachPage
from mail.models import Mailing
from themes.models import Goal, Scope
from themes.models.theme import OfTheme
from themes.pages import ThemedPage

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.http import HttpRequest

ISSUES_A_PAGE = 20


class Newsletter(OfTheme, Named, Described):
    """A newsletter. Its consent text is versioned: a subscription's consent holds the text that was agreed to."""

    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.EXTERNAL)
    from_email = models.EmailField(_("sender's address"))
    consent_fi = models.TextField(_("consent text in Finnish"))
    consent_sv = models.TextField(_("consent text in Swedish"), blank=True)
    consent_en = models.TextField(_("consent text in English"), blank=True)
    consent = Localised()
    consent_version = models.CharField(_("version of the consent text"), max_length=20)

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "key"], name="one_newsletter_per_theme_and_key")]

    @property
    def purpose(self) -> str:
        """The purpose of the consent that a subscription stands on."""
        return f"newsletters.newsletter:{self.theme.key}:{self.key}"


class SubscriptionQuerySet(BoundQuerySet["Subscription"]):
    def mailable(self) -> Self:
        return self.filter(state=Subscription.State.CONFIRMED)


class Subscription(Bounded):
    """A person's subscription: pending until confirmed from the mail, then with a consent as its evidence."""

    theme_path = "newsletter__theme"

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        ENDED = "ended", _("Ended")

    newsletter = models.ForeignKey(Newsletter, models.PROTECT, related_name="subscriptions", verbose_name=_("newsletter"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="subscriptions", verbose_name=_("person"))
    language = LanguageField(_("language"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="subscriptions", verbose_name=_("consent"))
    asked_at = models.DateTimeField(_("asked for"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar = BoundManager.from_queryset(SubscriptionQuerySet)()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints: ClassVar = [models.UniqueConstraint(fields=["newsletter", "person"], name="one_subscription_per_newsletter_and_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.newsletter}"


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

    def sent_issues(self) -> models.QuerySet[IssuePage]:
        """Those whose source was sent, newest first: a mailing is the source's."""
        sent = IssuePage.objects.filter(mailing__isnull=False).values("translation_key")
        issues: models.QuerySet[IssuePage] = IssuePage.objects.child_of(self).live().filter(translation_key__in=sent)
        return issues.order_by("-first_published_at", "-pk")


class ItemBlock(blocks.PageChooserBlock):
    """A page of the site, shown with its title and lead in the issue's language."""

    class Meta:
        icon = "doc-full-inverse"
        label = _("Page of the site")


class IssueBlocks(blocks.StreamBlock):
    paragraph = ParagraphBlock()
    heading = HeadingBlock()
    item = ItemBlock()
    quote = QuoteBlock()
    key_figures = KeyFiguresBlock()


class IssuePage(Digestible, ThemedPage, OutreachPage, Page):
    """One issue. Its title is the subject line. It serves its own goals and those of the pages in it."""

    preview_text = models.CharField(_("preview text"), max_length=150, help_text=_("Stands beside the subject in the reader's inbox."))
    lead = models.TextField(_("opening"), max_length=600)
    body = StreamField(IssueBlocks(), verbose_name=_("content"))
    mailing = models.ForeignKey(Mailing, models.SET_NULL, null=True, blank=True, editable=False, related_name="issues", verbose_name=_("mailing"))

    content_panels: ClassVar = [
        *Page.content_panels,
        *(FieldPanel(name) for name in ("preview_text", "lead", "body")),
        OutreachPage.plan_panel,
    ]
    override_translatable_fields: ClassVar = [*OutreachPage.plan_fields]
    parent_page_types: ClassVar = ["newsletters.NewsletterPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "newsletters/issue.html"
    kind_label = _("Newsletter issue")
    schema_type = "Article"
    outreach_kind = Outreach.Kind.ISSUE
    channel_key = "newsletter"

    class Meta:
        verbose_name = _("newsletter issue")

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

    def item_ids(self) -> list[int]:
        """The pages that the issue shows, without reading them."""
        return [block["value"] for block in self.body.raw_data if block["type"] == "item" and block["value"]]

    def item_keys(self) -> list[UUID]:
        return list(Page.objects.filter(pk__in=self.item_ids()).values_list("translation_key", flat=True))

    def outreach_goals(self) -> Collection[Goal]:
        """Its own goals and those that the pages in it serve."""
        of_items = Goal.objects.filter(outreaches__item_key__in=self.item_keys())
        return list({goal.pk: goal for goal in [*self.goals.all(), *of_items]}.values())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from newsletters.content import Library

        library = Library.of([self])
        language = self.locale.language_code
        parts = []
        for block in self.body:
            page = library.find(block.value.pk, language) if block.block_type == "item" and block.value else None
            parts.append({"block": block, "item": page.digest(request) if page and hasattr(page, "digest") else None})
        return super().get_context(request, *args, **kwargs) | {"parts": parts, "letter": self.get_parent()}
