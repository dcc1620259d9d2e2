from __future__ import annotations

import re
from pathlib import Path

import django
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.apps import apps

from base import messages

PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w[^>]*>")

# Words that are the same in both languages.
SAME = {"fi": {", "}, "sv": {", ", "%(size)s kilobyte", "Finland", "Hybrid", "Material", "material", "Organisation", "organisation", "person"}}


def words(message):
    """(English, translation) pairs; a plural gives two."""
    ids, texts = message.id, message.string
    return list(zip(ids, texts, strict=True)) if isinstance(ids, tuple) else [(ids, texts)]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_message_is_translated(language):
    assert messages.missing(language) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_translation_is_its_english_original(language):
    pairs = [pair for message in messages.read(language) if message.id for pair in words(message)]
    assert len(pairs) > 500
    assert {english for english, text in pairs if english == text} <= SAME[language]


def test_texts_inside_formatted_strings_are_not_lost():
    """Babel does not read what stands inside an f-string, so nothing may."""
    found = [path for path in messages.sources() if path.suffix == ".py" and messages.INSIDE_FORMATTED.search(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_placeholders_and_tags_are_those_of_the_original(language):
    for path in messages.po_files(language):
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        for message in catalog:
            if not message.id:
                continue
            *_, (english, text) = words(message)
            assert set(PLACEHOLDERS.findall(english)) == set(PLACEHOLDERS.findall(text)), (path, english)
            for english, text in words(message):
                assert set(PLACEHOLDERS.findall(text)) <= set(PLACEHOLDERS.findall("".join(message.id))), (path, english)
                assert len(english) - len(english.rstrip()) == len(text) - len(text.rstrip()), (path, english)


@pytest.mark.parametrize("domain", ["django", "djangojs"])
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_message_of_wagtail_is_left_in_english(language, domain):
    """What a new Wagtail says newly belongs in `locale/wagtail`."""
    homes = [Path(app.path) for app in apps.get_app_configs()]
    compiled = [home / "locale" / language / "LC_MESSAGES" / f"{domain}.mo" for home in [*homes, Path(django.__file__).parent / "conf"]]
    compiled += [path.with_suffix(".mo") for path in messages.po_files(language) if path.stem == domain]
    known = {key for path in compiled if path.exists() for key in keys(path, read_mo)}
    asked = [home / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po" for home in homes if "wagtail" in home.as_posix().partition("site-packages")[2]]
    missing = {key for path in asked if path.exists() for key in keys(path, read_po, translated=False)} - known
    assert len(known) > 100
    assert missing == set()


def keys(path, read, *, translated=True):
    with path.open("rb") as file:
        catalog = read(file)
    for message in catalog:
        texts = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        if message.id and (all(texts) or not translated):
            yield message.context, message.id if isinstance(message.id, str) else message.id[0]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("fi", "Salasana"), ("sv", "Lösenord")])
def test_the_login_form_speaks_the_reader_language(client, language, word):
    page = client.get("/admin/login/", headers={"accept-language": language}).content.decode()
    assert re.search(rf">\s*{word}\s*<", page)
    assert "Password" not in page
