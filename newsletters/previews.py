"""An issue as its readers will have it, before it goes: the mail itself, shown where none of it can run and nothing of it can leave."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mail import emblem
from newsletters import making
from themes.places import address_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from newsletters.models import IssuePage

# What Wagtail's preview offers, the first by itself; "" is the page on the web.
MODES: list[tuple[str, str | _StrPromise]] = [
    ("mail", pgettext_lazy("preview", "Mail")),
    ("dark", pgettext_lazy("preview", "Mail, dark")),
    ("narrow", pgettext_lazy("preview", "Mail on a telephone")),
    ("no_pictures", pgettext_lazy("preview", "Mail without pictures")),
    ("text", pgettext_lazy("preview", "Mail as text")),
    ("", gettext_lazy("On the web")),
]
MAIL_MODES = {name for name, _label in MODES if name}
TELEPHONE = 360
DARK = "(prefers-color-scheme: dark)"


def respond(issue: IssuePage, mode: str) -> HttpResponse:
    """The page in memory, in one of MAIL_MODES."""
    try:
        content = plain_page(making.plain_of(issue), issue.locale.language_code) if mode == "text" else shown(making.mail_of(issue), mode)
    except ValueError:
        content = plain_page(_("No mail can be made of the issue: one of its links has an address that leads nowhere."), "")
    return guarded(HttpResponse(content), issue)


def shown(html: str, mode: str = "mail") -> str:
    """The mail's own HTML, with its emblem in it, for a frame."""
    html = html.replace(emblem.URL, f"data:image/png;base64,{base64.b64encode(emblem.emblem_png()).decode()}")
    if mode == "dark":
        # Its dark styles are its last: what a reader with a dark screen gets, on a screen of any kind.
        return html.replace(f"@media {DARK}", "@media all")
    if mode == "no_pictures":
        return without_pictures(html)
    return framed(html) if mode == "narrow" else html


def without_pictures(html: str) -> str:
    """What stands there is their descriptions."""
    soup = BeautifulSoup(html, "html.parser")
    for picture in soup.find_all("img"):
        del picture["src"]
    return str(soup)


def framed(html: str) -> str:
    return render_to_string("newsletters/staff/framed.html", {"html": html, "width": TELEPHONE})


def plain_page(text: str, language: str) -> str:
    return render_to_string("newsletters/staff/plain.html", {"text": text, "language": language})


def guarded(response: HttpResponse, issue: IssuePage) -> HttpResponse:
    """No script, no form, no plug-in, no other host. Same-origin alone, so that the editor can keep its place while it is renewed."""
    hosts = " ".join(dict.fromkeys([settings.BASE_URL, address_of(issue.theme)]))
    rules = ["sandbox allow-same-origin", "default-src 'none'", "style-src 'unsafe-inline'", f"img-src 'self' data: {hosts}", "frame-src 'self'"]
    response["Content-Security-Policy"] = "; ".join([*rules, "frame-ancestors 'self'"])
    return response
