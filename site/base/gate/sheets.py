"""The styles that a page asks for, read as they are served: static files, sheets that we make ourselves, and those in the page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from bs4 import Tag
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import RequestFactory
from django.urls import Resolver404, resolve

if TYPE_CHECKING:
    from bs4 import BeautifulSoup


def sheets_of(html: BeautifulSoup) -> tuple[list[str], list[str]]:
    """(the text of each, in the page's order; the addresses of those that cannot be read here)."""
    texts, unread = [], []
    for element in html.find_all(["link", "style"]):
        if not isinstance(element, Tag):
            continue
        if element.name == "style":
            text: str | None = element.get_text()
        elif "stylesheet" in (element.get("rel") or []):
            text = read(str(element.get("href") or ""))
            if text is None:
                unread.append(str(element.get("href") or ""))
        else:
            continue
        media = str(element.get("media") or "")
        if text is not None:
            texts.append(f"@media {media} {{ {text} }}" if media else text)
    return texts, unread


def read(address: str) -> str | None:
    """None where it is not ours."""
    parts = urlsplit(address)
    if parts.netloc and parts.netloc != urlsplit(settings.BASE_URL).netloc:
        return None
    if parts.path.startswith(settings.STATIC_URL):
        return _static(unquote(parts.path.removeprefix(settings.STATIC_URL)))
    return _made(parts.path)


def _static(name: str) -> str | None:
    if not settings.DEBUG:
        return _kept(name)
    return _static_now(name)


# Outside development a static file changes with a new release only.
@lru_cache(maxsize=32)
def _kept(name: str) -> str | None:
    return _static_now(name)


def _static_now(name: str) -> str | None:
    if found := finders.find(name):
        with open(found, encoding="utf-8") as file:
            return file.read()
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return str(file.read().decode())
    return None


def _made(path: str) -> str | None:
    """A sheet that a view of ours makes, such as a theme's colours."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    address = urlsplit(settings.BASE_URL)
    request = RequestFactory().get(path, SERVER_NAME=address.hostname or "localhost")
    answer: Any = match.func(request, *match.args, **match.kwargs)
    is_sheet = answer.status_code == 200 and str(answer.get("Content-Type", "")).startswith("text/css")
    return str(answer.content.decode()) if is_sheet else None
