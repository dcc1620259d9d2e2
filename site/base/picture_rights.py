"""By which right a picture is shown, and whether the people in it have agreed. No name of a person in a picture is kept: the consents stand where
the office keeps them, and the row says where that is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.utils.functional import _StrPromise

# So early is an end told: long enough to ask for more time, or to take another picture.
NOTICE_DAYS = 30


class Right(models.TextChoices):
    OWN = "own", _("It is ours: we made it, or bought all rights")
    LICENSED = "licensed", _("We may use it: there is a licence or an agreement")
    OPEN = "open", _("It is free for all to use (Creative Commons)")


class People(models.TextChoices):
    NOBODY = "nobody", _("No: nobody can be recognised")
    CONSENTED = "consented", _("Yes, and they have agreed to this use")
    NOT_NEEDED = "not_needed", _("Yes, but no consent is needed: a public event or a public figure")


class RightsQuerySet(models.QuerySet[Any]):
    def unclear(self) -> RightsQuerySet:
        """Nobody has said by which right they are shown, or whether there are people in them."""
        return self.filter(models.Q(rights="") | models.Q(people=""))

    def ending_before(self, day: date) -> RightsQuerySet:
        licence = models.Q(rights=Right.LICENSED, licensed_until__lt=day)
        return self.filter(licence | models.Q(people=People.CONSENTED, consent_until__lt=day))

    def ended(self) -> RightsQuerySet:
        return self.ending_before(timezone.localdate())

    def ending(self) -> RightsQuerySet:
        """Soon, and not yet."""
        return self.ending_before(timezone.localdate() + timedelta(days=NOTICE_DAYS)).difference_by_key(self.ended())

    def difference_by_key(self, others: RightsQuerySet) -> RightsQuerySet:
        return self.exclude(pk__in=others.values("pk"))


class RightsOfPicture(models.Model):
    rights = models.CharField(_("By which right may we show the picture?"), max_length=10, choices=Right.choices, default="")
    licence = models.CharField(
        _("Licence or agreement"),
        max_length=150,
        blank=True,
        help_text=_("Such as “CC BY 4.0”, or the number of the agreement. Needed unless the picture is ours."),
    )
    licensed_until = models.DateField(_("May be used until"), null=True, blank=True, help_text=_("Leave empty when there is no end."))
    people = models.CharField(_("Can somebody be recognised in it?"), max_length=10, choices=People.choices, default="")
    consent_kept = models.CharField(
        _("Where the consents are kept"), max_length=150, blank=True, help_text=_("The folder or the register. Write no names of people here.")
    )
    consent_until = models.DateField(_("The consent is valid until"), null=True, blank=True, help_text=_("Leave empty when there is no end."))
    # How far the staff have been told of the end: see desk.picture_notices.
    notice = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def ends_on(self) -> date | None:
        """The last day on which the picture may be shown; None when there is no end."""
        ends = [self.licensed_until if self.rights == Right.LICENSED else None, self.consent_until if self.people == People.CONSENTED else None]
        return min((end for end in ends if end), default=None)

    @property
    def has_ended(self) -> bool:
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def ends_soon(self) -> bool:
        return self.ends_on is not None and timezone.localdate() <= self.ends_on < timezone.localdate() + timedelta(days=NOTICE_DAYS)

    def missing_facts(self) -> Iterator[tuple[str, str | _StrPromise]]:
        """(field, what to do) for what was said by half."""
        if self.rights in {Right.LICENSED, Right.OPEN} and not self.licence.strip():
            yield "licence", _("Write the name of the licence or the number of the agreement.")
        if self.people == People.CONSENTED and not self.consent_kept.strip():
            yield "consent_kept", _("Write where the consents are kept, so that they can be shown when somebody asks.")
