"""Where readers come from, in groups, and the names of campaigns: bounded and cleaned, whatever an address says.

Of a referrer the host alone is looked at, and only the group is kept.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_CAMPAIGN, LONGEST_HOST, LONGEST_TERM = 60, 100, 60
NOT_IN_A_CAMPAIGN = re.compile(r"[^\w.-]+")
HOST = re.compile(r"(?=.{4,100}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,24}|xn--[a-z0-9-]{2,58})", re.ASCII)
# A number of five digits may be a telephone's or a person's; an address of e-mail is one.
PERSONAL = re.compile(r"@|(\d[ -]?){5}")


class Source(models.TextChoices):
    DIRECT = "direct", _("Directly, or not known")
    INTERNAL = "internal", _("From a page of this site")
    SEARCH = "search", _("Search engines")
    SOCIAL = "social", _("Social media")
    MAIL = "mail", _("E-mail")
    ASSISTANT = "assistant", _("AI assistants")
    SITES = "sites", _("Other sites")


# Of a host's name, or of its beginning: google.fi and google.com alike.
SEARCHING = ("google", "bing", "duckduckgo", "ecosia", "qwant", "startpage", "yandex", "baidu", "search.yahoo", "search.brave", "kagi")
SOCIAL = (
    "facebook.com", "fb.com", "instagram.com", "linkedin.com", "lnkd.in", "t.co", "twitter.com", "x.com", "bsky.app", "mastodon.social",
    "mastodon.online", "mastodontti.fi", "reddit.com", "youtube.com", "tiktok.com", "threads.net", "threads.com", "pinterest.com", "whatsapp.com",
    "t.me",
)  # fmt: skip
MAILING = ("outlook.", "mail.", "webmail.", "posti.", "owa.", "com.google.android.gm")
ASSISTANTS = ("chatgpt.com", "chat.openai.com", "perplexity.ai", "claude.ai", "copilot.microsoft.com", "gemini.google.com", "chat.mistral.ai")
BY_MEDIUM = {
    "email": Source.MAIL, "e-mail": Source.MAIL, "mail": Source.MAIL, "newsletter": Source.MAIL,
    "social": Source.SOCIAL, "social-media": Source.SOCIAL, "some": Source.SOCIAL,
}  # fmt: skip


def source_of(host: str, medium: str, here: str) -> Source:
    """`medium` is the address's own word (utm_medium), which goes before the referrer; `here` is the host that was asked."""
    return BY_MEDIUM.get(medium.casefold()) or _by_host(host.casefold().partition(":")[0][:LONGEST_HOST], here.partition(":")[0])


@lru_cache(maxsize=2048)
def _by_host(host: str, here: str) -> Source:
    if not host:
        return Source.DIRECT
    if host == here:
        return Source.INTERNAL
    if _is_of(host, ASSISTANTS):
        return Source.ASSISTANT
    if host.startswith(MAILING):
        return Source.MAIL
    if _is_of(host, SOCIAL):
        return Source.SOCIAL
    bare = host.removeprefix("www.")
    return Source.SEARCH if any(bare.startswith(f"{name}.") for name in SEARCHING) else Source.SITES


def _is_of(host: str, names: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)


def campaign_named(text: str) -> str:
    """Letters, digits, dots, hyphens and underscores, in small letters; "" where nothing is left."""
    return NOT_IN_A_CAMPAIGN.sub("-", unicodedata.normalize("NFC", text).casefold()).strip("-._")[:LONGEST_CAMPAIGN]


def host_named(text: str) -> str:
    """A host name as DNS has it, of somebody else; "" for anything else."""
    host = text.casefold().removeprefix("www.")
    return host if HOST.fullmatch(host) else ""


def term_sought(text: str) -> str:
    """A question to the search, normalised; "" where it may hold something personal, or is no question."""
    words = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    plain = "".join(sign for sign in words if sign.isalnum() or sign in " -'")
    return "" if len(words) > LONGEST_TERM or PERSONAL.search(words) or not plain.strip() else plain.strip()
