"""What was decided of each request: a person's, or why not. The rules are published in docs/reach.md; what is dropped counts for its reason."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    PERSON = "person", _("Counted as a person")
    PEACE = "peace", _("Asked not to be counted (Do Not Track, Global Privacy Control)")
    STAFF = "staff", _("Signed in: at work here")
    NO_AGENT = "no_agent", _("Did not say what it is")
    CRAWLER = "crawler", _("Says itself that it is a machine")
    NO_BROWSER = "no_browser", _("Has a browser's name, but not what a browser sends with it")
    PREFETCH = "prefetch", _("Fetched ahead; perhaps never shown")
    BURST = "burst", _("Came faster than anybody reads")
    TOO_OFTEN = "too_often", _("More of one page from one network than is believed in an hour")
    ELSEWHERE = "elsewhere", _("Sent by another site")
    UNKNOWN_PAGE = "unknown_page", _("Names a page that does not exist")
    MALFORMED = "malformed", _("Cannot be read")
    TOO_LARGE = "too_large", _("Larger than anything that we send")
    UNSEEN = "unseen", _("Says how a page was read that was not opened before")
    FULL = "full", _("The buffer was full: nothing was rolled up for long")


# What machines were dropped for; the others are people who are not counted, and what is no page view.
MACHINES = frozenset({Verdict.NO_AGENT, Verdict.CRAWLER, Verdict.NO_BROWSER, Verdict.PREFETCH, Verdict.BURST, Verdict.TOO_OFTEN})
