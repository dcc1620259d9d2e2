"""The publication gate reads styles without a browser; here a browser says whether it read them right, at both widths, in light and dark."""

from __future__ import annotations

import io
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageChops, ImageStat

from base.css.values import color
from base.gate import emblem, statement
from base.gate.sight import SCHEMES, WIDTHS
from base.gate.sight import places as where
from base.gate.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PAGES = [
    "home",
    "section",
    "story",
    "result",
    "practice",
    "newsletter",
    "issue",
    "events",
    "event",
    "information",
    "contact",
    "accessibility",
    "search",
]
LOGO = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
# name: (styles that are added, [(what stands in the page, what stands there instead)])
BROKEN: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "whole": ("", []),
    "hidden on a telephone": ("@media (max-width: 600px) { .eu-emblem { display: none } }", []),
    "hidden in dark": ("@media (prefers-color-scheme: dark) { .site-footer { visibility: hidden } }", []),
    "moved off the page": ("@media (width < 40rem) { .eu-line { position: absolute; left: -9999px } }", []),
    "cut off": (".site-footer .eu-line { max-height: 0; min-height: 0; overflow: hidden; padding: 0; border: 0 }", []),
    "pale": (".site-footer { opacity: .05 }", []),
    "small": ("@media (max-width: 500px) { .eu-emblem { width: 1.5rem; height: 1rem } }", []),
    "covered by the statement": (".eu-line__statement { margin-left: -6rem }", []),
    "covered by a veil": ('.eu-line { position: relative } .eu-line::after { content: ""; position: absolute; inset: 0; background: white }', []),
    "covered by a banner": ("", [("</body>", '<div style="position:fixed;inset:auto 0 0;height:20rem;background:white">Evästeet</div></body>')]),
    "a banner that is closed": (
        "",
        [("</body>", '<div hidden style="position:fixed;inset:auto 0 0;height:20rem;background:white">Evästeet</div></body>')],
    ),
    "another face": (".eu-line__statement { font-family: Georgia, Arial }", []),
    "italics on a desk": ("@media (min-width: 64rem) { .eu-line { font-style: italic } .eu-line__statement { font-style: inherit } }", []),
    "underlined": (".site-footer .wrap { text-decoration: underline }", []),
    "red": ("@media (prefers-color-scheme: light) { .eu-line__statement { color: oklch(0.5 0.2 27) } }", []),
    "no statement on a telephone": ("@media (width <= 400px) { .eu-line__statement { display: none } }", []),
    "grey": (".site-footer { filter: grayscale(1) }", []),
    "stars in white": ("", [('fill="#fc0"', 'fill="#fff"')]),
    "field in another blue": (".eu-emblem path:first-child { fill: #00f }", []),
    "turned": (".eu-emblem { transform: rotate(30deg) }", []),
    "larger logo": ("", [('<div class="eu-line">', f'<img class="logo" alt="Logo" src="{LOGO}" width="200" height="120"><div class="eu-line">')]),
    "smaller logo": ("", [('<div class="eu-line">', f'<img class="logo" alt="Logo" src="{LOGO}" width="60" height="40"><div class="eu-line">')]),
    "larger mark on a desk": ("@media (min-width: 64rem) { .mark { width: 10rem; height: 10rem } }", []),
    "a layer that loses": ("@layer tokens { .eu-emblem { display: none } .eu-line__statement { font-style: italic } }", []),
    "a variable": (":root { --font-eu: 'Comic Sans MS' }", []),
}
CODES = {
    "emblem": "eu.emblem", "statement": "eu.statement", "face": "eu.face", "effects": "eu.effects", "colour": "eu.colour", "covered": "eu.covered",
    "small": "eu.small", "changed": "eu.changed", "logo": "eu.larger_logo",
}  # fmt: skip

