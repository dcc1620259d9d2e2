"""Downloads of documents that pages offer: counted where Wagtail serves the file, so that every link counts, and nothing is kept of who it was.

A document may stand on several pages. Its download belongs to one act: that of the page which the link was on, as the browser says; where it does not
say, a publication's before others', the oldest first.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction
from wagtail.documents.models import document_served
from wagtail.models import Page, ReferenceIndex

from base.machines import agent_of, asks_for_peace, is_fetched_ahead, is_machines_name
from base.pages import web_address
from contacts import outreach
from contacts.models import Outreach, Tally
from reach.believing import looks_too_often

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)
GROUP = "reach.download"
# The whole file, or its rest from the first byte: anything else is a piece of a download that began before, or a probe.
FROM_THE_START = re.compile(r"^bytes=0-$")
MOST_PAGES = 50


def count_download(document: Any, *, referrer: str = "", number: int = 1) -> None:
    """A document that no live page of an act offers counts nothing."""
    found = _offered_by(document)
    if not found:
        return
    path = urlsplit(referrer).path
    page, act = next(((page, act) for page, act in found if path and urlsplit(web_address(page)).path == path), found[0])
    cause = outreach.of_document(document.pk)
    outreach.count(act, Tally.Kind.DOWNLOAD, cause=cause, language=page.locale.language_code, number=number)


def _offered_by(document: Any) -> list[tuple[Page, Outreach]]:
    """(live page, its act), publications first, then by age. Three queries."""
    kind = ContentType.objects.get_for_model(Page)
    numbers = ReferenceIndex.get_references_to(document).filter(base_content_type=kind).values_list("object_id", flat=True)[:MOST_PAGES]
    pages = list(Page.objects.live().filter(pk__in=[int(number) for number in numbers]).select_related("locale").order_by("pk"))
    acts = {act.item_key: act for act in Outreach.objects.filter(item_key__in=[page.translation_key for page in pages])}
    found = [(page, acts[page.translation_key]) for page in pages if page.translation_key in acts]
    return sorted(found, key=lambda one: one[1].kind != Outreach.Kind.PUBLICATION)


def is_download(request: HttpRequest, document: Any) -> bool:
    """By somebody, of a whole file that they do not have. Whoever works here is at work; a browser that fetches ahead may never show the file."""
    spans, agent = request.headers.get("Range", ""), agent_of(request.META)
    return (
        request.method == "GET"
        and (not spans or bool(FROM_THE_START.match(spans)))
        and not (document.file_hash and document.file_hash in request.headers.get("If-None-Match", ""))
        and not is_fetched_ahead(request.META)
        and not asks_for_peace(request.META)
        and bool(agent)
        and not is_machines_name(agent)
        and not request.user.is_authenticated
    )


def count_served(sender: type, instance: Any, request: HttpRequest, **_how: object) -> None:
    """The reader gets the file, counted or not."""
    if not is_download(request, instance) or looks_too_often(request, GROUP, instance.pk):
        return
    try:
        with transaction.atomic():
            count_download(instance, referrer=request.headers.get("Referer", ""))
    except DatabaseError:
        logger.exception("A download of the document %s was not counted.", instance.pk)


def connect() -> None:
    document_served.connect(count_served, dispatch_uid="reach.downloads")
