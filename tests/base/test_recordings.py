"""Recordings: nothing goes out that who does not hear cannot read, and nothing is asked of others before the reader says so."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from base.blocks.recordings import service_of
from base.gate import findings
from base.models import SiteDocument
from tests import factories
from tests.base.test_blocks import cleaned, problems, rendered

HEADS = {"mp4": b"\0\0\0\x18ftypmp42", "mp3": b"ID3", "pdf": b"%PDF-1.7 %%EOF"}


def document(name, content=b""):
    content = content or HEADS[name[-3:]]
    return SiteDocument.objects.create(title=name, file=ContentFile(content, name))


def recording(file, captions=None, transcript=""):
    return {"title": "Vartti konepajalla", "file": file, "captions": captions, "captions_language": "fi", "transcript": transcript}


def outside(url="https://youtu.be/abcdefghijk", has_captions=True, transcript=""):
    return {"title": "Vartti konepajalla", "url": url, "has_captions": has_captions, "transcript": transcript}


def test_a_video_needs_captions(db):
    video, captions = document("vartti.mp4"), document("vartti.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nHei")
    assert cleaned("recording", recording(video, captions))
    assert "Lisää tekstitys" in problems("recording", recording(video))
    assert "WEBVTT" in problems("recording", recording(video, document("muu.vtt", b"1\n00:00")))


def test_sound_needs_its_words(db):
    sound = document("vartti.mp3")
    assert cleaned("recording", recording(sound, transcript="<p>Hei.</p>"))
    assert "Kirjoita, mitä sanotaan" in problems("recording", recording(sound, transcript="<p> </p>"))
    assert "ei ole video" in problems("recording", recording(document("vartti.pdf")))


@pytest.mark.parametrize("kind", ["recording", "outside_recording"])
def test_the_gate_holds_a_video_without_captions(section, kind):
    story = factories.make_story(section)
    story.body = [(kind, recording(document("vartti.mp4")) if kind == "recording" else outside(has_captions=False))]
    assert "recording.captions" in {finding.code for finding in findings(story)}


def test_a_video_is_played_with_its_captions(client, section):
    captions = document("vartti.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nHei")
    found = rendered(client, section, ("recording", recording(document("vartti.mp4"), captions)))
    assert found.select_one("video source")["type"] == "video/mp4"
    assert found.select_one("track[kind=captions]")["src"] == captions.url


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk&t=3s", "YouTube"),
        ("https://youtu.be/abcdefghijk", "YouTube"),
        ("https://vimeo.com/123456789", "Vimeo"),
        ("https://youtube.com.example.org/watch?v=abcdefghijk", ""),
        ("https://example.org/?https://youtu.be/abcdefghijk", ""),
        ("javascript:alert(1)//youtu.be/abcdefghijk", ""),
        ("https://www.youtube.com/@kanava", ""),
    ],
)
def test_only_videos_of_known_services_are_shown(url, name):
    found = service_of(url)
    assert (found[0].name if found else "") == name


def test_an_address_of_another_service_is_refused_in_words(db):
    assert cleaned("outside_recording", outside())
    assert "YouTube, Vimeo" in problems("outside_recording", outside("https://example.org/video"))
    assert "tekstitys" in problems("outside_recording", outside(has_captions=False))


def test_the_page_holds_a_link_and_its_policy_lets_that_service_alone_in(client, section):
    story = factories.make_story(section, body=[("outside_recording", outside())])
    answer = client.get(story.url)
    text = answer.content.decode()
    assert 'href="https://youtu.be/abcdefghijk"' in text
    assert "<iframe" not in text
    assert "frame-src 'self' https://www.youtube-nocookie.com;" in answer["Content-Security-Policy"] + ";"
    assert (
        "script-src" not in answer["Content-Security-Policy"]
        or "youtube" not in answer["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    )
    other = client.get(factories.make_story(section).url)
    assert "youtube" not in other["Content-Security-Policy"]
