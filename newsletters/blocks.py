"""What newsletters give to running text: a form to subscribe with."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from base.blocks import groups
from base.blocks.choices import RowChoice
from base.languages import active
from newsletters.forms import ShortSubscribeForm
from newsletters.models import Newsletter, NewsletterPage
from themes.models import Scope


def letters() -> list[tuple[str, str]]:
    """Those that anybody may subscribe to."""
    return [(row.key, row.name) for row in Newsletter.objects.filter(scope=Scope.EXTERNAL).order_by("pk")]


class SignUpBlock(blocks.StructBlock):
    """Works without a script. Errors come back on the newsletter's own page. Without a page around it it has nothing to say."""

    is_band = True

    newsletter = RowChoice(label=_("Newsletter"), choices=letters)
    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False, help_text=_("Without one, the newsletter's name."))
    text = blocks.TextBlock(label=_("Text"), max_length=300, required=False)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """`letter` is None where the newsletter has no public page in the reader's language: there is nothing to subscribe to."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        page = context.get("page")
        if page is None:
            return context | {"letter": None}
        pages = NewsletterPage.objects.live().descendant_of(page.site_home).filter(newsletter__key=value["newsletter"])
        letter = pages.filter(newsletter__scope=Scope.EXTERNAL, locale__language_code=active()).select_related("newsletter__theme").first()
        if letter is None or letter.pk == page.pk:
            return context | {"letter": None}
        return context | {
            "letter": letter,
            "letter_url": letter.get_url(context.get("request")),
            "sign_up": ShortSubscribeForm(newsletter=letter.newsletter, auto_id="sign-up-%s"),
            "action": reverse("newsletters:subscribe", args=[letter.pk]),
            "privacy_url": page.privacy_url(context.get("request")),
        }

    class Meta:
        icon = "mail"
        label = _("Subscribe to a newsletter")
        group = groups.SITE
        help_text = _("A short form: address and consent.")
        template = "newsletters/blocks/sign_up.html"
