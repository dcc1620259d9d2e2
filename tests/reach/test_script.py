"""The page's script is small, and pages do without it where the server counts."""

from __future__ import annotations

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from reach.layer import PAGE_HEADER, ReachLayer
from reach.models import Dropped, Total
from reach.rolling import roll_up
from tests import factories
from tests.reach.readers import HEADERS, begin_anew

NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "accept": "text/html,*/*", "host": "localhost"}
SCRIPT = settings.ROOT / "site" / "base" / "static" / "kantama" / "reach.js"


def test_the_script_is_under_two_kilobytes():
    assert 200 < SCRIPT.stat().st_size < 2000


def test_pages_carry_the_script_and_the_search_what_it_did_not_find(client, home, section):
    page = factories.make_story(section)
    text = client.get(page.url).content.decode()
    assert f'data-reach-url="/reach/" data-reach-page="{page.pk}"' in text
    assert "kantama/reach" in text
    sought = client.get("/fi/search/?q=Olematon+asia").content.decode()
    assert f'data-reach-page="{home.pk}" data-reach-sought="Olematon asia"' in sought
    assert "data-reach-url" not in client.get("/fi/search/").content.decode()


def test_without_the_script_the_server_counts_who_opens_a_page(home, section, settings):
    begin_anew()
    settings.REACH_WITHOUT_SCRIPT = True
    page = factories.make_story(section)
    told = []
    layer = ReachLayer(WSGIHandler())
    for headers in ({}, {"sec-fetch-dest": "image"}, {"user-agent": "curl/8"}, {"dnt": "1"}, {"sec-purpose": "prefetch"}):
        asked = {"PATH_INFO": page.url, "QUERY_STRING": "utm_medium=email&utm_campaign=kevat", "REQUEST_METHOD": "GET"}
        sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (HEADERS | NAVIGATION | headers).items()}
        body = b"".join(layer(Client()._base_environ(**asked) | sent, lambda status, headers: told.append((status, headers))))
        assert b"<html" in body
        assert b"reach.js" not in body
    assert {status for status, _headers in told} == {"200 OK"}
    assert PAGE_HEADER not in {name for _status, headers in told for name, _value in headers}
    roll_up()
    assert dict(Dropped.objects.values_list("reason", "count")) == {"no_browser": 1, "crawler": 1, "peace": 1, "prefetch": 1}
    assert {row.value: row.views for row in Total.objects.filter(grain="day", scope="page", facet="campaign")} == {"kevat": 1}
