"""Pages that stand: what every site has beside its stories. They are linked at the foot of each page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from base.blocks import RICH_TEXT, StoryField
from base.pages import site_address
from themes.pages import ThemedPage

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

# Finnish Act 306/2019 on the provision of digital services.
ACT_URL = "https://www.finlex.fi/fi/lainsaadanto/2019/306"


class StandingPage(ThemedPage, Page):  # type: ignore[django-manager-missing]  # Page is Any to the plugin
    """What they share: a title and a lead, below the front page."""

    in_footer = True

    lead = models.TextField(_("lead"), max_length=400, blank=True)

    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        abstract = True


class InformationPage(StandingPage):
    """A page of plain information: what the theme is, how a project is applied for, who works here."""

    body = StoryField(verbose_name=_("text"))

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    template = "pages/information.html"

    class Meta:
        verbose_name = _("information page")


class ExceptionBlock(blocks.StructBlock):
    """Content that is not accessible: the law asks why, and how it can be had otherwise."""

    REASONS: ClassVar = [
        ("unmended", _("Not mended yet")),
        ("burden", _("A disproportionate burden, for now")),
        ("outside", _("Outside the act")),
    ]

    title = blocks.CharBlock(label=_("What is not accessible"), max_length=150)
    trouble = blocks.TextBlock(label=_("What trouble it makes, and to whom"), max_length=800)
    otherwise = blocks.TextBlock(label=_("How to get the content otherwise"), max_length=400)
    criterion = blocks.CharBlock(label=_("WCAG criteria"), max_length=150, required=False, help_text="1.2.2")
    reason = blocks.ChoiceBlock(label=_("Reason"), choices=REASONS, default="unmended")
    mended_by = blocks.DateBlock(label=_("Mended by"), required=False)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return context | {"reason": dict(self.REASONS)[value["reason"]]}

    class Meta:
        icon = "warning"
        label = _("Exception")
        template = "pages/blocks/exception.html"


class ExceptionsBlock(blocks.StreamBlock):
    exception = ExceptionBlock()


class AccessibilityPage(StandingPage):
    """The accessibility statement that Section 9 of the act asks for. What the act words itself stands in the template."""

    promised_in = ("sv",)

    class Conformance(models.TextChoices):
        FULL = "full", _("Meets the requirements")
        PARTIAL = "partial", _("Meets the requirements in part")
        NONE = "none", _("Does not meet the requirements")

    class Method(models.TextChoices):
        OWN = "own", _("Our own assessment")
        OUTSIDE = "outside", _("Assessed by an outside expert")

    conformance = models.CharField(_("state of conformance"), max_length=8, choices=Conformance.choices, default=Conformance.PARTIAL)
    standard = models.CharField(_("standard"), max_length=100, default="WCAG 2.2 A, AA")
    exceptions = StreamField(ExceptionsBlock(required=False), verbose_name=_("known exceptions"), blank=True)
    method = models.CharField(_("how it was assessed"), max_length=8, choices=Method.choices, default=Method.OWN)
    assessment = RichTextField(_("what was done to assess it"), features=RICH_TEXT)
    assessed_on = models.DateField(_("assessed on"), default=timezone.localdate)
    feedback_email = models.EmailField(_("address for feedback"), blank=True)
    feedback_phone = models.CharField(_("telephone for feedback"), max_length=40, blank=True)
    authority_name = models.CharField(_("supervisory authority"), max_length=200)
    authority_unit = models.CharField(_("unit of the authority"), max_length=200, blank=True)
    authority_url = models.URLField(_("where a complaint is made"))
    authority_email = models.EmailField(_("the authority's e-mail"), blank=True)
    authority_phone = models.CharField(_("the authority's telephone"), max_length=40, blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldRowPanel([FieldPanel("conformance"), FieldPanel("standard")]),
        FieldPanel("exceptions"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("method"), FieldPanel("assessed_on")]), FieldPanel("assessment")], heading=_("Assessment"), icon="check"
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel("feedback_email"), FieldPanel("feedback_phone")])], heading=_("Feedback"), icon="mail"),
        MultiFieldPanel(
            [FieldPanel(f"authority_{name}") for name in ("name", "unit", "url", "email", "phone")], heading=_("Supervisory authority"), icon="lock"
        ),
    ]
    template = "pages/accessibility.html"

    class Meta:
        verbose_name = _("accessibility statement")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        contact = ContactPage.objects.child_of(self.get_parent()).live().first()
        feedback_url = f"{contact.get_url(request)}?kind=accessibility" if contact else ""
        return context | {"address": site_address(self), "act_url": ACT_URL, "feedback_url": feedback_url}


class ContactPage(StandingPage):
    """The contact form. What is sent with it is an `Enquiry`."""

    template = "pages/contact.html"
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("contact page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With `form`, shows that one, which comes back with its errors. `?kind=accessibility` chooses what it is about."""
        from pages.forms import ContactForm

        context = super().get_context(request, *args, **kwargs)
        return context | {"form": kwargs.get("form") or ContactForm(initial={"kind": request.GET.get("kind", "")})}


class PrivacyPage(StandingPage):
    """The privacy notice: each field is a point of Article 13 of the GDPR (14 too, where the data comes from elsewhere)."""

    promised_in = ("sv",)
    is_privacy_notice = True

    controller = RichTextField(_("controller and contact"), features=RICH_TEXT, help_text=_("Article 13(1)(a)"))
    officer = RichTextField(_("data protection officer"), features=RICH_TEXT, blank=True, help_text=_("Article 13(1)(b)"))
    purposes = RichTextField(_("what for, and on what basis"), features=RICH_TEXT, help_text=_("Article 13(1)(c) and (d)"))
    content = RichTextField(_("what we hold, and where it comes from"), features=RICH_TEXT, help_text=_("Article 14(1)(d) and 14(2)(f)"))
    recipients = RichTextField(_("to whom it is given"), features=RICH_TEXT, help_text=_("Article 13(1)(e)"))
    transfers = RichTextField(_("outside the EU and the EEA"), features=RICH_TEXT, help_text=_("Article 13(1)(f)"))
    retention = RichTextField(_("how long we keep it"), features=RICH_TEXT, help_text=_("Article 13(2)(a)"))
    rights = RichTextField(_("your rights"), features=RICH_TEXT, help_text=_("Article 13(2)(b) and (c)"))
    complaint = RichTextField(_("how to complain"), features=RICH_TEXT, help_text=_("Article 13(2)(d)"))
    obligation = RichTextField(_("must you give your data"), features=RICH_TEXT, help_text=_("Article 13(2)(e)"))
    automation = RichTextField(_("automated decisions"), features=RICH_TEXT, help_text=_("Article 13(2)(f)"))
    cookies = RichTextField(_("cookies and counting of visits"), features=RICH_TEXT, blank=True)

    POINTS: ClassVar = (
        "controller", "officer", "purposes", "content", "recipients", "transfers", "retention", "rights", "complaint", "obligation", "automation",
        "cookies",
    )  # fmt: skip
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead"), *(FieldPanel(name) for name in POINTS)]
    template = "pages/privacy.html"

    class Meta:
        verbose_name = _("privacy notice")

    def points(self) -> list[tuple[str | _StrPromise, str]]:
        """(heading, rich text) of every point that says something."""
        headings: dict[str, Any] = {field.name: field.verbose_name for field in self._meta.fields}
        return [(headings[name], value) for name in self.POINTS if (value := getattr(self, name))]
