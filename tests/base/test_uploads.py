"""Files are told by their content, whichever way they come; nothing that runs is taken or sent, and no picture tells where it was taken."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageCms
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from base.models import SiteImage
from base.roles import Role
from base.uploads import documents, limits, pictures
from tests.gate.files import docx, pdf

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00" + bytes(200)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def drawn(form="JPEG", size=(60, 40), **options):
    made = BytesIO()
    picture = Image.new("RGB", size, "#14506b")
    picture.paste("#b03020", (0, 0, 10, size[1]))
    picture.save(made, form, **options)
    return made.getvalue()


def photograph(form="JPEG"):
    """On its side, with the place where it was taken, and a colour profile."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Kamera 1234"
    exif.get_ifd(0x8825)[2] = (60.0, 10.0, 0.0)
    return drawn(form, exif=exif, icc_profile=PROFILE)


def bomb(width, height):
    """Says that it is large, and holds next to nothing."""

    def part(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0")) + part(b"IEND", b"")


def archive(**parts):
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return kept.getvalue()


def with_part(content, name, text="x"):
    kept = BytesIO(content)
    with zipfile.ZipFile(kept, "a") as made:
        made.writestr(name, text)
    return kept.getvalue()


# ---- what is refused
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("kuva.png", bomb(20_000, 10_000), "too_many_pixels"),
        ("kuva.png", bomb(9_000, 9_000), "too_many_pixels"),
        ("kuva.png", bomb(60, 40), "broken"),
        ("kuva.jpg", drawn(size=(600, 400))[:1500], "broken"),
        ("kuva.jpg", b"", "broken"),
        ("kuva.jpg", drawn("PNG"), "ending"),
        ("kuva.tiff", drawn("TIFF"), "ending"),
        ("kuva.png", drawn("TIFF"), "broken"),
        ("kuva.svg", SVG, "svg"),
        ("kuva.png", SVG, "markup"),
        ("kuva.gif", HTML, "markup"),
        ("kuva.jpg", EXE, "broken"),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_is_refused_for_what_it_is(name, content, code):
    with pytest.raises(ValidationError) as refused:
        pictures.clean(BytesIO(content), name, len(content))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", HTML, "markup"),
        ("a.txt", b"\xef\xbb\xbf <!-- x --><SCRIPT>", "markup"),
        ("a.csv", EXE, "program"),
        ("a.txt", b"a\0b", "content"),
        ("a.pdf", docx("Opas"), "content"),
        ("a.pdf", pdf("Opas")[:300], "broken"),
        ("a.docx", pdf("Opas"), "content"),
        ("a.docx", archive(a="b"), "content"),
        ("a.xlsx", docx("Opas"), "content"),
        ("a.docx", docx("Opas")[:-60], "broken"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "locked"),
        ("a.docx", with_part(docx("Opas"), "word/vbaProject.bin"), "macros"),
        ("a.odt", with_part(archive(mimetype="application/vnd.oasis.opendocument.text"), "Basic/Standard/Module1.xml"), "macros"),
        ("a.odt", archive(mimetype="text/html"), "content"),
        ("a.zip", with_part(archive(a="b"), "lue/minut.exe"), "program"),
        ("a.zip", with_part(archive(a="b"), "../a.txt"), "program"),
        ("a.mp4", drawn(), "content"),
        ("a.mp3", pdf("Opas"), "content"),
        ("a.exe", EXE, "ending"),
    ],
)
def test_a_document_is_refused_for_what_it_is(name, content, code):
    with pytest.raises(ValidationError) as refused:
        documents.check(BytesIO(content), name, len(content))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", pdf("Opas")),
        ("a.DOCX", docx("Opas")),
        ("a.odt", archive(mimetype="application/vnd.oasis.opendocument.text")),
        ("a.zip", archive(**{"lue.txt": "Hei"})),
        ("a.csv", "nimi;määrä\n".encode("cp1252")),
        ("a.txt", "hei".encode("utf-16")),
        ("a.m4a", b"\0\0\0\x18ftypM4A " + bytes(20)),
    ],
)
def test_a_document_that_is_what_it_says_is_taken(name, content):
    documents.check(BytesIO(content), name, len(content))


def test_an_archive_that_unfolds_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(documents, "MOST_UNFOLDED", 1000)
    content = with_part(docx("Opas"), "word/media/a.bin", "0" * 1000)
    with pytest.raises(ValidationError) as refused:
        documents.check(BytesIO(content), "a.docx", len(content))
    assert refused.value.code == "bomb"


# ---- what is kept of a picture
@pytest.mark.parametrize(("form", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("AVIF", "avif")])
def test_a_photograph_keeps_its_colours_and_not_its_place(form, ending):
    content = photograph(form)
    name, kept = pictures.clean(BytesIO(content), f"kuva.{ending}", len(content))
    found = Image.open(BytesIO(kept))
    assert (name, found.format, found.size) == (f"kuva.{ending}", form, (40, 60))
    assert found.info["icc_profile"] == PROFILE
    assert not found.getexif()
    assert b"Kamera" not in kept
    # Turned: the red edge stands on top.
    assert found.convert("RGB").getpixel((20, 2))[0] > 150
    # Written once, it is not written again.
    assert pictures.clean(BytesIO(kept), name, len(kept)) is None


def test_heic_becomes_jpeg_and_what_hangs_behind_a_picture_goes():
    content = drawn("HEIF")
    name, kept = pictures.clean(BytesIO(content), "IMG_1.HEIC", len(content))
    assert name == "IMG_1.jpg"
    assert Image.open(BytesIO(kept)).format == "JPEG"
    polyglot = drawn() + archive(a=HTML.decode())
    assert HTML not in pictures.clean(BytesIO(polyglot), "kuva.jpg", len(polyglot))[1]
    plain = drawn("PNG")
    assert pictures.clean(BytesIO(plain), "kuva.png", len(plain)) is None


