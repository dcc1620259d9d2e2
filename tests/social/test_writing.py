"""What is written: counted as each network counts, split into threads, fitted pictures, and a post made from a page."""

from __future__ import annotations

import random
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from base.roles import Role
from social import actions, counting, pictures
from social.models import Hashtags, Post, Variant
from tests import factories
from tests.social.conftest import make_account

FAMILY = "👩‍👩‍👧‍👦"  # seven code points
X, MASTODON, BLUESKY, LINKEDIN = (counting.rules_of(name) for name in ("x", "mastodon", "bluesky", "linkedin"))


@pytest.mark.parametrize(
    ("text", "x", "seen"),
    [
        ("Työelämä", 8, 8),
        (FAMILY, 2, 1),
        ("👍🏽", 2, 1),
        ("🇫🇮", 2, 1),
        ("🇫🇮🇸🇪", 4, 2),
        ("1️⃣", 2, 1),
        ("❤️", 2, 1),
        ("工作", 4, 2),
        ("e\u0301", 1, 1),
        ("€", 2, 1),
        ("a — b", 5, 5),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2, 1),
    ],
)
def test_length_as_x_and_as_people_count(text, x, seen):
    """X's values: twitter-text's conformance tests (weights, emoji) and docs.x.com, "Counting characters"."""
    assert counting.length(X, text) == x
    assert counting.length(BLUESKY, text) == seen


def test_addresses_count_23_on_x_and_mastodon():
    address = "https://www.example.org/" + "a" * 200
    assert counting.length(X, f"Lue {address} nyt") == 4 + 23 + 4
    assert counting.length(MASTODON, f"Lue {address} nyt") == 4 + 23 + 4
    assert counting.length(BLUESKY, address) == len(address)
    assert counting.length(X, "kantama.fi") == 23
    assert counting.length(MASTODON, "kantama.fi") == 10
    assert counting.length(X, "etunimi@kantama.fi") == 18


def test_280_characters_with_links_of_23_fit_and_one_more_does_not():
    text = "a" * (280 - 24) + " https://example.org/" + "b" * 300
    assert counting.length(X, text) == 280
    assert counting.fits(X, text)
    assert not counting.fits(X, "a" + text)


def test_bluesky_counts_bytes_too_and_linkedin_utf_16():
    assert counting.fits(BLUESKY, "ä" * 300)
    assert not counting.fits(BLUESKY, FAMILY * 130)
    assert counting.length(LINKEDIN, "👍a") == 3


def test_a_server_says_its_own_limits():
    rules = counting.rules_of("mastodon", {"characters": 5000, "address": 40})
    assert counting.length(rules, "https://example.org/") == 40
    assert counting.parts(rules, "a " * 2000, has_link=False) == [("a " * 2000).strip()]


@pytest.mark.parametrize("rules", [X, MASTODON, BLUESKY])
@pytest.mark.parametrize("has_link", [True, False])
def test_a_longer_text_becomes_a_thread_at_sentences(rules, has_link):
    sentences = [f"Lause {number} kertoo, miten työelämä muuttuu {FAMILY}." for number in range(30)]
    parts = counting.parts(rules, " ".join(sentences), has_link=has_link)
    assert len(parts) > 1
    assert all(counting.fits(rules, part) for part in parts)
    assert counting.fits(rules, parts[0] + (counting.place_of_link() if has_link else ""))
    assert parts[0].endswith(f". (1/{len(parts)})")
    bare = " ".join(part.rsplit(" (", 1)[0] for part in parts)
    assert bare == " ".join(sentences), "no word is lost"


def test_what_fits_by_no_means_is_told():
    with pytest.raises(ValidationError):
        counting.parts(LINKEDIN, "a" * 3001, has_link=False)
    with pytest.raises(ValidationError):
        counting.parts(X, "a" * 400, has_link=False)
    with pytest.raises(ValidationError):
        counting.parts(X, "Sana. " * 2000, has_link=False)


