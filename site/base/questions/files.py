"""Files that visitors bring with a form: checked by what they hold, kept where no address leads, and held for a day when the form comes back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.uploads import documents, pictures
from base.uploads.limits import VISITORS_FILE
from base.uploads.pictures import refuse_large

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.base import File
    from django.core.files.storage import Storage
    from django.utils.safestring import SafeString

MOST_BYTES = VISITORS_FILE
HELD_FOR = timedelta(days=1)
MOST_HELD = 500
SALT = "kantama.held"
BROUGHT_LATELY = timedelta(hours=1)


def private() -> Storage:
    """No address of the site leads there."""
    return storages["private"]


def unnamed(folder: str) -> str:
    """A path that says nothing of what the file is; its name is kept in its row."""
    return f"{folder}/{uuid.uuid4().hex}"


def place_of_held(instance: object, name: str) -> str:
    return unnamed("held")


class HeldFile(models.Model):
    """A good file of a form that came back because of something else. Its signed key stands in the form; after a day it goes."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(gettext_lazy("file"), storage=private, upload_to=place_of_held)
    name = models.CharField(gettext_lazy("name"), max_length=255)
    at = models.DateTimeField(gettext_lazy("at"), default=timezone.now)

    class Meta:
        app_label = "base"
        verbose_name = gettext_lazy("held file")
        verbose_name_plural = gettext_lazy("held files")

    def __str__(self) -> str:
        return self.name


def delete_with_row(model: type[models.Model], name: str = "file") -> None:
    """Django leaves a file behind when its row goes, by a cascade above all. For `ready()`."""

    def delete(sender: type, instance: Any, **kwargs: object) -> None:
        if file := getattr(instance, name):
            transaction.on_commit(lambda: file.storage.delete(file.name))

    post_delete.connect(delete, sender=model, weak=False, dispatch_uid=f"base.questions.{model._meta.label}.{name}")


def forget_held() -> int:
    """By the clock."""
    return HeldFile.objects.filter(at__lt=timezone.now() - HELD_FOR).delete()[0]


def delete_strays(folder: str, known: models.QuerySet[Any]) -> int:
    """Deletes what lies in a folder and no row knows: a crash between the two leaves such. `known` gives names; what just came is left."""
    storage, names, number = private(), set(known), 0
    before = timezone.now() - BROUGHT_LATELY
    for name in storage.listdir(folder)[1] if storage.exists(folder) else ():
        path = f"{folder}/{name}"
        if path not in names and storage.get_modified_time(path) < before:
            storage.delete(path)
            number += 1
    return number


def hold(upload: File[bytes]) -> str:
    """The signed key; "" when there are too many already."""
    if HeldFile.objects.count() >= MOST_HELD:
        return ""
    held = HeldFile(name=PurePath(str(upload.name)).name[-255:])
    held.file.save(held.name, upload)
    return signing.dumps(str(held.key), salt=SALT)


def held_at(token: str) -> HeldFile | None:
    try:
        key = signing.loads(token, salt=SALT, max_age=HELD_FOR)
    except signing.BadSignature:
        return None
    return HeldFile.objects.filter(pk=key).first()


class BroughtFileInput(forms.FileInput):
    """Its value is what was brought now and the key of what was brought before."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return super().value_from_datadict(data, files, name), data.get(held_name(name), "")

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        token = value[1] if isinstance(value, tuple) else ""
        held = held_at(token) if token else None
        shown = super().render(name, None, (attrs or {}) | {"data-most-bytes": MOST_BYTES, "data-too-large": too_large()}, renderer)
        if held is None:
            return shown
        told = _("We have {name}. Choose a file only to replace it.").format(name=held.name)
        return format_html('<input type="hidden" name="{}" value="{}"><span class="field__hint">{}</span>{}', held_name(name), token, told, shown)


def held_name(name: str) -> str:
    return f"{name}-held"


def too_large() -> str:
    return _("The file is too large: at most 4 MB. Save it smaller.")


class BroughtFileField(forms.Field):
    """Gives the file, new or held."""

    widget = BroughtFileInput

    def clean(self, value: Any) -> Any:
        upload, token = value
        if upload:
            return checked(upload)
        if token and (held := held_at(token)):
            return held
        if token:
            raise ValidationError(_("The file was kept for a day only. Choose it again."))
        if self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return None


def checked(upload: Any) -> Any:
    """The file, or a picture without what a camera writes. Raises ValidationError with what to do."""
    refuse_large(upload.size, MOST_BYTES)
    if PurePath(upload.name).suffix.lower().lstrip(".") in pictures.KINDS:
        kept = pictures.clean(upload, upload.name, upload.size)
        return ContentFile(kept[1], kept[0]) if kept else upload
    documents.check(upload, upload.name, upload.size)
    return upload
