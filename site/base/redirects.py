"""Redirects lead to their goal in one step, and never round in a circle.

Wagtail makes one for each page that moves or changes its slug; those lead to the page itself, wherever it goes. What people write or bring
in by a file leads to an address: it is followed to its end when it is saved, and refused when there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site
from wagtail.signals import page_published, post_page_move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponseBase

MOST_STEPS = 50


class StraightRedirects(RedirectMiddleware):
    """Wagtail's, but a page that is not public is not found at its own old address, rather than sent from itself to itself."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        answer: HttpResponseBase = super().process_response(request, response)
        if answer is response:
            return response
        target = urlsplit(answer["Location"])
        leads_here = target.hostname in {None, request.get_host().partition(":")[0]} and same(target.path) == same(request.path)
        return response if leads_here else answer


def same(path: str) -> str:
    return str(Redirect.normalise_path(path))


def steps(redirect: Redirect) -> Iterator[Redirect]:
    """The redirects that one comes to from this, in order. Raises ValidationError for a circle."""
    seen, step = {same(redirect.old_path)}, redirect
    while (path := _path_here(step)) is not None:
        if path in seen or len(seen) > MOST_STEPS:
            raise ValidationError(_("The redirect leads round in a circle: %(path)s comes back to itself."), params={"path": path}, code="circle")
        seen.add(path)
        sites = Q(site=None) | Q(site=redirect.site_id)
        # A redirect of the site's own goes before one of all sites, as for a visitor.
        following = Redirect.objects.filter(sites, old_path=path).exclude(pk=redirect.pk).order_by("-site_id").first()
        if following is None:
            return
        yield following
        step = following


def _path_here(redirect: Redirect) -> str | None:
    """Where it leads, as another redirect would name it; None where it leaves our sites, or leads to a page that is there."""
    if redirect.redirect_page_id:
        page = Page.objects.filter(pk=redirect.redirect_page_id).first()
        address = page.get_url() if page else None
        parts = urlsplit(address or "")
        # A page answers before any redirect does; only the very same address makes a circle.
        return same(parts.path) if address and same(parts.path) == same(redirect.old_path) else None
    parts = urlsplit(redirect.redirect_link or "")
    if not parts.path or (parts.hostname and not Site.objects.filter(hostname=parts.hostname).exists()):
        return None
    return same(parts.path + (f"?{parts.query}" if parts.query else ""))


def straighten(redirect: Redirect) -> None:
    """Leads it to where it would end. Raises ValidationError for a circle."""
    for last in steps(redirect):
        redirect.redirect_page, redirect.redirect_link = last.redirect_page, last.redirect_link
        redirect.redirect_page_route_path = last.redirect_page_route_path
        redirect.__dict__.pop("link", None)


_clean = Redirect.clean


def clean(self: Redirect) -> None:
    """Wagtail's, for its forms and its import: a circle is an error of the form."""
    _clean(self)
    if self.old_path:
        for _step in steps(self):
            pass


def straighten_before_saving(sender: type, instance: Redirect, raw: bool = False, **_what: object) -> None:
    if not raw:
        straighten(instance)


def straighten_those_before(sender: type, instance: Redirect, raw: bool = False, **_what: object) -> None:
    """What led to this one by its address leads on to where this one leads."""
    if raw:
        return
    before = Redirect.objects.filter(redirect_page=None, redirect_link__endswith=instance.old_path).exclude(pk=instance.pk)
    for redirect in before.filter(Q(site=None) | Q(site=instance.site_id)) if instance.site_id else before:
        if _path_here(redirect) == instance.old_path:
            redirect.save()


def drop_overtaken(sender: type, instance: Page, **_what: object) -> None:
    """A page that comes back to an address of old needs no redirect from there to itself."""
    own = Page.objects.descendant_of(instance, inclusive=True)
    made = Redirect.objects.filter(automatically_created=True, redirect_page__in=own).select_related("redirect_page")
    overtaken = [row.pk for row in made if same(urlsplit(row.redirect_page.get_url() or "").path) == row.old_path]
    if overtaken:
        Redirect.objects.filter(pk__in=overtaken).delete()


def connect() -> None:
    Redirect.clean = clean
    pre_save.connect(straighten_before_saving, sender=Redirect, dispatch_uid="base.redirects.straighten_before_saving")
    post_save.connect(straighten_those_before, sender=Redirect, dispatch_uid="base.redirects.straighten_those_before")
    for signal in (page_published, post_page_move):
        signal.connect(drop_overtaken, dispatch_uid="base.redirects.drop_overtaken")