COMPUTED = """() => {
    const pencil = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
    const shade = (text) => {
        pencil.clearRect(0, 0, 1, 1)
        pencil.fillStyle = text
        pencil.fillRect(0, 0, 1, 1)
        return [...pencil.getImageData(0, 0, 1, 1).data]
    }
    const names = ['display', 'position', 'visibility', 'opacity', 'font-style', 'text-transform', 'font-family', 'font-size', 'filter']
    return [...document.querySelectorAll('body, body *:not(script)')].map((element) => {
        const style = getComputedStyle(element)
        const found = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)]))
        // What has only its contents is no box, and its contents are seen.
        found.isHidden = !element.checkVisibility() && style.display !== 'contents'
        found.color = shade(style.color)
        found.ground = shade(style.backgroundColor)
        found.name = `${element.localName}.${element.getAttribute('class') ?? ''}`
        return found
    })
}"""
JUDGED = """() => {
    const box = (element) => element.getBoundingClientRect()
    const line = document.querySelector('.eu-line'), svg = document.querySelector('.eu-emblem'), text = document.querySelector('.eu-line__statement')
    const sheen = { opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }
    const around = (element) => { const found = []; for (let one = element; one; one = one.parentElement) found.push(one); return found }
    const isSeen = (element) => {
        if (!element?.checkVisibility(sheen)) return false
        if (around(element).reduce((all, one) => all * getComputedStyle(one).opacity, 1) < 0.1) return false
        let { left, right, top, bottom } = box(element)
        for (const one of around(element).slice(1)) {
            if (getComputedStyle(one).overflowY === 'visible' || one.contains(document.body)) continue
            const edge = box(one)
            top = Math.max(top, edge.top); bottom = Math.min(bottom, edge.bottom)
            left = Math.max(left, edge.left); right = Math.min(right, edge.right)
        }
        return right - left > 1 && bottom - top > 1 && right > 0 && left < innerWidth
    }
    svg?.scrollIntoView({ block: 'end' })
    scrollTo(0, document.documentElement.scrollHeight)
    const found = { emblem: !isSeen(svg) }
    if (found.emblem) return found
    const own = box(svg), style = getComputedStyle(text)
    found.statement = !isSeen(text)
    found.small = own.height < 37.5
    const points = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [own.left + x * own.width, own.top + y * own.height]))
    // What no pointer reaches is not on top: a turned emblem leaves its corners.
    const tops = points.map(([x, y]) => document.elementFromPoint(x, y)).filter((top) => top)
    found.covered = tops.some((top) => !svg.contains(top) && !top.contains(svg))
    const drawn = [line, text].flatMap((one) => ['::before', '::after'].map((name) => getComputedStyle(one, name)))
    const isVeil = (style) => style.content !== 'none' && style.position === 'absolute' && style.backgroundColor !== 'rgba(0, 0, 0, 0)'
    found.covered ||= drawn.some(isVeil)
    const bigger = [...document.querySelectorAll('.mark, img.logo')].map(box).filter((one) => one.width > own.width && one.height > own.height)
    found.logo = bigger.length > 0
    if (found.statement) return found
    found.face = !/^["']?(arial|auto|calibri|garamond|trebuchet|tahoma|verdana|ubuntu)/i.test(style.fontFamily)
    const has = (name) => around(text).some((one) => getComputedStyle(one)[name] !== 'none')
    found.effects = style.fontStyle !== 'normal' || has('textDecorationLine') || has('filter')
    const pencil = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
    pencil.fillStyle = style.color
    pencil.fillRect(0, 0, 1, 1)
    const shade = [...pencil.getImageData(0, 0, 1, 1).data].slice(0, 3).join()
    found.colour = !['0,0,0', '255,255,255', '0,51,153'].includes(shade)
    return found
}"""


