"""PDF by typst. A text that is missing, a title that is missing or a face that is not there is an error, never a poorer document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from base.documents.parts import as_plain
from base.emblem import STATEMENTS
from base.languages import active

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from base.documents.parts import Part

HERE = Path(__file__).parent
FACES = ("SourceSans3_400Regular.ttf", "SourceSans3_700Bold.ttf", "Ubuntu_400Regular.ttf")


class Unmade(Exception):
    """The document could not be made as it should be."""


def table_document(*, title: str, facts: Sequence[str], head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> bytes:
    """A title, lines of facts and one table, in the active language. `widths` are the columns' shares of the page; the first cell names its row."""
    rest = {"head": list(head), "rows": [list(map(str, row)) for row in rows], "widths": list(widths)}
    return _compile("table.typ", _frame(title, facts) | rest)


def document(*, title: str, facts: Sequence[str], parts: Sequence[Part]) -> bytes:
    """A title, lines of facts, and parts in turn, in the active language."""
    return _compile("parts.typ", _frame(title, facts) | {"parts": as_plain(parts)})


def _frame(title: str, facts: Sequence[str]) -> dict[str, object]:
    language = active()
    return {
        "title": title,
        "facts": list(facts),
        "language": language,
        "statement": STATEMENTS[language],
        "emblem": _("The emblem of the European Union"),
        "page": _("Page"),
        "made": date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT"),
    }


def _compile(template: str, words: Mapping[str, object]) -> bytes:
    made = compiled(template, {"words": json.dumps(words)}, format="pdf", pdf_standards="ua-1")
    if not isinstance(made, bytes):
        raise Unmade("more than one file")
    return made


def compiled(template: str, inputs: dict[str, str], **how: Any) -> bytes | list[bytes]:
    """`how` is typst's own. Raises Unmade, for what it only warns of too."""
    try:
        made, warnings = typst.compile_with_warnings(
            HERE / template, root=HERE, font_paths=[faces()], ignore_system_fonts=True, sys_inputs=inputs, **how
        )
    except typst.TypstError as told:
        raise Unmade(str(told)) from None
    if warnings:
        raise Unmade("; ".join(str(warning.message) for warning in warnings))
    found: bytes | list[bytes] | None = made
    if found is None:
        raise Unmade("no file")
    return found


def faces() -> Path:
    """The folder that the front end's build puts them into."""
    for name in FACES:
        path = f"kantama/fonts/{name}"
        kept = Path(settings.STATIC_ROOT) / path
        found = finders.find(path) or (kept if kept.exists() else None)
        if found is None:
            raise Unmade(f"The face {name} is missing: build the front end (make setup).")
    return Path(str(found)).parent