def test_what_x_asks_for(settings):
    settings.SOCIAL_X_PRICE, settings.SOCIAL_X_PRICE_WITH_LINK = Decimal("0.015"), Decimal("0.200")
    assert counting.price("x", ["yksi", "kaksi"], has_link=True) == Decimal("0.215")
    assert counting.price("x", ["katso https://example.org/"], has_link=False) == Decimal("0.200")
    assert counting.price("mastodon", ["yksi"], has_link=True) == 0


# ---- pictures
def noisy(width, height, form="JPEG", mode="RGB"):
    made = BytesIO()
    Image.frombytes(mode, (width, height), random.Random(1).randbytes(width * height * len(mode))).save(
        made, form, **({"quality": 98} if form == "JPEG" else {})
    )
    return made.getvalue()


class Held:
    def __init__(self, content):
        self.content = content

    @property
    def file(self):
        return self

    def open(self, _mode):
        return BytesIO(self.content)


@pytest.mark.parametrize("network", ["x", "mastodon", "bluesky", "linkedin"])
def test_a_picture_of_12_megabytes_is_fitted(network):
    content = noisy(3450, 2400)
    assert len(content) > 12_000_000
    frame = pictures.frame_of(network)
    made = pictures.fitted(Held(content), "Kohinaa", frame)
    assert len(made.content) <= frame.most_bytes
    with Image.open(BytesIO(made.content)) as shown:
        assert shown.size == (made.width, made.height)
        assert max(shown.size) <= frame.longest_side
        assert abs(made.width / made.height - 3450 / 2400) < 0.01
        assert not shown.getexif()


def test_what_is_transparent_gets_a_white_ground():
    made = pictures.fitted(Held(noisy(40, 30, "PNG", "RGBA")), "", pictures.frame_of("x"))
    with Image.open(BytesIO(made.content)) as shown:
        assert (shown.mode, shown.format) == ("RGB", "JPEG")


def test_a_file_that_is_no_picture_is_told():
    with pytest.raises(OSError):  # noqa: PT011 — Pillow's own for all of them
        pictures.fitted(Held(b"not a picture"), "", pictures.frame_of("x"))


# ---- posts
def test_a_post_is_made_from_a_page_in_its_languages(section):
    theme, picture = section.theme, factories.make_image()
    goal = factories.make_goal(theme)
    story = factories.make_story(
        section, goals=[goal], title="Osaaminen kasvaa", lead="Yritykset oppivat. " * 40, picture=picture, picture_alt="Verstas"
    )
    Hashtags.objects.create(theme=theme, words_fi="#työelämä")
    accounts = [make_account(theme, name, "https://example.org") for name in ("x", "bluesky", "linkedin")]
    post = actions.make_from_page(page=story, accounts=accounts, by=None)
    assert list(Post.objects.get().goals.all()) == [goal]
    assert post.item_key == story.translation_key
    variants = {row.account.network: row for row in Variant.objects.all()}
    assert set(variants) == {"x", "bluesky", "linkedin"}
    for variant in variants.values():
        assert variant.text.startswith("Osaaminen kasvaa\n\nYritykset oppivat.")
        assert variant.text.endswith("#työelämä")
        assert variant.link == story.full_url
        assert (variant.image, variant.alt) == (picture, "Verstas")
        assert len(variant.parts()) == 1
    assert len(variants["linkedin"].text) > len(variants["x"].text)


def test_whoever_wrote_or_asked_does_not_approve(section, cast):
    account = make_account(section.theme, "x")
    writer = cast.user(Role.COMMUNICATIONS)
    post = Post(theme=section.theme, title="Luonnos", written_by=writer)
    post.goals = [factories.make_goal(section.theme)]
    post.save()
    Variant.objects.create(post=post, account=account, language="fi", text="Teksti")
    actions.ask(post=post, by=writer)
    post.refresh_from_db()
    with pytest.raises(actions.NotPossible):
        actions.approve(post=post, by=writer)
    second = cast.user(Role.ADMINISTRATORS)
    Variant.objects.update(text="Muutettu")
    with pytest.raises(actions.NotPossible):
        actions.approve(post=Post.objects.get(), by=second)
    actions.ask(post=Post.objects.get(), by=writer)
    assert actions.approve(post=Post.objects.get(), by=second) == 1
    with pytest.raises(actions.NotPossible):
        actions.approve(post=Post.objects.get(), by=second)
