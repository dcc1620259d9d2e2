"""Tells the staff, by mail, of pictures that soon may not be shown any more: a month before, a week before, and when it has come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.defaultfilters import date as date_text
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import ReferenceIndex

from base.models import SiteImage, User
from base.picture_rights import NOTICE_DAYS
from base.roles import Role
from mail import outbox

if TYPE_CHECKING:
    from datetime import date

STREAM = "desk"
# Days before the end, and how far the notice then has come.
STEPS = ((0, 3), (8, 2), (NOTICE_DAYS, 1))


def step_of(picture: SiteImage, today: date) -> int:
    """0 while there is time."""
    if picture.ends_on is None:
        return 0
    left = (picture.ends_on - today).days + 1
    return next((step for days, step in STEPS if left <= days), 0)


@transaction.atomic
def tell_of_ends() -> int:
    """Run again, it tells nobody twice; an end that was put off is told anew. Returns how many pictures were told of."""
    today, told = timezone.localdate(), []
    candidates = SiteImage.objects.ending_before(today + timedelta(days=NOTICE_DAYS)) | SiteImage.objects.filter(notice__gt=0)
    used = ReferenceIndex.usage_count_subquery(SiteImage)
    for picture in candidates.annotate(usage_count=used).order_by("pk"):
        step = step_of(picture, today)
        if step == picture.notice:
            continue
        # `update`, and not `save`: nothing that pages show changes.
        SiteImage.objects.filter(pk=picture.pk).update(notice=step)
        if step > picture.notice and picture.usage_count:
            told.append(picture)
    if told:
        for user in _keepers():
            _write_to(user, told)
    return len(told)


def _keepers() -> list[User]:
    roles = [Role.COMMUNICATIONS.value, Role.ADMINISTRATORS.value]
    found = User.objects.filter(Q(groups__name__in=roles) | Q(is_superuser=True), is_active=True).exclude(email="")
    return list(found.select_related("wagtail_userprofile").distinct())


def _write_to(user: User, pictures: list[SiteImage]) -> None:
    with translation.override(user.language):
        subject = ngettext("The right to a picture is ending", "The rights to %(number)d pictures are ending", len(pictures))
        subject %= {"number": len(pictures)}
        outbox.send_single(
            to=user.email,
            subject=subject,
            language=user.language,
            heading=subject,
            paragraphs=[
                _("These pictures stand on pages, and the licence or the consent for them is ending. Ask for more time, or choose another picture."),
                *(_line(picture) for picture in pictures),
            ],
            button=(_("Rights of pictures"), settings.BASE_URL + reverse("picture_report")),
            stream=STREAM,
        )


def _line(picture: SiteImage) -> str:
    day = {"day": date_text(picture.ends_on, "SHORT_DATE_FORMAT")}
    state = _("ended on %(day)s") if picture.has_ended else _("may be shown until %(day)s")
    return f"{picture.title}: {state % day}, {settings.BASE_URL}{reverse('wagtailimages:edit', args=[picture.pk])}"
