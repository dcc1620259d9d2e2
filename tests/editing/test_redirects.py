"""Old addresses keep leading to the page, in one step, for visitors too; circles are refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory, TestCase
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from base.page_cache import Generation, PageCache
from base.roles import Role
from tests import factories
from tests.translations.making import translated


@pytest.fixture
def story(section):
    return factories.make_story(section, slug="vanha")


def rename(page, slug):
    page = Page.objects.get(pk=page.pk).specific
    page.slug = slug
    # Wagtail makes the redirects once the transaction has committed.
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save_revision().publish()
    return Page.objects.get(pk=page.pk).specific


def here(path):
    """The path at the test's host, as a person writes it."""
    return f"http://localhost{path}"


def test_a_new_slug_keeps_the_old_address(client, story):
    old = story.url
    new = rename(story, "uusi").url
    answer = client.get(old, headers={"host": "localhost"})
    assert (answer.status_code, answer.url) == (301, new)
    assert "X-Page-Cache" not in answer


def test_a_moved_section_takes_the_addresses_of_its_pages_along(client, section, story):
    old = story.url
    rename(section, "uutiset")
    answer = client.get(old, headers={"host": "localhost"})
    assert answer.status_code == 301
    assert answer.url == Page.objects.get(pk=story.pk).url != old


def test_twice_renamed_is_one_step_from_each_address(client, story):
    addresses = [story.url, rename(story, "toinen").url]
    last = rename(story, "kolmas").url
    for address in addresses:
        assert client.get(address, headers={"host": "localhost"}).url == last


def test_a_translation_keeps_its_own_address(client, section, story):
    swedish = translated(story)
    old = swedish.url
    new = rename(swedish, "ny").url
    answer = client.get(old, headers={"host": "localhost"})
    assert (answer.status_code, answer.url) == (301, new)
    assert old.startswith("/sv/")


def test_there_and_back_again_is_no_circle(client, story):
    first = story.url
    rename(story, "muualla")
    page = rename(story, "vanha")
    assert not Redirect.objects.filter(old_path=first.rstrip("/")).exists()
    # One from before this was held.
    Redirect.objects.bulk_create([Redirect(old_path=first.rstrip("/"), redirect_page=page, site=Site.objects.get())])
    page.unpublish()
    assert client.get(first, headers={"host": "localhost"}).status_code == 404


def test_a_circle_is_refused_with_a_message(cast, story):
    client = cast.enter(Role.ADMINISTRATORS)
    user = cast.user(Role.ADMINISTRATORS)
    user.is_superuser = True
    user.save()
    Redirect.add_redirect("/vanha-a", here("/vanha-b"))
    form = {"old_path": "/vanha-b", "is_permanent": "on", "redirect_link": here("/vanha-a")}
    shown = client.post(reverse("wagtailredirects:add"), form)
    assert "Uudelleenohjaus kiertää kehää" in shown.content.decode()
    shown = client.post(reverse("wagtailredirects:add"), form | {"redirect_link": here("/vanha-b/")})
    assert "Uudelleenohjaus kiertää kehää" in shown.content.decode()
    assert Redirect.objects.count() == 1
    for target in (here("/vanha-b"), here("/vanha-a")):
        with pytest.raises(ValidationError):
            Redirect.add_redirect("/vanha-b", target)


def test_a_circle_in_an_imported_file_is_told_and_the_others_come_in(db):
    from wagtail.contrib.redirects.views import create_redirects_from_dataset

    class File(list):
        headers = ("from", "to")

    rows = File([("/a", here("/b")), ("/b", here("/a")), ("/c", here("/d"))])
    factories.make_home(factories.make_theme())
    told = create_redirects_from_dataset(rows, {"from_index": 0, "to_index": 1, "permanent": True, "site": None})
    assert told["errors_count"] == 1
    assert set(Redirect.objects.values_list("old_path", flat=True)) == {"/a", "/c"}


def test_chains_are_made_straight_from_both_ends(client, story):
    page = Page.objects.get(pk=story.pk)
    Redirect.add_redirect("/a", here("/b"))
    Redirect.add_redirect("/b", page)
    assert Redirect.objects.get(old_path="/a").redirect_page == page
    Redirect.add_redirect("/z", here("/a"))
    assert Redirect.objects.get(old_path="/z").redirect_page == page
    assert client.get("/z", headers={"host": "localhost"}).url == story.url


def test_another_site_with_the_same_path_makes_no_circle(story):
    Redirect.add_redirect("/a", "https://muualla.example.org/a")
    assert Redirect.objects.get().redirect_link == "https://muualla.example.org/a"


def test_the_page_cache_does_not_keep_a_redirect(client, tmp_path, story):
    def application(environ, start_response):
        answer = client.get(environ["PATH_INFO"], headers={"host": "localhost"})
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]

    cache = PageCache(application, Generation(tmp_path / "pages.generation"), session_cookie="sessionid")

    def ask(path):
        heard = []
        environ = RequestFactory(SERVER_NAME="localhost").get(path).environ
        list(cache(environ, lambda status, headers, *_error: heard.append((status, dict(headers)))))
        return heard[0]

    old = story.url
    assert ask(old)[0].startswith("200")
    new = rename(story, "uusi").url
    # What the change itself tells by `page_changes`, which has a file of its own.
    cache.generation.bump()
    for _time in range(2):
        status, headers = ask(old)
        assert status.startswith("301")
        assert headers["Location"] == new
        new = rename(story, "kolmas").url
