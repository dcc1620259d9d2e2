"""From content to HTML and text: Django template, then MJML, then styles written into the elements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import css_inline
import mrml
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from base.emblem import STATEMENTS
from mail import emblem
from mail.look import Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SINGLE = "mail/single"


@dataclass(frozen=True)
class Footer:
    """The small lines under a mail. Addresses may hold slots; each line stands only if it has its address."""

    paragraphs: Sequence[str] = ()
    web_url: str = ""
    preferences_url: str = ""
    unsubscribe_url: str = ""


def render_single(template_name: str, context: Mapping[str, Any], language: str, look: Look | None = None) -> tuple[str, str]:
    """Text and HTML of a system mail, from `<template_name>.txt` and `.mjml`, both written from the same content.

    `SINGLE` takes heading, paragraphs, button (label, address) or None, small_print (paragraphs) and links (label, address) below it:
    plain text, escaped here.
    A template of one's own extends `mail/layout.mjml` or `mail/single.mjml`.
    """
    with translation.override(language):
        full = _frame(language, look) | {"preheader": _first(context.get("paragraphs")), "title": context.get("heading", "")} | dict(context)
        text = render_to_string(f"{template_name}.txt", full)
        html = to_html(render_to_string(f"{template_name}.mjml", full), language)
    return f"{text.strip()}\n", html


def render_layout(
    *,
    sections: Sequence[str],
    preheader: str,
    language: str,
    title: str,
    name: str = "",
    footer: Footer | None = None,
    emblem_url: str = emblem.URL,
    look: Look | None = None,
) -> str:
    """The HTML of a newsletter: `sections` are whole `<mj-section>` (or `<mj-wrapper>`) elements, escaped by their maker.

    Text in them looks right inside `<mj-text css-class="ink prose">`; buttons with `css-class="button"`. `emblem_url` is
    for a web view, where a picture inside a mail cannot be had.
    """
    with translation.override(language):
        context = _frame(language, look) | {
            "sections": [mark_safe(section) for section in sections],
            "preheader": preheader,
            "title": title,
            "footer": footer or Footer(),
            "emblem_url": emblem_url,
        }
        if name:
            context["name"] = name
        return to_html(render_to_string("mail/layout.mjml", context), language)


def footer_text(language: str, footer: Footer, look: Look | None = None) -> str:
    """The footer of a newsletter's text part."""
    with translation.override(language):
        return render_to_string("mail/footer.txt", _frame(language, look) | {"footer": footer}).strip() + "\n"


def to_html(mjml: str, language: str) -> str:
    """Raises ValueError for MJML that cannot be read."""
    try:
        # Without `fonts`, mrml imports a web font for each family of its list that the mail names.
        html = mrml.to_html(mjml, render_options=mrml.RenderOptions(fonts={})).content
    except OSError as error:
        raise ValueError(f"MJML: {error}") from error
    # mrml writes the language on <html> and a <div>; some clients keep the body and drop both.
    html = html.replace("<body ", f'<body lang="{language}" dir="ltr" ', 1)
    # A button's cell gets an attribute of mrml's own making, where it means this one.
    html = html.replace(' vertical-align="middle"', ' valign="middle"')
    return _inliner().inline(html)


@cache
def _inliner() -> css_inline.CSSInliner:
    # The style elements stay: media queries cannot be written into elements.
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def _first(paragraphs: Sequence[Any] | None) -> str:
    return str(paragraphs[0]) if paragraphs else ""


def _frame(language: str, of: Look | None = None) -> dict[str, Any]:
    of = of or Look()
    return {
        "language": language,
        "name": of.name or settings.WAGTAIL_SITE_NAME,
        "base_url": of.address(),
        "emblem_url": emblem.URL,
        "eu_statement": STATEMENTS[language],
        # Font lists hold quotation marks, which must reach MJML as they are.
        "look": {key: mark_safe(value) for key, value in of.words().items()},
    }
