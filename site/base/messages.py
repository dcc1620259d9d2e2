"""Collecting, checking and compiling the translations without GNU gettext: Babel reads Python and, through Django's own
`templatize`, templates; so a machine needs nothing but Python.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LANGUAGES = ("fi", "sv")
FOLDERS = ("site", "themes", "contacts", "newsletters", "events")
SUFFIXES = {".html", ".txt", ".mjml"}
# A message in an f-string is one that Babel does not see.
INSIDE_FORMATTED = re.compile(r"""\bf(?:"[^"\n]*\{n?_\(|'[^'\n]*\{n?_\()""")
KEYWORDS = extract.DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def po_file(language: str) -> Path:
    return settings.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def collect() -> Catalog:
    """Every message of the sources, with where it stands."""
    catalog = Catalog(project="Kantama", charset="utf-8")
    for path in sorted(sources()):
        text = path.read_text(encoding="utf-8")
        for message, _line, context in _messages(path, text):
            catalog.add(message, locations=[(str(path.relative_to(settings.ROOT)), 1)], context=context)
    return catalog


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in (settings.ROOT / folder).rglob("*"):
            if path.suffix in SUFFIXES | {".py"} and "migrations" not in path.parts and "demo" not in path.parts:
                yield path


def _messages(path: Path, text: str) -> Iterator[tuple[Any, int, str | None]]:
    if path.suffix != ".py":
        # In brackets, so that Python's tokenizer does not stumble over the indentation of a template.
        text = f"(\n{templatize(text)}\n)"
    found = extract.extract("python", io.BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"})
    for line, message, _comments, context in found:
        if message:
            yield message, line, context


def read(language: str) -> Catalog:
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> None:
    """Brings the language's file up to date; what is no longer used goes."""
    catalog = read(language)
    catalog.update(collect(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = ""
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, include_lineno=False, omit_header=False)


def po_files(language: str) -> list[Path]:
    """The language's every file: ours, then `locale/wagtail`, which holds what Wagtail's own catalogs lack or have wrong."""
    return [path for folder in settings.LOCALE_PATHS for path in sorted((folder / language / "LC_MESSAGES").glob("*.po"))]


def compile_all() -> None:
    for language in LANGUAGES:
        for path in po_files(language):
            with path.open("rb") as source, path.with_suffix(".mo").open("wb") as file:
                write_mo(file, read_po(source, locale=language))


def missing(language: str) -> list[str]:
    """Messages of the sources that the language has no words for."""
    catalog = read(language)
    return [str(message.id) for message in collect() if message.id and not _is_translated(catalog, message)]


def _is_translated(catalog: Catalog, message: Any) -> bool:
    known = catalog.get(message.id, message.context)
    if known is None or known.fuzzy:
        return False
    return all(known.string) if isinstance(known.string, (tuple, list)) else bool(known.string)
