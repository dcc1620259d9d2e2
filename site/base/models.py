"""Users, images and documents, and what the publication gate keeps. Everything else of the ground floor has no table of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet, get_upload_to
from wagtail.images.models import Image as WagtailImage
from wagtail.models import Page

from base.languages import CODES, FALLBACK
from base.picture_rights import RightsOfPicture, RightsQuerySet
from base.questions.files import HeldFile as HeldFile
from base.uploads.fields import DocumentField, FileFirst, PictureField


class User(AbstractUser):
    """A member of staff. Readers, subscribers and registrants never have an account."""

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @property
    def language(self) -> str:
        """In which they have the admin and get its mails, one of CODES; Finnish where they have not chosen. Reads `wagtail_userprofile`."""
        profile = getattr(self, "wagtail_userprofile", None)
        code: str = profile.preferred_language if profile else ""
        return code if code in CODES else FALLBACK


class SiteImageQuerySet(RightsQuerySet, ImageQuerySet):
    """Wagtail's, which knows renditions, and ours, which knows rights."""


class SiteImage(FileFirst, RightsOfPicture, AbstractImage):
    """A picture with its credit, which is shown wherever the picture is, and the right by which it is shown."""

    file = PictureField(_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
    credit = models.CharField(_("credit"), max_length=200, blank=True, help_text=_("Who made the picture; shown beside it."))
    admin_form_fields = (
        *WagtailImage.admin_form_fields,
        *("credit", "rights", "licence", "licensed_until", "people", "consent_kept", "consent_until"),
    )
    objects: ClassVar[Any] = SiteImageQuerySet.as_manager()

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_siteimage", "Can choose image")]


class Rendition(AbstractRendition):
    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_image_and_filter")]


class SiteDocument(FileFirst, AbstractDocument):
    file = DocumentField(_("file"), upload_to="documents")
    is_by_others = models.BooleanField(
        _("made by others"),
        default=False,
        help_text=_("A law, or another body's report. The statement of the Union's co-funding is asked of our own documents only."),
    )
    admin_form_fields = (*WagtailDocument.admin_form_fields, "is_by_others")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_sitedocument", "Can choose document")]


class GateOverride(models.Model):
    """An administrator lets a page out with the errors listed, and says why. It holds for those findings alone, and is never changed."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="gate_overrides", verbose_name=_("page"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    reason = models.TextField(_("reason"), max_length=1000)
    findings = models.JSONField(_("findings"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("exception to the publication checks")
        verbose_name_plural = _("exceptions to the publication checks")

    def __str__(self) -> str:
        return self.reason


class GateState(models.Model):
    """What the checks last said of a page: when it was published, or when all live pages were looked at."""

    page = models.OneToOneField(Page, models.CASCADE, related_name="gate_state", verbose_name=_("page"))
    errors = models.PositiveIntegerField(_("errors"))
    warnings = models.PositiveIntegerField(_("warnings"))
    findings = models.JSONField(_("findings"))
    checked_at = models.DateTimeField(_("checked"), auto_now=True)

    class Meta:
        verbose_name = _("result of the publication checks")
        verbose_name_plural = _("results of the publication checks")
        indexes: ClassVar = [models.Index(fields=["-errors", "-warnings"], name="gate_states_worst_first")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.errors}, {self.warnings}"


class TrashedPage(models.Model):
    """A page that was deleted, with all below it, and where it was: it lies in the trash until it is brought back or its days are over."""

    page = models.OneToOneField(Page, models.CASCADE, related_name="trashed", verbose_name=_("page"))
    parent = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+", verbose_name=_("where it was"))
    place = models.CharField(_("where it was"), max_length=500)
    slug = models.CharField(_("slug"), max_length=255)
    pages = models.PositiveIntegerField(_("pages"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    trashed_at = models.DateTimeField(_("deleted"), auto_now_add=True)
    # It uses no page: it keeps one.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("page in the trash")
        verbose_name_plural = _("pages in the trash")
        indexes: ClassVar = [models.Index(fields=["-trashed_at"], name="trash_newest_first")]

    def __str__(self) -> str:
        return str(self.page)

    @property
    def goes_at(self) -> datetime:
        """When it is deleted for good."""
        return self.trashed_at + timedelta(days=settings.TRASH_DAYS)


class DocumentReading(models.Model):
    """Whether the file with this content carries the statement of the Union's co-funding. Kept, so that publishing stays fast."""

    class State(models.TextChoices):
        STATED = "stated", _("Carries the statement")
        MISSING = "missing", _("Lacks the statement")
        UNSURE = "unsure", _("May carry it in a picture")
        UNREADABLE = "unreadable", _("Cannot be read")

    file_hash = models.CharField(_("hash of the file"), max_length=40, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    read_at = models.DateTimeField(_("read"), auto_now=True)

    class Meta:
        verbose_name = _("reading of a document")
        verbose_name_plural = _("readings of documents")

    def __str__(self) -> str:
        return f"{self.file_hash}: {self.state}"
