"""No picture goes out whose right is not known or has ended, and the staff learn of an end in time."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from base.gate import findings
from base.models import SiteImage
from base.roles import Role
from tests import factories

ALT = "Kaksi hitsaajaa taulun ääressä"


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def upload(name="kuva.png", **facts):
    made = BytesIO()
    Image.new("RGB", (60, 40), "#14506b").save(made, "PNG")
    words = {"title": "Kuva", "collection": 1, "rights": "own", "people": "nobody"}
    return words | facts | {"file": SimpleUploadedFile(name, made.getvalue())}


# ---- the form, by every way in
@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({}, set()),
        ({"rights": "", "people": ""}, {"rights", "people"}),
        ({"rights": "licensed"}, {"licence"}),
        ({"rights": "open"}, {"licence"}),
        ({"rights": "open", "licence": "CC BY 4.0"}, set()),
        ({"people": "consented"}, {"consent_kept"}),
        ({"people": "consented", "consent_kept": "Arkisto, kansio 4"}, set()),
    ],
)
@pytest.mark.parametrize("way", ["wagtailimages:add", "wagtailimages_chooser:create"])
def test_an_upload_says_its_right(cast, way, facts, asked):
    client = cast.enter(Role.COMMUNICATIONS)
    fields = upload(**facts)
    if way.endswith("create"):
        fields = {f"image-chooser-upload-{name}": value for name, value in fields.items()}
    answer = client.post(reverse(way), fields)
    assert SiteImage.objects.exists() is not bool(asked)
    if asked:
        form = answer.context["form"]
        assert set(form.errors) == asked
        assert form["title"].value() == "Kuva"


def test_many_at_once_are_kept_until_their_rights_are_told(cast):
    client = cast.enter(Role.COMMUNICATIONS)
    answer = client.post(reverse("wagtailimages:add_multiple"), {"title": "Kuva", "files[]": upload()["file"], "collection": 1})
    found = json.loads(answer.content)
    assert found["success"]
    assert not SiteImage.objects.exists()
    number = found["uploaded_file_id"]
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number])
    facts = {"title": "Kuva", "collection": 1, "people": "nobody"}
    refused = json.loads(client.post(address, {f"uploaded-image-{number}-{name}": value for name, value in facts.items()}).content)
    assert not refused["success"]
    facts["rights"] = "own"
    assert json.loads(client.post(address, {f"uploaded-image-{number}-{name}": value for name, value in facts.items()}).content)["success"]
    assert SiteImage.objects.get().rights == "own"


# ---- the gate
@pytest.mark.parametrize(
    ("facts", "code", "is_error"),
    [
        ({"rights": ""}, "picture.rights", True),
        ({"people": ""}, "picture.people", True),
        ({"rights": "licensed", "licensed_until": -1}, "picture.ended", True),
        ({"people": "consented", "consent_until": -1}, "picture.ended", True),
        ({"rights": "licensed", "licensed_until": 0}, "picture.ending", False),
        ({"rights": "licensed", "licensed_until": 40}, None, False),
        # A day that belongs to another answer does not count.
        ({"rights": "own", "licensed_until": -1}, None, False),
    ],
)
@pytest.mark.parametrize("place", ["main", "block"])
def test_the_gate_asks_for_the_right(section, place, facts, code, is_error):
    facts = {name: in_days(value) if isinstance(value, int) else value for name, value in facts.items()}
    image = factories.make_image(**facts)
    if place == "main":
        values = {"picture": image, "picture_alt": ALT}
    else:
        image.contextual_alt_text, image.decorative = ALT, False
        values = {"body": [("figure", {"image": image, "caption": "Konepaja"})]}
    found = {finding.code: finding for finding in findings(factories.make_story_draft(section, **values)) if finding.code.startswith("picture.")}
    assert set(found) == ({code} if code else set())
    if code:
        assert found[code].is_error is is_error
        assert found[code].field == ("picture" if place == "main" else "body")


# ---- the report
def test_the_report_narrows_by_state(cast):
    titles = {
        "unclear": factories.make_image(rights="").title,
        "ended": factories.make_image(rights="licensed", licensed_until=in_days(-1)).title,
        "ending": factories.make_image(people="consented", consent_until=in_days(10)).title,
    }
    fine = factories.make_image().title
    client = cast.enter(Role.COMMUNICATIONS)
    for state, title in titles.items():
        text = client.get(reverse("picture_report"), {"state": state}).content.decode()
        assert [other for other in (*titles.values(), fine) if f">{other}<" in "".join(text.split("\n")).replace("  ", "")] == [title]
    assert client.get(reverse("picture_report"), {"export": "csv"}).status_code == 200


def test_the_report_is_for_those_who_keep_pictures(cast):
    assert cast.enter(Role.COORDINATORS).get(reverse("picture_report")).status_code == 302
    assert cast.enter(Role.COMMUNICATIONS).get(reverse("picture_report")).status_code == 200


def test_the_queries_of_the_report_do_not_grow(cast):
    client = cast.enter(Role.COMMUNICATIONS)

    def queries(number):
        for _ in range(number):
            factories.make_image()
        client.get(reverse("picture_report"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("picture_report"))
        return len(captured)

    assert queries(2) == queries(10)
