"""What became of a mailing's copies, counted once and kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mail.models.copies import Mailing


class MailingSums(models.Model):
    """`mail.summing` counts the parts, each with a mark of what it was counted from; a part with another mark than now's is counted anew.

    The versions change with whatever a mark cannot tell by itself, in the transaction that changes it. There is a row for each mailing from
    the beginning, so that no change finds none.
    """

    mailing = models.OneToOneField(Mailing, models.CASCADE, primary_key=True, related_name="sums")
    addresses_version = models.PositiveBigIntegerField(default=0)
    returns_version = models.PositiveBigIntegerField(default=0)
    clicks_version = models.PositiveBigIntegerField(default=0)
    copies = models.JSONField(null=True)
    copies_mark = models.CharField(max_length=120, default="")
    returns = models.JSONField(null=True)
    returns_mark = models.CharField(max_length=160, default="")
    clicks = models.JSONField(null=True)
    clicks_mark = models.CharField(max_length=160, default="")

    class Meta:
        verbose_name = _("sums of a mailing")
        verbose_name_plural = _("sums of mailings")

    def __str__(self) -> str:
        return f"{self.mailing_id}"
