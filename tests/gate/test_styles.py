"""Pages share what is worked out of their styles; a page whose elements only look like another's has its own all the same."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from base.css import Document, Sheet

PLAIN = "<p>a</p><p class=own>b</p>"


def colour(body, css, width=360, scheme="light", name="color"):
    document = Document(BeautifulSoup(f"<html><body>{body}</body></html>", "html.parser"), Sheet.of("p { color: black }", css))
    return document.at(width, scheme).style(document.html.find(class_="own"))[name]


@pytest.mark.parametrize(
    ("selector", "met", "other"),
    [
        ("p + .own", PLAIN, "<i>a</i><p class=own>b</p>"),
        ("i + p + .own", f"<i>a</i>{PLAIN}", f"<b>a</b>{PLAIN}"),
        ("i ~ .own", f"<i>a</i>{PLAIN}", f"<b>a</b>{PLAIN}"),
        ("p:first-child + .own", PLAIN, f"<i>a</i>{PLAIN}"),
        (".own:last-child", PLAIN, f"{PLAIN}<p>c</p>"),
        (".own:nth-child(3)", f"<i>a</i>{PLAIN}", PLAIN),
        (".own:has(+ i)", f"{PLAIN}<i>c</i>", f"{PLAIN}<b>c</b>"),
        (".own:has(i)", "<p class=own><i>b</i></p>", "<p class=own><b>b</b></p>"),
        (".own:empty", "<p class=own></p>", "<p class=own>b</p>"),
        ("#this", "<p class=own id=this></p>", "<p class=own id=that></p>"),
        ("[data-state=new]", "<p class=own data-state=new></p>", "<p class=own data-state=old></p>"),
        ("[title^=a]", "<p class=own title=ab></p>", "<p class=own title=ba></p>"),
        ("p:not(i + p, #that)", "<b></b><p class=own></p>", "<i></i><p class=own></p>"),
        ("[href] > .own", "<a href='/x'><p class=own></p></a>", "<a><p class=own></p></a>"),
        ("p:lang(sv)", "<div lang=sv><p class=own></p></div>", "<div lang=fi><p class=own></p></div>"),
    ],
)
def test_what_a_selector_asks_is_told_apart(selector, met, other):
    css = f"{selector} {{ color: green }}"
    assert [colour(body, css) for body in (met, other, met, other)] == ["green", "black", "green", "black"]


def test_what_is_important_wins_from_the_lowest_layer():
    css = "@layer low { p { color: red !important } } @layer high { p { color: blue !important } } p { color: pink !important }"
    assert colour(PLAIN, css) == "red"
    assert colour(PLAIN, f"@layer high, low; {css}") == "blue"


def test_a_width_a_scheme_and_a_style_of_its_own_are_no_other_pages():
    css = "@media (min-width: 600px) { p { color: blue } } @media (prefers-color-scheme: dark) { .own { color: white } }"
    assert [colour(PLAIN, css, *view) for view in ((360, "light"), (1280, "light"), (360, "dark"), (1280, "dark"))] == [
        "black", "blue", "white", "white",
    ]  # fmt: skip
    assert colour("<p class=own style='color: red'>b</p>", css) == "red"
    assert colour("<p class=own>b</p>", css) == "black"
