"""Where every way in meets: the model's fields check what is stored, the forms' fields say it beside the field before anything else is lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.db import models
from wagtail.documents.fields import WagtailDocumentField
from wagtail.images.fields import WagtailImageField as ImageFormField
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile
from wagtail.utils.file import hash_filelike

from base.uploads import documents, pictures


class PictureFile(WagtailImageFieldFile):
    """A file that its form has checked is not decoded again."""

    def save(self, name: str, content: Any, save: bool = True) -> None:
        if not getattr(content, "is_checked", False) and (kept := pictures.clean(content, name, content.size)):
            name, content = kept[0], ContentFile(kept[1], kept[0])
        self.instance.file_size = content.size
        content.seek(0)
        self.instance.file_hash = hash_filelike(content)
        content.seek(0)
        super().save(name, content, save)


class PictureField(WagtailImageField):
    attr_class = PictureFile


class DocumentFile(models.fields.files.FieldFile):
    def save(self, name: str, content: Any, save: bool = True) -> None:
        if not getattr(content, "is_checked", False):
            documents.check(content, name, content.size)
        super().save(name, content, save)


class DocumentField(models.FileField):
    attr_class = DocumentFile


class FileFirst(models.Model):
    """The file is checked before the row is begun, and a picture that lay on its side changes its width and height before they are written."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        file = getattr(self, "file", None)
        if file and not file._committed:
            file.save(file.name, file.file, save=False)
        super().save(*args, **kwargs)


class PictureFormField(ImageFormField):
    """Puts the cleaned picture in the place of what was brought, so that whoever takes it from the request has the same."""

    def to_python(self, data: Any) -> Any:
        upload: Any = forms.FileField.to_python(self, data)
        if upload is None:
            return None
        if (kept := pictures.clean(upload, upload.name, upload.size)) is not None:
            _put(upload, *kept)
        found = super().to_python(upload)
        found.is_checked = True
        return found


class DocumentFormField(WagtailDocumentField):
    def to_python(self, data: Any) -> Any:
        upload: Any = forms.FileField.to_python(self, data)
        if upload is not None:
            documents.check(upload, upload.name, upload.size)
            upload.is_checked = True
        return upload


def _put(upload: Any, name: str, content: bytes) -> None:
    place: Any = upload.file
    place.seek(0)
    place.truncate()
    place.write(content)
    place.flush()
    place.seek(0)
    upload.name, upload.size = name, len(content)