def test_an_animation_stays_one():
    made, frames = BytesIO(), [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0, comment=b"Kamera")
    _name, kept = pictures.clean(BytesIO(made.getvalue()), "kuva.gif", len(made.getvalue()))
    found = Image.open(BytesIO(kept))
    assert found.n_frames == 3
    assert b"Kamera" not in kept


# ---- every way in
def fields(file, prefix="", **more):
    words = {"title": "Kuva", "collection": 1, "rights": "own", "people": "nobody", "credit": "Aino"} | more | {"file": file}
    return {f"{prefix}{name}": value for name, value in words.items()}


@pytest.mark.parametrize(("way", "prefix"), [("wagtailimages:add", ""), ("wagtailimages_chooser:create", "image-chooser-upload-")])
def test_a_form_takes_photographs_clean_and_loses_nothing_by_a_refusal(cast, way, prefix):
    client = cast.enter(Role.COMMUNICATIONS)
    refused = client.post(reverse(way), fields(SimpleUploadedFile("kuva.png", SVG), prefix))
    form = refused.context["form"]
    assert set(form.errors) == {"file"}
    assert (form["title"].value(), form["credit"].value()) == ("Kuva", "Aino")
    client.post(reverse(way), fields(SimpleUploadedFile("kuva.jpg", photograph()), prefix))
    image = SiteImage.objects.get()
    with image.open_file() as file:
        kept = file.read()
    assert b"Kamera" not in kept
    assert (image.width, image.height, image.file_size) == (40, 60, len(kept))


def test_many_at_once_wait_without_their_place(cast):
    client = cast.enter(Role.COMMUNICATIONS)

    def bring(name, content):
        given = {"title": "Kuva", "collection": 1, "files[]": SimpleUploadedFile(name, content)}
        return json.loads(client.post(reverse("wagtailimages:add_multiple"), given).content)

    assert "SVG" in bring("kuva.svg", SVG)["error_message"]
    number = bring("kuva.jpg", photograph())["uploaded_file_id"]
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number])
    words = {"title": "Kuva", "collection": 1, "rights": "own", "people": "nobody"}
    assert json.loads(client.post(address, {f"uploaded-image-{number}-{name}": value for name, value in words.items()}).content)["success"]
    image = SiteImage.objects.get()
    with image.open_file() as file:
        assert not Image.open(file).getexif()
    answer = client.post(reverse("wagtaildocs:add_multiple"), {"title": "Opas", "collection": 1, "files[]": SimpleUploadedFile("a.pdf", HTML)})
    assert json.loads(answer.content)["success"] is False


def test_no_way_around_the_models(db):
    with pytest.raises(ValidationError):
        SiteImage.objects.create(title="Kuva", file=ContentFile(SVG, "kuva.png"))
    with pytest.raises(ValidationError):
        get_document_model().objects.create(title="Opas", file=ContentFile(HTML, "opas.pdf"))
    image = SiteImage.objects.create(title="Kuva", file=ContentFile(photograph(), "kuva.jpg"))
    image.refresh_from_db()
    assert (image.width, image.height) == (40, 60)


def test_what_is_too_large_is_not_kept_and_the_form_stays(cast, settings, monkeypatch, client):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 100_000
    member = cast.enter(Role.COMMUNICATIONS)
    answer = member.post(reverse("wagtaildocs:add"), {"title": "Opas", "collection": 1, "file": SimpleUploadedFile("a.pdf", bytes(300_000))})
    form = answer.context["form"]
    assert "293,0" in form.errors["file"][0]
    assert form["title"].value() == "Opas"
    monkeypatch.setattr(limits, "VISITORS_BODY", 1000)
    client.logout()
    assert client.post("/fi/haku/", {"a": "b" * 2000}).status_code == 413


# ---- what leaves
def test_media_holds_pictures_alone(client, db):
    image = SiteImage.objects.create(title="Kuva", file=ContentFile(drawn(), "kuva.jpg"))
    answer = client.get(image.file.url)
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(image.file.url, headers={"If-Modified-Since": answer["Last-Modified"]}).status_code == 304
    document = get_document_model().objects.create(title="Opas", file=ContentFile(pdf("Opas"), "opas.pdf"))
    assert client.get(f"/media/{document.file.name}").status_code == 404
    assert client.get("/media/images/../original_images/kuva.jpg").status_code == 404
    assert client.get(document.url).status_code == 200


def test_a_recording_comes_in_parts_to_those_who_may_have_it(client, db):
    content = b"\0\0\0\x18ftypmp42" + bytes(range(200))
    place = Collection.get_first_root_node().add_child(name="Sisäinen")
    video = get_document_model().objects.create(title="Vartti", file=ContentFile(content, "vartti.mp4"), collection=place)
    whole, part, end, none = (
        client.get(video.url, headers=headers) for headers in ({}, {"Range": "bytes=10-19"}, {"Range": "bytes=-5"}, {"Range": "bytes=900-"})
    )
    assert (whole.status_code, whole["Content-Length"], whole["Accept-Ranges"]) == (200, str(len(content)), "bytes")
    assert (part.status_code, part.getvalue(), part["Content-Range"]) == (206, content[10:20], f"bytes 10-19/{len(content)}")
    assert end.getvalue() == content[-5:]
    assert none.status_code == 416
    CollectionViewRestriction.objects.create(collection=place, restriction_type="login")
    assert client.get(video.url).status_code == 302
