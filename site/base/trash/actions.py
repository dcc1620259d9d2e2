"""Into the trash, back, and out for good. Whoever deletes a page by a screen of the admin puts it here; a program's `page.delete()` deletes it.

The trash is a second root of the page tree: rights stand on the first, so nobody's reach here, and its pages have no address.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Revision, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy

from base.models import TrashedPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from base.models import User

ROOT_SLUG = "trash"
# What a package says of a page that is about to be deleted: sentences for the screen that asks.
_consequences: list[Callable[[Page], Iterable[Any]]] = []


def register_consequence(tell: Callable[[Page], Iterable[Any]]) -> None:
    _consequences.append(tell)


def consequences(page: Page) -> list[Any]:
    """Of the page and those below it."""
    pages = page.get_descendants(inclusive=True).specific()
    return [sentence for one in pages for tell in _consequences for sentence in tell(one)]


# ---- where
def root() -> Page:
    """Made when it is first needed."""
    found = Page.objects.filter(depth=1, slug=ROOT_SLUG).first()
    return found or Page.add_root(instance=Page(title="Trash", slug=ROOT_SLUG, locale=Locale.get_default(), live=False))


def holds(page: Page) -> bool:
    return bool(Page.objects.filter(depth=1, slug=ROOT_SLUG, path=page.path[: Page.steplen]).exists())


def outside(pages: Any) -> Any:
    path = Page.objects.filter(depth=1, slug=ROOT_SLUG).values_list("path", flat=True).first()
    return pages.exclude(path__startswith=path) if path else pages


# ---- who
def may_see_all(user: Any) -> bool:
    """Who may publish everywhere may bring back what anybody deleted."""
    first = Page.get_first_root_node()
    return bool(first and first.permissions_for_user(user).can_publish_subpage())


def may_see(user: Any) -> bool:
    return bool(user.has_perm("wagtailadmin.access_admin")) and (may_see_all(user) or TrashedPage.objects.filter(by=user).exists())


def seen_by(user: Any) -> Any:
    rows = TrashedPage.objects.select_related("page__locale", "page__content_type", "parent", "by").order_by("-trashed_at")
    return rows if may_see_all(user) else rows.filter(by=user)


# ---- what is done
@transaction.atomic
def put(page: Page, *, by: User | None) -> TrashedPage:
    """With all below it: taken down, nothing planned or waiting any more, and the slug free for another page."""
    below = list(page.get_descendants(inclusive=True).specific())
    for one in below:
        _quiet(one, by)
        if one.live:
            one.unpublish(user=by)
    parent = page.get_parent()
    place = " / ".join(ancestor.title for ancestor in page.get_ancestors() if not ancestor.is_root())
    slug = page.slug
    _name(page.pk, f"{slug[:230]}-{page.pk}")
    MovePageAction(Page.objects.get(pk=page.pk), root(), pos="last-child", user=by).execute(skip_permission_checks=True)
    row = TrashedPage.objects.create(page_id=page.pk, parent=parent, place=place[:500], slug=slug, pages=len(below), by=by)
    log(instance=page, action="kantama.trash.put", user=by, data={"place": place})
    return row


def _quiet(page: Page, by: User | None) -> None:
    for revision in Revision.page_revisions.filter(object_id=str(page.pk), approved_go_live_at__isnull=False):
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
    for state in WorkflowState.objects.active().filter(object_id=str(page.pk), base_content_type__model="page"):
        state.cancel(user=by)


def _name(pk: int, slug: str) -> None:
    Page.objects.filter(pk=pk).update(slug=slug)


def checked_place(row: TrashedPage, place: Page | None, user: Any) -> Page:
    """Raises ValidationError with what to do."""
    page = row.page.specific
    if place is None or holds(place):
        raise ValidationError(_("Where the page was is not there any more. Choose another place."), code="gone")
    here = place.specific
    if not here.permissions_for_user(user).can_add_subpage():
        raise ValidationError(_("You may not add pages there. Choose another place."), code="right")
    if here.locale_id != page.locale_id:
        raise ValidationError(_("The place is of another language than the page. Choose another place."), code="language")
    if getattr(here, "theme_id", None) != getattr(page, "theme_id", None):
        raise ValidationError(_("The place is of another national theme than the page. Choose another place."), code="theme")
    if not type(page).can_create_at(here):
        raise ValidationError(_("A page of this kind cannot be there. Choose another place."), code="kind")
    return place


@transaction.atomic
def bring_back(row: TrashedPage, *, to: Page | None = None, by: Any) -> Page:
    """As a draft, where it was or at `to`, with all below it. Under another slug where its own has been taken. Raises ValidationError."""
    page, parent = row.page, checked_place(row, to or row.parent, by)
    taken = set(parent.get_children().values_list("slug", flat=True))
    slug, number = row.slug, 2
    while slug in taken:
        slug, number = f"{row.slug[:240]}-{number}", number + 1
    row.delete()
    _name(page.pk, slug)
    MovePageAction(Page.objects.get(pk=page.pk), parent, pos="last-child", user=by).execute(skip_permission_checks=True)
    back = Page.objects.get(pk=page.pk).specific
    latest = back.get_latest_revision()
    if latest and latest.content.get("slug") != slug:
        latest.content["slug"] = slug
        latest.save(update_fields=["content"])
    log(instance=back, action="kantama.trash.back", user=by)
    return back


def delete_for_good(row: TrashedPage, *, by: Any = None) -> None:
    _delete(DeletePageAction(row.page, user=by), row.page)


def empty() -> int:
    """Deletes what has lain longer than its days; returns how many."""
    old = TrashedPage.objects.filter(trashed_at__lte=timezone.now() - timedelta(days=settings.TRASH_DAYS)).select_related("page")
    for row in (rows := list(old)):
        with transaction.atomic():
            delete_for_good(row)
    return len(rows)


# ---- Wagtail's own ways
_delete = DeletePageAction._delete_page
_pages_of_superuser = PagePermissionPolicy._base_queryset_for_user
_roots_of = PagePermissionPolicy.instances_with_direct_explore_permission


def _put_instead(self: DeletePageAction, page: Page, *args: Any, **kwargs: Any) -> Any:
    if self.user is None or holds(page):
        return _delete(self, page, *args, **kwargs)
    put(page, by=self.user)
    return 1, {page._meta.label: 1}


def _pages_outside(self: PagePermissionPolicy, user: Any) -> Any:
    """Rights of roles stand on the first root; a superuser's are everywhere."""
    found = _pages_of_superuser(self, user)
    return None if found is None else outside(found)


def _one_root(self: PagePermissionPolicy, user: Any) -> Any:
    return outside(_roots_of(self, user)) if user.is_superuser else _roots_of(self, user)


def connect() -> None:
    """On the classes themselves: wagtail-localize makes a policy of its own."""
    DeletePageAction._delete_page = _put_instead
    PagePermissionPolicy._base_queryset_for_user = _pages_outside
    PagePermissionPolicy.instances_with_direct_explore_permission = _one_root
