"""The demo's blocks: content/*.toml names pages, pictures, files and people, and here each gets what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from wagtail.models import Page

from base.languages import FALLBACK
from base.models import SiteDocument, SiteImage
from contacts import people, purposes
from contacts.models import Organisation, Person, Role
from contacts.showing import allow_showing
from desk.demo.content import FOLDER, read
from desk.opening import block, rich

if TYPE_CHECKING:
    from collections.abc import Callable

    from themes.models import Theme

FILES = FOLDER.parent / "files"


def make_files() -> None:
    for row in read("composed")["files"]:
        document = SiteDocument(title=row["title"], file=ContentFile((FILES / row["file"]).read_bytes(), name=row["file"]))
        document._set_document_file_metadata()
        document.full_clean()
        document.save()


def show_people(theme: Theme) -> None:
    """Whom readers may turn to, with their consent to be shown."""
    organisations = {row.key: row for row in Organisation.objects.filter(theme=theme)}
    for row in read("composed")["people"]:
        person = people.person_at(
            theme=theme,
            email=row["email"],
            source="koordinaatiohankkeen henkilöstö",
            purpose=purposes.usual(theme, purposes.SITE),
            first_name=row["first_name"],
            last_name=row["last_name"],
            language=FALLBACK,
            from_others=True,
        )
        Role.objects.create(person=person, organisation=organisations[row["organisation"]], title=row["role"])
        allow_showing(person, how="by e-mail")


def part(row: dict[str, Any]) -> tuple[str, Any]:
    """A block of a page's body."""
    return block({name: _found(name, value) for name, value in row.items()})


def _found(name: str, value: Any) -> Any:
    if name in NAMED and value:
        return NAMED[name](value)
    if isinstance(value, list):
        if isinstance(value[0], dict):
            return [{name: _found(name, inner) for name, inner in row.items()} for row in value]
        if isinstance(value[0], list):
            return "\n".join("\t".join(cells) for cells in value)
        return rich(value)
    return value


def _page(slug: str) -> Page:
    return Page.objects.get(slug=slug, locale__language_code=FALLBACK)


def _picture(row: dict[str, str]) -> SiteImage:
    image = SiteImage.objects.get(title=row["title"])
    image.contextual_alt_text, image.decorative = row["alt"], False
    return image


def _document(title: str) -> SiteDocument:
    document: SiteDocument = SiteDocument.objects.get(title=title)
    return document


def people_keys(addresses: list[str]) -> list[str]:
    return [str(Person.objects.get(email=address).key) for address in addresses]


NAMED: dict[str, Callable[[Any], Any]] = {
    "page": _page,
    "pages": lambda slugs: [_page(slug) for slug in slugs],
    "image": _picture,
    "document": _document,
    "file": _document,
    "captions": _document,
    "people": people_keys,
}
