"""Publications: reports, guides and articles with their files to download, one or more in each language.

Publishing one is an act of communication; each download is added to what that act reached (`reach.downloads`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum import isbn, issn
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base.blocks import RICH_TEXT
from base.blocks.links import about_file
from base.gate import Finding, error, register
from base.pages import web_address
from base.spoken import language_name, spoken_choices
from contacts import outreach
from contacts.models import Outreach
from pages import described
from pages.articles import ArticlePage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from base.gate.subject import Subject
    from base.pages import Digest

# The DOI Handbook, 2.2: a prefix of digits, a slash, and whatever the publisher gave.
DOI = re.compile(r"^10\.\d{4,9}(?:\.\d+)*/\S+$")
# Bibliographic facts are the same in every language.
SYNCHRONISED = ("form", "authors", "year", "series", "publisher", "issn", "doi", "licence", "files")


def check_isbn(value: str) -> None:
    if not isbn.is_valid(value):
        raise ValidationError(_("This is no ISBN: its check digit does not fit."))


def check_issn(value: str) -> None:
    if not issn.is_valid(value):
        raise ValidationError(_("This is no ISSN: its check digit does not fit."))


def check_doi(value: str) -> None:
    if not DOI.match(value):
        raise ValidationError(_("Write the DOI alone, such as 10.1234/abc."))


class PublicationFileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    language = blocks.ChoiceBlock(label=_("Language"), choices=spoken_choices, default="fi")
    isbn = blocks.CharBlock(
        label="ISBN", required=False, max_length=20, validators=[check_isbn], help_text=_("Each language and each format has one of its own.")
    )

    class Meta:
        icon = "download"
        label = _("File")


class PublicationFilesBlock(blocks.StreamBlock):
    file = PublicationFileBlock()


class DownloadsPanel(Panel):
    """For the editors: how often each file was downloaded."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/staff/downloads.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            counted = self.instance.downloads() if self.instance.pk else []
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"rows": counted, "total": sum(number for _title, number in counted)}


class PublicationPage(ArticlePage):
    class Form(models.TextChoices):
        REPORT = "report", _("Report")
        GUIDE = "guide", _("Guide")
        ARTICLE = "article", _("Scholarly article")

    form = models.CharField(_("kind of publication"), max_length=10, choices=Form.choices, default=Form.REPORT)
    authors = models.TextField(
        _("authors"), help_text=_("One a line, family name first: “Esimerkki, Maija”. An organisation by its name. They are named on the page.")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1900), MaxValueValidator(2100)])
    series = models.CharField(_("series and number"), max_length=200, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    issn = models.CharField("ISSN", max_length=9, blank=True, validators=[check_issn])
    doi = models.CharField("DOI", max_length=100, blank=True, validators=[check_doi])
    licence = models.CharField(_("licence"), max_length=60, default="CC BY 4.0")
    abstract = RichTextField(_("abstract"), features=RICH_TEXT)
    files = StreamField(PublicationFilesBlock(), verbose_name=_("files"), blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("abstract"),
        MultiFieldPanel([FieldPanel("files"), DownloadsPanel()], heading=_("Files"), icon="download"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("form"), FieldPanel("year")]),
                FieldPanel("authors"),
                FieldRowPanel([FieldPanel("series"), FieldPanel("publisher")]),
                FieldRowPanel([FieldPanel("issn"), FieldPanel("doi"), FieldPanel("licence")]),
            ],
            heading=_("The publication"),
            icon="doc-full",
        ),
        ArticlePage.picture_panel,
        ArticlePage.plan_panel,
        ArticlePage.sorting_panel,
    ]
    override_translatable_fields: ClassVar = [
        *ArticlePage.override_translatable_fields,
        *(SynchronizedField(name, overridable=False) for name in SYNCHRONISED),
    ]
    template = "pages/publication.html"
    kind_label = _("Publication")
    proves = True
    kind_label_plural = _("Publications")
    # It describes itself (`pages.described`).
    schema_type = "WebPage"
    outreach_kind = Outreach.Kind.PUBLICATION

    class Meta:
        verbose_name = _("publication")

    @property
    def author_names(self) -> list[str]:
        return [name for line in self.authors.splitlines() if (name := line.strip())]

    @property
    def doi_address(self) -> str:
        return f"https://doi.org/{self.doi}" if self.doi else ""

    def digest(self, request: HttpRequest | None = None) -> Digest:
        """With authors and year instead of the day on which the page was published."""
        return replace(super().digest(request), date=None, note=f"{'; '.join(self.author_names)} ({self.year})")

    def also_found_by(self) -> str:
        names = [self.authors, self.series, self.publisher, self.issn, self.doi, *(file["isbn"] for file in self.shown_files())]
        return " ".join(filter(None, names))

    def shown_files(self) -> list[dict[str, Any]]:
        """Those in the page's own language first. A file that was deleted is None by now."""
        own = self.locale.language_code
        found = [child.value for child in self.files if child.value["document"]]
        return [
            {
                "title": value["document"].title,
                "url": value["document"].url,
                "about": about_file(value["document"]),
                "code": value["language"],
                "language": language_name(value["language"]),
                "isbn": isbn.format(value["isbn"]) if value["isbn"] else "",
                "document": value["document"],
            }
            for value in sorted(found, key=lambda value: value["language"] != own)
        ]

    def citation(self) -> str:
        """The order of ISO 690: who, when, what, where."""
        parts = [f"{'; '.join(self.author_names)} ({self.year})", self.title, self.series, self.publisher]
        return f"{'. '.join(part.rstrip('.') for part in parts if part)}. {self.doi_address or web_address(self)}"

    def downloads(self) -> list[tuple[str, int]]:
        """(file, how often it was downloaded), also of files that the page no longer offers."""
        titles = {child.value["document"].pk: child.value["document"].title for child in self.files if child.value["document"]}
        counted: dict[str, int] = defaultdict(int, dict.fromkeys(titles.values(), 0))
        for number, count in outreach.downloads_of(self.translation_key).items():
            counted[titles.get(number, gettext("Files that are no longer offered"))] += count
        return list(counted.items())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        files = self.shown_files()
        context["structured"].parts.append(described.publication(self, files))
        return context | {"files": files, "facts": self.facts(), "citation": self.citation()}

    def facts(self) -> list[tuple[str, str]]:
        rows = [
            (gettext("Kind"), str(self.get_form_display())),
            (gettext("Authors"), "; ".join(self.author_names)),
            (gettext("Year"), str(self.year)),
            (gettext("Series"), self.series),
            (gettext("Publisher"), self.publisher),
            ("ISSN", issn.format(self.issn) if self.issn else ""),
            ("DOI", format_html('<a href="{}">{}</a>', self.doi_address, self.doi) if self.doi else ""),
            (gettext("Licence"), self.licence),
        ]
        return [(label, value) for label, value in rows if value]


def check_files(subject: Subject) -> Iterator[Finding]:
    """For the publication gate: a draft may wait for its file."""
    if isinstance(subject.page, PublicationPage) and not subject.page.shown_files():
        yield error("publication.files", _("Add the file that is to be downloaded."), field="files")


def register_all() -> None:
    register("pages.publications", check_files)