class Desk:
    """One page for each width and scheme, in which the same markup is looked at."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.base, self.pages = base, {}
        for width in WIDTHS:
            for scheme in SCHEMES:
                context = browser.new_context(
                    base_url=base, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
                )
                self.pages[width, scheme] = context.new_page()

    def show(self, path: str, markup: str) -> Iterator[tuple[int, str, Page]]:
        for (width, scheme), page in self.pages.items():
            # At the page's own address, so that what it asks for is at hand.
            if page.url != self.base + path:
                page.goto(path, wait_until="load")
            page.set_content(markup, wait_until="load")
            yield width, scheme, page


@pytest.fixture(scope="module")
def desk(browser, server):
    desk = Desk(browser, server.url)
    yield desk
    for page in desk.pages.values():
        page.context.close()


@pytest.fixture(scope="module")
def markup_of(browser, server, places):
    page = browser.new_context(base_url=server.url).new_page()

    @cache
    def markup_of(name: str) -> str:
        return page.request.get(places[name]).text()

    yield markup_of
    page.context.close()


def subject_of(markup: str, language: str = "fi") -> Subject:
    return Subject(SimpleNamespace(locale=SimpleNamespace(language_code=language)), markup)


@pytest.mark.parametrize("name", PAGES)
def test_styles_of_every_element_are_those_of_the_browser(name, desk, places, markup_of):
    markup = markup_of(name)
    subject = subject_of(markup)
    assert subject.unread_sheets == []
    elements = [one for one in subject.html.select("body, body *") if one.name != "script"]
    wrong = []
    for width, scheme, page in desk.show(places[name], markup):
        view, rows = subject.styles.at(width, scheme), page.evaluate(COMPUTED)
        assert len(rows) == len(elements)
        for element, row in zip(elements, rows, strict=True):
            wrong += [f"{width} {scheme} {row['name']}: {one}" for one in differences(view, element, row)]
    assert not wrong, "\n".join(wrong[:12])


def differences(view: Any, element: Any, row: dict[str, Any]) -> Iterator[str]:
    style = view.style(element)
    hidden = any(view.style(part)["display"] == "none" for part in view.lineage(element))
    if element.name in {"option", "source"}:
        # The browser draws these itself, or not at all.
        return
    if hidden != row["isHidden"]:
        yield f"hidden {hidden}, in the browser {row['isHidden']}"
    if hidden:
        return
    for name in ("visibility", "font-style", "text-transform"):
        if style[name] != row[name]:
            yield f"{name} {style[name]}, in the browser {row[name]}"
    if style["position"] != row["position"]:
        yield f"position {style['position']}, in the browser {row['position']}"
    if abs(style.number("opacity", 1) - float(row["opacity"])) > 0.01:
        yield f"opacity {style['opacity']}, in the browser {row['opacity']}"
    if element.name not in {"svg", "path", "circle", "input", "select", "textarea", "button"}:
        size = float(row["font-size"].removesuffix("px"))
        if abs(style.font_size - size) > 0.1:
            yield f"font size {style.font_size}, in the browser {size}"
        ours, theirs = (text.replace('"', "").replace("'", "").replace(" ", "").lower() for text in (style["font-family"], row["font-family"]))
        if ours != theirs:
            yield f"face {style['font-family']}, in the browser {row['font-family']}"
    for name, shown in (("color", row["color"]), ("background-color", row["ground"])):
        found = style.color(name)
        if found is None or element.name in {"path", "circle", "svg"}:
            continue
        if found.alpha < 0.02 and shown[3] < 6:
            continue
        mine = [round(part * 255) for part in (*found.channels, found.alpha)]
        if max(abs(one - other) for one, other in zip(mine, shown, strict=True)) > 3:
            yield f"{name} {style[name]} is {mine}, in the browser {shown}"


@pytest.fixture(scope="module")
def reference(desk, places, markup_of):
    """The emblem as it should be, by width and scheme."""
    return {(width, scheme): picture(page) for width, scheme, page in desk.show(places["story"], markup_of("story"))}


@pytest.mark.parametrize("name", BROKEN)
def test_the_gate_and_the_browser_agree_on_what_is_wrong(name, desk, places, markup_of, reference):
    styles, changes = BROKEN[name]
    markup = markup_of("story")
    for old, new in changes:
        assert old in markup
        markup = markup.replace(old, new)
    markup = markup.replace("</head>", f"<style>{styles}</style></head>")
    subject = subject_of(markup)
    told: dict[str, list[Any]] = {}
    for width, scheme, page in desk.show(places["story"], markup):
        verdict = page.evaluate(JUDGED)
        # What is covered or tiny has no picture to compare.
        if not verdict["emblem"] and not verdict["covered"] and not verdict["small"]:
            verdict["changed"] = not is_alike(reference[width, scheme], picture(page))
        for key, is_wrong in verdict.items():
            if is_wrong:
                told.setdefault(CODES[key], []).append(SimpleNamespace(width=width, scheme=scheme))
    found = {finding.code: finding.excerpt for check in checks() for finding in check(subject) if finding.code in CODES.values()}
    if "eu.larger_logo" in found:
        # It names the logo as well.
        found["eu.larger_logo"] = found["eu.larger_logo"].partition(", ")[2]
    assert found == {code: where(views) for code, views in told.items()}
    assert bool(found) is (name not in {"whole", "a banner that is closed", "smaller logo", "a layer that loses"})


def checks() -> list[Any]:
    return [emblem.check_seen, emblem.check_form, emblem.check_room, emblem.check_other_logos, statement.check_seen, statement.check_type]


def picture(page: Page) -> Image.Image | None:
    svg = page.locator(".eu-emblem")
    if not svg.is_visible():
        return None
    # On whole pixels: a part of one above it would move every star of the picture.
    svg.evaluate("(svg) => { const top = svg.getBoundingClientRect().y + scrollY; document.body.style.marginTop = `${Math.ceil(top) - top}px` }")
    return Image.open(io.BytesIO(svg.screenshot())).convert("RGB").resize((84, 56))


def is_alike(left: Image.Image | None, right: Image.Image | None) -> bool:
    assert left is not None
    return right is not None and max(ImageStat.Stat(ImageChops.difference(left, right)).mean) < 6


def test_the_emblem_of_every_page_is_the_one_of_annex_ix(markup_of):
    for name in PAGES:
        subject = subject_of(markup_of(name))
        assert [finding.code for check in checks() for finding in check(subject)] == [], name


def test_colours_are_read_as_the_browser_reads_them(desk):
    texts = [
        "#039",
        "oklch(0.62 0.13 62)",
        "oklch(.7 .2 150 / 50%)",
        "hsl(210 40% 30%)",
        "rgb(1 2 3 / .5)",
        "rebeccapurple",
        "oklab(.6 .1 -.1)",
        "hsl(30deg 90% 50%)",
    ]
    page = next(iter(desk.pages.values()))
    page.goto("/fi/")
    for text in texts:
        data = page.evaluate(
            """(text) => { const pencil = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
            pencil.fillStyle = text; pencil.fillRect(0, 0, 1, 1); return [...pencil.getImageData(0, 0, 1, 1).data] }""",
            text,
        )
        found = color(text)
        assert found is not None
        assert max(abs(round(mine * 255) - theirs) for mine, theirs in zip((*found.channels, found.alpha), data, strict=True)) <= 3, (text, data)
