"""A document as it comes: what it is by its first bytes or by the parts of its archive, never by its name. Nothing in it is run or unfolded."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.uploads.pictures import refuse_large

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

HEAD = 4096
# MZ: Windows; ELF and Mach-O; scripts with an interpreter's name.
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!")
MARKUP = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml)", re.IGNORECASE | re.DOTALL)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "xlsx": "xl/workbook.xml"}
MACROS = re.compile(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|activeX/|macrosheets/)|^(?:Basic|Scripts)/", re.IGNORECASE)
RUNNABLE = {
    "app", "bat", "cmd", "com", "cpl", "dll", "dmg", "docm", "dotm", "exe", "hta", "htm", "html", "iso", "jar", "js", "jse", "lnk", "msi", "msix",
    "pptm", "ps1", "psm1", "reg", "scr", "sh", "svg", "vbe", "vbs", "wsf", "xhtml", "xlsm", "xltm",
}  # fmt: skip
MOST_UNFOLDED = 1024 * 1024 * 1024
MOST_UNFOLDED_HERE = 100 * 1024 * 1024
MOST_PARTS = 20_000
TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
WRONG = _("This is not what its name says: a file that ends with .%(ending)s is expected to hold something else. Save it again in the right format.")
MACROS_FOUND = _("The document holds macros: programs that run on the reader's computer. Save it without them, or as PDF.")
BROKEN = _("The file is broken or cut short. Save it again and bring the new file.")


def check(file: IO[bytes], name: str, size: int) -> None:
    """Raises ValidationError with what to do."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending not in settings.WAGTAILDOCS_EXTENSIONS:
        known = ", ".join(settings.WAGTAILDOCS_EXTENSIONS)
        raise ValidationError(_("Files of this kind are not taken. These are: %(known)s."), code="ending", params={"known": known})
    refuse_large(size, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(PROGRAMS):
        raise ValidationError(_("This is a program, whatever its name says. Programs are not taken."), code="program")
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise ValidationError(_("This is a page of code, whatever its name says. Save what it shows as PDF."), code="markup")
    file.seek(0)
    try:
        CHECKS[ending](file, head, ending)
    finally:
        file.seek(0)


def _wrong(ending: str) -> ValidationError:
    return ValidationError(WRONG, code="content", params={"ending": ending})


def _check_pdf(file: IO[bytes], head: bytes, ending: str) -> None:
    if b"%PDF-" not in head[:1024]:
        raise _wrong(ending)
    file.seek(0, 2)
    file.seek(max(0, file.tell() - HEAD))
    if b"%%EOF" not in file.read():
        raise ValidationError(BROKEN, code="broken")


def _check_recording(file: IO[bytes], head: bytes, ending: str) -> None:
    is_right = {
        "m4a": head[4:8] == b"ftyp",
        "mp3": head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] >= b"\xe0"),
        "mp4": head[4:8] == b"ftyp",
        "webm": head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head,
    }
    if not is_right[ending]:
        raise _wrong(ending)


def _check_text(file: IO[bytes], head: bytes, ending: str) -> None:
    content = file.read()
    for encoding in ("utf-16", "cp1252") if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _wrong(ending)
    if TEXT.search(text):
        raise _wrong(ending)


def _check_archive(file: IO[bytes], head: bytes, ending: str) -> None:
    if head.startswith(OLD_OFFICE):
        message = _("The file is locked by a password, or in Office's old format. Save it without a password as .docx, .pptx, .xlsx or PDF.")
        raise ValidationError(message, code="locked")
    if not head.startswith(b"PK"):
        raise _wrong(ending)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_parts(parts)
            _check_contents(archive, {part.filename for part in parts}, ending)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        raise ValidationError(BROKEN, code="broken") from None


def check_workbook(file: IO[bytes]) -> None:
    """For one that is unfolded here, so it may unfold into less than one that is only kept."""
    _check_archive(file, b"PK", "xlsx")
    with zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNFOLDED_HERE:
            raise ValidationError(
                _("The workbook would unfold into more than this takes at a time. Divide it, or save the sheet as CSV."), code="bomb"
            )


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED:
        raise ValidationError(_("The file would unfold into more than a computer can hold."), code="bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise ValidationError(_("The file is locked by a password, and cannot be looked into. Save it without one."), code="locked")
    if any(MACROS.search(part.filename) for part in parts):
        raise ValidationError(MACROS_FOUND, code="macros")


def _check_contents(archive: zipfile.ZipFile, names: set[str], ending: str) -> None:
    if ending in OFFICE:
        if not {"[Content_Types].xml", OFFICE[ending]} <= names:
            raise _wrong(ending)
        with archive.open("[Content_Types].xml") as types:
            if b"macroEnabled" in types.read(1024 * 1024):
                raise ValidationError(MACROS_FOUND, code="macros")
    elif ending == "odt":
        if "mimetype" not in names or archive.read("mimetype")[:60] != b"application/vnd.oasis.opendocument.text":
            raise _wrong(ending)
    elif runnable := sorted(name for name in names if PurePath(name).suffix.lower().lstrip(".") in RUNNABLE or ".." in PurePath(name).parts):
        message = _("The archive holds what could run on the reader's computer: %(names)s. Leave it out.")
        raise ValidationError(message, code="program", params={"names": ", ".join(runnable[:3])})


CHECKS: dict[str, Callable[[IO[bytes], bytes, str], None]] = {
    "csv": _check_text,
    "docx": _check_archive,
    "m4a": _check_recording,
    "mp3": _check_recording,
    "mp4": _check_recording,
    "odt": _check_archive,
    "pdf": _check_pdf,
    "pptx": _check_archive,
    "txt": _check_text,
    "vtt": _check_text,
    "webm": _check_recording,
    "xlsx": _check_archive,
    "zip": _check_archive,
}
