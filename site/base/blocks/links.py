"""Blocks that lead on: a call to action, pages that belong together, files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.models import Page

from base.blocks import groups
from base.fallbacks import readable
from base.languages import active

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise
    from django.utils.safestring import SafeString

# What a reader calls a file; anything else is named by its ending.
FILE_KINDS: dict[str, str | _StrPromise] = {
    "csv": _("CSV table"),
    "docx": _("Word document"),
    "odt": _("OpenDocument text"),
    "pdf": "PDF",
    "pptx": _("PowerPoint presentation"),
    "txt": _("Plain text"),
    "xlsx": _("Excel workbook"),
    "zip": _("ZIP archive"),
}


def shown_pages(pages: Iterable[Page | None], language: str) -> list[Any]:
    """What a reader of the language may see of these: each page's live translation, else that in the next language that there is, in the same order.

    One query, and one for each kind of page.
    """
    keys = [page.translation_key for page in pages if page]
    found: dict[Any, Any] = {}
    if keys:
        for page in readable(Page.objects.live().public().filter(translation_key__in=keys).select_related("locale"), language).specific():
            found[page.translation_key] = page
    return [found[key] for key in dict.fromkeys(keys) if key in found]


class CallToActionBlock(blocks.StructBlock):
    # On a composed page it stands by itself.
    is_band = True

    title = blocks.CharBlock(label=_("Title"), max_length=90)
    text = blocks.TextBlock(label=_("Text"), max_length=300, required=False)
    label = blocks.CharBlock(label=_("Words of the button"), max_length=60, help_text=_("Say what happens: “Apply for a place”, not “Read more”."))
    page = blocks.PageChooserBlock(label=_("Page of the site"), required=False)
    url = blocks.URLBlock(label=_("Or an outside address"), required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["page"] and cleaned["url"]:
            raise blocks.StructBlockValidationError({"url": ValidationError(_("Choose a page or write an address, not both."))})
        if not (cleaned["page"] or cleaned["url"] or self.is_deferred_validation):
            raise blocks.StructBlockValidationError({"page": ValidationError(_("Choose the page, or write the address, that the button leads to."))})
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """`target` is "" where the page is not public: the block then shows nothing."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        pages = shown_pages([value["page"]], active())
        target = pages[0].get_url(context.get("request")) if pages else value["url"]
        return context | {"target": target or ""}

    def link(self, value: Any) -> SafeString | None:
        """The outside link as the publication gate's checks of links read it; pages are checked as pages."""
        return format_html('<a href="{}">{}</a>', value["url"], value["label"]) if value.get("url") else None

    class Meta:
        icon = "pick"
        label = _("Call to action")
        group = groups.SITE
        help_text = _("One thing to do, with a button that leads there.")
        template = "base/blocks/call_to_action.html"
        label_format = "{title}"


class RelatedBlock(blocks.StructBlock):
    is_band = True

    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False, help_text=_("Without one, the title is “Read more on this”."))
    pages = blocks.ListBlock(blocks.PageChooserBlock(label=_("Page")), label=_("Pages"), max_num=6)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """`items` as `base/story_row.html` has them, with the language of each where it is not the reader's."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        language, request = active(), context.get("request")
        rows = []
        for page in shown_pages(value["pages"], language):
            its = page.locale.language_code
            rows.append({"item": row_of(page, request, context.get("page")), "language": "" if its == language else its})
        return context | {"rows": rows}

    class Meta:
        icon = "doc-full-inverse"
        label = _("Related pages")
        group = groups.SITE
        help_text = _("Pages of the site as rows, each in the reader's language where there is one.")
        template = "base/blocks/related.html"


def row_of(page: Any, request: Any, beside: Any = None) -> Any:
    """A page as a row; one that has no digest shows its title and lead. `beside` is the page that it stands on, which knows whose theme it is."""
    origin = beside.origin_of(page) if hasattr(beside, "origin_of") else ""
    if hasattr(page, "digest"):
        return replace(page.digest(request), origin=origin)
    return {"title": page.title, "lead": getattr(page, "lead", ""), "url": page.get_url(request), "origin": origin}


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(label=_("Name for readers"), max_length=120, required=False, help_text=_("Without one, the file's own title is shown."))


class FilesBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False)
    items = blocks.ListBlock(FileBlock(label=_("File")), label=_("Files"), max_num=20)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        # A file that was deleted is None by now.
        found = [(item["document"], item["title"]) for item in value["items"] if item["document"]]
        return context | {
            "files": [{"title": title or document.title, "url": document.url, "about": about_file(document)} for document, title in found]
        }

    class Meta:
        icon = "download"
        label = _("Files")
        group = groups.SITE
        help_text = _("Files to download. Readers are told the kind and the size of each.")
        template = "base/blocks/files.html"


def about_file(document: Any) -> str:
    """Its kind and size in words: "PDF, 340 kilobytes"."""
    ending = document.file_extension.lower()
    kind = str(FILE_KINDS.get(ending, ending.upper()))
    try:
        size = document.get_file_size()
    except OSError:
        # The row is there and its file is not: what is known is said.
        size = None
    return kind if size is None else f"{kind}, {size_in_words(size)}"


def size_in_words(number: int) -> str:
    if number < 1_000_000:
        count = max(round(number / 1000), 1)
        return ngettext("%(size)s kilobyte", "%(size)s kilobytes", count) % {"size": number_format(count)}
    return gettext("%(size)s megabytes") % {"size": number_format(round(number / 1_000_000, 1), 1)}
