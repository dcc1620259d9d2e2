"""A second national theme is opened from the admin, or by the command: with its site, and with the first theme's team kept to the first."""

from __future__ import annotations

import tomllib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import Page, Site

from base.roles import Role
from desk import new_theme
from desk.demo.content import FOLDER
from tests import factories
from themes.models import Theme
from themes.teams import standing_of

HOST = "oppiminen.localhost"


@pytest.fixture
def first(db, tmp_path, monkeypatch):
    """A theme with its site. New ones get a front page, a section and a page at the foot: ten more of them take their time."""
    pages = tomllib.loads((FOLDER / "pages.toml").read_text(encoding="utf-8"))
    few = {"home": pages["home"], "sections": {"stories": pages["sections"]["stories"]}, "standing": {"about": pages["standing"]["about"]}}
    monkeypatch.setattr(new_theme, "starting_pages", lambda: few)
    factories.make_locales()
    return factories.make_home(factories.make_theme(key="eka"))


def answers(**values):
    texts = {f"{name}_{code}": f"{name} {code}" for name in ("objective", "programme", "summary") for code in ("fi", "sv", "en")}
    names = {"name_fi": "Jatkuva oppiminen", "name_sv": "Kontinuerligt lärande", "name_en": "Continuous learning"}
    facts = {"key": "oppiminen", "objective_code": "4.g", "fund": "ESF+", "starts": "2021", "ends": "2027", "budget_eur": "1000000"}
    return texts | names | facts | {"face": "newsreader", "accent": "#8a3c6e"} | values


def test_an_administrator_opens_a_section(first, cast, client):
    viola = cast.user(Role.COMMUNICATIONS)
    address = reverse("desk:new_theme")
    assert cast.enter(Role.COORDINATORS).get(address).status_code == 403
    cast.enter(Role.ADMINISTRATORS)
    assert client.get(reverse("wagtailsnippets_themes_theme:add")).url == address
    assert "Uusi valtakunnallinen teema" in client.get(address).content.decode()
    refused = client.post(address, answers(key="eka", ends="2020", hostname="muu.example.net"))
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"key", "ends", "hostname"}
    assert set(client.post(address, answers()).context["form"].errors) == {"below"}
    opened = client.post(address, answers(below=first.pk, hostname=HOST))
    theme = Theme.objects.get(key="oppiminen")
    assert opened.url == reverse("wagtailsnippets_themes_theme:edit", args=[theme.pk])
    assert theme.accent == "#8a3c6e"
    assert Site.objects.get(hostname=HOST).root_page.specific.theme == theme
    assert Site.objects.get(is_default_site=True).root_page_id == first.pk
    for code, path in (("fi", "jutut"), ("sv", "artiklar"), ("en", "stories")):
        page = client.get(f"/{code}/{path}/", headers={"host": HOST})
        assert page.status_code == 200, code
    assert Page.objects.child_of(first).get().slug == "jatkuva-oppiminen"
    # Who worked in the only theme there was still works there, and not in the new one.
    viola = type(viola).objects.get(pk=viola.pk)
    assert standing_of(viola).theme == first.theme
    assert not viola.has_perm("themes.add_theme")


def test_the_command_opens_one_too(first, tmp_path, settings):
    content = (FOLDER / "theme.toml").read_text(encoding="utf-8").replace('"tyoelaman-kehittaminen"', '"oppiminen"')
    (tmp_path / "theme.toml").write_text(content, encoding="utf-8")
    texts = 'title = { fi = "A", sv = "B", en = "C" }\nslug = { fi = "a", sv = "b", en = "c" }\nlead = { fi = "A.", sv = "B.", en = "C." }\n'
    (tmp_path / "pages.toml").write_text(f"[home]\n{texts}[sections.stories]\n{texts}[standing]\n", encoding="utf-8")

    def start(*words):
        out = StringIO()
        call_command("start_theme", "--content", str(tmp_path), *words, stdout=out)
        return out.getvalue()

    with pytest.raises(CommandError, match="no theme with the key"):
        start("--administrator", "eka@example.org", "--below", "toinen")
    assert "now open, at http://localhost" in start("--administrator", "eka@example.org", "--below", "eka")
    assert "already open" in start("--below", "eka")
    assert Theme.objects.count() == 2
    assert Site.objects.get().root_page_id == first.pk
